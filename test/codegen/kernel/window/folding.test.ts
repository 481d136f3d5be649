import { expect, it } from 'vitest';
import { foldingOf } from '../../../../codegen/kernel/window/folding.ts';
import { LoopBuilder } from '../../../../codegen/kernel/loop-builder.ts';
import { load } from '../../../../codegen/kernel/loop-expressions.ts';
import type { Combiner } from '../../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { unknownLocation } from '../../../../ir/location.ts';
import { runBoth } from '../../wasm/run-kernel.ts';

const numbers = [0, -0, 1, -1, 2.5, -2.5, 1e-40, -1e-40, 3e38, -3e38, Infinity, -Infinity, NaN];

function combiner(op: 'maximum' | 'minimum' | 'add'): Combiner {
  const [lhs, rhs] = [
    { kind: 'accumulator', dtype: 'f32', index: 0 },
    { kind: 'element', dtype: 'f32', index: 0 },
  ] as const;
  const results = [{ kind: 'binary', dtype: 'f32', op, lhs, rhs }] as const;
  return { dtypes: ['f32'], identity: [0], results, isAssociative: true, isCommutative: true, mayReassociate: false };
}

/** NaN of any sign. */
function triples(): Float32Array {
  const bits = Float32Array.from(numbers.flatMap((a) => numbers.flatMap((b) => numbers.flatMap((c) => [a, b, c, -a]))));
  const view = new Int32Array(bits.buffer);
  for (let at = 0; at < bits.length; at += 3) if (Number.isNaN(bits[at])) view[at] = (view[at] ?? 0) | -(2 ** 31);
  return bits;
}

it.each(['maximum', 'minimum'] as const)('the %s of floats, however it is folded: NaN, zeros, infinities', (op) => {
  const given = triples();
  const count = given.length / 4;
  for (const lanes of [1, 4]) {
    const folding = foldingOf(combiner(op), relaxedWasmTarget, lanes);
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'f32', size: given.length, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'f32', size: count, access: 'write' });
    b.for({ to: count - (count % lanes), step: lanes }, (i) => {
      const [first, ...rest] = [0, 1, 2, 3].map((part) =>
        folding?.begin(b.let('x', load(x, LoopBuilder.expressions.add(i, part * count), lanes))),
      );
      const folded = rest.reduce((sum, each) => sum && each && folding?.join(sum, each), first);
      if (folded !== undefined && folding !== undefined) b.store(y, i, folding.end(folded));
    });
    const kernel = b.kernel({ name: 'fold', tiles: 1, location: unknownLocation });
    const { wasm, reference } = runBoth(kernel, [given, new Float32Array(count)]);
    const expected = Float32Array.from({ length: count - (count % lanes) }, (_, i) => {
      const four = [0, 1, 2, 3].map((part) => given[i + part * count] ?? 0);
      return op === 'maximum' ? Math.max(...four) : Math.min(...four);
    });
    for (const [, result] of [wasm, reference]) expect(result?.subarray(0, expected.length)).toEqual(expected);
  }
});

it('sums keep their order', () => {
  expect(foldingOf(combiner('add'), relaxedWasmTarget, 4)).toBeUndefined();
});
