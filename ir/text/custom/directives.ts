/** Every `custom<Name>` of the assembly notation. */
import { complexOpType } from './complex-op-type.ts';
import { convolutionDimensions } from './convolution-dimensions.ts';
import { customCallTarget } from './custom-call-target.ts';
import type { Directive } from './directive.ts';
import { dotDimensionNumbers } from './dot-dimension-numbers.ts';
import { exponentMantissa } from './exponent-mantissa.ts';
import { funcOp } from './func-op.ts';
import { moduleOp } from './module-op.ts';
import { sameOperandsAndResultType, variadicSameOperandsAndResultType } from './operand-and-result-types.ts';
import { opaqueBody } from './opaque-body.ts';
import { pairwiseOpType } from './pairwise-op-type.ts';
import { precisionConfig, precisionConfigAndAlgorithm } from './precision-config.ts';
import { reduceOp } from './reduce-op.ts';
import { scanOp } from './scan-op.ts';
import { selectOpType } from './select-op-type.ts';
import { sliceRanges } from './slice-ranges.ts';
import { tupleOpType } from './tuple-op-type.ts';
import { typedValue } from './typed-value.ts';
import { variadicOperandWithAttribute } from './variadic-operand-with-attribute.ts';
import { whileOp } from './while-op.ts';
import { windowAttributes } from './window-attributes.ts';

const all: readonly Directive[] = [
  complexOpType,
  convolutionDimensions,
  customCallTarget,
  dotDimensionNumbers,
  exponentMantissa,
  funcOp,
  moduleOp,
  opaqueBody,
  pairwiseOpType,
  precisionConfig,
  precisionConfigAndAlgorithm,
  reduceOp,
  sameOperandsAndResultType,
  scanOp,
  selectOpType,
  sliceRanges,
  tupleOpType,
  typedValue,
  variadicOperandWithAttribute,
  variadicSameOperandsAndResultType,
  whileOp,
  windowAttributes,
];

export const directives: ReadonlyMap<string, Directive> = new Map(all.map((directive) => [directive.name, directive]));
