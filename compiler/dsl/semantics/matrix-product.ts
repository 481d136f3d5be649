/**
 * `a @ b`: sums over the last axis of `a` and the second last of `b`. `[..., m, k] @ [..., k, n] -> [..., m, n]`; a vector on either side
 * loses its axis. Batch axes are aligned from the right and must be the same, or missing on one side: a matrix on the right of a batch
 * is used for all of it without being copied.
 */
import { areCompatible, commonShape, stretch } from './broadcasting.ts';
import type { CallSite } from './call-site.ts';
import { constantDimension, shapeText } from './dimension.ts';
import { dimAt } from './tensor-ops.ts';
import { dtypeText, tensorText } from './type-text.ts';
import type { TensorValue } from './values.ts';

export function matrixProduct(lhs: TensorValue, rhs: TensorValue, site: CallSite): TensorValue {
  const lhsRank = lhs.dims.length;
  const rhsRank = rhs.dims.length;
  if (lhsRank === 0 || rhsRank === 0 || lhs.dtype === 'i1' || rhs.dtype === 'i1') return refuseScalars(lhs, rhs, site);
  if (lhs.dtype !== rhs.dtype) return reportDTypes(lhs, rhs, site);
  const contract = [lhsRank - 1, Math.max(0, rhsRank - 2)] as const;
  if (!areCompatible(dimAt(lhs, contract[0]), dimAt(rhs, contract[1]))) return reportInner(lhs, rhs, contract, site);
  // Without batch axes on the right, those of the left are free axes: one product of a tall matrix.
  if (rhsRank <= 2) return site.ops.dot(lhs, rhs, { batch: [], contract: [contract] });
  return batchedProduct(lhs, rhs, site);
}

function batchedProduct(lhs: TensorValue, rhs: TensorValue, site: CallSite): TensorValue {
  const isVector = lhs.dims.length === 1;
  const matrix = isVector ? site.ops.reshape(lhs, [constantDimension(1), ...lhs.dims]) : lhs;
  const batch = commonShape(matrix.dims.slice(0, -2), rhs.dims.slice(0, -2));
  if (batch === undefined) return reportBatch(lhs, rhs, site);
  const a = stretch(matrix, [...batch, ...matrix.dims.slice(-2)], site);
  const b = stretch(rhs, [...batch, ...rhs.dims.slice(-2)], site);
  const rank = batch.length;
  const result = site.ops.dot(a, b, {
    batch: batch.map((_, axis) => [axis, axis] as const),
    contract: [[rank + 1, rank]],
  });
  if (!isVector) return result;
  return site.ops.reshape(result, result.dims.toSpliced(rank, 1));
}

function refuseScalars(lhs: TensorValue, rhs: TensorValue, site: CallSite): never {
  return site.fail('E6304', `\`@\` does not take ${tensorText(lhs)} and ${tensorText(rhs)}`, {
    hint: 'it is for tensors of numbers of rank 1 or more; `*` multiplies element by element',
  });
}

function reportDTypes(lhs: TensorValue, rhs: TensorValue, site: CallSite): never {
  return site.fail('E6302', `\`@\` between ${dtypeText(lhs.dtype)} and ${dtypeText(rhs.dtype)}`, {
    notes: origins(lhs, rhs),
    hint: `nothing casts by itself; convert one of them with \`${dtypeText(lhs.dtype)}(...)\``,
  });
}

function reportInner(lhs: TensorValue, rhs: TensorValue, [a, b]: readonly [number, number], site: CallSite): never {
  const sizes = `${shapeText([dimAt(lhs, a)])} and ${shapeText([dimAt(rhs, b)])}`;
  const transposed = rhs.dims.length === 2 && areCompatible(dimAt(lhs, a), dimAt(rhs, 1));
  return site.fail('E6305', `the inner sizes of ${tensorText(lhs)} @ ${tensorText(rhs)} differ: ${sizes}`, {
    notes: origins(lhs, rhs),
    hint: transposed
      ? 'the other axis fits: `a @ transpose(b)`'
      : 'the last axis of the left side meets the second last of the right',
  });
}

function reportBatch(lhs: TensorValue, rhs: TensorValue, site: CallSite): never {
  return site.fail('E6305', `the batch axes of ${tensorText(lhs)} @ ${tensorText(rhs)} differ`, {
    notes: origins(lhs, rhs),
    hint: `${shapeText(lhs.dims.slice(0, -2))} against ${shapeText(rhs.dims.slice(0, -2))}, aligned from the right`,
  });
}

function origins(
  lhs: TensorValue,
  rhs: TensorValue,
): readonly { readonly message: string; readonly span: TensorValue['origin'] }[] {
  return [lhs, rhs].map((x) => ({ message: `this is ${tensorText(x)}`, span: x.origin }));
}
