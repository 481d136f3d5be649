/**
 * `reduce_window` over windows that grow by an element from place to place (a cumulative sum), one step an element: each result is the one
 * before, and one element more. That is the specification's order where windows grow to the right and padding changes nothing; where
 * they grow to the left, only for a body that may be regrouped.
 */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import type { Region } from '../../operation.ts';
import { wordsOf } from './element-words.ts';
import { ElementColumns, ScalarKernel } from './region-kernel.ts';
import { asTensor } from './runtime-tensors.ts';
import type { CumulativeWindow } from './window-geometry.ts';

export interface CumulativeReduction {
  readonly body: Region;
  /** Of equal shape, promoted to the body's element types. */
  readonly inputs: readonly Tensor[];
  readonly inits: readonly Tensor[];
  readonly window: CumulativeWindow;
}

const regroupable: ReadonlySet<string> = new Set(
  ['add', 'multiply', 'maximum', 'minimum', 'and', 'or', 'xor'].map((name) => `stablehlo.${name}`),
);

/** Whether running on gives what the windows do. */
export function mayRunOn({ body, inits, window }: CumulativeReduction, context: EvaluationContext): boolean {
  const { first, last } = body.block;
  const isOne = first !== undefined && first.next === last && first.operandUses.every(({ value }) => value.argumentOf);
  if (window.isReverse && !(isOne && regroupable.has(first.name))) return false;
  const padded = context.apply(body, [...inits, ...inits]).map(asTensor);
  return padded.every((value, index) => {
    const [words, same] = [wordsOf(value), inits[index]];
    return same !== undefined && wordsOf(same).every((word, at) => word === words[at]);
  });
}

export function runOn({ body, inputs, inits, window }: CumulativeReduction, context: EvaluationContext): Tensor[] {
  const results = inputs.map(({ dtype, shape }) => context.allocate(dtype, shape));
  const dtypes = inputs.map(({ dtype }) => dtype);
  const kernel = new ScalarKernel(body, [...dtypes, ...dtypes], context);
  const values = new ElementColumns(inputs);
  const sums = new ElementColumns(results);
  const starts = new ElementColumns(inits);
  const shape = inputs[0]?.shape ?? [];
  const [size, stride] = [shape[window.axis] ?? 0, rowMajorStrides(shape)[window.axis] ?? 1];
  const lines = size === 0 ? 0 : shapeSize(shape) / size;
  for (let line = 0; line < lines; line++) {
    const start = Math.floor(line / stride) * stride * size + (line % stride);
    for (let step = 0; step < size; step++) {
      const place = start + (window.isReverse ? size - 1 - step : step) * stride;
      if (step === 0) kernel.load(starts, 0, 0);
      else kernel.load(sums, place + (window.isReverse ? stride : -stride), 0);
      kernel.load(values, place, dtypes.length);
      kernel.applyTo(sums, place);
    }
  }
  return results;
}
