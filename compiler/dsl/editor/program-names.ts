/** The names of all files of a program. */
import type { SourceFile, Span } from '../../../ir/source.ts';
import type { Program, ProgramUnit } from '../load-program.ts';
import { defaultName } from '../semantics/file-scope.ts';
import type { Value } from '../semantics/values.ts';
import type { Call, Parameter, Use } from '../syntax/ast.ts';
import type { KnownValues } from './known-values.ts';
import { declaredSymbol, type OuterNames, resolveNames } from './resolve-names.ts';
import type { EditorSymbol, FileNames, Reference } from './symbols.ts';

export class ProgramNames implements OuterNames {
  readonly program: Program;
  readonly #known: KnownValues;
  readonly #items = new Map<ProgramUnit, ReadonlyMap<string, EditorSymbol>>();
  readonly #files = new Map<ProgramUnit, FileNames>();
  readonly #declared = new Map<SourceFile, Map<number, EditorSymbol>>();

  constructor(program: Program, known: KnownValues) {
    this.program = program;
    this.#known = known;
  }

  // -------------------------------------------------------------------------------------------------------- modules

  itemsOf(unit: ProgramUnit): ReadonlyMap<string, EditorSymbol> {
    const known = this.#items.get(unit);
    if (known !== undefined) return known;
    const items = new Map<string, EditorSymbol>();
    this.#items.set(unit, items);
    for (const use of unit.unit.uses) this.#use(use, unit, items);
    for (const item of unit.unit.items) {
      const symbol = declaredSymbol(item, unit, unit.unit.span.start);
      if (symbol !== undefined && !items.has(symbol.name)) items.set(symbol.name, symbol);
    }
    return items;
  }

  #use(use: Use, unit: ProgramUnit, items: Map<string, EditorSymbol>): void {
    const module = unit.uses.get(use)?.();
    if (use.names !== undefined) {
      const from = module === undefined ? undefined : this.itemsOf(module);
      for (const { text } of use.names) {
        const symbol = from?.get(text);
        if (symbol !== undefined) items.set(text, symbol);
      }
      return;
    }
    const name = use.alias ?? defaultName(use);
    if (name !== undefined) items.set(name.text, moduleSymbol(name.text, name.span, unit, module));
  }

  prelude(name: string): EditorSymbol | undefined {
    const { prelude } = this.program;
    const found = prelude === undefined ? undefined : this.itemsOf(prelude).get(name);
    if (found !== undefined || name !== 'nn') return found;
    const module = this.program.library(['nn']);
    return module && moduleSymbol('nn', module.unit.span, module, module);
  }

  // ---------------------------------------------------------------------------------------------------------- files

  fileOf(unit: ProgramUnit): FileNames {
    const known = this.#files.get(unit);
    if (known !== undefined) return known;
    const names = resolveNames(unit, this);
    this.#files.set(unit, names);
    return names;
  }

  /** The file's names, those that only the checker can tell included. */
  referencesOf(unit: ProgramUnit): readonly Reference[] {
    return this.fileOf(unit).references.map((reference) => this.#complete(reference));
  }

  #complete(reference: Reference): Reference {
    if (reference.symbol !== undefined) return reference;
    if (reference.kind === 'member') {
      const definition = this.#known.definitionOf(reference.span);
      return definition === undefined ? reference : { ...reference, symbol: this.declaredAt(definition) };
    }
    if (reference.kind !== 'argument') return reference;
    const parameter = this.parametersOf(reference.call)?.find(
      ({ pattern }) => pattern.kind === 'bind' && pattern.name.text === reference.name,
    );
    return parameter === undefined ? reference : { ...reference, symbol: this.declaredAt(parameter.pattern.span) };
  }

  /** The symbol that is declared at this place. */
  declaredAt({ source, start }: Span): EditorSymbol | undefined {
    const known = this.#declared.get(source) ?? this.#declarationsOf(source);
    return known.get(start);
  }

  #declarationsOf(source: SourceFile): ReadonlyMap<number, EditorSymbol> {
    const declared = new Map<number, EditorSymbol>();
    this.#declared.set(source, declared);
    const unit = this.program.units.find((candidate) => candidate.unit.source === source);
    if (unit === undefined) return declared;
    for (const { kind, symbol } of this.fileOf(unit).references) {
      if (kind === 'definition') declared.set(symbol.span.start, symbol);
    }
    return declared;
  }

  // ---------------------------------------------------------------------------------------------------------- calls

  /** What is called: a function, a model, a builtin. */
  calleeOf({ callee }: Call): Value | undefined {
    const value = this.#known.valueAt(callee.span);
    if (value?.kind !== 'instance') return value;
    const call = value.instance.scope.own('call');
    return call?.kind === 'value' ? call.value : undefined;
  }

  parametersOf(call: Call): readonly Parameter[] | undefined {
    const callee = this.calleeOf(call);
    return callee?.kind === 'fn' || callee?.kind === 'model' ? callee.declaration.parameters : undefined;
  }
}

function moduleSymbol(name: string, span: Span, unit: ProgramUnit, module: ProgramUnit | undefined): EditorSymbol {
  return { name, kind: 'module', span, unit, visibleFrom: unit.unit.span.start, declaration: undefined, module };
}
