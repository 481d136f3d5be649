/** How far sums may be off that are added in another order: n * eps * sum |term|, and nothing where no order rounds. */
import { buildRegion } from '../../ir/builder.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { evaluateOperation } from '../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { Block, Operation, type Region } from '../../ir/operation.ts';
import { lookupOp } from '../../ir/ops/registry.ts';
import { returnOp } from '../../ir/ops/stablehlo/return.ts';
import { scalarTensor, tensorType } from '../../ir/types.ts';
import {
  addBounds,
  type Bound,
  type Bounded,
  formatOf,
  magnitudes,
  numbersOf,
  realTensor,
  simplified,
  slotCount,
  unknownBound,
} from './bounds.ts';
import { rangeOf } from './sample-values.ts';

/** Operands that are terms or factors; others (sizes, padding) stay as they are. */
const dataOperands: ReadonlyMap<string, number> = new Map([
  ['stablehlo.dynamic_conv', 2],
  ['chlo.ragged_dot', 2],
]);

/** The bounds of the op's results. The reducers of reductions are told from others by their one op. */
export function boundsOfSums(op: Operation, inputs: readonly Bounded[], results: readonly Tensor[]): readonly Bound[] {
  if (op.regions.length === 0) return results.map((result) => boundOfProducts(op, inputs, result));
  if (op.name === 'stablehlo.select_and_scatter')
    return results.map((result) => boundOfScatteredSums(op, inputs, result));
  return results.map((result, index) => boundOfReduction(op, inputs, result, index));
}

function boundOfProducts(op: Operation, inputs: readonly Bounded[], result: Tensor): Bound {
  const count = dataOperands.get(op.name) ?? inputs.length;
  const data = inputs.slice(0, count);
  if (formatOf(result.dtype) === undefined)
    return inputs.some(({ bound }) => bound !== undefined) ? unknownBound(result) : undefined;
  const rest = inputs.slice(count).map(({ tensor }) => tensor);
  const run = (operands: readonly Tensor[]): Tensor => evaluateRetyped(op, [...operands, ...rest], [result]);
  const terms = numbersOf(run(data.map((input) => realTensor(magnitudes(input.tensor), input.tensor.shape))));
  const counts = run(data.map(({ tensor }) => realTensor(new Float64Array(tensor.size).fill(1), tensor.shape)));
  const own = roundingOfSums(
    result,
    terms,
    numbersOf(counts),
    data.every(({ tensor }) => isWhole(tensor)),
  );
  if (data.every(({ bound }) => bound === undefined)) return own;
  const widened = run(data.map((input) => realTensor(widenedMagnitudes(input), input.tensor.shape)));
  return addBounds(
    own,
    perSlot(
      result,
      numbersOf(widened).map((value, index) => value - (terms[index] ?? 0)),
    ),
  );
}

/** The op over f64, as the evaluator computes it. */
function evaluateRetyped(
  op: Operation,
  operands: readonly Tensor[],
  results: readonly Tensor[],
  regions: readonly Region[] = [],
): Tensor {
  const block = new Block(operands.map((operand) => operand.type));
  const copy = new Operation(op.definition, {
    operands: block.arguments,
    resultTypes: results.map(({ shape }) => tensorType(shape, 'f64')),
    attributes: op.attributes,
    regions,
  });
  const [value] = evaluateOperation(copy, operands);
  if (value?.kind !== 'tensor') throw new Error(`${op.name} gives no tensor`);
  return value;
}

function isWhole(tensor: Tensor): boolean {
  return numbersOf(tensor).every((value) => Number.isInteger(value) || !Number.isFinite(value));
}

function widenedMagnitudes({ tensor, bound }: Bounded): Float64Array {
  const { slots } = dtypeInfo(tensor.dtype);
  return magnitudes(tensor).map((value, index) => {
    let off = 0;
    for (let slot = index * slots; slot < (index + 1) * slots; slot++) off += bound?.[slot] ?? 0;
    return value + off;
  });
}

/** Numbers an element, as numbers a slot. */
function perSlot(result: Tensor, numbers: Float64Array): Float64Array {
  const { slots } = dtypeInfo(result.dtype);
  return Float64Array.from({ length: slotCount(result) }, (_, slot) => {
    const value = numbers[Math.floor(slot / slots)] ?? 0;
    return Number.isNaN(value) ? Infinity : value;
  });
}

/** Sums of |terms| and counts are those of each element. */
function roundingOfSums(result: Tensor, terms: Float64Array, counts: Float64Array, areWhole: boolean): Bound {
  const format = formatOf(result.dtype);
  if (format === undefined) return undefined;
  const { epsilon, maximum, least } = rangeOf(format);
  const numbers = numbersOf(result);
  const { slots } = dtypeInfo(result.dtype);
  const bound = new Float64Array(numbers.length);
  for (let slot = 0; slot < bound.length; slot++) {
    const [sum, count] = [terms[Math.floor(slot / slots)] ?? 0, (counts[Math.floor(slot / slots)] ?? 0) * slots + 1];
    // Where numbers grow past the range, or terms that are infinite meet such as are not, orders differ by everything.
    if (!(sum * (1 + count * epsilon) < maximum)) bound[slot] = Infinity;
    else if (!Number.isFinite(numbers[slot] ?? 0)) bound[slot] = slots === 2 ? Infinity : 0;
    else bound[slot] = areWhole && sum <= 2 / epsilon ? 0 : count * epsilon * sum + count * least;
  }
  return simplified(bound);
}

function regionOf(name: string, dtype: DType): Region {
  const definition = lookupOp(name);
  const scalar = scalarTensor(dtype);
  return buildRegion([scalar, scalar], (builder, args) => {
    if (definition === undefined) throw new Error(`no op ${name}`);
    const value = builder.create(definition, args, {}, { resultTypes: [scalar] }).result();
    builder.create(returnOp, [value]);
  });
}

/** The op that alone combines accumulator `index` with element `index`, if there is one. */
function combinerOf({ block }: Region, index: number, count: number): string | undefined {
  const op = block.terminator?.operand(index).definingOp;
  if (op === undefined || op.operandCount !== 2) return undefined;
  const pair = [block.argument(index), block.argument(count + index)];
  return pair.every((argument) => op.operands.includes(argument)) ? op.name : undefined;
}

function boundOfReduction(op: Operation, inputs: readonly Bounded[], result: Tensor, index: number): Bound {
  const count = op.results.length;
  const name = combinerOf(op.region(), index, count);
  const isExact = inputs.every(({ bound }) => bound === undefined);
  const input = inputs[index];
  const init = inputs[count + index];
  if (formatOf(result.dtype) === undefined || input === undefined || init === undefined)
    return isExact ? undefined : unknownBound(result);
  const operands = [input, init];
  const run = (tensors: readonly Tensor[], combiner: string): Tensor =>
    evaluateRetyped(op, tensors, [result], [regionOf(combiner, tensors[0]?.dtype ?? 'f64')]);
  const over = (map: (each: Bounded) => Float64Array, combiner = 'stablehlo.add'): Float64Array =>
    numbersOf(
      run(
        operands.map((each) => realTensor(map(each), each.tensor.shape)),
        combiner,
      ),
    );
  const counts = over(({ tensor }) => new Float64Array(tensor.size).fill(1));
  if (name === 'stablehlo.add') {
    const terms = over(({ tensor }) => magnitudes(tensor));
    const own = roundingOfSums(
      result,
      terms,
      counts,
      operands.every(({ tensor }) => isWhole(tensor)),
    );
    return isExact
      ? own
      : addBounds(
          own,
          perSlot(
            result,
            over((each) => offsOf(each)),
          ),
        );
  }
  if (!isExact) return unknownBound(result);
  if (name !== 'stablehlo.multiply') return undefined;
  const large = over(({ tensor }) => magnitudes(tensor).map((value) => Math.max(1, value)), 'stablehlo.multiply');
  const small = over(({ tensor }) => magnitudes(tensor).map((value) => Math.min(1, value)), 'stablehlo.multiply');
  return roundingOfProducts(result, large, small, counts);
}

function offsOf({ tensor, bound }: Bounded): Float64Array {
  return widenedMagnitudes({ tensor: Tensor.zeros(tensor.dtype, tensor.shape), bound });
}

/** Of many factors: relative, and nothing is known where some order may leave the range. Nothing is off where nothing is multiplied. */
function roundingOfProducts(result: Tensor, large: Float64Array, small: Float64Array, counts: Float64Array): Bound {
  const format = formatOf(result.dtype);
  if (format === undefined) return undefined;
  const { epsilon, maximum, leastNormal } = rangeOf(format);
  const numbers = numbersOf(result);
  const { slots } = dtypeInfo(result.dtype);
  const sizes = magnitudes(result);
  return simplified(
    numbers.map((_, slot) => {
      const at = Math.floor(slot / slots);
      if (counts[at] === 0) return 0;
      const isSafe =
        (large[at] ?? 0) * 2 < maximum && (small[at] ?? 0) > 2 * leastNormal && Number.isFinite(numbers[slot]);
      return isSafe ? 2 * slots * (counts[at] ?? 0) * epsilon * (sizes[at] ?? 0) : Infinity;
    }),
  );
}

/** The select region picks by the operand as it is; the source is summed. */
function boundOfScatteredSums(op: Operation, inputs: readonly Bounded[], result: Tensor): Bound {
  const isExact = inputs.every(({ bound }) => bound === undefined);
  if (!isExact) return unknownBound(result);
  if (formatOf(result.dtype) === undefined || combinerOf(op.region(1), 0, 1) !== 'stablehlo.add') return undefined;
  const [operand, source, init] = inputs.map(({ tensor }) => tensor);
  const comparison = op.region(0).block.terminator?.operand(0).definingOp;
  if (operand === undefined || source === undefined || init === undefined || comparison === undefined) return undefined;
  const scalar = scalarTensor('f64');
  const select = (): Region =>
    buildRegion([scalar, scalar], (builder, args) => {
      const copy = new Operation(comparison.definition, {
        operands: args,
        resultTypes: [scalarTensor('i1')],
        attributes: comparison.attributes,
      });
      builder.create(returnOp, [builder.insert(copy).result()]);
    });
  const run = (numbers: (tensor: Tensor) => Float64Array): Float64Array => {
    const tensors = [
      realTensor(numbersOf(operand), operand.shape),
      ...[source, init].map((each) => realTensor(numbers(each), each.shape)),
    ];
    return numbersOf(evaluateRetyped(op, tensors, [result], [select(), regionOf('stablehlo.add', 'f64')]));
  };
  const counts = run((tensor) => new Float64Array(tensor.size).fill(1));
  return roundingOfSums(result, run(magnitudes), counts, isWhole(source) && isWhole(init));
}

/** Each product of complex numbers rounds; what else a scatter computes of them does not, nor does its order change. */
export function boundOfComplexScatter(op: Operation, inputs: readonly Bounded[], result: Tensor): Bound {
  if (combinerOf(op.region(), 0, 1) !== 'stablehlo.multiply') return undefined;
  const [operand, indices, updates] = inputs.map(({ tensor }) => tensor);
  if (operand === undefined || indices === undefined || updates === undefined) return undefined;
  const run = (map: (value: number) => number, combiner: string): Float64Array => {
    const [from, by] = [operand, updates].map((each) => realTensor(magnitudes(each).map(map), each.shape));
    if (from === undefined || by === undefined) return new Float64Array();
    return numbersOf(evaluateRetyped(op, [from, indices, by], [result], [regionOf(combiner, 'f64')]));
  };
  const large = run((value) => Math.max(1, value), 'stablehlo.multiply');
  const small = run((value) => Math.min(1, value), 'stablehlo.multiply');
  const products = run((value) => value * 0 + 1, 'stablehlo.add').map((count) => count - 1);
  return roundingOfProducts(result, large, small, products);
}
