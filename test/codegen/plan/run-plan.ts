/** Compiles a module's @main to a plan and runs it in the kernel interpreter, beside the reference evaluator. */
import { kernelCompiler } from '../../../codegen/plan/compile-kernel.ts';
import { buildPlan } from '../../../codegen/plan/build-plan.ts';
import { interpretPlan } from '../../../codegen/plan/interpret-plan.ts';
import type { Plan, PlanPlace, PlanStep } from '../../../codegen/plan/plan.ts';
import { maxSize } from '../../../codegen/kernel/size.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { optimise, planFunction } from '../../../compiler/driver/compile-module.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../../ir/dtype.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import type { Operation } from '../../../ir/operation.ts';
import { SourceFile } from '../../../ir/source.ts';
import { SymbolTable } from '../../../ir/symbol-table.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { isTensor } from '../../../ir/types.ts';
import { verify } from '../../../ir/verifier.ts';

export function load(text: string): Operation {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('test.mlir', text), sink);
  if (parsed !== undefined) verify(parsed.root, sink);
  if (parsed === undefined || sink.hasErrors) throw new Error(sink.all.map(({ message }) => message).join('\n'));
  return parsed.root;
}

export function mainOf(module: Operation): Operation {
  const main = new SymbolTable(module).lookup('main');
  if (main === undefined) throw new Error('no @main');
  return main;
}

/** Small numbers, exact in every dtype here, different from element to element. */
export function seededInputs(func: Operation, sizes: Readonly<Record<string, number>> = {}): readonly Tensor[] {
  return func.region().block.arguments.map(({ type }, which) => {
    if (!isTensor(type) || typeof type.element !== 'string') throw new Error('tensors only');
    const shape = type.shape.map((dim) => (typeof dim === 'number' ? dim : (sizes[dim.name] ?? 3)));
    const tensor = Tensor.zeros(type.element, shape);
    const { values } = tensor;
    for (let index = 0; index < values.length; index++) {
      const number = ((index * 7 + which * 3) % 11) - 5;
      if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = BigInt(Math.abs(number));
      else values[index] = type.element === 'i1' ? number & 1 : number / (type.element.startsWith('f') ? 4 : 1);
    }
    return tensor;
  });
}

type Values = readonly (readonly (number | bigint)[])[];

export interface Compared {
  readonly plan: Plan;
  readonly actual: Values;
  readonly expected: Values;
}

/** The module as it is: each op a kernel. */
export function runBoth(text: string, sizes: Readonly<Record<string, number>> = {}): Compared {
  const module = load(text);
  const func = mainOf(module);
  const inputs = seededInputs(func, sizes);
  const expected = evaluateFunction(module, 'main', inputs).map((value) => listOf(value as Tensor));
  const plan = buildPlan(func, kernelCompiler(wasmTarget));
  const actual = interpretPlan(plan, inputs).outputs.map(listOf);
  return { plan, actual, expected };
}

/** The plan of a module after all passes: fused. */
export function compiledPlan(text: string): Plan {
  const module = load(text);
  optimise(module, new DiagnosticSink());
  return planFunction(module, 'main', wasmTarget);
}

export interface ComparedEverywhere {
  readonly plan: Plan;
  readonly expected: Values;
  readonly kernel: Values;
  readonly wasm: Values;
  /** Inputs that the run in the interpreter changed. */
  readonly changedInputs: readonly number[];
}

/** Evaluator, kernel interpreter and WebAssembly on the same numbers. */
export function runEverywhere(text: string, sizes: Readonly<Record<string, number>> = {}): ComparedEverywhere {
  const module = load(text);
  const inputs = seededInputs(mainOf(module), sizes);
  const expected = evaluateFunction(module, 'main', inputs).map((value) => listOf(value as Tensor));
  const plan = compiledPlan(text);
  const before = inputs.map(listOf);
  const kernel = interpretPlan(plan, inputs).outputs.map(listOf);
  const after = inputs.map(listOf);
  const wasm = new WasmProgram(plan).run(inputs).map(listOf);
  const changedInputs = inputs.flatMap((_, index) => (String(before[index]) === String(after[index]) ? [] : [index]));
  return { plan, expected, kernel, wasm, changedInputs };
}

function listOf({ values }: Tensor): readonly (number | bigint)[] {
  const list: (number | bigint)[] = [];
  for (const value of values) list.push(value);
  return list;
}

/** All steps, those of loops and branches too. */
export function allSteps(steps: readonly PlanStep[]): readonly PlanStep[] {
  return steps.flatMap((step) => {
    if (step.kind === 'while') return [step, ...allSteps(step.before), ...allSteps(step.body)];
    return step.kind === 'case' ? [step, ...step.branches.flatMap(allSteps)] : [step];
  });
}

/** Bytes that copy steps move, each counted once. */
export function copiedBytes(steps: readonly PlanStep[]): number {
  return allSteps(steps).reduce((sum, step) => {
    if (step.kind !== 'copy') return sum;
    return sum + (maxSize(step.from.size) ?? Infinity) * storageBytes(step.from.dtype);
  }, 0);
}

/** The places that steps write. */
export function writtenPlaces(steps: readonly PlanStep[]): readonly PlanPlace[] {
  return allSteps(steps).flatMap((step) => {
    if (step.kind === 'copy') return [step.to.place];
    if (step.kind !== 'call') return [];
    return step.buffers.filter((_, index) => step.kernel.buffers[index]?.access !== 'read').map(({ place }) => place);
  });
}
