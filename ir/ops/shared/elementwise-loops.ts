/**
 * The loops behind elementwise ops: one typed loop for each class of element, calling a scalar rule. A rule is also what constant
 * folding uses. Nothing is allocated for an element, complex numbers aside.
 *
 * Floats arrive as f64 and the result is rounded once to the result's format. An integer rule may leave its range (but not the
 * exact integers of f64): the store keeps the low bits.
 */
import { InvariantError } from '../../diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../../dtype.ts';
import type { ElementsArray } from '../../elements.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { ComplexPair, FloatFormat, IntegerFormat } from '../../numerics/index.ts';
import {
  type BigIntArray,
  isBigIntArray,
  type NumberArray,
  numbersFor,
  numbersOf,
  storeNumbers,
} from './number-arrays.ts';
import { elementClass, floatFormatOf, integerFormatOf } from './scalar-formats.ts';

/** Scalar semantics of a unary op by class of element; a class that the op does not take, or that cannot be computed, is left out. */
export interface UnaryRules {
  readonly boolean?: (x: number) => number;
  readonly integer?: (x: number, format: IntegerFormat) => number;
  readonly bigint?: (x: bigint, format: IntegerFormat) => bigint;
  readonly float?: (x: number, format: FloatFormat) => number;
  readonly complex?: (x: ComplexPair) => ComplexPair;
}

/** Scalar semantics of a binary op by class of element. */
export interface BinaryRules {
  readonly boolean?: (x: number, y: number) => number;
  readonly integer?: (x: number, y: number, format: IntegerFormat) => number;
  readonly bigint?: (x: bigint, y: bigint, format: IntegerFormat) => bigint;
  readonly float?: (x: number, y: number, format: FloatFormat) => number;
  readonly complex?: (x: ComplexPair, y: ComplexPair) => ComplexPair;
}

type Rule1<T, F> = (x: T, format: F) => T;
type Rule2<T, F> = (x: T, y: T, format: F) => T;

/** The result has the dtype and shape of `x`. */
export function applyUnary(rules: UnaryRules, x: Tensor, context: EvaluationContext): Tensor {
  const result = context.allocate(x.dtype, x.shape);
  const kind = elementClass(x.dtype);
  switch (kind) {
    case 'boolean':
      unaryNumbers(present(rules.boolean, x.dtype, context), x, result, integerFormatOf(x.dtype));
      break;
    case 'integer':
      unaryNumbers(present(rules.integer, x.dtype, context), x, result, integerFormatOf(x.dtype));
      break;
    case 'float':
      unaryNumbers(present(rules.float, x.dtype, context), x, result, floatFormatOf(x.dtype));
      break;
    case 'bigint':
      unaryBigints(present(rules.bigint, x.dtype, context), x, result);
      break;
    case 'complex':
      unaryComplex(present(rules.complex, x.dtype, context), x, result);
      break;
    default:
      kind satisfies never;
  }
  return result;
}

/** `x` and `y` have one dtype and one shape, and so has the result. */
export function applyBinary(rules: BinaryRules, x: Tensor, y: Tensor, context: EvaluationContext): Tensor {
  const result = context.allocate(x.dtype, x.shape);
  const kind = elementClass(x.dtype);
  switch (kind) {
    case 'boolean':
      binaryNumbers(present(rules.boolean, x.dtype, context), x, y, result, integerFormatOf(x.dtype));
      break;
    case 'integer':
      binaryNumbers(present(rules.integer, x.dtype, context), x, y, result, integerFormatOf(x.dtype));
      break;
    case 'float':
      binaryNumbers(present(rules.float, x.dtype, context), x, y, result, floatFormatOf(x.dtype));
      break;
    case 'bigint':
      binaryBigints(present(rules.bigint, x.dtype, context), x, y, result);
      break;
    case 'complex':
      binaryComplex(present(rules.complex, x.dtype, context), x, y, result);
      break;
    default:
      kind satisfies never;
  }
  return result;
}

function present<R>(rule: R | undefined, dtype: DType, context: EvaluationContext): R {
  if (rule === undefined) throw context.unsupported(`elements of type ${dtype}`);
  return rule;
}

function unaryNumbers<F>(rule: Rule1<number, F>, x: Tensor, result: Tensor, format: F): void {
  const from = numbersOf(x);
  const to = numbersFor(result);
  for (let index = 0; index < to.length; index++) to[index] = rule(from[index] ?? 0, format);
  storeNumbers(to, result);
}

function binaryNumbers<F>(rule: Rule2<number, F>, x: Tensor, y: Tensor, result: Tensor, format: F): void {
  const left: NumberArray = numbersOf(x);
  const right: NumberArray = numbersOf(y);
  const to = numbersFor(result);
  for (let index = 0; index < to.length; index++) to[index] = rule(left[index] ?? 0, right[index] ?? 0, format);
  storeNumbers(to, result);
}

/** The storage of a 64-bit integer tensor. */
export function bigintsOf(tensor: Tensor): BigIntArray {
  const { values } = tensor;
  if (!isBigIntArray(values)) throw new InvariantError(`${tensor.dtype} is not stored as 64-bit integers`);
  return values;
}

function unaryBigints(rule: Rule1<bigint, IntegerFormat>, x: Tensor, result: Tensor): void {
  const format = integerFormatOf(x.dtype);
  const from = bigintsOf(x);
  const to = bigintsOf(result);
  for (let index = 0; index < to.length; index++) to[index] = rule(from[index] ?? 0n, format);
}

function binaryBigints(rule: Rule2<bigint, IntegerFormat>, x: Tensor, y: Tensor, result: Tensor): void {
  const format = integerFormatOf(x.dtype);
  const left = bigintsOf(x);
  const right = bigintsOf(y);
  const to = bigintsOf(result);
  for (let index = 0; index < to.length; index++) to[index] = rule(left[index] ?? 0n, right[index] ?? 0n, format);
}

/** Element `index` of interleaved complex storage. */
export function complexAt(values: ElementsArray, index: number): ComplexPair {
  return { re: Number(values[2 * index]), im: Number(values[2 * index + 1]) };
}

export function storeComplex(values: ElementsArray, index: number, z: ComplexPair): void {
  values[2 * index] = z.re;
  values[2 * index + 1] = z.im;
}

function unaryComplex(rule: (x: ComplexPair) => ComplexPair, x: Tensor, result: Tensor): void {
  const count = result.size;
  for (let index = 0; index < count; index++) storeComplex(result.values, index, rule(complexAt(x.values, index)));
}

function binaryComplex(
  rule: (x: ComplexPair, y: ComplexPair) => ComplexPair,
  x: Tensor,
  y: Tensor,
  result: Tensor,
): void {
  const count = result.size;
  for (let index = 0; index < count; index++)
    storeComplex(result.values, index, rule(complexAt(x.values, index), complexAt(y.values, index)));
}

/** A boolean for each float of `x`. */
export function applyFloatPredicate(predicate: (x: number) => boolean, x: Tensor, context: EvaluationContext): Tensor {
  const result = context.allocate('i1', x.shape);
  const from = numbersOf(x);
  for (let index = 0; index < from.length; index++) result.values[index] = predicate(from[index] ?? 0) ? 1 : 0;
  return result;
}

/** A real number of the parts' format for each complex one. */
export function applyComplexToReal(rule: (x: ComplexPair) => number, x: Tensor, context: EvaluationContext): Tensor {
  const result = context.allocate(dtypeInfo(x.dtype).part, x.shape);
  for (let index = 0; index < result.values.length; index++) result.values[index] = rule(complexAt(x.values, index));
  return result;
}
