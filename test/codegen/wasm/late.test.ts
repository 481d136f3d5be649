/** A module compiled once for any batch gives the bits of the modules compiled for one. */
import { describe, expect, it } from 'vitest';
import { elementsBytes } from '../../../ir/elements.ts';
import { attention, convolution, denseLayer, layerNorm, mlp, softmaxRows, transposedDense } from './late-models.ts';
import { compileText, inputsOf } from './run-late.ts';

const models = [
  denseLayer(70, 45),
  denseLayer(40, 5),
  transposedDense(40, 21),
  mlp(50, 33, 10),
  softmaxRows(77),
  layerNorm(100),
  convolution(6, 3, 9),
  attention(9, 12),
];

describe.each(models)('$name', ({ text }) => {
  const late = compileText(text('n'));

  it.each([1, 2, 3, 7, 64])('n = %i', (n) => {
    const fixed = compileText(text(n));
    const inputs = inputsOf(late, n);
    const [expected] = fixed.run(inputs);
    const [actual] = late.run(inputs);
    expect(actual?.shape).toEqual(expected?.shape);
    expect(actual && elementsBytes(actual.values)).toEqual(expected && elementsBytes(expected.values));
  });
});
