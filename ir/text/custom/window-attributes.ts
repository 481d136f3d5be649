/**
 * `WindowAttributes($window_strides, $padding, $lhs_dilation, $rhs_dilation, $window_reversal)`: `stride = [2, 2], pad = [[0, 1], [1, 0]],
 * lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, true]`, those that are there.
 */
import { type Attribute, denseArrayAttr, denseAttr } from '../../attributes.ts';
import type { ElementsData } from '../../elements.ts';
import { scalarType, tensorType } from '../../types.ts';
import { denseArrayElements } from '../attribute-text.ts';
import { isIndexList, parseBoolean, parseList } from '../inline-attribute.ts';
import type { OpParser } from '../op-parser.ts';
import type { Directive } from './directive.ts';

const keywords = ['stride', 'pad', 'lhs_dilate', 'rhs_dilate', 'reverse'] as const;

/** A splat may stand for more rows than anyone wants to read; no tensor has so many dimensions. */
const MAX_ROWS = 64;

function parseValue(parser: OpParser, keyword: (typeof keywords)[number]): Attribute {
  switch (keyword) {
    case 'pad':
      return parsePadding(parser);
    case 'reverse':
      return denseArrayAttr(
        scalarType('i1'),
        parseList(parser, () => Number(parseBoolean(parser))),
      );
    case 'stride':
    case 'lhs_dilate':
    case 'rhs_dilate':
      return denseArrayAttr(scalarType('i64'), parser.parseIndexList());
    default:
      return keyword satisfies never;
  }
}

/** `[[low, high], ...]`, a pair a spatial dimension, as `dense<...> : tensor<Nx2xi64>`. */
function parsePadding(parser: OpParser): Attribute {
  const start = parser.position;
  const rows = parseList(parser, () => parser.parseIndexList());
  if (rows.some((row) => row.length !== 2)) {
    const at = { start, end: parser.lastEnd };
    throw parser.fail({ code: 'E1904', message: 'pad must be a list of pairs [low, high]' }, at);
  }
  const values = BigInt64Array.from(rows.flat(), BigInt);
  return denseAttr(tensorType([rows.length, 2], 'i64'), toElements(values));
}

/** As the reader of `dense` does: equal elements are a splat. */
function toElements(values: BigInt64Array): ElementsData {
  const splat = values.length > 0 && values.every((value) => value === values[0]);
  return { splat, values: splat ? values.slice(0, 1) : values };
}

function paddingText({ splat, values }: ElementsData, rows: number): string {
  const at = (index: number): string => String(values[splat ? 0 : index] ?? 0n);
  return `[${Array.from({ length: rows }, (_, row) => `[${at(2 * row)}, ${at(2 * row + 1)}]`).join(', ')}]`;
}

function valueText(attribute: Attribute): string | undefined {
  if (attribute.kind === 'dense-array') return `[${denseArrayElements(attribute)}]`;
  if (attribute.kind !== 'dense') return undefined;
  const [rows, columns] = attribute.type.shape;
  const isPadding = attribute.type.element === 'i64' && attribute.type.shape.length === 2 && columns === 2;
  if (!isPadding || typeof rows !== 'number' || rows > MAX_ROWS) return undefined;
  return areExact(attribute.data) ? paddingText(attribute.data, rows) : undefined;
}

function areExact({ values }: ElementsData): boolean {
  for (const value of values) if (!Number.isSafeInteger(Number(value))) return false;
  return true;
}

export const windowAttributes: Directive = {
  name: 'WindowAttributes',
  parse(state, args) {
    const { parser } = state;
    if (parser.isNext('}')) return;
    do {
      const index = keywords.findIndex((keyword) => parser.isNext(keyword));
      const keyword = keywords[index];
      if (keyword === undefined) throw parser.expected(`one of ${keywords.join(', ')}`);
      parser.parseKeyword('a window attribute');
      parser.expect('=');
      state.setAttribute(args[index], parseValue(parser, keyword));
    } while (parser.consumeIf(','));
  },
  print(printer, view, args) {
    const parts = keywords.flatMap((keyword, index) => {
      const attribute = view.attribute(args[index]);
      return attribute === undefined ? [] : [`${keyword} = ${valueText(attribute) ?? ''}`];
    });
    printer.write(parts.join(', '));
  },
  fits: (view, args) =>
    keywords.every((keyword, index) => {
      const attribute = view.attribute(args[index]);
      if (attribute === undefined) return true;
      if (keyword === 'pad') return attribute.kind === 'dense' && valueText(attribute) !== undefined;
      if (keyword !== 'reverse') return isIndexList(attribute);
      return attribute.kind === 'dense-array' && attribute.type.dtype === 'i1';
    }),
};
