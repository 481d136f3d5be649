/** The configuration of einsum: `ab,bc->ac`. Letters name indices; `...` stands for leading ones that broadcast. */
import { compatibleDims, type Dim, mergeDims } from '../../dimension.ts';
import { rowMajorStrides } from '../../evaluator/tensor.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { TensorType } from '../../types.ts';
import { dimAt, describeShape } from './shapes.ts';
import type { ContractionLoop } from './tensor-contraction.ts';

export interface EinsumConfig {
  /** Labels of each operand's axes. An index of the ellipsis is labelled by its distance from the right: `.0`. */
  readonly operands: readonly (readonly string[])[];
  readonly result: readonly string[];
}

export const einsumConstraints = {
  C1: 'einsum_config is of the form `ab,bc->ac`, one letter an axis, with at most one `...` each',
  C2: 'size(einsum_config operands) = the number of operands, and each has a label for every axis',
  C3: 'axes with the same label have the same size (or 1, under `...`)',
  C4: 'the labels of the result are unique, and all occur in an operand',
  C5: 'shape(result) = the sizes of its labels',
} as const;

/** The labels, fitted to the operands; undefined after a report. */
export function parseEinsum(
  text: string,
  operands: readonly TensorType[],
  check: ConstraintCheck,
): EinsumConfig | undefined {
  const compact = text.replaceAll(' ', '');
  const match = /^([A-Za-z.,]*)->([A-Za-z.]*)$/.exec(compact);
  const terms = (match?.[1] ?? '').split(',');
  const resultTerm = match?.[2] ?? '';
  const isWellFormed =
    match !== null && [...terms, resultTerm].every((term) => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term));
  if (!check.require(isWellFormed, 'C1', () => `it is "${text}"`)) return undefined;
  const ranks = terms.map((term, index) => (operands[index]?.shape.length ?? 0) - term.replace('...', '').length);
  const fits =
    terms.length === operands.length &&
    terms.every((term, index) => (term.includes('...') ? (ranks[index] ?? -1) >= 0 : ranks[index] === 0));
  const shapes = (): string => operands.map((type) => describeShape(type.shape)).join(' and ');
  if (!check.require(fits, 'C2', () => `"${text}" for ${shapes()}`)) return undefined;
  const ellipsis = Math.max(0, ...terms.map((term, index) => (term.includes('...') ? (ranks[index] ?? 0) : 0)));
  const labelled = terms.map((term, index) => labelsOf(term, ranks[index] ?? 0));
  const result = labelsOf(resultTerm, ellipsis);
  const known = new Set(labelled.flat());
  const isSound = new Set(result).size === result.length && result.every((label) => known.has(label));
  return check.require(isSound, 'C4', () => `it is "${text}"`) ? { operands: labelled, result } : undefined;
}

function labelsOf(term: string, ellipsisRank: number): string[] {
  const [before, after] = term.split('...');
  if (after === undefined) return term.split('');
  const covered = Array.from({ length: ellipsisRank }, (_, index) => `.${ellipsisRank - 1 - index}`);
  return [...(before ?? '').split(''), ...covered, ...after.split('')];
}

/** The size of every label; undefined after a report. */
export function einsumSizes(
  config: EinsumConfig,
  operands: readonly TensorType[],
  check: ConstraintCheck,
): ReadonlyMap<string, Dim> | undefined {
  const sizes = new Map<string, Dim>();
  for (const [index, labels] of config.operands.entries()) {
    const shape = operands[index]?.shape ?? [];
    for (const [axis, label] of labels.entries()) {
      const dim = dimAt(shape, axis);
      const known = sizes.get(label);
      const broadcasts = label.startsWith('.');
      if (known === undefined || (broadcasts && known === 1)) sizes.set(label, dim);
      else if (broadcasts && dim === 1) continue;
      else if (check.require(compatibleDims(known, dim), 'C3', () => `'${label}' in ${describeShape(shape)}`))
        sizes.set(label, mergeDims(known, dim));
      else return undefined;
    }
  }
  return sizes;
}

/** The loops for one or two operands of these shapes; an operand that is left out is a scalar. */
export function einsumLoops(
  config: EinsumConfig,
  shapes: readonly (readonly number[])[],
  sizes: ReadonlyMap<string, Dim>,
): ContractionLoop[] {
  const resultShape = config.result.map((label) => Number(sizes.get(label)));
  const steps = config.operands.map((labels, index) => labelSteps(labels, shapes[index] ?? []));
  const resultSteps = labelSteps(config.result, resultShape, false);
  return [...sizes].map(([label, size]) => ({
    size: Number(size),
    lhs: steps[0]?.get(label),
    rhs: steps[1]?.get(label),
    result: resultSteps.get(label),
  }));
}

/** A repeated label walks the diagonal; an axis of size 1 that broadcasts stands still. */
function labelSteps(labels: readonly string[], shape: readonly number[], broadcasts = true): Map<string, number> {
  const strides = rowMajorStrides(shape);
  const steps = new Map<string, number>();
  for (const [axis, label] of labels.entries()) {
    const step = broadcasts && shape[axis] === 1 ? 0 : (strides[axis] ?? 0);
    steps.set(label, (steps.get(label) ?? 0) + step);
  }
  return steps;
}
