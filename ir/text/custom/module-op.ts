/** `ModuleOp()`, the whole of `builtin.module`: `module @name attributes {a = 1 : i32} { ... }`. */
import { stringAttr } from '../../attributes.ts';
import { symbolText } from '../name-text.ts';
import type { Directive } from './directive.ts';

const visibilities = ['public', 'private', 'nested'];
const printed = new Set(['sym_name', 'sym_visibility']);

export const moduleOp: Directive = {
  name: 'ModuleOp',
  isWholeOp: true,
  parse(state) {
    const { parser } = state;
    const visibility = visibilities.find((keyword) => parser.consumeIf(keyword));
    if (visibility !== undefined) state.attributes.set('sym_visibility', stringAttr(visibility));
    if (parser.isSymbolNext()) state.attributes.set('sym_name', stringAttr(parser.parseSymbolName()));
    state.addAttributes(parser.parseOptionalAttrDictWithKeyword());
    state.regions.push(parser.parseRegion());
  },
  print(printer, { op }) {
    const visibility = op.attribute('sym_visibility');
    if (visibility?.kind === 'string') printer.write(` ${visibility.value}`);
    const name = op.attribute('sym_name');
    if (name?.kind === 'string') printer.write(` ${symbolText(name.value)}`);
    printer.attrDict(op, printed, 'attributes');
    printer.write(' ');
    printer.region(op.region(), 'without-arguments');
  },
  fits({ op }) {
    const visibility = op.attribute('sym_visibility');
    const name = op.attribute('sym_name');
    return (
      op.regions.length === 1 &&
      op.region().block.arguments.length === 0 &&
      (name === undefined || name.kind === 'string') &&
      (visibility === undefined || (visibility.kind === 'string' && visibilities.includes(visibility.value)))
    );
  },
};
