import { bool, enumeration } from '../../attribute-schema.ts';
import { compatibleDims, mergeDims } from '../../dimension.ts';
import { type ConstraintCheck, defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { elementText, tensorType, type TensorType } from '../../types.ts';
import { floatSlots, tensorOfFloats } from '../shared/float-values.ts';
import { type MatrixField, matrixFieldOf } from '../shared/matrix-field.ts';
import { perTensorOf } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { compatibleShapes, describeShape, dimAt, mergeShapes } from '../shared/shapes.ts';

const matrix = perTensorOf(['float', 'complex', 'quantized']);

const attributes = {
  left_side: bool(),
  lower: bool(),
  unit_diagonal: bool(),
  transpose_a: enumeration('stablehlo', 'transpose', ['NO_TRANSPOSE', 'TRANSPOSE', 'ADJOINT']),
};

interface Options {
  readonly left_side: boolean;
  readonly lower: boolean;
  readonly unit_diagonal: boolean;
  readonly transpose_a: 'NO_TRANSPOSE' | 'TRANSPOSE' | 'ADJOINT';
}

/** The coefficients of `m x = b`, with `x` and `b` transposed where the unknown stands left: `n x n`, one triangle filled. */
function coefficients(
  field: MatrixField,
  a: Float64Array,
  base: number,
  n: number,
  { left_side, lower, transpose_a }: Options,
): Float64Array {
  const m = new Float64Array(field.slots * n * n);
  const isTransposed = (transpose_a !== 'NO_TRANSPOSE') === left_side;
  for (let row = 0; row < n; row++) {
    for (let column = lower ? 0 : row; column < (lower ? row + 1 : n); column++) {
      const to = isTransposed ? column * n + row : row * n + column;
      const from = base + row * n + column;
      if (transpose_a === 'ADJOINT') field.conjugate(m, to, a, from);
      else field.copy(m, to, a, from);
    }
  }
  return m;
}

/** Where the entries of an unknown vector lie. */
interface Vector {
  readonly at: number;
  readonly step: number;
}

/** Substitution in place: `x` holds the right side first, the solution after. */
function substitute(
  field: MatrixField,
  m: Float64Array,
  n: number,
  x: Float64Array,
  vector: Vector,
  options: Options,
): void {
  const isLower = options.lower === ((options.transpose_a === 'NO_TRANSPOSE') === options.left_side);
  for (let step = 0; step < n; step++) {
    const row = isLower ? step : n - 1 - step;
    const at = vector.at + row * vector.step;
    for (let term = 0; term < step; term++) {
      const known = isLower ? term : n - 1 - term;
      field.subtractProduct(x, at, m, row * n + known, x, vector.at + known * vector.step);
    }
    if (!options.unit_diagonal) field.divide(x, at, m, row * n + row);
  }
}

/** C3: batch dimensions agree, `a` is square, and fits `b`. */
function checkShapes(a: TensorType, b: TensorType, leftSide: boolean, check: ConstraintCheck): boolean {
  const rank = a.shape.length;
  const [rows, columns] = [dimAt(a.shape, rank - 2), dimAt(a.shape, rank - 1)];
  const order = dimAt(b.shape, leftSide ? rank - 2 : rank - 1);
  const fits =
    compatibleShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)) &&
    compatibleDims(rows, columns) &&
    compatibleDims(mergeDims(rows, columns), order);
  return check.require(fits, 'C3', () => `${describeShape(a.shape)} and ${describeShape(b.shape)}`);
}

export const triangularSolve = defineOp({
  name: 'stablehlo.triangular_solve',
  code: 'E2313',
  summary: 'The solutions of systems of linear equations with triangular coefficients.',
  spec: 'spec.md#triangular_solve',
  operands: [
    { name: 'a', type: matrix },
    { name: 'b', type: matrix },
  ],
  results: [{ name: 'result', type: matrix }],
  attributes,
  constraints: {
    C1: 'baseline_element_type(a) = baseline_element_type(b)',
    C2: '2 <= rank(a) = rank(b) = R',
    C3: 'shape(a)[:-2] = shape(b)[:-2], and dim(a, -2) = dim(a, -1) = dim(b, left_side ? -2 : -1)',
    C4: 'baseline_type(b) = baseline_type(result)',
  },
  resultConstraint: 'C4',
  inferTypes(site, check) {
    const [a, b] = [operandTensor(site, 0), operandTensor(site, 1)];
    const elements = (): string => `${elementText(a.element)} and ${elementText(b.element)}`;
    const sameElements = check.require(elementsCompatible(a.element, b.element), 'C1', elements);
    const ranked = a.shape.length >= 2 && a.shape.length === b.shape.length;
    const shapes = (): string => `${describeShape(a.shape)} and ${describeShape(b.shape)}`;
    if (!check.require(ranked, 'C2', shapes) || !sameElements) return undefined;
    if (!checkShapes(a, b, site.attrs.left_side, check)) return undefined;
    const batch = mergeShapes([b.shape.slice(0, -2), a.shape.slice(0, -2)]);
    return [tensorType([...batch, ...b.shape.slice(-2)], resultTensor(site)?.element ?? b.element)];
  },
  evaluate(site, inputs, context) {
    const [a, b] = [tensorInput(inputs, 0), tensorInput(inputs, 1)];
    const { attrs } = site;
    const field = matrixFieldOf(b.dtype);
    const values = floatSlots(a);
    const x = floatSlots(b).slice();
    const [rows, columns] = [b.shape.at(-2) ?? 0, b.shape.at(-1) ?? 0];
    const [n, count] = attrs.left_side ? [rows, columns] : [columns, rows];
    const systems = b.size === 0 ? 0 : b.size / (rows * columns);
    for (let system = 0; system < systems; system++) {
      const m = coefficients(field, values, system * n * n, n, attrs);
      for (let vector = 0; vector < count; vector++) {
        const base = system * rows * columns;
        const line = attrs.left_side ? { at: base + vector, step: columns } : { at: base + vector * columns, step: 1 };
        substitute(field, m, n, x, line, attrs);
      }
    }
    return [tensorOfFloats(context, b.dtype, b.shape, x)];
  },
});
