/** A function of one op or fusion, evaluated op by op and through its kernel. */
import { kernelize, type Kernelized } from '../../../codegen/kernelize/kernelize.ts';
import type { BufferId, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { tensorOfConstant } from '../../../ir/evaluator/constant-value.ts';
import type { Operation, Region, Value } from '../../../ir/operation.ts';
import { isTensor, tensorType } from '../../../ir/types.ts';
import { elementsOf } from '../../ir/ops/run-text.ts';
import type { Pass } from '../../../passes/pass.ts';
import { load, runPass } from '../../passes/pass-fixture.ts';
import { seededTensor } from '../../passes/same-meaning.ts';
import { evaluateKernel } from './evaluate-kernel.ts';

/** The ops of `@f` but constants and the return. */
export function opsOf(module: Operation): readonly Operation[] {
  const [func] = [...module.region().block.operations()];
  if (func === undefined) throw new Error('there is no function');
  return [...func.region().block.operations()].filter(
    ({ definition }) => !definition.traits.has('terminator') && !definition.traits.has('constant-like'),
  );
}

export function structured(op: Operation): Extract<Kernelized, { kind: 'structured' }> {
  const made = kernelize(op);
  if (made.kind !== 'structured') throw new Error(`${op.name} is opaque`);
  return made;
}

/** The kernel of the only op of `@f`. */
export function kernelOf(text: string): StructuredKernel {
  const ops = opsOf(load(text));
  const [op] = ops;
  if (op === undefined || ops.length !== 1) throw new Error('one op is expected');
  return structured(op).kernel;
}

/** Runs each op of `@f` through its kernel, in order; control flow op by op. The results of the function. */
export function runThroughKernels(
  module: Operation,
  inputs: readonly Tensor[],
  symbols: ReadonlyMap<string, number> = new Map(),
): readonly Tensor[] {
  const [func] = [...module.region().block.operations()];
  if (func === undefined) throw new Error('there is no function');
  return runRegion(func.region(), inputs, new Map(), symbols);
}

function runRegion(
  { block }: Region,
  inputs: readonly Tensor[],
  known: Map<Value, Tensor>,
  symbols: ReadonlyMap<string, number>,
): readonly Tensor[] {
  for (const [index, argument] of block.arguments.entries()) {
    const input = inputs[index];
    if (input !== undefined) known.set(argument, input);
  }
  const tensorOf = (value: Value): Tensor => {
    const tensor = known.get(value);
    if (tensor === undefined) throw new Error('a value is not known');
    return tensor;
  };
  for (const op of block.operations()) {
    const operands = op.operands.map(tensorOf);
    if (op === block.terminator) return operands;
    const results = runOp(op, operands, known, symbols);
    for (const [index, tensor] of results.entries()) known.set(op.result(index), tensor);
  }
  return [];
}

function runOp(
  op: Operation,
  operands: readonly Tensor[],
  known: Map<Value, Tensor>,
  symbols: ReadonlyMap<string, number>,
): readonly Tensor[] {
  const constant = op.definition.traits.has('constant-like') ? op.attribute('value') : undefined;
  if (constant?.kind === 'dense') {
    const tensor = tensorOfConstant(constant);
    return tensor.kind === 'tensor' ? [tensor] : [];
  }
  if (op.name === 'stablehlo.if')
    return runRegion(op.region(operands[0]?.integer(0) === 0 ? 1 : 0), [], known, symbols);
  if (op.name === 'stablehlo.case') {
    const index = operands[0]?.integer(0) ?? 0;
    const last = op.regions.length - 1;
    return runRegion(op.region(index < 0 || index > last ? last : index), [], known, symbols);
  }
  if (op.name === 'stablehlo.while') {
    let carried = operands;
    while (runRegion(op.region(0), carried, known, symbols)[0]?.integer(0) !== 0)
      carried = runRegion(op.region(1), carried, known, symbols);
    return carried;
  }
  const { kernel, operands: inputs, results } = structured(op);
  const buffers = new Map<BufferId, Tensor>();
  for (const [index, id] of inputs.entries()) {
    const tensor = operands[index];
    if (tensor !== undefined) buffers.set(id, tensor);
  }
  const computed = evaluateKernel(kernel, buffers, symbols);
  return results.map((id) => {
    const tensor = computed.get(id);
    if (tensor === undefined) throw new Error('a result is missing');
    return tensor;
  });
}

export interface MeaningOptions {
  readonly seeds?: number;
  /** Sizes of symbols. */
  readonly symbols?: ReadonlyMap<string, number>;
  /** Allowed distance of floats, relative to the larger magnitude; 0 by default. */
  readonly tolerance?: number;
  /** Magnitudes in check, no NaN or infinities: for sums in another order. */
  readonly tame?: boolean;
  /** Run over the module before its kernels are made. */
  readonly passes?: readonly Pass[];
}

/** What differs between the evaluator and the kernels; undefined when they agree, NaN payloads aside. */
export function kernelDifference(text: string, options: MeaningOptions = {}): string | undefined {
  const { seeds = 3, symbols = new Map<string, number>(), tolerance = 0 } = options;
  const module = load(text);
  const compiled =
    options.passes === undefined ? module : load(options.passes.reduce((now, pass) => runPass(pass, now).text, text));
  const [func] = [...module.region().block.operations()];
  const parameters = func?.region().block.arguments ?? [];
  for (let seed = 1; seed <= seeds; seed++) {
    const inputs = parameters.map(({ type }, index) =>
      inputOf(type, seed * 1000 + index, symbols, options.tame === true),
    );
    const expected = evaluateFunction(module, 'f', inputs);
    const actual = runThroughKernels(compiled, inputs, new Map(symbols));
    for (const [index, value] of expected.entries()) {
      const other = actual[index];
      if (!(value instanceof Tensor) || other === undefined) return `result ${index} is missing`;
      const difference = tensorDifference(value, other, tolerance);
      if (difference !== undefined) return `seed ${seed}, result ${index}: ${difference}`;
    }
  }
  return undefined;
}

function inputOf(type: Value['type'], seed: number, symbols: ReadonlyMap<string, number>, tame: boolean): Tensor {
  if (!isTensor(type)) throw new Error('tensors only');
  const shape = type.shape.map((dim) => (typeof dim === 'number' ? dim : (symbols.get(dim.name) ?? 2)));
  const seeded = seededTensor(tensorType(shape, type.element), seed);
  if (!tame) return seeded;
  const values = seeded.values.slice();
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (typeof value !== 'number') continue;
    const isFloat = values instanceof Float32Array || values instanceof Float64Array;
    if (isFloat) values[at] = Number.isFinite(value) ? (value % 16) / 4 : 1;
  }
  return new Tensor(seeded.dtype, seeded.shape, values);
}

function tensorDifference(expected: Tensor, actual: Tensor, tolerance: number): string | undefined {
  if (expected.type !== actual.type) return `${expected.type.text} became ${actual.type.text}`;
  const [left, right] = [elementsOf(expected), elementsOf(actual)];
  for (let at = 0; at < left.length; at++) {
    const [exactly, got] = [left[at] ?? 0, right[at] ?? 0];
    if (Object.is(exactly, got)) continue;
    const [a, b] = [Number(exactly), Number(got)];
    if (tolerance > 0 && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))) continue;
    return `at ${at}, ${a} became ${b}`;
  }
  return undefined;
}
