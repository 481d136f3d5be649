import { compatibleDims } from '../../dimension.ts';
import { dtypeInfo } from '../../dtype.ts';
import { storageDType } from '../../elements.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { type ElementType, tensorType } from '../../types.ts';
import { reinterpretBits } from '../shared/bit-patterns.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';

function bitsOf(element: ElementType): number {
  return dtypeInfo(storageDType(element)).bits;
}

function isComplex(element: ElementType): boolean {
  return dtypeInfo(storageDType(element)).kind === 'complex';
}

export const bitcastConvert = defineOp({
  name: 'stablehlo.bitcast_convert',
  code: 'E2105',
  summary: 'The same bits as elements of another type; narrower ones add a dimension, wider ones take the last.',
  spec: 'spec.md#bitcast_convert',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  traits: ['storage-view'],
  constraints: {
    C1: 'shape(result) = shape(operand), with a last dimension of num_bits(wider) / num_bits(narrower) on the narrower side',
    C2: 'if is_complex(operand) or is_complex(result), then is_complex(operand) and is_complex(result)',
  },
  resultConstraint: 'C1',
  assembly: '$operand attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const { shape, element, text } = operandTensor(site, 0);
    const result = resultTensor(site);
    if (result === undefined) return undefined;
    const describe = (): string => `the operand is ${text}, the result ${result.text}`;
    if (!check.require(isComplex(element) === isComplex(result.element), 'C2', describe)) return undefined;
    const from = bitsOf(element);
    const to = bitsOf(result.element);
    if (from === to) return [tensorType(shape, result.element)];
    const isWhole = Math.max(from, to) % Math.min(from, to) === 0;
    if (!check.require(isWhole, 'C1', describe)) return undefined;
    if (to < from) return [tensorType([...shape, from / to], result.element)];
    const last = shape.at(-1);
    const fits = last !== undefined && compatibleDims(last, to / from);
    return check.require(fits, 'C1', describe) ? [tensorType(shape.slice(0, -1), result.element)] : undefined;
  },
  evaluate(site, inputs, context) {
    return [reinterpretBits(tensorInput(inputs, 0), resultDType(requireResult(site), context), context)];
  },
});
