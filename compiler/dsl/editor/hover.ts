/** What is under the pointer, and where it comes from. */
import type { Span } from '../../../ir/source.ts';
import { builtins } from '../semantics/builtins/registry.ts';
import type { Value } from '../semantics/values.ts';
import { type Analysis, lastValue, referenceAt } from './analysis.ts';
import { describe, describeBuiltin, type Description, valueText } from './describe.ts';
import type { Reference } from './symbols.ts';
import { contains, textOf } from './text-positions.ts';

export interface Hover extends Description {
  readonly span: Span;
}

/**
 * Of a name its declaration and type; of an operator or a closing bracket, the type of the whole expression. `last`: an earlier look at
 * the file, which is asked for what this one could not read.
 */
export function hoverAt(analysis: Analysis, offset: number, last?: Analysis): Hover | undefined {
  const reference = referenceAt(analysis, offset);
  if (reference === undefined) return expressionAt(analysis, offset);
  const builtin = reference.symbol === undefined ? builtins.get(qualifiedName(reference)) : undefined;
  const known = analysis.known.valueAt(reference.span);
  const described =
    builtin === undefined || known !== undefined
      ? describe(
          reference.name,
          reference.symbol,
          known ?? definedValue(analysis, reference) ?? lastValue(reference.name, last),
        )
      : describeBuiltin(builtin);
  return described.code === reference.name ? undefined : { ...described, span: reference.span };
}

/** A named argument has the value of the parameter; a declaration that nothing reads, none. */
function definedValue({ known }: Analysis, { symbol }: Reference): Value | undefined {
  return symbol === undefined ? undefined : known.valueAt(symbol.span);
}

function qualifiedName(reference: Reference): string {
  return reference.kind === 'member' ? `${textOf(reference.operand.span)}.${reference.name}` : reference.name;
}

function expressionAt({ program, known }: Analysis, offset: number): Hover | undefined {
  const { source, comments } = program.main.unit;
  const isComment = comments.some(({ span }) => contains(span, offset));
  const character = String.fromCharCode(source.bytes[offset] ?? 0);
  if (isComment || !/[|>@+\-*/%<=!)\]]/.test(character)) return undefined;
  const found = known.smallest(source, offset);
  return found === undefined ? undefined : { code: valueText(found.value), doc: undefined, span: found.span };
}

/** Where the name is declared, in the program's files or the library's. */
export function definitionAt(analysis: Analysis, offset: number): Span | undefined {
  const reference = referenceAt(analysis, offset);
  if (reference === undefined) return undefined;
  const { symbol } = reference;
  if (symbol?.module !== undefined && (reference.kind === 'definition' || symbol.unit === symbol.module)) {
    const { span } = symbol.module.unit;
    return { ...span, end: span.start };
  }
  if (symbol !== undefined) return symbol.span;
  if (reference.kind === 'argument') {
    const parameters = analysis.names.parametersOf(reference.call) ?? [];
    return parameters.find(({ pattern }) => pattern.kind === 'bind' && pattern.name.text === reference.name)?.pattern
      .span;
  }
  return analysis.known.definitionOf(reference.span);
}

/** All places of the main file and those it uses where the name is meant. */
export function referencesAt(analysis: Analysis, offset: number): readonly Span[] {
  const symbol = referenceAt(analysis, offset)?.symbol;
  if (symbol === undefined) return [];
  return analysis.program.units.flatMap((unit) =>
    analysis.names
      .referencesOf(unit)
      .flatMap((reference) => (reference.symbol?.span === symbol.span ? [reference.span] : [])),
  );
}
