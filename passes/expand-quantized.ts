/**
 * Arithmetic on quantised tensors in integers and floats (spec.md, "Quantized types"): values become tensors of their storage type.
 *
 *     %2 = stablehlo.add %0, %1 : tensor<4x!quant.uniform<i8:f32, 0.5:3>>
 *       ->
 *     %a = (convert %p0 - 3) * 0.5, %b = (convert %p1 - 3) * 0.5, %c = stablehlo.add %a, %b : tensor<4xf32>
 *     %p2 = convert (round (clamp (%c / 0.5 + 3))) : tensor<4xi8>
 *
 * Each step is rounded to the expressed type, as the evaluator does. Data movement, carries and constants keep the integers. At function
 * boundaries, calls and checks the quantised types stay: `bitcast_convert` to or from the storage type stands between, which moves nothing.
 */
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import { dtypeInfo } from '../ir/dtype.ts';
import { floatFormats, isFloatFormatName, roundToFormat } from '../ir/numerics/index.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { bitcastConvert } from '../ir/ops/stablehlo/bitcast-convert.ts';
import { clamp } from '../ir/ops/stablehlo/clamp.ts';
import { roundNearestEven } from '../ir/ops/stablehlo/round-nearest-even.ts';
import { isTensor, type QuantizedType, tensorType, type TensorType, type Type } from '../ir/types.ts';
import { constantOf } from './constants.ts';
import type { ExpandKit } from './expand-kit.ts';
import { notExpanded } from './expansions.ts';
import { dataMovement, fullNames } from './op-groups.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import { convertToParts, flattened, keepsTypes, partwise, type PartRule, type PartScheme } from './value-parts.ts';

const scheme: PartScheme = {
  partTypes: (type) => (isQuantized(type) ? [tensorType(type.shape, type.element.storage)] : undefined),
  split: (kit, value) => [kit.bitcast(value, quantizedOf(value).element.storage)],
  join: (kit, [part], type) => {
    if (part === undefined) throw new InvariantError('a quantised value has one part');
    return kit.make(bitcastConvert, [part], {}, type);
  },
  isJoin: (op) =>
    op.name === bitcastConvert.name &&
    isQuantized(op.result().type) &&
    op.operand(0).type === scheme.partTypes(op.result().type)?.[0],
  rule: (op) => rules.get(op.name) ?? (isKept(op) ? undefined : onFloats),
};

export const expandQuantized = definePass({
  name: 'expand-quantized',
  summary: 'replace arithmetic on quantised tensors by integer and float arithmetic',
  run: (module, context) => convertToParts(module, context, scheme),
});

interface QuantizedTensor extends TensorType {
  readonly element: QuantizedType;
}

function isQuantized(type: Type): type is QuantizedTensor {
  return isTensor(type) && typeof type.element !== 'string';
}

function quantizedOf(value: Value): QuantizedTensor {
  if (!isQuantized(value.type)) throw new InvariantError(`${value.type.text} is not quantised`);
  return value.type;
}

/** Ops that see quantised tensors as they are, or give them to others that do. */
function isKept({ name, regions, definition }: Operation): boolean {
  const isStableHlo = name.startsWith('stablehlo.') || name.startsWith('chlo.');
  return !isStableHlo || regions.length > 0 || definition.traits.has('storage-view') || isCollective(name);
}

function isCollective(name: string): boolean {
  return name.includes('_reduce') || name.startsWith('stablehlo.all_') || name.startsWith('stablehlo.collective_');
}

/** Storage is moved where all quantised types mean the same by it. */
const moved: PartRule = (conversion, kit, op) => {
  const elements = [...op.operands, ...op.results].flatMap(({ type }) => (isQuantized(type) ? [type.element] : []));
  const [first] = elements;
  const isSame = elements.every(
    (element) => element === first || (element.dimension !== undefined && element.storage === first?.storage),
  );
  return isSame ? partwise(conversion, kit, op) : onFloats(conversion, kit, op);
};

/** Regions on storage, where all quantised types are the same. */
const inRegions: PartRule = (conversion, kit, op) => {
  const elements = [...op.operands, ...op.results].flatMap(({ type }) => (isQuantized(type) ? [type.element] : []));
  if (elements.some((element) => element !== elements[0])) return notExpanded('its quantised types differ');
  return flattened(conversion, kit, op);
};

const constantRule: PartRule = (_, kit, op) => {
  const attribute = constantOf(op.result());
  if (attribute?.kind !== 'dense') return notExpanded('its elements are out of line');
  const type = tensorType(attribute.type.shape, quantizedOf(op.result()).element.storage);
  const { values } = attribute.data;
  const numbers = Array.from<number | bigint>(values as ArrayLike<number | bigint>);
  const [only] = numbers;
  if (attribute.data.splat && only !== undefined) return [[kit.constant(Number(only), type)]];
  return [[kit.constantOf(numbers, type)]];
};

/** Of a join, its part; of others the same op on storage. */
const bitcastRule: PartRule = (conversion, kit, op) => {
  const [operand, result] = [op.operand(0), op.result()];
  if (!conversion.isConverted(operand)) return partwise(conversion, kit, op);
  const [part] = conversion.knownParts(operand) ?? [];
  if (part === undefined) return isQuantized(result.type) ? partwise(conversion, kit, op) : keepsTypes;
  return part.type === result.type ? [[part]] : partwise(conversion, kit, op);
};

/** On the floats that the operands stand for; results are quantised. */
const onFloats: PartRule = (conversion, kit, op) => {
  const types = [...op.operands, ...op.results].flatMap(({ type }) => (isQuantized(type) ? [type] : []));
  if (!types.every(hasParameters)) return notExpanded('scales a block of elements that do not divide its sizes');
  const operands = op.operands.map((value) => {
    if (!isQuantized(value.type)) return value;
    return dequantize(kit, conversion.parts(value)[0] ?? value, value.type.element);
  });
  const resultTypes = op.results.map(({ type }) =>
    isQuantized(type) ? tensorType(type.shape, type.element.expressed) : type,
  );
  const floats = isConversion(op) ? operands : compute(kit, op, operands, resultTypes);
  return op.results.map(({ type }, index) => {
    const value = floats[index] ?? op.result(index);
    return [isQuantized(type) ? quantize(kit, value, type.element) : value];
  });
};

function isConversion(op: Operation): boolean {
  return op.name === 'stablehlo.uniform_quantize' || op.name === 'stablehlo.uniform_dequantize';
}

function compute(
  kit: ExpandKit,
  op: Operation,
  operands: readonly Value[],
  resultTypes: readonly Type[],
): readonly Value[] {
  const made = kit.rewriter.createBefore(op, op.definition, operands, {}, { resultTypes });
  made.attributes = op.attributes;
  return made.results;
}

/** `(storage - zero point) * scale`. */
function dequantize(kit: ExpandKit, storage: Value, element: QuantizedType): Value {
  const offset = fromZero(kit, storage, element);
  return kit.multiply(offset, parameter(kit, element, element.scales, offset));
}

function fromZero(kit: ExpandKit, storage: Value, element: QuantizedType): Value {
  const { zeroPoints, expressed } = element;
  if (zeroPoints.every((point) => point === 0n)) return kit.convert(storage, expressed);
  const isExact = dtypeInfo(element.storage).bits <= 16 && (expressed === 'f32' || expressed === 'f64');
  const wide = kit.convert(storage, isExact ? expressed : wideInteger(element));
  return kit.convert(kit.subtract(wide, parameter(kit, element, zeroPoints.map(Number), wide)), expressed);
}

/** `round(clamp(float / scale + zero point))`; NaN becomes 0. */
function quantize(kit: ExpandKit, float: Value, element: QuantizedType): Value {
  const { expressed, storage, zeroPoints } = element;
  const scaled = kit.divide(float, parameter(kit, element, element.scales, float));
  const moved = kit.add(scaled, parameter(kit, element, zeroPoints.map(Number), float));
  const [least, greatest] = [Number(element.storageMin), Number(element.storageMax)];
  const bounds = [kit.scalar(least, expressed), kit.scalar(greatest, expressed)] as const;
  const clamped = kit.make(clamp, [bounds[0], moved, bounds[1]], {}, moved.type);
  const rounded = kit.elementwise(roundNearestEven, [clamped]);
  const number = kit.select(kit.compare('NE', rounded, rounded), kit.constantLike(0, rounded), rounded);
  if (isRepresentable(least, element) && isRepresentable(greatest, element)) return kit.convert(number, storage);
  const wide = wideInteger(element);
  const whole = kit.convert(number, wide);
  const held = kit.make(clamp, [kit.scalar(least, wide), whole, kit.scalar(greatest, wide)], {}, whole.type);
  return kit.convert(held, storage);
}

function isRepresentable(integer: number, { expressed }: QuantizedType): boolean {
  return isFloatFormatName(expressed) && roundToFormat(integer, floatFormats[expressed]) === integer;
}

/** Where differences of storage integers are exact. */
function wideInteger({ storage }: QuantizedType): 'i32' | 'i64' {
  return dtypeInfo(storage).bits <= 16 ? 'i32' : 'i64';
}

/** A number for each element of `like`: the tensor's, its axis position's, or its block's. */
function parameter(kit: ExpandKit, type: QuantizedType, numbers: readonly number[], like: Value): Value {
  const { element } = tensorOf(like);
  const [first = 0] = numbers;
  if (numbers.every((number) => number === first)) return kit.constantLike(first, like);
  if (type.blockSizes === undefined) {
    const line = kit.constantOf(numbers, tensorType([numbers.length], element));
    return kit.broadcastLike(line, [type.dimension ?? 0], like);
  }
  const blocks = blockCounts(tensorOf(like), type);
  const sizes = blocks.flatMap(({ count, size }) => [count, size]);
  const grid = kit.constantOf(
    numbers,
    tensorType(
      blocks.map(({ count }) => count),
      element,
    ),
  );
  const spread = kit.broadcast(
    grid,
    blocks.map((_, axis) => 2 * axis),
    sizes,
  );
  return kit.reshape(spread, tensorOf(like).shape);
}

interface Blocks {
  readonly count: number;
  readonly size: number;
}

/** How many blocks of which size each axis has; an axis without blocks is one. */
function blockCounts({ shape }: TensorType, { blockSizes = [] }: QuantizedType): readonly Blocks[] {
  return shape.map((dim, axis) => {
    const whole = typeof dim === 'number' ? dim : 0;
    const size = blockSizes.find(([dimension]) => dimension === axis)?.[1] ?? whole;
    return { size, count: size === 0 ? 0 : whole / size };
  });
}

function hasParameters(type: QuantizedTensor): boolean {
  const { element } = type;
  if (element.blockSizes === undefined || element.scales.length === 1) return true;
  const counts = blockCounts(type, element).map(({ count }) => count);
  const inOrder = element.blockSizes.every(([axis], index, all) => index === 0 || (all[index - 1]?.[0] ?? 0) < axis);
  const total = counts.reduce((product, count) => product * count, 1);
  return inOrder && counts.every(Number.isInteger) && total === element.scales.length;
}

const rules: ReadonlyMap<string, PartRule> = new Map<string, PartRule>([
  ['stablehlo.constant', constantRule],
  ['stablehlo.bitcast_convert', bitcastRule],
  ...dataMovement.map((name) => [name, moved] as const),
  ...fullNames(['while', 'if', 'case', 'optimization_barrier']).map((name) => [name, flattened] as const),
  ...fullNames(['reduce', 'reduce_window', 'scatter', 'select_and_scatter', 'sort', 'map']).map(
    (name) => [name, inRegions] as const,
  ),
]);
