/** The functions of a module as a caller sees them: inputs and outputs by name. */
import { DiagnosticError, type DiagnosticInit } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { portName, type PortKind, portText } from '../../ir/port-name.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import type { Type } from '../../ir/types.ts';
import type { FilesCode } from '../diagnostics/catalog-files.ts';

export interface NamedType {
  readonly name: string;
  readonly type: Type;
  /** What the language says of it; undefined in functions of other origin. */
  readonly role?: string | undefined;
}

export interface FunctionSignature {
  readonly name: string;
  readonly func: Operation;
  /** By the names of the program, else `arg0`, `arg1`, ... */
  readonly inputs: readonly NamedType[];
  /** By the names of the program, else `out0`, `out1`, ... */
  readonly outputs: readonly NamedType[];
}

/** The function `--fn` names, else `main`, else the only public one. Throws a DiagnosticError (E5009). */
export function findFunction(module: Operation, name: string | undefined): FunctionSignature {
  const table = new SymbolTable(module);
  const candidates = table.functions().filter((func) => func.regions.length > 0);
  const publics = candidates.filter((func) => !isPrivate(func));
  const wanted = name ?? (table.lookup('main') === undefined && publics.length === 1 ? nameOf(publics[0]) : 'main');
  const func = candidates.find((candidate) => nameOf(candidate) === wanted);
  if (func === undefined) {
    const names = candidates.map((candidate) => `@${nameOf(candidate)}`).join(', ');
    throw filesError('E5009', `the module has no function @${wanted} with a body`, {
      hint: names === '' ? 'it defines no function at all' : `it has ${names}: choose one with --fn`,
    });
  }
  const type = func.attribute('function_type');
  const signature = type?.kind === 'type' && type.type.kind === 'function' ? type.type : undefined;
  return {
    name: wanted,
    func,
    inputs: (signature?.inputs ?? []).map((input, index) => port(func, 'arg', index, input)),
    outputs: (signature?.results ?? []).map((output, index) => port(func, 'out', index, output)),
  };
}

function port(func: Operation, kind: PortKind, index: number, type: Type): NamedType {
  return { name: portName(func, kind, index), type, role: portText(func, kind, index, 'tessera.role') };
}

export function filesError(code: FilesCode, message: string, rest: Partial<DiagnosticInit> = {}): DiagnosticError {
  return new DiagnosticError({ code, message, ...rest });
}

function nameOf(func: Operation | undefined): string {
  const name = func?.attribute('sym_name');
  return name?.kind === 'string' ? name.value : '';
}

function isPrivate(func: Operation): boolean {
  const visibility = func.attribute('sym_visibility');
  return visibility?.kind === 'string' && visibility.value === 'private';
}
