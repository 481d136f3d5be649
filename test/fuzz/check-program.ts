/** One random program on every target: evaluator, kernel interpreter, WebAssembly without and with relaxed SIMD, and on several threads. */
import { type Plan, planKernels } from '../../codegen/plan/plan.ts';
import { wasmTarget } from '../../codegen/kernel/target-info.ts';
import type { ThreadHost } from '../../compiler/driver/run-wasm.ts';
import { cloneOperation } from '../../ir/clone.ts';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { DimSymbol } from '../../ir/dimension.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { printModule } from '../../ir/text/printer.ts';
import { functionType, hasDType, isTensor, tensorType, type Type } from '../../ir/types.ts';
import { eraseUnused } from '../../passes/dce.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { refineShapes } from '../../passes/refine-shapes.ts';
import { evaluateBounded } from './bounded-evaluator.ts';
import { type Bounded, compareBounded, slotCount } from './bounds.ts';
import { readsNaNBits } from './error-bounds.ts';
import type { RandomProgram } from './program-writer.ts';
import { mainOf, readModule } from './read-program.ts';
import { compileProgram, type Runner, runnersOf } from './runners.ts';
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

function compareTargets(program: RandomProgram, seed: number, host: ThreadHost | undefined): ProgramVerdict {
  const text = printModule(program.module);
  const plan = compileProgram(text, wasmTarget);
  const runners = runnersOf(text, plan, { seed, host });
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
    for (const [index, { name, hasOwnBits }] of runners.entries()) {
      if (index === 0 || hasOwnBits === true) continue;
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
