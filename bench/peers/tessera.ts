/** Ourselves, as `tessera compile` does it: a module and the loader that ships with it. */
import { dimensionChoices, type ModelOptions, settingsOf } from '../../dist/compiler/api/model-options.js';
import { filesOf, type ModelSource, weightsRequest } from '../../dist/compiler/api/model-source.js';
import { planFor, prepareFunction } from '../../dist/compiler/driver/profile/prepared-function.js';
import { scaledRates, zen5Rates } from '../../dist/codegen/kernel/cost-model.js';
import { relaxedWasmTarget, type TargetInfo, wasmTarget } from '../../dist/codegen/kernel/target-info.js';
import type { Plan } from '../../dist/codegen/plan/plan.js';
import { predictPlan } from '../../dist/codegen/plan/predict-plan.js';
import { emitWasm } from '../../dist/codegen/wasm/emit.js';
import { Model, type Signature } from '../../dist/runtime/js/load.js';
import type { Compilation, Contestant, Entry, Peak, Placement, Settings } from '../row.ts';
import type { Elements, Value } from '../values.ts';

export interface TesseraModel extends ModelOptions {
  /** StableHLO with a function @main, or the files of a program. */
  readonly source: string | ModelSource;
}

/** `inputs` are the arguments in order. */
export function tessera(model: string | TesseraModel, inputs: readonly Value[]): Entry {
  const request = typeof model === 'string' ? { source: model } : model;
  return async (settings) => {
    const { module, signature, compilation } = await compiled(request, settings);
    const run = settings.placement === 'resident' ? resident : copied;
    return { ...run(module, signature, inputs), compilation };
  };
}

interface Compiled {
  readonly module: WebAssembly.Module;
  readonly signature: Signature;
  readonly compilation: Compilation;
}

async function compiled({ source, ...options }: TesseraModel, settings: Settings): Promise<Compiled> {
  const { relaxed, placement } = settings;
  const files = typeof source === 'string' ? { main: 'bench.mlir', files: { 'bench.mlir': source } } : source;
  const target = relaxed ? relaxedWasmTarget : wasmTarget;
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
  const plan = planFor(prepared, target);
  const { bytes, signature } = emitWasm(plan, { relaxed });
  const seconds = (performance.now() - start) / 1e3;
  const predict = (peak: Peak): number => predicted(plan, target, placement, peak);
  const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  return { module, signature, compilation: { moduleBytes: codeBytes(bytes), seconds, predict } };
}

function predicted(plan: Plan, target: TargetInfo, placement: Placement, peak: Peak): number {
  const { multiplyAddGflops, copyGBs } = peak;
  const rates = scaledRates(zen5Rates, {
    flopsPerSecond: 1e9 * multiplyAddGflops,
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

/** What a program does that has arrays and wants arrays: `predictSync`. */
function copied(module: WebAssembly.Module, signature: Signature, inputs: readonly Value[]): Contestant {
  const model = new Model(module, signature);
  const named = Object.fromEntries(signature.inputs.map(({ name }, index) => [name, dataOf(inputs, index)]));
  let results: Record<string, unknown> = {};
  return {
    call: () => {
      results = model.predictSync(named);
    },
    outputs: () => signature.outputs.map(({ name }) => results[name] as Elements),
  };
}

/** What a program does that keeps its data in the module's memory. */
function resident(module: WebAssembly.Module, signature: Signature, inputs: readonly Value[]): Contestant {
  const { exports } = new WebAssembly.Instance(module);
  const memory = exports['memory'] as WebAssembly.Memory;
  const run = exports[signature.run] as () => void;
  signature.inputs.forEach(({ address }, index) => {
    const { buffer, byteOffset, byteLength } = dataOf(inputs, index);
    new Uint8Array(memory.buffer).set(new Uint8Array(buffer, byteOffset, byteLength), address);
  });
  return {
    call: run,
    outputs: () => signature.outputs.map((output) => elementsAt(memory.buffer, output)),
  };
}

function elementsAt(
  memory: ArrayBufferLike,
  { dtype, shape, address }: Signature['outputs'][number],
): Float32Array | Int32Array | Int8Array | Uint8Array | BigInt64Array {
  const length = shape.reduce((product: number, size) => product * Number(size), 1);
  if (dtype === 'f32') return new Float32Array(memory, address, length).slice();
  if (dtype === 'i32') return new Int32Array(memory, address, length).slice();
  if (dtype === 'i64') return new BigInt64Array(memory, address, length).slice();
  if (dtype === 'i8') return new Int8Array(memory, address, length).slice();
  if (dtype === 'ui8' || dtype === 'i1') return new Uint8Array(memory, address, length).slice();
  throw new Error(`results of ${dtype} are not compared`);
}

function dataOf(inputs: readonly Value[], index: number): Elements {
  const input = inputs[index];
  if (input === undefined) throw new Error(`input ${index} is missing`);
  return input.data;
}
