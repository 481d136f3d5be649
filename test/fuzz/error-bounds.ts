/** The bound of each result of an op, from the rule of the op (fuzz-op.ts) and the bounds of its operands. */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { evaluateOperation } from '../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { Block, Operation } from '../../ir/operation.ts';
import { tensorType } from '../../ir/types.ts';
import { encodeFloat } from '../../ir/numerics/index.ts';
import { boundOfComplexScatter, boundsOfSums } from './bound-sums.ts';
import {
  addBounds,
  type Bound,
  type Bounded,
  formatOf,
  isCoded,
  magnitudes,
  numbersOf,
  shifted,
  simplified,
  slotCount,
  unitInLastPlace,
  unknownBound,
} from './bounds.ts';
import type { Rounding } from './fuzz-op.ts';
import { rangeOf } from './sample-values.ts';

export function boundsOf(
  op: Operation,
  rounding: Rounding,
  inputs: readonly Bounded[],
  results: readonly Tensor[],
): readonly Bound[] {
  if (dependsOnNaNBits(op, inputs)) return results.map(unknownBound);
  switch (rounding.kind) {
    case 'exact': {
      const through = results.map((result, index) => throughOf(op, rounding.through, inputs, result, index));
      return results.map((result, index) => addBounds(through[index], complexRounding(op, inputs, result)));
    }
    case 'ulps': {
      const own = results.map((result) => roundingOfFunction(op, rounding.ulps, inputs, result));
      return results.map((result, index) =>
        addBounds(own[index], throughOf(op, rounding.through, inputs, result, index)),
      );
    }
    case 'moves':
      return movedBounds(op, rounding.data, inputs, results);
    case 'sums':
      return boundsOfSums(op, inputs, results);
    case 'normwise':
      return results.map((result) => normwiseBound(op, rounding.factor, inputs, result));
    default:
      return rounding satisfies never;
  }
}

/** Whether the op, or one within it, reads the bits of floats or orders NaN. */
export function readsNaNBits(op: Operation): boolean {
  let reads = false;
  op.walk((inner) => {
    const type = inner.attribute('compare_type');
    reads ||= inner.name === 'stablehlo.bitcast_convert' || (type?.kind === 'enum' && type.value === 'TOTALORDER');
  });
  return reads;
}

/** The sign and payload of a NaN are the engine's: what reads bits, or orders NaN, may see any. */
function dependsOnNaNBits(op: Operation, inputs: readonly Bounded[]): boolean {
  if (!readsNaNBits(op)) return false;
  const isNested = op.regions.length > 0;
  return inputs.some(({ tensor }) => {
    if (formatOf(tensor.dtype) === undefined) return false;
    return numbersOf(tensor).some((value) =>
      isNested && op.name !== 'stablehlo.sort' ? !Number.isFinite(value) : Number.isNaN(value),
    );
  });
}

function throughOf(
  op: Operation,
  through: 'corners' | 'spoils',
  inputs: readonly Bounded[],
  result: Tensor,
  index: number,
): Bound {
  if (inputs.every(({ bound }) => bound === undefined)) return undefined;
  const isReal = inputs.every(
    ({ tensor, bound }) =>
      bound === undefined || (dtypeInfo(tensor.dtype).kind === 'float' && formatOf(tensor.dtype)?.specials === 'ieee'),
  );
  if (through === 'corners' && isReal && !crossesZero(op, inputs)) return cornerBound(op, inputs, result, index);
  return spoiledBound(inputs, result);
}

/** Elements for elements where there are as many; all, where not. */
function spoiledBound(inputs: readonly Bounded[], result: Tensor): Float64Array {
  const bound = new Float64Array(slotCount(result));
  const { slots } = dtypeInfo(result.dtype);
  for (const { tensor, bound: off } of inputs) {
    if (off === undefined) continue;
    const own = dtypeInfo(tensor.dtype).slots;
    if (tensor.size !== result.size) return bound.fill(Infinity);
    for (let slot = 0; slot < off.length; slot++) {
      if (off[slot] === 0) continue;
      const element = Math.floor(slot / own);
      for (let at = element * slots; at < (element + 1) * slots; at++) bound[at] = Infinity;
    }
  }
  return bound;
}

/** A quotient is not monotone where its divisor may be 0, nor is `x != 0`. */
function crossesZero(op: Operation, inputs: readonly Bounded[]): boolean {
  const isFlag = op.name === 'stablehlo.convert' && op.result().type.text.endsWith('i1>');
  const divisor =
    op.name === 'stablehlo.divide' || op.name === 'chlo.broadcast_divide' ? inputs[1] : isFlag ? inputs[0] : undefined;
  if (divisor?.bound === undefined) return false;
  const numbers = numbersOf(divisor.tensor);
  return divisor.bound.some((by, slot) => by !== 0 && Math.abs(numbers[slot] ?? 0) <= by);
}

/** The op at all ends of its operands' intervals; with NaN and a finite number too where an operand may be anything. */
function cornerBound(op: Operation, inputs: readonly Bounded[], result: Tensor, index: number): Bound {
  let corners: Tensor[][] = [[]];
  for (const input of inputs) {
    const ends = input.bound === undefined ? [input.tensor] : [shifted(input, 1), shifted(input, -1)];
    if (input.bound?.includes(Infinity) === true) ends.push(withNumber(input, NaN), withNumber(input, 1));
    corners = corners.flatMap((corner) => ends.map((end) => [...corner, end]));
  }
  const center = numbersOf(result);
  const bound = new Float64Array(center.length);
  for (const corner of corners) {
    const value = evaluateOperation(op, corner)[index];
    if (value?.kind !== 'tensor') continue;
    for (const [slot, number] of numbersOf(value).entries()) {
      const from = center[slot] ?? 0;
      const off = Object.is(number, from) ? 0 : Math.abs(number - from);
      bound[slot] = Math.max(bound[slot] ?? 0, Number.isNaN(off) ? Infinity : off);
    }
  }
  // Of integers and flags another value is any value.
  if (formatOf(result.dtype) === undefined) return simplified(bound.map((off) => (off === 0 ? 0 : Infinity)));
  return simplified(
    bound.map((off, slot) =>
      off === 0 ? 0 : off + unitInLastPlace(center[slot] ?? 0, formatOf(result.dtype) as never),
    ),
  );
}

function withNumber({ tensor, bound }: Bounded, number: number): Tensor {
  const values = tensor.values.slice();
  const format = formatOf(tensor.dtype);
  const stored = isCoded(format) ? encodeFloat(number, format) : number;
  for (let slot = 0; slot < values.length; slot++) if (bound?.[slot] === Infinity) values[slot] = stored;
  return new Tensor(tensor.dtype, tensor.shape, values);
}

/** An elementary function of numbers that are as they are. */
function roundingOfFunction(op: Operation, ulps: number, inputs: readonly Bounded[], result: Tensor): Bound {
  const { kind } = dtypeInfo(result.dtype);
  const format = formatOf(result.dtype);
  if (format === undefined) return undefined;
  if (kind === 'complex') return complexRounding(op, inputs, result);
  const { maximum, epsilon } = rangeOf(format);
  // Narrow formats are computed in f32 and rounded: at most to the neighbour.
  const units = isCoded(format) ? 1 : ulps;
  const [operand] = inputs.length === 1 ? inputs.map(({ tensor }) => numbersOf(tensor)) : [];
  return simplified(
    numbersOf(result).map((value, slot) => {
      if (Number.isNaN(value) || (value === 0 && operand?.[slot] === 0)) return 0;
      // Infinity for a finite number: the greatest numbers may stand for it.
      if (!Number.isFinite(value)) return operand?.[slot] === value ? 0 : 1;
      return Math.abs(value) * (1 + 4 * units * epsilon) < maximum ? units * unitInLastPlace(value, format) : Infinity;
    }),
  );
}

const exactOnComplex: ReadonlySet<string> = new Set(
  ['add', 'subtract', 'negate', 'compare', 'convert', 'constant', 'iota', 'sort', 'map']
    .map((name) => `stablehlo.${name}`)
    .concat([
      'chlo.broadcast_add',
      'chlo.broadcast_subtract',
      'chlo.conj',
      'chlo.constant',
      'stablehlo.complex',
      'chlo.broadcast_complex',
    ]),
);

/** The specification's formula is the logarithm of a quotient of modulus 1 that is rounded, however small the result. */
const logarithmsOfDirections: ReadonlySet<string> = new Set(['stablehlo.atan2', 'chlo.broadcast_atan2']);

/** Arithmetic on complex numbers: by a part of the modulus; nothing is known of what is near the ends of the range. */
function complexRounding(op: Operation, inputs: readonly Bounded[], result: Tensor): Bound {
  const isComplex = [result, ...inputs.map(({ tensor }) => tensor)].some(
    ({ dtype }) => dtypeInfo(dtype).kind === 'complex',
  );
  const format = formatOf(result.dtype);
  if (!isComplex || format === undefined || exactOnComplex.has(op.name)) return undefined;
  if (op.name === 'stablehlo.scatter') return boundOfComplexScatter(op, inputs, result);
  if (inputs.some(({ tensor }) => tensor.size !== result.size)) return unknownBound(result);
  const { epsilon } = rangeOf(format);
  const far = format.name === 'f64' ? 1e90 : 1e9;
  const { slots } = dtypeInfo(result.dtype);
  const bound = new Float64Array(slotCount(result));
  const moduli = magnitudes(result);
  const offset = logarithmsOfDirections.has(op.name) ? 1 : 0;
  const numbers = [result, ...inputs.map(({ tensor }) => tensor)].map((tensor) => ({
    tensor,
    numbers: numbersOf(tensor),
  }));
  for (let element = 0; element < moduli.length; element++) {
    const isNear = numbers.every(({ tensor, numbers: all }) => {
      const own = dtypeInfo(tensor.dtype).slots;
      return all
        .subarray(element * own, (element + 1) * own)
        .every((value) => isBetween(Math.abs(value), 1 / far, far));
    });
    for (let slot = element * slots; slot < (element + 1) * slots; slot++)
      bound[slot] = isNear ? complexUnits * epsilon * ((moduli[element] ?? 0) + offset) : Infinity;
  }
  return bound;
}

const complexUnits = 64;

function isBetween(value: number, least: number, most: number): boolean {
  return value === 0 || (value >= least && value <= most);
}

/** The same op over the bounds, as numbers of their own. */
function movedBounds(
  op: Operation,
  [from, to]: readonly [number, number],
  inputs: readonly Bounded[],
  results: readonly Tensor[],
): readonly Bound[] {
  const isData = (index: number): boolean => index >= from && index < to;
  if (inputs.every(({ bound }) => bound === undefined)) return results.map(() => undefined);
  if (inputs.some(({ bound }, index) => bound !== undefined && !isData(index))) return results.map(unknownBound);
  const operands = inputs.map(({ tensor, bound }, index) =>
    isData(index)
      ? new Tensor(boundDType(tensor.dtype), tensor.shape, bound ?? new Float64Array(slotCount(tensor)))
      : tensor,
  );
  const block = new Block(operands.map(({ type }) => type));
  const copy = new Operation(op.definition, {
    operands: block.arguments,
    resultTypes: results.map(({ dtype, shape }) => tensorType(shape, boundDType(dtype))),
    attributes: op.attributes,
  });
  return evaluateOperation(copy, operands).map((value) =>
    value.kind === 'tensor' ? simplified(numbersOf(value).map(Math.abs)) : undefined,
  );
}

function boundDType(dtype: DType): DType {
  return dtypeInfo(dtype).kind === 'complex' ? 'complex<f64>' : 'f64';
}

/** Ops of many steps: relative to the greatest number they meet, for numbers of ordinary size. */
function normwiseBound(op: Operation, factor: number, inputs: readonly Bounded[], result: Tensor): Bound {
  const format = formatOf(result.dtype);
  if (inputs.some(({ bound }) => bound !== undefined)) return unknownBound(result);
  if (format === undefined) return undefined;
  const { epsilon, maximum } = rangeOf(format);
  const tensors = inputs.map(({ tensor }) => tensor);
  if (op.name.startsWith('chlo.')) return specialFunctionBound(factor * epsilon, tensors, result);
  const all = [result, ...tensors].map((tensor) => numbersOf(tensor));
  if (!all.every((numbers) => numbers.every((value) => Number.isFinite(value)))) return unknownBound(result);
  const greatest = all.reduce(
    (most, numbers) => numbers.reduce((each, value) => Math.max(each, Math.abs(value)), most),
    0,
  );
  const length = Math.max(1, ...tensors.map(({ size }) => size), result.size);
  if (greatest > 1e6 || length * greatest ** 3 > maximum) return unknownBound(result);
  return new Float64Array(slotCount(result)).fill(
    factor * epsilon * Math.sqrt(length) * Math.max(greatest, greatest ** 3),
  );
}

/** Well away from poles, zeros of the functions, and the ends of the range. */
function specialFunctionBound(relative: number, inputs: readonly Tensor[], result: Tensor): Bound {
  const operands = inputs.map((tensor) => numbersOf(tensor));
  return numbersOf(result).map((value, slot) => {
    const isOrdinary = operands.every((numbers) => {
      const x = numbers.length === 1 ? numbers[0] : numbers[slot];
      return x !== undefined && x >= 0.25 && x <= 1000;
    });
    return isOrdinary && operands.every((numbers) => numbers.length === result.size) && Math.abs(value) < 1000
      ? relative * Math.max(1, Math.abs(value))
      : Infinity;
  });
}
