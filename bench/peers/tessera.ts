/** Ourselves: a module as `tessera compile` makes it, in this process. */
import { dimensionChoices, type ModelOptions, settingsOf } from '../../dist/compiler/api/model-options.js';
import { filesOf, type ModelSource, weightsRequest } from '../../dist/compiler/api/model-source.js';
import { planFunction } from '../../dist/compiler/driver/compile-module.js';
import { prepareFunction } from '../../dist/compiler/driver/profile/prepared-function.js';
import { scaledRates, zen5Rates } from '../../dist/codegen/kernel/cost-model.js';
import { relaxedWasmTarget, type TargetInfo, wasmTarget, withThreads } from '../../dist/codegen/kernel/target-info.js';
import type { Plan } from '../../dist/codegen/plan/plan.js';
import { predictPlan } from '../../dist/codegen/plan/predict-plan.js';
import { nodeThreads } from '../../dist/compiler/cli/node-threads.js';
import { WasmProgram } from '../../dist/compiler/driver/run-wasm.js';
import { Tensor } from '../../dist/ir/evaluator/tensor.js';
import type { Compilation, Contestant, Entry, Peak, Placement, Settings } from '../row.ts';
import { type Elements, elementTypeOf, type Value } from '../values.ts';

export interface TesseraModel extends ModelOptions {
  /** StableHLO with a function @main, or the files of a program. */
  readonly source: string | ModelSource;
}

/** `inputs` are the arguments in order. */
export function tessera(model: string | TesseraModel, inputs: readonly Value[]): Entry {
  const request = typeof model === 'string' ? { source: model } : model;
  return async (settings) => {
    const { program, compilation } = compiled(request, settings);
    const tensors = inputs.map(({ dims, data }) => new Tensor(elementTypeOf(data), dims, data));
    const run = settings.placement === 'resident' ? resident : copied;
    return { ...run(program, tensors), compilation };
  };
}

/** What a program does that has arrays and wants arrays. */
function copied(program: WasmProgram, inputs: readonly Tensor[]): Contestant {
  let results: readonly Tensor[] = [];
  return {
    call: () => {
      results = program.run(inputs);
    },
    outputs: () => results.map(elementsOf),
  };
}

/** What a program does that keeps its data in the module's memory. */
function resident(program: WasmProgram, inputs: readonly Tensor[]): Contestant {
  const symbols = new Map<string, number>();
  program.write(inputs);
  return {
    call: () => program.call(symbols),
    outputs: () => program.run(inputs).map(elementsOf),
  };
}

function elementsOf({ dtype, values }: Tensor): Elements {
  if (['f32', 'i8', 'ui8', 'i1', 'i32', 'i64'].includes(dtype)) return values as Elements;
  throw new Error(`results of ${dtype} are not compared`);
}

interface Compiled {
  readonly program: WasmProgram;
  readonly compilation: Compilation;
}

function compiled({ source, ...options }: TesseraModel, settings: Settings): Compiled {
  const { relaxed, threads, placement } = settings;
  const files = typeof source === 'string' ? { main: 'bench.mlir', files: { 'bench.mlir': source } } : source;
  const machine = relaxed ? relaxedWasmTarget : wasmTarget;
  const target = threads === 1 ? machine : withThreads(machine);
  const start = performance.now();
  const { sink, prepared } = prepareFunction({
    path: files.main,
    files: filesOf(files),
    functionName: options.fn,
    dimensions: dimensionChoices(options.dims),
    settings: settingsOf(options),
    weights: weightsRequest(files, options.params),
    inputs: new Map(),
    seed: 0n,
  });
  if (prepared === undefined) throw new Error(sink.all.map(({ message }) => message).join('\n'));
  const plan = planFunction(prepared.module, prepared.functionName, target);
  const host = threads === 1 ? undefined : nodeThreads(threads);
  const program = new WasmProgram(plan, { relaxed }, { host });
  const seconds = (performance.now() - start) / 1e3;
  const predict = (peak: Peak): number => predicted(plan, target, placement, peak);
  return { program, compilation: { moduleBytes: codeBytes(program.module.bytes), seconds, predict } };
}

function predicted(plan: Plan, target: TargetInfo, placement: Placement, peak: Peak): number {
  const { multiplyAddGflops, copyGBs } = peak;
  const rates = scaledRates(zen5Rates, {
    flopsPerSecond: 1e9 * multiplyAddGflops,
    hasFma: target.fma !== 'none',
    copyBytesPerSecond: 1e9 * copyGBs,
  });
  const { seconds, borderSeconds } = predictPlan(plan, target, { rates });
  return 1e3 * (placement === 'copied' ? seconds + borderSeconds : seconds);
}

/** Without the section of data, which has the constants. */
function codeBytes(bytes: Uint8Array): number {
  const dataSection = 11;
  let at = 8;
  let total = at;
  while (at < bytes.length) {
    const id = bytes[at];
    let size = 0;
    let head = 1;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at + head++] ?? 0;
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    if (id !== dataSection) total += head + size;
    at += head + size;
  }
  return total;
}
