/** `ConvolutionDimensions($dimension_numbers)`: `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`. */
import { convolutionDimensionsText } from '../convolution-dimensions-text.ts';
import type { Directive } from './directive.ts';

export const convolutionDimensions: Directive = {
  name: 'ConvolutionDimensions',
  parse(state, [target]) {
    state.setAttribute(target, state.parser.parseStructBody('stablehlo', 'conv'));
  },
  print(printer, view, [target]) {
    const attribute = view.attribute(target);
    if (attribute?.kind === 'struct') printer.write(convolutionDimensionsText(attribute.fields));
  },
  fits(view, [target]) {
    const attribute = view.attribute(target);
    return attribute?.kind === 'struct' && attribute.name === 'conv';
  },
};
