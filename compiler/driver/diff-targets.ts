/**
 * Where two targets first differ. The results of the function are compared first; where they differ, each op is made the only result in
 * turn, in program order, so that what is fused into it is what was fused into it before.
 */
import { dtypeInfo } from '../../ir/dtype.ts';
import { allocateElements } from '../../ir/elements.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { decodeFloat, floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import type { Operation } from '../../ir/operation.ts';
import { functionType, hasDType, isTensor } from '../../ir/types.ts';
import type { FunctionSignature } from './function-signature.ts';
import { type RunTarget, runOnTarget } from './run-target.ts';

export interface DiffRequest {
  /** A fresh copy of the module, whose calls are inlined, and its function. */
  readonly read: () => { readonly module: Operation; readonly signature: FunctionSignature };
  readonly inputs: readonly Tensor[];
  /** Each is compared with the first. */
  readonly targets: readonly RunTarget[];
  /** Another way to run a target, for tests. */
  readonly runOn?: typeof runOnTarget;
}

export interface Difference {
  readonly target: RunTarget;
  /** The first op that differs; undefined when none does while it is the only result. */
  readonly op: Operation | undefined;
  /** The worst element. */
  readonly detail: string;
}

export function findDifferences(request: DiffRequest): readonly Difference[] {
  const [first, ...others] = request.targets;
  if (first === undefined) return [];
  const expected = run(request, first, undefined);
  return others.flatMap((target) => {
    const detail = compareAll(expected, run(request, target, undefined));
    return detail === undefined ? [] : [firstOp(request, first, target) ?? { target, op: undefined, detail }];
  });
}

function firstOp(request: DiffRequest, first: RunTarget, target: RunTarget): Difference | undefined {
  const { signature } = request.read();
  const ops = [...signature.func.region().block.operations()];
  for (const [index, op] of ops.entries()) {
    const isComparable = op.results.length > 0 && op.results.every(({ type }) => isTensor(type) && hasDType(type));
    if (!isComparable || op.name === 'stablehlo.constant') continue;
    const detail = compareAll(run(request, first, index), run(request, target, index));
    if (detail !== undefined) return { target, op, detail };
  }
  return undefined;
}

function run(
  { read, inputs, runOn = runOnTarget }: DiffRequest,
  target: RunTarget,
  only: number | undefined,
): readonly RuntimeValue[] {
  const { module, signature } = read();
  if (only !== undefined) returnOnly(signature.func, only);
  return runOn({ module, functionName: signature.name, inputs, target });
}

/** Makes the results of op number `index` those of the function; what follows it is unused, and goes. */
function returnOnly(func: Operation, index: number): void {
  const { block } = func.region();
  const ops = [...block.operations()];
  const results = ops[index]?.results ?? [];
  block.terminator?.setOperands(results);
  for (const op of ops.slice(index + 1, -1).reverse()) op.erase();
  const inputs = block.arguments.map(({ type }) => type);
  const type = functionType(
    inputs,
    results.map((result) => result.type),
  );
  func.setAttribute('function_type', { kind: 'type', type });
  func.setAttribute('res_attrs', undefined);
  // Results of other types and in other places: no argument becomes one of them.
  func.setAttribute('arg_attrs', undefined);
}

function compareAll(expected: readonly RuntimeValue[], actual: readonly RuntimeValue[]): string | undefined {
  for (const [index, value] of expected.entries()) {
    const other = actual[index];
    if (value.kind !== 'tensor' || other?.kind !== 'tensor') continue;
    const detail = compareTensors(value, other);
    if (detail !== undefined) return expected.length > 1 ? `result ${index}: ${detail}` : detail;
  }
  return undefined;
}

/** Floats may differ by so many roundings of the largest number: sums are added in another order, functions approximated otherwise. */
const allowedRoundings = 64;

function compareTensors(expected: Tensor, actual: Tensor): string | undefined {
  if (expected.shape.join() !== actual.shape.join())
    return `shape [${actual.shape.join()}], not [${expected.shape.join()}]`;
  const { part, slots, kind } = dtypeInfo(expected.dtype);
  const isFloat = kind === 'float' || kind === 'complex';
  const format = isFloatFormatName(part) ? floatFormats[part] : undefined;
  const read = (tensor: Tensor, index: number): number => {
    const stored = Number(tensor.values[index]);
    return format === undefined || part === 'f32' || part === 'f64' ? stored : decodeFloat(stored, format);
  };
  const count = expected.values.length;
  let largest = 0;
  for (let index = 0; index < count; index++) {
    const magnitude = Math.abs(read(expected, index));
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  const epsilon = part === 'f64' ? 2 ** -53 : part === 'f32' ? 2 ** -24 : part === 'f16' ? 2 ** -11 : 2 ** -8;
  const limit = isFloat ? allowedRoundings * epsilon * largest : 0;
  for (let index = 0; index < count; index++) {
    const [a, b] = [read(expected, index), read(actual, index)];
    const isSame =
      Object.is(a, b) || a === b || Math.abs(a - b) <= limit || expected.values[index] === actual.values[index];
    if (!isSame) return `element [${unravel(Math.floor(index / slots), expected.shape).join(', ')}] is ${b}, not ${a}`;
  }
  return undefined;
}

function unravel(index: number, shape: readonly number[]): readonly number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((size) => {
      const at = rest % size;
      rest = (rest - at) / size;
      return at;
    })
    .reverse();
}

/** The same numbers each time: floats in [-1, 1), small integers. */
export function sampleTensor(dtype: Tensor['dtype'], shape: readonly number[], seed: number): Tensor {
  const { kind, slots } = dtypeInfo(dtype);
  const count = shape.reduce((product, size) => product * size, 1);
  const values = allocateElements(dtype, count);
  let state = (seed + 1) * 0x9e3779b9;
  for (let index = 0; index < count * slots; index++) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    const unit = (state >>> 8) / 2 ** 24;
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = BigInt(state >>> 29);
    else if (values instanceof Float32Array || values instanceof Float64Array) values[index] = unit * 2 - 1;
    else if (kind === 'boolean') values[index] = state >>> 31;
    else if (dtype === 'f16') values[index] = 0x3800 + (state >>> 22);
    else if (dtype === 'bf16') values[index] = 0x3f00 + (state >>> 25);
    else values[index] = state >>> 30;
  }
  return new Tensor(dtype, shape, values);
}
