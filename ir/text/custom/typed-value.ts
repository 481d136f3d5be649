/** `TypedValue($value, type($x))`: `dense<1> : tensor<2xi32>`, a constant whose type is that of `$x` too. */
import type { Directive } from './directive.ts';

export const typedValue: Directive = {
  name: 'TypedValue',
  parse(state, [value, types]) {
    if (types === undefined) return;
    const { parser } = state;
    const start = parser.position;
    const attribute = parser.parseAttribute();
    if (attribute.kind !== 'dense' && attribute.kind !== 'dense-resource') {
      const at = { start, end: parser.lastEnd };
      throw parser.fail(
        { code: 'E1905', message: "expected a constant tensor such as 'dense<1> : tensor<2xi32>'" },
        at,
      );
    }
    state.setAttribute(value, attribute);
    state.setTypes(types, [attribute.type]);
  },
  print(printer, view, [value]) {
    const attribute = view.attribute(value);
    if (attribute !== undefined) printer.attribute(attribute);
  },
  fits(view, [value, types]) {
    const attribute = view.attribute(value);
    if (types === undefined || (attribute?.kind !== 'dense' && attribute?.kind !== 'dense-resource')) return false;
    return view.types(types)[0] === attribute.type;
  },
};
