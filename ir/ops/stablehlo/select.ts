import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { tensorType } from '../../types.ts';
import { requireSameShape } from '../shared/elementwise.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { selectElements } from '../shared/selection.ts';
import { compatibleShapes, mergeShapes } from '../shared/shapes.ts';

export const select = defineOp({
  name: 'stablehlo.select',
  code: 'E2138',
  summary: 'Elements of on_true where pred is true, of on_false elsewhere; a scalar pred chooses for all.',
  spec: 'spec.md#select',
  operands: [
    { name: 'pred', type: tensorOf(['boolean']) },
    { name: 'on_true', type: perTensor },
    { name: 'on_false', type: perTensor },
  ],
  results: [{ name: 'result', type: perTensor }],
  constraints: {
    C1: 'rank(pred) = 0 or shape(pred) = shape(on_true)',
    C2: 'baseline_type(on_true) = baseline_type(on_false) = baseline_type(result)',
  },
  resultConstraint: 'C2',
  assembly:
    '$pred `,` $on_true `,` $on_false attr-dict `:` ' +
    'custom<SelectOpType>(type($pred), type($on_true), type($on_false), type($result))',
  inferTypes(site, check) {
    const pred = operandTensor(site, 0);
    const onTrue = operandTensor(site, 1);
    const onFalse = operandTensor(site, 2);
    const isSame =
      onTrue === onFalse ||
      (elementsCompatible(onTrue.element, onFalse.element) && compatibleShapes(onTrue.shape, onFalse.shape));
    if (!check.require(isSame, 'C2', () => `on_true is ${onTrue.text}, on_false is ${onFalse.text}`)) return undefined;
    const shapes = pred.shape.length === 0 ? [onTrue.shape, onFalse.shape] : [onTrue.shape, onFalse.shape, pred.shape];
    const fits = pred.shape.length === 0 || compatibleShapes(pred.shape, onTrue.shape);
    if (!check.require(fits, 'C1', () => `pred is ${pred.text}, on_true is ${onTrue.text}`)) return undefined;
    return onTrue === onFalse && pred.shape.length === 0 ? [onTrue] : [tensorType(mergeShapes(shapes), onTrue.element)];
  },
  evaluate(_site, inputs, context) {
    const pred = tensorInput(inputs, 0);
    const onTrue = tensorInput(inputs, 1);
    const onFalse = tensorInput(inputs, 2);
    requireSameShape(onTrue, onFalse, context);
    if (pred.rank === 0) return [pred.values[0] === 0 ? onFalse : onTrue];
    requireSameShape(pred, onTrue, context);
    return [selectElements(pred, onTrue, onFalse, context)];
  },
});
