/** `OpaqueBody($attribute)`: an attribute of another dialect, `#sdy.mesh<["x"=2]>`, of which only `<["x"=2]>` is written; its name follows from the op's. */
import type { Directive } from './directive.ts';

/** `sdy.mesh` has `#sdy.mesh<...>`, `sdy.sharding_constraint` has `#sdy.sharding<...>`. */
function attributeName(opName: string): string {
  return `#${opName.replace(/_constraint$/, '')}`;
}

export const opaqueBody: Directive = {
  name: 'OpaqueBody',
  parse(state, [attribute]) {
    const text = attributeName(state.parser.definition.name) + state.parser.parseBalancedText();
    state.setAttribute(attribute, { kind: 'opaque', text });
  },
  print(printer, view, [attribute]) {
    const value = view.attribute(attribute);
    if (value?.kind === 'opaque') printer.write(value.text.slice(value.text.indexOf('<')));
  },
  fits(view, [attribute]) {
    const value = view.attribute(attribute);
    return value?.kind === 'opaque' && value.text.startsWith(`${attributeName(view.op.name)}<`);
  },
};
