/** `CustomCallTarget($call_target_name)`: a string written as a symbol, `@foo`. */
import { stringAttr } from '../../attributes.ts';
import { symbolText } from '../name-text.ts';
import type { Directive } from './directive.ts';

export const customCallTarget: Directive = {
  name: 'CustomCallTarget',
  parse(state, [target]) {
    state.setAttribute(target, stringAttr(state.parser.parseSymbolName()));
  },
  print(printer, view, [target]) {
    const attribute = view.attribute(target);
    if (attribute?.kind === 'string') printer.write(symbolText(attribute.value));
  },
  fits: (view, [target]) => view.attribute(target)?.kind === 'string',
};
