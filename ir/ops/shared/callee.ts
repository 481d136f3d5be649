/** Functions that ops name: looked up by the verifier once a use, so the answer is remembered as long as it holds. */
import type { Operation } from '../../operation.ts';
import { enclosingSymbolTable, symbolName, SymbolTable } from '../../symbol-table.ts';
import type { FunctionType } from '../../types.ts';

const tables = new WeakMap<Operation, SymbolTable>();

/** The symbol `name` in the nearest table around `op`. */
export function lookupCallee(op: Operation, name: string): Operation | undefined {
  const root = enclosingSymbolTable(op);
  if (root === undefined) return undefined;
  const known = tables.get(root)?.lookup(name);
  if (known !== undefined && known.parentOp === root && symbolName(known) === name) return known;
  const table = new SymbolTable(root);
  tables.set(root, table);
  return table.lookup(name);
}

/** The type of a `func.func`. */
export function functionTypeOf(op: Operation): FunctionType | undefined {
  const attribute = op.attribute('function_type');
  return attribute?.kind === 'type' && attribute.type.kind === 'function' ? attribute.type : undefined;
}
