/**
 * What may be written at a place. The text is analysed with a name put in where the cursor is, so that a line that is being written can be
 * read; where even that does not tell what an operand is, the last look at the file that did is asked.
 */
import { SourceFile } from '../../../ir/source.ts';
import type { ProgramUnit } from '../load-program.ts';
import type { BuiltinParameter } from '../semantics/builtin.ts';
import { builtins } from '../semantics/builtins/registry.ts';
import type { Binding, Scope } from '../semantics/scope.ts';
import { dtypeNames } from '../semantics/type-text.ts';
import type { Value } from '../semantics/values.ts';
import { reservedWords } from '../syntax/tokens.ts';
import type { Call, Expr } from '../syntax/ast.ts';
import { analyse, type Analysis, type EditorFiles, lastValue, visibleSymbols } from './analysis.ts';
import { describe, describeBuiltin, valueText } from './describe.ts';
import type { EditorSymbol, SymbolKind } from './symbols.ts';
import { contains, textOf } from './text-positions.ts';

export type CompletionKind = SymbolKind | 'argument' | 'builtin' | 'dtype' | 'keyword' | 'field';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  readonly detail: string | undefined;
  /** Markdown. */
  readonly doc: string | undefined;
  /** Where it differs from the label. */
  readonly insert?: string;
}

const placeholder = 'completed_here';
const softKeywords = ['model', 'param', 'state', 'type', 'use', 'test'];
const kindNames = ['int', 'float', 'str', 'dtype', 'type', 'tree', 'inf', 'nan'];

/** `last`: an earlier look at the same file that may know more. */
export function completionsAt(
  path: string,
  offset: number,
  editor: EditorFiles,
  last?: Analysis,
): readonly Completion[] {
  const before = editor.files.open(path);
  const analysis = analyse(path, { ...editor, files: withPlaceholder(path, before, offset, editor) });
  if (analysis === undefined) return [];
  const { unit } = analysis.program.main;
  if (unit.comments.some(({ span }) => span.start < offset && offset <= span.end)) return [];
  const { references } = analysis.names.fileOf(analysis.program.main);
  const at = references.find(({ span, name }) => contains(span, offset) && name.includes(placeholder));
  if (at === undefined) return isInText(before, offset) ? [] : [...keywords()];
  if (at.kind === 'definition') return [];
  if (at.kind === 'member') return members(at.operand, analysis, last);
  return namesAt(analysis, offset, at.kind === 'argument' ? at.call : undefined);
}

function withPlaceholder(
  path: string,
  source: SourceFile,
  offset: number,
  { files }: EditorFiles,
): EditorFiles['files'] {
  const inserted = new TextEncoder().encode(placeholder);
  const bytes = new Uint8Array(source.bytes.length + inserted.length);
  bytes.set(source.bytes.subarray(0, offset));
  bytes.set(inserted, offset);
  bytes.set(source.bytes.subarray(offset), offset + inserted.length);
  const changed = new SourceFile(source.name, bytes);
  return { open: (asked) => (asked === path ? changed : files.open(asked)) };
}

/** In a string, as far as one line tells. */
function isInText(source: SourceFile, offset: number): boolean {
  const { line, column } = source.lineColumn(offset);
  const head = textOf({ source, start: offset - column + 1, end: offset });
  return line > 0 && (head.replaceAll(/\\./g, '').split('"').length - 1) % 2 === 1;
}

// ------------------------------------------------------------------------------------------------------------- names

function namesAt(analysis: Analysis, offset: number, named: Call | undefined): readonly Completion[] {
  const own = visibleSymbols(analysis, offset).filter(({ name }) => !name.includes(placeholder));
  const call = named ?? callAround(analysis, offset);
  const found = [
    ...(call === undefined ? [] : namedArguments(analysis, call)),
    ...(named === undefined
      ? [...own.map((symbol) => completionOf(symbol, analysis)), ...preludeNames(analysis), ...keywords()]
      : []),
  ];
  return uniqueLabels(found);
}

/** The innermost call whose parentheses are around the byte. */
function callAround({ names, program }: Analysis, offset: number): Call | undefined {
  let innermost: Call | undefined;
  for (const call of names.fileOf(program.main).calls) {
    if (call.callee.span.end >= offset || call.span.end < offset) continue;
    if (innermost === undefined || call.span.start >= innermost.span.start) innermost = call;
  }
  return innermost;
}

function namedArguments({ names }: Analysis, call: Call): readonly Completion[] {
  const given = new Set(call.arguments.map(({ name }) => name?.text));
  const callee = names.calleeOf(call);
  const found: { readonly name: string; readonly text: string }[] = [];
  if (callee?.kind === 'builtin') {
    for (const parameter of callee.builtin.parameters) {
      if (!parameter.rest) found.push({ name: parameter.name, text: builtinParameterText(parameter) });
    }
  }
  for (const { pattern, span } of names.parametersOf(call) ?? []) {
    if (pattern.kind === 'bind') found.push({ name: pattern.name.text, text: textOf(span) });
  }
  return found
    .filter(({ name }) => !given.has(name))
    .map(({ name, text }) => ({
      label: `${name}:`,
      kind: 'argument',
      detail: text,
      doc: undefined,
      insert: `${name}: `,
    }));
}

function builtinParameterText({ name, defaultText }: BuiltinParameter): string {
  return defaultText === undefined ? name : `${name} = ${defaultText}`;
}

function completionOf(symbol: EditorSymbol, { known }: Analysis): Completion {
  const { code, doc } = describe(symbol.name, symbol, known.valueAt(symbol.span));
  return { label: symbol.name, kind: symbol.kind, detail: code, doc };
}

function preludeNames(analysis: Analysis): readonly Completion[] {
  const { prelude } = analysis.program;
  const nn = analysis.names.prelude('nn');
  const symbols = prelude === undefined ? [] : [...analysis.names.itemsOf(prelude).values()];
  return [
    ...[...symbols, ...(nn === undefined ? [] : [nn])].map((symbol) => completionOf(symbol, analysis)),
    ...[...builtins.values()]
      .filter(({ name }) => !name.includes('.'))
      .map((builtin) => builtinCompletion(builtin.name)),
    ...[...Object.keys(dtypeNames), 'bool'].map((label) => plain(label, 'dtype')),
    ...kindNames.map((label) => plain(label, 'keyword')),
  ];
}

function builtinCompletion(name: string): Completion {
  const builtin = builtins.get(name);
  const { code, doc } = builtin === undefined ? { code: name, doc: undefined } : describeBuiltin(builtin);
  return { label: name.split('.').at(-1) ?? name, kind: 'builtin', detail: code, doc };
}

function keywords(): readonly Completion[] {
  return [...softKeywords, ...reservedWords].map((label) => plain(label, 'keyword'));
}

function plain(label: string, kind: CompletionKind): Completion {
  return { label, kind, detail: undefined, doc: undefined };
}

function uniqueLabels(completions: readonly Completion[]): readonly Completion[] {
  const seen = new Map<string, Completion>();
  for (const completion of completions) if (!seen.has(completion.label)) seen.set(completion.label, completion);
  return [...seen.values()];
}

// ----------------------------------------------------------------------------------------------------------- members

function members(operand: Expr, analysis: Analysis, last: Analysis | undefined): readonly Completion[] {
  const module = moduleOf(operand, analysis);
  if (module !== undefined) {
    return [...analysis.names.itemsOf(module).values()].map((symbol) => completionOf(symbol, analysis));
  }
  const value = analysis.known.valueAt(operand.span) ?? lastValue(textOf(operand.span), last);
  return value === undefined ? [] : membersOfValue(value);
}

function moduleOf(operand: Expr, { names, program }: Analysis): ProgramUnit | undefined {
  if (operand.kind !== 'name') return undefined;
  const reference = names.fileOf(program.main).references.find(({ span }) => span === operand.span);
  return reference?.symbol?.module;
}

function membersOfValue(value: Value): readonly Completion[] {
  switch (value.kind) {
    case 'instance':
      return scopeMembers(value.instance.scope);
    case 'module':
      return scopeMembers(value.scope);
    case 'tuple':
      return value.fields.map(({ name, value: field }, index) => ({
        label: name ?? String(index),
        kind: 'field',
        detail: valueText(field),
        doc: undefined,
      }));
    case 'tensor':
      return ['shape', 'rank', 'dtype'].map((label) => plain(label, 'field'));
    case 'list':
      return [plain('length', 'field')];
    case 'type':
      if (value.type.kind !== 'tree') return [];
      return [...builtins.keys()].filter((name) => name.startsWith('tree.')).map(builtinCompletion);
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'fn':
    case 'builtin':
    case 'model':
    case 'alias':
    case 'dtype':
    case 'unknown':
      return [];
  }
}

function scopeMembers(scope: Scope): readonly Completion[] {
  return scope.ownNames().flatMap((name) => {
    const binding = scope.own(name);
    return binding === undefined ? [] : [memberCompletion(name, binding)];
  });
}

function memberCompletion(name: string, binding: Binding): Completion {
  switch (binding.kind) {
    case 'cell': {
      const { value, role } = binding.cell;
      const detail = value === undefined ? undefined : `${role} ${name}: ${valueText(value)}`;
      return { label: name, kind: role === 'param' || role === 'state' ? role : 'local', detail, doc: undefined };
    }
    case 'value': {
      const { code, doc } = describe(name, undefined, binding.value);
      return { label: name, kind: memberKind(binding.value), detail: code, doc };
    }
    case 'lazy':
    case 'shape':
    case 'slot':
    case 'tree':
      return plain(name, 'field');
  }
}

function memberKind({ kind }: Value): CompletionKind {
  if (kind === 'fn') return 'function';
  return kind === 'instance' ? 'sub-model' : 'field';
}
