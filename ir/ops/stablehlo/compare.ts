import { enumeration, optional } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { tensorType } from '../../types.ts';
import { fittingComparisonTypes } from '../shared/comparison-types.ts';
import { sameShapeInputs } from '../shared/elementwise.ts';
import { comparisonDirections, comparisonTypes, compareTensors } from '../shared/ordering.ts';
import { perTensor } from '../shared/quantization.ts';
import { compatibleShapes, mergeShapes } from '../shared/shapes.ts';

export const compare = defineOp({
  name: 'stablehlo.compare',
  code: 'E2109',
  summary: 'Whether two elements stand in the given relation. A NaN is unequal to all, unless the order is total.',
  spec: 'spec.md#compare',
  operands: [
    { name: 'lhs', type: perTensor },
    { name: 'rhs', type: perTensor },
  ],
  results: [{ name: 'result', type: tensorOf(['boolean']) }],
  attributes: {
    comparison_direction: enumeration('stablehlo', 'comparison_direction', comparisonDirections),
    compare_type: optional(enumeration('stablehlo', 'comparison_type', comparisonTypes)),
  },
  traits: ['elementwise'],
  constraints: {
    C1: 'baseline_element_type(lhs) = baseline_element_type(rhs)',
    C2: 'shape(lhs) = shape(rhs) = shape(result)',
    C3: 'compare_type fits the elements: SIGNED, UNSIGNED (also of booleans), FLOAT or TOTALORDER, of complex FLOAT',
  },
  resultConstraint: 'C2',
  assembly:
    '$comparison_direction `,` $lhs `,` $rhs (`,` $compare_type^)? attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const lhs = operandTensor(site, 0);
    const rhs = operandTensor(site, 1);
    const describe = (): string => `lhs is ${lhs.text}, rhs is ${rhs.text}`;
    const sameElements = check.require(elementsCompatible(lhs.element, rhs.element), 'C1', describe);
    const sameShapes = check.require(compatibleShapes(lhs.shape, rhs.shape), 'C2', describe);
    return sameElements && sameShapes ? [tensorType(mergeShapes([lhs.shape, rhs.shape]), 'i1')] : undefined;
  },
  verify(site, check) {
    const { compare_type: type } = site.attrs;
    const { element, text } = operandTensor(site, 0);
    if (type === undefined || type === 'NOTYPE') return;
    check.require(fittingComparisonTypes(element).includes(type), 'C3', () => `compare_type = ${type} for ${text}`);
  },
  evaluate(site, inputs, context) {
    const [lhs, rhs] = sameShapeInputs(inputs, context);
    const { comparison_direction: direction, compare_type: type = 'NOTYPE' } = site.attrs;
    return [compareTensors(direction, type, lhs, rhs, context)];
  },
});
