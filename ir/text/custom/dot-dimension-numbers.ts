/** `DotDimensionNumbers($dot_dimension_numbers)`: `batching_dims = [0] x [0], contracting_dims = [2] x [1]`; no batching when it is left out. */
import { type Attribute, denseArrayAttr, structAttr } from '../../attributes.ts';
import { scalarType } from '../../types.ts';
import { denseArrayElements } from '../attribute-text.ts';
import type { OpParser } from '../op-parser.ts';
import type { Directive } from './directive.ts';

const sides = ['lhs', 'rhs'] as const;

/** `= [0] x [1]`. An empty list is left out of the struct, as everywhere. */
function parsePair(parser: OpParser, what: 'batching' | 'contracting', fields: Map<string, Attribute>): void {
  parser.expect('=');
  for (const side of sides) {
    if (side === 'rhs') parser.expect('x');
    const dims = parser.parseIndexList();
    if (dims.length > 0) fields.set(`${side}_${what}_dimensions`, denseArrayAttr(scalarType('i64'), dims));
  }
}

function pairText(fields: ReadonlyMap<string, Attribute>, what: 'batching' | 'contracting'): string {
  const lists = sides.map((side) => {
    const dims = fields.get(`${side}_${what}_dimensions`);
    return dims?.kind === 'dense-array' ? `[${denseArrayElements(dims)}]` : '[]';
  });
  return `${what}_dims = ${lists.join(' x ')}`;
}

const order = ['lhs_batching', 'rhs_batching', 'lhs_contracting', 'rhs_contracting'].map(
  (name) => `${name}_dimensions`,
);

export const dotDimensionNumbers: Directive = {
  name: 'DotDimensionNumbers',
  parse(state, [target]) {
    const { parser } = state;
    const fields = new Map<string, Attribute>();
    if (parser.consumeIf('batching_dims')) {
      parsePair(parser, 'batching', fields);
      parser.expect(',');
    }
    parser.expect('contracting_dims');
    parsePair(parser, 'contracting', fields);
    const ordered = order.flatMap((name) => {
      const dims = fields.get(name);
      return dims === undefined ? [] : ([[name, dims]] as const);
    });
    state.setAttribute(target, structAttr('stablehlo', 'dot', new Map(ordered)));
  },
  print(printer, view, [target]) {
    const attribute = view.attribute(target);
    if (attribute?.kind !== 'struct') return;
    const { fields } = attribute;
    const hasBatching = fields.has('lhs_batching_dimensions') || fields.has('rhs_batching_dimensions');
    if (hasBatching) printer.write(`${pairText(fields, 'batching')}, `);
    printer.write(pairText(fields, 'contracting'));
  },
  fits(view, [target]) {
    const attribute = view.attribute(target);
    return attribute?.kind === 'struct' && attribute.name === 'dot';
  },
};
