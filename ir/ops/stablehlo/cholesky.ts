import { bool, withDefault } from '../../attribute-schema.ts';
import { compatibleDims, mergeDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { floatSlots, tensorOfFloats } from '../shared/float-values.ts';
import { type MatrixField, matrixFieldOf } from '../shared/matrix-field.ts';
import { perTensorOf } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape, dimAt } from '../shared/shapes.ts';

const matrix = perTensorOf(['float', 'complex', 'quantized']);

/**
 * Decomposes the `n x n` matrix at element `base` of `a` into `l`: lower triangular, `a = l l^H`, row by row (Cholesky and
 * Banachiewicz). With `lower` false the upper triangle of `a` is read and `l^H` is written. The rest stays zero.
 */
function decompose(
  field: MatrixField,
  a: Float64Array,
  l: Float64Array,
  base: number,
  n: number,
  lower: boolean,
): void {
  const factor = new Float64Array(field.slots * n * n);
  const conjugates = new Float64Array(field.slots * n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const at = row * n + column;
      if (lower) field.copy(factor, at, a, base + at);
      else field.conjugate(factor, at, a, base + column * n + row);
      for (let term = 0; term < column; term++)
        field.subtractProduct(factor, at, factor, row * n + term, conjugates, column * n + term);
      if (column === row) field.realSquareRoot(factor, at);
      else field.divide(factor, at, factor, column * n + column);
      field.conjugate(conjugates, at, factor, at);
      if (lower || row === column) field.copy(l, base + at, factor, at);
      else field.copy(l, base + column * n + row, conjugates, at);
    }
  }
}

export const cholesky = defineOp({
  name: 'stablehlo.cholesky',
  code: 'E2304',
  summary: 'The triangular factor of each Hermitian positive-definite matrix; NaN where a matrix is none.',
  spec: 'spec.md#cholesky',
  operands: [{ name: 'a', type: matrix }],
  results: [{ name: 'result', type: matrix }],
  attributes: { lower: withDefault(bool(), false) },
  constraints: {
    C1: 'baseline_type(a) = baseline_type(result)',
    C2: '2 <= rank(a)',
    C3: 'dim(a, -2) = dim(a, -1)',
  },
  resultConstraint: 'C1',
  assembly: '$a (`,` `lower` `=` $lower^)? attr-dict `:` custom<SameOperandsAndResultType>(type($a), type($result))',
  inferTypes(site, check) {
    const a = operandTensor(site, 0);
    const rank = a.shape.length;
    const shape = (): string => `the shape is ${describeShape(a.shape)}`;
    if (!check.require(rank >= 2, 'C2', shape)) return undefined;
    const [rows, columns] = [dimAt(a.shape, rank - 2), dimAt(a.shape, rank - 1)];
    if (!check.require(compatibleDims(rows, columns), 'C3', shape)) return undefined;
    const size = mergeDims(rows, columns);
    return [tensorType([...a.shape.slice(0, -2), size, size], resultTensor(site)?.element ?? a.element)];
  },
  evaluate(site, inputs, context) {
    const a = tensorInput(inputs, 0);
    const n = a.shape.at(-1) ?? 0;
    const field = matrixFieldOf(a.dtype);
    const values = floatSlots(a);
    const factors = new Float64Array(values.length);
    for (let base = 0; base < a.size; base += n * n) decompose(field, values, factors, base, n, site.attrs.lower);
    return [tensorOfFloats(context, a.dtype, a.shape, factors)];
  },
});
