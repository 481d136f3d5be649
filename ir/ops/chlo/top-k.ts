import { i64 } from '../../attribute-schema.ts';
import { dimMax } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor, tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { copyElement } from '../../evaluator/tensor.ts';
import { orderKeys } from '../shared/ordering.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const topK = defineOp({
  name: 'chlo.top_k',
  code: 'E2650',
  summary:
    'The k largest elements along the last dimension, in descending order, and their indices; of equals, the first comes first.',
  spec: 'chlo.md#chlotop_k',
  operands: [{ name: 'operand', type: tensorOf(['boolean', 'integer', 'unsigned', 'float']) }],
  results: [
    { name: 'values', type: anyTensor },
    { name: 'indices', type: anyTensor },
  ],
  attributes: { k: i64() },
  constraints: {
    C1: '1 <= rank(operand)',
    C2: '0 <= k <= dim(operand, -1)',
    C3: 'shape(values) = shape(indices) = shape(operand)[:-1] + [k]',
    C4: 'element_type(values) = element_type(operand), element_type(indices) = i32',
  },
  resultConstraint: 'C3, C4',
  assembly:
    '`(` $operand `,` `k` `=` $k `)` attr-dict `:` type($operand) `->` `(` type($values) `,` type($indices) `)`',
  inferTypes(site, check) {
    const { shape, element, text } = operandTensor(site, 0);
    const { k } = site.attrs;
    const last = shape.at(-1);
    check.require(last !== undefined, 'C1', () => `the operand is ${text}`);
    if (last === undefined) return undefined;
    const fits = k >= 0 && k <= (dimMax(last) ?? k);
    if (!check.require(fits, 'C2', () => `k = ${k}, the operand is ${text}`)) return undefined;
    const resultShape = [...shape.slice(0, -1), k];
    return [tensorType(resultShape, element), tensorType(resultShape, 'i32')];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const { k } = site.attrs;
    const count = operand.shape.at(-1) ?? 0;
    if (k > count) throw context.failure('E4012', `top_k with k = ${k} of ${count} elements`);
    const shape = [...operand.shape.slice(0, -1), k];
    const values = context.allocate(operand.dtype, shape);
    const indices = context.allocate('i32', shape);
    const keys = orderKeys(operand);
    for (let row = 0; row * k < indices.values.length; row++) {
      const start = row * count;
      const order = Uint32Array.from({ length: count }, (_, index) => index);
      order.sort((a, b) => {
        const left = keys[start + a] ?? 0;
        const right = keys[start + b] ?? 0;
        return left > right ? -1 : left < right ? 1 : a - b;
      });
      for (let place = 0; place < k; place++) {
        indices.values[row * k + place] = order[place] ?? 0;
        copyElement(operand, start + (order[place] ?? 0), values, row * k + place);
      }
    }
    return [values, indices];
  },
});
