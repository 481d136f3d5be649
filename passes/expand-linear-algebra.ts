/**
 * Cholesky factors and triangular systems as loops over columns and rows, whole rows of all matrices of a batch at a time:
 *
 *     %1 = stablehlo.cholesky %0, lower = true : tensor<3x3xf32>
 *       ->
 *     l = 0;  for j in 0 .. 3 { c = a[:, j] - l . conj(l[j, :]);  l[:, j] = c / sqrt(c[j]) from row j on }
 *
 *     %2 = stablehlo.triangular_solve(%a, %b), left_side, lower
 *       ->
 *     x = 0;  for i in 0 .. n { x[i, :] = (b[i, :] - a[i, :] . x) / a[i, i] }
 *
 * An upper factor is the adjoint of the lower one of the adjoint; a system from the right is one from the left, transposed; an upper one is
 * solved from the last row on. The triangle that the op does not read is zero before the loop. Complex matrices too: `expand-complex`
 * comes after.
 */
import { dtypeInfo } from '../ir/dtype.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { cholesky } from '../ir/ops/stablehlo/cholesky.ts';
import { triangularSolve } from '../ir/ops/stablehlo/triangular-solve.ts';
import { isTensor } from '../ir/types.ts';
import { dtypeOf, type ExpandKit, present } from './expand-kit.ts';
import { type ExpansionRule, isStaticOp, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';

export const expandLinearAlgebra = definePass({
  name: 'expand-linear-algebra',
  summary: 'replace Cholesky factors and triangular systems by loops',
  run: (module, context) =>
    runExpansions(
      module,
      context,
      new Map([
        [cholesky.name, checked(expandCholesky)],
        [triangularSolve.name, checked(expandSolve)],
      ]),
    ),
});

function checked(expand: (kit: ExpandKit, op: Operation) => Value): ExpansionRule {
  return (kit, op) => {
    if (!isStaticOp(op)) return unknownSizes;
    const isQuantized = op.operands.some(({ type }) => isTensor(type) && typeof type.element !== 'string');
    return isQuantized ? notExpanded('it is quantised') : [expand(kit, op)];
  };
}

/** Matrices as `[B, rows, columns]`. */
function batched(kit: ExpandKit, value: Value): Value {
  const shape = kit.sizesOf(value);
  const batch = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return kit.reshape(value, [batch, ...shape.slice(-2)]);
}

function transposed(kit: ExpandKit, matrices: Value): Value {
  return kit.transpose(matrices, [0, 2, 1]);
}

function isComplex(value: Value): boolean {
  return dtypeInfo(dtypeOf(value)).kind === 'complex';
}

function conjugate(kit: ExpandKit, value: Value): Value {
  return isComplex(value) ? kit.complex(kit.real(value), kit.negate(kit.imag(value))) : value;
}

function zerosLike(kit: ExpandKit, value: Value): Value {
  if (!isComplex(value)) return kit.constantLike(0, value);
  const zero = kit.constantLike(0, value, dtypeInfo(dtypeOf(value)).part);
  return kit.complex(zero, zero);
}

/** One triangle with the diagonal; zeros elsewhere. */
function triangle(kit: ExpandKit, matrices: Value, lower: boolean): Value {
  const shape = kit.sizesOf(matrices);
  const [rows, columns] = [kit.iota(shape, 1, 'i32'), kit.iota(shape, 2, 'i32')];
  const isKept = kit.compare(lower ? 'GE' : 'LE', rows, columns);
  return kit.select(isKept, matrices, zerosLike(kit, matrices));
}

function expandCholesky(kit: ExpandKit, op: Operation): Value {
  const { lower } = attributesOf<typeof cholesky.attributes>(op);
  const operand = batched(kit, op.operand(0));
  const a = triangle(kit, lower ? operand : conjugate(kit, transposed(kit, operand)), true);
  const [batch = 1, n = 0] = kit.sizesOf(a);
  if (batch * n === 0) return op.operand(0);
  const [factor] = kit.loop(n, [zerosLike(kit, a), a], (inner, j, [l, source]) => [
    nextColumn(inner, present(l), present(source), j),
    present(source),
  ]);
  const result = lower ? present(factor) : conjugate(kit, transposed(kit, present(factor)));
  return kit.reshape(result, tensorOf(op.result()).shape);
}

/** The factor with its column `j`, all columns before which are there. */
function nextColumn(kit: ExpandKit, l: Value, a: Value, j: Value): Value {
  const [batch = 1, n = 1] = kit.sizesOf(a);
  const row = conjugate(kit, kit.at(l, 1, j));
  const known = kit.dot(l, row, { batch: [[0, 0]], contract: [[2, 2]] });
  const rest = kit.subtract(kit.at(a, 2, j), known);
  const root = realRoot(kit, kit.at(rest, 1, j));
  const spread = kit.broadcast(root, [0, 1, 2], [batch, n, 1]);
  const rows = kit.iota([batch, n, 1], 1, 'i32');
  const here = kit.broadcast(j, [], [batch, n, 1]);
  const below = kit.select(kit.compare('GT', rows, here), kit.divide(rest, spread), zerosLike(kit, rest));
  return kit.updateAt(l, kit.select(kit.compare('EQ', rows, here), spread, below), 2, j);
}

/** The square root of the real part. */
function realRoot(kit: ExpandKit, value: Value): Value {
  if (!isComplex(value)) return kit.sqrt(value);
  const root = kit.sqrt(kit.real(value));
  return kit.complex(root, kit.constantLike(0, root));
}

function expandSolve(kit: ExpandKit, op: Operation): Value {
  const attrs = attributesOf<typeof triangularSolve.attributes>(op);
  const { left_side: isLeft, transpose_a: turn } = attrs;
  const given = triangle(kit, batched(kit, op.operand(0)), attrs.lower);
  const isTurned = (turn !== 'NO_TRANSPOSE') === isLeft;
  const plain = turn === 'ADJOINT' ? conjugate(kit, given) : given;
  const coefficients = isTurned ? transposed(kit, plain) : plain;
  const right = batched(kit, op.operand(1));
  const b = isLeft ? right : transposed(kit, right);
  if (kit.sizesOf(b).includes(0)) return op.operand(1);
  const isLower = attrs.lower !== isTurned;
  const x = substitute(kit, coefficients, b, { isLower, hasUnitDiagonal: attrs.unit_diagonal });
  return kit.reshape(isLeft ? x : transposed(kit, x), tensorOf(op.result()).shape);
}

interface Substitution {
  readonly isLower: boolean;
  readonly hasUnitDiagonal: boolean;
}

function substitute(kit: ExpandKit, m: Value, b: Value, { isLower, hasUnitDiagonal }: Substitution): Value {
  const [batch = 1, n = 1, count = 1] = kit.sizesOf(b);
  const [x] = kit.loop(n, [zerosLike(kit, b), m, b], (inner, step, [solved, matrix, right]) => {
    const [unknowns, a, rhs] = [present(solved), present(matrix), present(right)];
    const i = isLower ? step : inner.subtract(inner.scalar(n - 1, 'i32'), step);
    const row = inner.at(a, 1, i);
    const known = inner.dot(row, unknowns, { batch: [[0, 0]], contract: [[2, 1]] });
    const rest = inner.subtract(inner.at(rhs, 1, i), known);
    const diagonal = inner.broadcast(inner.at(row, 2, i), [0, 1, 2], [batch, 1, count]);
    const next = hasUnitDiagonal ? rest : inner.divide(rest, diagonal);
    return [inner.updateAt(unknowns, next, 1, i), a, rhs];
  });
  return present(x);
}
