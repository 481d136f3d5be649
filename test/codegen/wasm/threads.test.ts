/** A call of several threads: the same bits as one, failures that end it, and threads that serve one program after the other. */
import { afterAll, describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import { add, compare, constant, multiply, select } from '../../../codegen/kernel/loop-expressions.ts';
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { wasmTarget, withThreads } from '../../../codegen/kernel/target-info.ts';
import { scalar } from '../../../codegen/kernel/value-type.ts';
import type { Plan, PlanBuffer } from '../../../codegen/plan/plan.ts';
import { sharedWork, sharingLimits } from '../../../codegen/plan/shared-work.ts';
import { emitWasm } from '../../../codegen/wasm/emit.ts';
import { nodeThreads } from '../../../compiler/cli/node-threads.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { elementsBytes } from '../../../ir/elements.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { unknownLocation } from '../../../ir/location.ts';
import {
  attention,
  convolution,
  denseLayer,
  layerNorm,
  mlp,
  softmaxRows,
  summedOver,
  transposedDense,
} from './late-models.ts';
import { inputsOf, planOf } from './run-late.ts';

const hosts = [2, 4].map((count) => nodeThreads(count));
afterAll(() => hosts.forEach(({ end }) => end()));

/** However little there is to do. */
const all = { leastNanoseconds: 0 };

const models = [
  denseLayer(300, 200),
  denseLayer(40, 5),
  transposedDense(300, 210),
  mlp(784, 128, 10),
  softmaxRows(770),
  layerNorm(1000),
  convolution(14, 16, 32),
  attention(40, 32),
];

function bytesOf([result]: readonly Tensor[]): Buffer {
  return Buffer.from(result === undefined ? [] : elementsBytes(result.values));
}

describe.each(models)('$name', ({ text }) => {
  const plans = { late: planOf(text('n')), 64: planOf(text(64)) };

  it.each(['late', 64] as const)('%s: gives the same bits on 1, 2 and 4 threads', (which) => {
    const plan = plans[which];
    const alone = new WasmProgram(plan);
    for (const host of hosts) {
      const program = new WasmProgram(plan, { relaxed: false, threads: all }, { host });
      for (const n of which === 'late' ? [1, 7, 64, 0] : [64])
        for (let call = 0; call < 3; call += 1) {
          const [expected, actual] = [alone, program].map((each) => bytesOf(each.run(inputsOf(each, n))));
          expect(expected?.equals(actual ?? Buffer.alloc(0))).toBe(true);
        }
      program.stop();
    }
  });
});

describe.each([summedOver([3001], 0), summedOver([40, 41, 6], 1), softmaxRows(70_000)])('$name', ({ text }) => {
  it.each(['n', 3] as const)('%s: gives the bits of a module without threads, in parts', (n) => {
    const alone = new WasmProgram(planOf(text(n)));
    const plan = planOf(text(n), withThreads(wasmTarget));
    for (const host of hosts) {
      const program = new WasmProgram(plan, { relaxed: false, threads: all }, { host });
      for (const size of n === 'n' ? [1, 3, 0] : [n]) {
        const [expected, actual] = [alone, program].map((each) => bytesOf(each.run(inputsOf(each, size))));
        expect(expected?.equals(actual ?? Buffer.alloc(0))).toBe(true);
      }
      program.stop();
    }
  });
});

/** 64 tiles of `work` steps each; tile `trap` writes where there is no memory. */
function tilesPlan({ work, trap }: { readonly work: number; readonly trap: number }): Plan {
  const b = new LoopBuilder();
  const y = b.parameter({ name: 'y', dtype: 'f32', size: 64, access: 'read-write' });
  b.for({ mode: 'parallel', name: 'tile', from: b.tileBegin, to: b.tileEnd }, (tile) => {
    const start = constant(scalar('f32'), 0);
    const [sum] = b.for({ to: work, name: 'i' }, [start], (_, [partial]) => [add(multiply(partial, 0.5), 1)]);
    b.store(y, select(compare('eq', tile, trap), constant(scalar('index'), 2 ** 28), tile), sum);
  });
  return planOfKernel(b.kernel({ name: 'tiles', tiles: 64, location: unknownLocation }));
}

function planOfKernel(kernel: LoopKernel): Plan {
  const output: PlanBuffer = { place: { kind: 'output', index: 0 }, byteOffset: 0, dtype: 'f32', size: 64 };
  return {
    name: 'main',
    inputs: [],
    outputs: [{ name: 'out0', dtype: 'f32', shape: [64] }],
    donations: [],
    constants: [],
    constantBytes: 0,
    arenaBytes: 0,
    peakBytes: 0,
    lowerBoundBytes: 0,
    programOrderBytes: 0,
    symbols: [],
    steps: [{ kind: 'call', kernel, buffers: [output], traffic: undefined, location: unknownLocation }],
  };
}

describe('threads', () => {
  it('run every tile once, call after call, with two programs in turns', () => {
    const [host, other] = [nodeThreads(3), nodeThreads(2)];
    const programs = [host, other].map(
      (each) => new WasmProgram(tilesPlan({ work: 200, trap: -1 }), undefined, { host: each }),
    );
    for (let call = 0; call < 200; call += 1)
      for (const program of programs) {
        const [result] = program.run([]);
        expect(result?.values).toEqual(new Float32Array(64).fill(2));
      }
    host.end();
    other.end();
  });

  it('end the call when one of them traps, whichever it is', () => {
    const host = nodeThreads(2);
    for (let trap = 0; trap < 64; trap += 5) {
      const program = new WasmProgram(tilesPlan({ work: 20_000, trap }), undefined, { host });
      expect(() => program.run([])).toThrow(WebAssembly.RuntimeError);
      program.stop();
    }
    host.end();
  });

  it('share no call that is predicted to be over at once', () => {
    const shared = (work: number): number => sharedWork(tilesPlan({ work, trap: -1 }), wasmTarget, sharingLimits).size;
    expect([10, 10_000].map(shared)).toEqual([0, 1]);
  });

  it('leave a module that runs alone too, with memory of its own', () => {
    const { bytes, signature } = emitWasm(tilesPlan({ work: 10_000, trap: -1 }), { relaxed: false, threads: all });
    const { pages = 0 } = signature.threads ?? {};
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { tessera: { memory } });
    (exports['start'] as (threads: number, mayWait: number) => void)(1, 1);
    (exports['run'] as () => void)();
    const values = new Float32Array(memory.buffer, signature.outputs[0]?.address, 64);
    expect(values).toEqual(new Float32Array(64).fill(2));
  });
});
