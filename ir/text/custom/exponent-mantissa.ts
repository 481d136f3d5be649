/** `ExponentMantissa($exponent_bits, $mantissa_bits)`: `e5m10`. */
import { type Attribute, integerAttr } from '../../attributes.ts';
import { scalarType } from '../../types.ts';
import type { Directive } from './directive.ts';

const pattern = /^e(\d{1,9})m(\d{1,9})$/;

function numberText(attribute: Attribute | undefined): string {
  return attribute?.kind === 'integer' ? String(attribute.value) : '';
}

export const exponentMantissa: Directive = {
  name: 'ExponentMantissa',
  parse(state, [exponent, mantissa]) {
    const { parser } = state;
    const match = pattern.exec(parser.peekKeyword() ?? '');
    if (match === null) throw parser.expected("a format such as 'e5m10'");
    parser.parseKeyword('a format');
    state.setAttribute(exponent, integerAttr(Number(match[1]), scalarType('i32')));
    state.setAttribute(mantissa, integerAttr(Number(match[2]), scalarType('i32')));
  },
  print(printer, view, [exponent, mantissa]) {
    printer.write(`e${numberText(view.attribute(exponent))}m${numberText(view.attribute(mantissa))}`);
  },
  fits: (view, args) =>
    args.every((arg) => {
      const attribute = view.attribute(arg);
      return attribute?.kind === 'integer' && attribute.type.dtype === 'i32' && attribute.value >= 0n;
    }),
};
