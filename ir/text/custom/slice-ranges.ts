/** `SliceRanges($start_indices, $limit_indices, $strides)`: `[0:2, 1:4:2]`, `start:limit` or `start:limit:stride` a dimension. */
import { type Attribute, denseArrayAttr } from '../../attributes.ts';
import { scalarType } from '../../types.ts';
import { isIndexList, parseList } from '../inline-attribute.ts';
import type { OpParser } from '../op-parser.ts';
import type { OpView } from '../op-view.ts';
import type { FormatTarget } from '../format-target.ts';
import type { Directive } from './directive.ts';

function parseRange(parser: OpParser): [start: number, limit: number, stride: number] {
  const start = parser.parseIndex();
  parser.expect(':');
  const limit = parser.parseIndex();
  return [start, limit, parser.consumeIf(':') ? parser.parseIndex() : 1];
}

function listOf(attribute: Attribute | undefined): readonly number[] | undefined {
  return attribute?.kind === 'dense-array' && isIndexList(attribute) ? attribute.values.map(Number) : undefined;
}

function listsOf(view: OpView, args: readonly FormatTarget[]): readonly (readonly number[] | undefined)[] {
  return args.map((arg) => listOf(view.attribute(arg)));
}

export const sliceRanges: Directive = {
  name: 'SliceRanges',
  parse(state, args) {
    const ranges = parseList(state.parser, () => parseRange(state.parser));
    for (const [part, arg] of args.entries()) {
      const values = ranges.map((range) => range[part] ?? 0);
      state.setAttribute(arg, denseArrayAttr(scalarType('i64'), values));
    }
  },
  print(printer, view, args) {
    const [starts = [], limits = [], strides = []] = listsOf(view, args);
    const ranges = starts.map((start, index) => {
      const stride = strides[index] ?? 1;
      return `${start}:${limits[index] ?? 0}${stride === 1 ? '' : `:${stride}`}`;
    });
    printer.write(`[${ranges.join(', ')}]`);
  },
  fits(view, args) {
    const [starts, limits, strides] = listsOf(view, args);
    return starts !== undefined && starts.length === limits?.length && starts.length === strides?.length;
  },
};
