/** `let (a, (b, _)) = e`: the parts of a value bound to names. */
import type { Pattern } from '../syntax/ast.ts';
import { Cell } from './cell.ts';
import type { Elaboration } from './elaboration.ts';
import { indexTensor } from './indexing.ts';
import type { Scope } from './scope.ts';
import { constantDimension, constantOf } from './dimension.ts';
import { describeKind } from './type-text.ts';
import { unknownValue, type Value } from './values.ts';

/** Gives one name its value. */
export type BindName = (name: string, value: Value, pattern: Extract<Pattern, { readonly kind: 'bind' }>) => void;

export function bindPattern(el: Elaboration, pattern: Pattern, value: Value, scope: Scope): void {
  bindParts(el, pattern, value, (name, part, { span }) => {
    el.recorder?.value(span, part, span);
    scope.define(name, { kind: 'value', value: part, span });
  });
}

/** Names that `:=` may write. */
export function bindCells(el: Elaboration, pattern: Pattern, value: Value, scope: Scope, type?: Cell['type']): void {
  bindParts(el, pattern, value, (name, part, { kind, span }) => {
    el.recorder?.value(span, part, span);
    const cellType = kind === pattern.kind ? type : undefined;
    const cell = new Cell({ name, role: 'var', span, depth: el.journal.depth, type: cellType, value: part });
    scope.define(name, { kind: 'cell', cell, span });
  });
}

export function bindParts(el: Elaboration, pattern: Pattern, value: Value, bind: BindName): void {
  switch (pattern.kind) {
    case 'bind':
      return bind(pattern.name.text, value, pattern);
    case 'wildcard':
    case 'error':
      return undefined;
    case 'tuple-pattern': {
      const parts = partsOf(el, value, pattern.elements.length);
      if (typeof parts !== 'string') {
        for (const [index, element] of pattern.elements.entries())
          bindParts(el, element, parts[index] ?? unknownValue, bind);
        return undefined;
      }
      for (const element of pattern.elements) bindParts(el, element, unknownValue, bind);
      return el.fail(
        'E6209',
        pattern.span,
        `the pattern has ${pattern.elements.length} parts, but the value is ${parts}`,
        { hint: '`_` stands for a part that is not needed' },
      );
    }
  }
}

/** The parts of a tuple, a list, or a tensor along its first axis; else what the value is. */
function partsOf(el: Elaboration, value: Value, count: number): readonly Value[] | string {
  switch (value.kind) {
    case 'unknown':
      return [];
    case 'tuple':
      return value.fields.length === count ? value.fields.map((field) => field.value) : describeKind(value);
    case 'list':
      return value.elements.length === count ? value.elements : describeKind(value);
    case 'tensor': {
      const [first] = value.dims;
      if (first === undefined || constantOf(first) !== count) return describeKind(value);
      const site = el.site(value.origin);
      return Array.from({ length: count }, (_, index) =>
        indexTensor(
          value,
          [{ kind: 'at', value: { kind: 'int', value: constantDimension(index) }, span: value.origin }],
          site,
        ),
      );
    }
    case 'alias':
    case 'bool':
    case 'builtin':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'instance':
    case 'int':
    case 'model':
    case 'module':
    case 'str':
    case 'type':
      return describeKind(value);
  }
}

/** The names that a pattern binds. */
export function patternNames(pattern: Pattern): readonly string[] {
  if (pattern.kind === 'bind') return [pattern.name.text];
  return pattern.kind === 'tuple-pattern' ? pattern.elements.flatMap(patternNames) : [];
}
