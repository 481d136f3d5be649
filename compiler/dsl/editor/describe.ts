/** What hovers and completions say of names and values: declarations as they are written, types as the checker found them. */
import type { Builtin } from '../semantics/builtin.ts';
import { constantOf, dimensionText } from '../semantics/dimension.ts';
import { dtypeText, typeOf, typeText } from '../semantics/type-text.ts';
import type { Value } from '../semantics/values.ts';
import type { Fn, Lambda, Model, TypeAlias } from '../syntax/ast.ts';
import type { EditorSymbol } from './symbols.ts';
import { textOf } from './text-positions.ts';

export interface Description {
  /** In the language. */
  readonly code: string;
  /** Markdown. */
  readonly doc: string | undefined;
}

/** A name with what the checker knows of it. */
export function describe(name: string, symbol: EditorSymbol | undefined, value: Value | undefined): Description {
  if (value !== undefined) {
    const lead = symbol?.kind === 'param' || symbol?.kind === 'state' ? `${symbol.kind} ` : '';
    const described = describeValue(name, value);
    return { code: lead + described.code, doc: docOf(symbol) ?? described.doc };
  }
  return { code: symbol === undefined ? name : symbolText(symbol), doc: docOf(symbol) };
}

function docOf(symbol: EditorSymbol | undefined): string | undefined {
  if (symbol?.kind === 'module') return symbol.module?.unit.doc;
  return symbol?.declaration?.doc;
}

function describeValue(name: string, value: Value): Description {
  switch (value.kind) {
    case 'fn':
    case 'model':
    case 'alias':
      return {
        code: headText(value.declaration),
        doc: value.declaration.kind === 'lambda' ? undefined : value.declaration.doc,
      };
    case 'builtin':
      return describeBuiltin(value.builtin);
    case 'module':
      return { code: `module ${value.name}`, doc: undefined };
    case 'instance': {
      const { declaration } = value.instance;
      return { code: `${name}: ${declaration.name.text}`, doc: declaration.doc };
    }
    case 'type':
      return { code: `type ${name} = ${typeText(value.type)}`, doc: undefined };
    case 'dtype':
      return { code: `dtype ${dtypeText(value.dtype)}`, doc: undefined };
    case 'tensor':
    case 'tuple':
    case 'list':
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'unknown':
      return { code: `${name}: ${valueText(value)}`, doc: undefined };
  }
}

export function describeBuiltin({ signature, doc }: Builtin): Description {
  return { code: `fn ${signature}`, doc };
}

/** `f32[n, 10]`, `int = 3`, `[Block; 4]`. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'int':
      return constantOf(value.value) === undefined ? `int (${dimensionText(value.value)})` : intText(value);
    case 'float':
      return value.value === undefined ? 'float' : `float = ${value.text ?? String(value.value)}`;
    case 'bool':
      return value.value === undefined ? 'bool' : `bool = ${String(value.value)}`;
    case 'str':
      return `str = ${JSON.stringify(value.value)}`;
    case 'tensor':
    case 'tuple':
    case 'list':
    case 'fn':
    case 'builtin':
    case 'model':
    case 'instance':
    case 'type':
    case 'alias':
    case 'dtype':
    case 'module':
    case 'unknown':
      return typeText(typeOf(value));
  }
}

function intText(value: Extract<Value, { readonly kind: 'int' }>): string {
  return `int = ${dimensionText(value.value)}`;
}

/** A declaration up to its body, on one line. */
export function headText(declaration: Fn | Lambda | Model | TypeAlias): string {
  const text = textOf(headSpan(declaration));
  return text
    .replace(/\s*(?:=|\{)?\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([([]) | (?=[)\]])/g, '$1');
}

function headSpan(declaration: Fn | Lambda | Model | TypeAlias): Fn['head'] {
  switch (declaration.kind) {
    case 'fn':
    case 'model':
      return declaration.head;
    case 'lambda':
      return { ...declaration.span, end: declaration.body.span.start };
    case 'type':
      return declaration.span;
  }
}

/** Of a name that the checker has not come by. */
function symbolText({ name, kind, declaration }: EditorSymbol): string {
  switch (declaration?.kind) {
    case 'fn':
    case 'model':
    case 'type':
      return headText(declaration);
    case 'param':
    case 'state':
      return `${kind} ${name}${declaration.type === undefined ? '' : `: ${textOf(declaration.type.span)}`}`;
    case 'sub-model':
      return `${name}: ${textOf(declaration.value.span)}`;
    case 'let-item':
      return `let ${name} = ${textOf(declaration.value.span)}`;
    case 'export-binding':
    case 'test':
    case undefined:
      return kind === 'local' || kind === 'parameter' ? name : `${kind} ${name}`;
  }
}
