/** Two threads beside one, in one run: much faster where there is much to do, no slower where there is little. */
import { availableParallelism } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { wasmTarget, withThreads } from '../../../codegen/kernel/target-info.ts';
import { nodeThreads } from '../../../compiler/cli/node-threads.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { attention, denseLayer, type LateModel, mlp, softmaxRows } from './late-models.ts';
import { inputsOf, planOf } from './run-late.ts';

const host = nodeThreads(2);
afterAll(() => host.end());

interface Pair {
  readonly one: () => void;
  readonly two: () => void;
  readonly stop: () => void;
}

function pairOf({ text }: LateModel, n: number): Pair {
  const one = new WasmProgram(planOf(text(n)));
  const two = new WasmProgram(planOf(text(n), withThreads(wasmTarget)), undefined, { host });
  for (const program of [one, two]) program.run(inputsOf(program, n));
  const symbols = new Map<string, number>();
  return { one: () => one.call(symbols), two: () => two.call(symbols), stop: () => two.stop() };
}

/** Of a call, milliseconds, the mean of about five milliseconds of calls. */
function time(call: () => void): number {
  let count = 0;
  const start = performance.now();
  do {
    call();
    count += 1;
  } while (performance.now() - start < 5);
  return (performance.now() - start) / count;
}

/** The best times of both in turns, until two threads are so much faster, or for six seconds: a neighbour's work passes. */
function speedUp({ one, two, stop }: Pair, wanted: number): number {
  const start = performance.now();
  const best = { one: Infinity, two: Infinity };
  for (let turn = 0; turn < 10 || performance.now() - start < 6000; turn += 1) {
    best.one = Math.min(best.one, time(one));
    best.two = Math.min(best.two, time(two));
    if (turn >= 10 && best.one / best.two >= wanted) break;
  }
  stop();
  return best.one / best.two;
}

describe.skipIf(availableParallelism() < 2)('two threads', () => {
  it.each([
    [denseLayer(512, 512), 512],
    [softmaxRows(1000), 600],
  ])('are at least 1.5 times as fast as one on $name', (model, n) => {
    expect(speedUp(pairOf(model, n), 1.5)).toBeGreaterThanOrEqual(1.5);
  });

  it.each([
    [denseLayer(40, 5), 3],
    [mlp(784, 128, 10), 1],
    [softmaxRows(77), 4],
    [attention(9, 12), 2],
  ])('are no slower than one on $name', (model, n) => {
    // A tenth for what clocks and neighbours do.
    expect(speedUp(pairOf(model, n), 0.9)).toBeGreaterThanOrEqual(0.9);
  });
});
