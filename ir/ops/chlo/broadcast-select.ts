import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor, tensorOf } from '../../type-constraints.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { tensorType } from '../../types.ts';
import { broadcastTogether, implicitBroadcastConstraints, inferBroadcast } from '../shared/implicit-broadcast.ts';
import { asTensor, tensorInputs } from '../shared/runtime-tensors.ts';
import { selectElements } from '../shared/selection.ts';

export const broadcastSelect = defineOp({
  name: 'chlo.broadcast_select',
  code: 'E2623',
  summary:
    'Elements of on_true where pred is true, of on_false elsewhere. The operands are stretched to a common shape first.',
  spec: 'chlo.md#chlobroadcast_select',
  operands: [
    { name: 'pred', type: tensorOf(['boolean']) },
    { name: 'on_true', type: anyTensor },
    { name: 'on_false', type: anyTensor },
  ],
  results: [{ name: 'result', type: anyTensor }],
  constraints: {
    C2: implicitBroadcastConstraints.C2,
    C3: 'element_type(on_true) = element_type(on_false) = element_type(result)',
  },
  resultConstraint: 'C2, C3',
  assembly:
    '$pred `,` $on_true `,` $on_false attr-dict `:` ' +
    '`(` type($pred) `,` type($on_true) `,` type($on_false) `)` `->` type(results)',
  inferTypes(site, check) {
    const onTrue = operandTensor(site, 1);
    const onFalse = operandTensor(site, 2);
    const describe = (): string => `on_true is ${onTrue.text}, on_false is ${onFalse.text}`;
    if (!check.require(elementsCompatible(onTrue.element, onFalse.element), 'C3', describe)) return undefined;
    const shape = inferBroadcast([operandTensor(site, 0).shape, onTrue.shape, onFalse.shape], undefined, check);
    return shape === undefined ? undefined : [tensorType(shape, onTrue.element)];
  },
  evaluate(_site, inputs, context) {
    const [pred, onTrue, onFalse] = broadcastTogether(tensorInputs(inputs), undefined, context);
    return [selectElements(asTensor(pred), asTensor(onTrue), asTensor(onFalse), context)];
  },
});
