/** One random program on every target: evaluator, kernel interpreter, WebAssembly without and with relaxed SIMD, and on several threads. */
import { chainFusions } from '../../codegen/plan/chain-fusions.ts';
import type { ChainOptions } from '../../codegen/plan/chain-judge.ts';
import { buildPlan } from '../../codegen/plan/build-plan.ts';
import { kernelCompiler } from '../../codegen/plan/compile-kernel.ts';
import { interpretPlan } from '../../codegen/plan/interpret-plan.ts';
import { type Plan, planKernels } from '../../codegen/plan/plan.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget, withThreads } from '../../codegen/kernel/target-info.ts';
import { type ThreadHost, WasmProgram } from '../../compiler/driver/run-wasm.ts';
import { cloneOperation } from '../../ir/clone.ts';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { DimSymbol } from '../../ir/dimension.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { parseModule } from '../../ir/text/parser.ts';
import { printModule } from '../../ir/text/printer.ts';
import { functionType, hasDType, isTensor, tensorType, type Type } from '../../ir/types.ts';
import { verify } from '../../ir/verifier.ts';
import { eraseUnused } from '../../passes/dce.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelinePasses } from '../../passes/pipeline.ts';
import { refineShapes } from '../../passes/refine-shapes.ts';
import { evaluateBounded } from './bounded-evaluator.ts';
import { type Bounded, compareBounded, slotCount } from './bounds.ts';
import { readsNaNBits } from './error-bounds.ts';
import type { RandomProgram } from './program-writer.ts';
import { sampleTensor } from './sample-values.ts';

export type ProgramVerdict =
  | {
      readonly kind: 'agreed';
      readonly elements: number;
      readonly unchecked: number;
      readonly kernels: number;
      readonly runs: number;
    }
  /** Targets do not compile it, or the evaluator does not compute it, and say so. */
  | { readonly kind: 'unsupported'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

type Sizes = ReadonlyMap<DimSymbol, number>;

export function readModule(text: string): Operation {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('random.mlir', text), sink);
  if (parsed !== undefined) verify(parsed.root, sink);
  const [first] = sink.all.filter(({ severity }) => severity === 'error');
  if (parsed === undefined || first !== undefined) throw new Error(`the program is not valid: ${first?.message ?? ''}`);
  return parsed.root;
}

export function mainOf(module: Operation): Operation {
  const main = new SymbolTable(module).lookup('main');
  if (main === undefined) throw new Error('there is no @main');
  return main;
}

/** The program that returns one of the results only, without what only the others need. Arguments stay. */
export function withResult({ module, profiles, symbols }: RandomProgram, index: number): RandomProgram {
  const copy = cloneOperation(module);
  const func = mainOf(copy);
  const { terminator, arguments: parameters } = func.region().block;
  const result = terminator?.operand(index);
  if (terminator === undefined || result === undefined) throw new Error(`there is no result ${index}`);
  terminator.setOperands([result]);
  const inputs = parameters.map(({ type }) => type);
  func.setAttribute('function_type', { kind: 'type', type: functionType(inputs, [result.type]) });
  eraseUnused(copy);
  return { module: copy, profiles, symbols };
}

/** Never throws. `seed` chooses the values of the arguments; a host adds a run on its threads. */
export function checkProgram(program: RandomProgram, seed: number, host?: ThreadHost): ProgramVerdict {
  try {
    return compareTargets(program, seed, host);
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostic.kind === 'unsupported')
      return { kind: 'unsupported', message: `${error.diagnostic.code} ${error.diagnostic.message}` };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'failed', message };
  }
}

/** All sizes a late dimension is bound to, the largest first; one empty binding where there is none. */
export function bindings(symbols: readonly DimSymbol[]): readonly Sizes[] {
  if (symbols.length === 0) return [new Map()];
  const of = (size: (most: number) => number): Sizes => new Map(symbols.map((each) => [each, size(each.max ?? 9)]));
  return [of((most) => most), of(() => 1), of((most) => Math.max(2, most - 2)), of(() => 0)];
}

/** The module with numbers for late sizes, and all that follows from them. */
export function bindSizes(module: Operation, sizes: Sizes): Operation {
  if (sizes.size === 0) return module;
  const mapType = (type: Type): Type =>
    isTensor(type)
      ? tensorType(
          type.shape.map((dim) => (typeof dim === 'number' ? dim : (sizes.get(dim) ?? dim))),
          type.element,
        )
      : type;
  const bound = cloneOperation(module, new Map(), { mapType });
  for (const func of new SymbolTable(bound).functions()) {
    const type = func.attribute('function_type');
    if (type?.kind !== 'type' || type.type.kind !== 'function') continue;
    const { inputs, results } = type.type;
    func.setAttribute('function_type', { kind: 'type', type: functionType(inputs.map(mapType), results.map(mapType)) });
  }
  runPasses(bound, [{ pass: refineShapes, options: {} }], new DiagnosticSink());
  return bound;
}

export function argumentsOf(module: Operation, { profiles }: RandomProgram, seed: number): readonly Tensor[] {
  return mainOf(module)
    .region()
    .block.arguments.map(({ type }, index) => {
      if (!isTensor(type) || !hasDType(type)) throw new Error(`no argument is of type ${type.text}`);
      const shape = type.shape.map((dim) => (typeof dim === 'number' ? dim : 0));
      return sampleTensor(type.element, shape, profiles[index] ?? 'small', seed * 1000 + index);
    });
}

function compile(text: string, target: TargetInfo, chains?: ChainOptions): Plan {
  const module = readModule(text);
  const sink = new DiagnosticSink();
  runPasses(module, pipelinePasses('compile'), sink);
  const [error] = sink.all.filter(({ severity }) => severity === 'error');
  if (error !== undefined) throw new DiagnosticError(error);
  return buildPlan(chainFusions(mainOf(module), target, chains), kernelCompiler(target));
}

interface Runner {
  readonly name: string;
  readonly run: (inputs: readonly Tensor[]) => readonly Tensor[];
  readonly stop?: () => void;
}

/** `(func (result v128) (f32x4.relaxed_madd ...))`: whether this engine has relaxed SIMD. */
const relaxedProbe = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2,
  11,
]); // prettier-ignore

export const hasRelaxedSimd: boolean = WebAssembly.validate(relaxedProbe);

/** Tiles of next to nothing, all of them shared, and caches that hold nothing: what may be a chain is one. */
const tiny: TargetInfo = { ...withThreads(wasmTarget), tileNanoseconds: 20, caches: { l1: 256, l2: 512 } };
const allChains: ChainOptions = { secondsPerByte: 1 };

function threadsRunner(text: string, host: ThreadHost): Runner {
  const options = { relaxed: false, threads: { leastNanoseconds: 0 } };
  const program = new WasmProgram(compile(text, tiny, allChains), options, { host });
  return { name: 'wasm, threads', run: (inputs) => program.run(inputs), stop: () => program.stop() };
}

function runnersOf(text: string, plan: Plan, host: ThreadHost | undefined): readonly Runner[] {
  const baseline = new WasmProgram(plan);
  const runners: Runner[] = [
    { name: 'kernel', run: (inputs) => interpretPlan(plan, inputs).outputs },
    { name: 'wasm', run: (inputs) => baseline.run(inputs) },
  ];
  if (host !== undefined) runners.push(threadsRunner(text, host));
  if (!hasRelaxedSimd) return runners;
  const relaxed = new WasmProgram(compile(text, relaxedWasmTarget), { relaxed: true });
  return [...runners, { name: 'wasm, relaxed', run: (inputs) => relaxed.run(inputs) }];
}

function compareTargets(program: RandomProgram, seed: number, host: ThreadHost | undefined): ProgramVerdict {
  const text = printModule(program.module);
  const plan = compile(text, wasmTarget);
  const runners = runnersOf(text, plan, host);
  try {
    return compareRunners(program, seed, plan, runners);
  } finally {
    for (const { stop } of runners) stop?.();
  }
}

function compareRunners(program: RandomProgram, seed: number, plan: Plan, runners: readonly Runner[]): ProgramVerdict {
  const text = printModule(program.module);
  let [elements, unchecked, runs] = [0, 0, 0];
  for (const sizes of bindings(program.symbols)) {
    const module = bindSizes(readModule(text), sizes);
    const inputs = argumentsOf(module, program, seed);
    const expected = expectedOf(module, inputs);
    if (expected === undefined) continue;
    const where = [...sizes].map(([{ name }, size]) => ` at ${name} = ${size}`).join('');
    const results = runners.map((runner) => {
      const tensors = runner.run(inputs);
      const { problem, ...counts } = compareAll(expected, tensors);
      if (problem !== undefined) throw new Error(`${runner.name}${where}: ${problem}`);
      elements += counts.elements;
      unchecked += counts.unchecked;
      return tensors;
    });
    // The same loops, or the same in tiles: the same bits, also where the evaluator's may differ, unless they are a NaN's or follow from one's.
    const isEngines = readsNaNBits(module);
    const first = (results[0] ?? []).map((tensor, index): Bounded => {
      const bound = isEngines ? expected[index]?.bound?.map((by) => (by === Infinity ? by : 0)) : undefined;
      return { tensor, bound };
    });
    for (const [index, { name }] of runners.entries()) {
      if (index === 0 || name === 'wasm, relaxed') continue;
      const { problem } = compareAll(first, results[index] ?? []);
      if (problem !== undefined) throw new Error(`${name}, beside kernel${where}: ${problem}`);
    }
    runs++;
  }
  if (runs === 0) return { kind: 'unsupported', message: 'the evaluator does not compute it' };
  return { kind: 'agreed', elements, unchecked, kernels: planKernels(plan).length, runs };
}

/** Undefined where the program goes wrong at run time: shapes that are values may not fit. */
function expectedOf(module: Operation, inputs: readonly Tensor[]): readonly Bounded[] | undefined {
  try {
    return evaluateBounded(module, inputs);
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

/** Result by result, up to the first problem. */
export function compareAll(expected: readonly Bounded[], actual: readonly Tensor[]): ReturnType<typeof compareBounded> {
  let [elements, unchecked] = [0, 0];
  for (const [index, each] of expected.entries()) {
    const other = actual[index];
    if (other === undefined) return { elements, unchecked, problem: `there is no result ${index}` };
    const result = compareBounded(each, other);
    elements += slotCount(each.tensor);
    unchecked += result.unchecked;
    if (result.problem !== undefined) return { elements, unchecked, problem: `result ${index}: ${result.problem}` };
  }
  return { elements, unchecked, problem: undefined };
}
