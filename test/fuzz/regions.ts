/** Bodies of reducers, comparators and maps: one op, several tied together, or a few of any kind. */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import type { Region, Value } from '../../ir/operation.ts';
import { tensorType } from '../../ir/types.ts';
import { anyDType, compareValues } from './elementwise-ops.ts';
import { dtypeOf, type ProgramWriter } from './program-writer.ts';

function scalar(dtype: DType) {
  return tensorType([], dtype);
}

function reducersOf(dtype: DType): readonly string[] {
  const { kind } = dtypeInfo(dtype);
  if (kind === 'complex') return ['add', 'add', 'multiply'];
  if (kind === 'float') return ['add', 'maximum', 'add', 'minimum', 'multiply'];
  return ['add', 'maximum', 'minimum', 'multiply', 'and', 'or', 'xor'];
}

/** (accumulator, element) -> accumulator of one op, in either operand order; the identity is what a caller mostly starts from. */
export function reducer(writer: ProgramWriter, dtype: DType, only?: readonly string[]): Region {
  if (only === undefined && writer.choices.chance(6)) return oddReducer(writer, dtype);
  const op = writer.choices.pick(only ?? reducersOf(dtype));
  return writer.closedRegion([scalar(dtype), scalar(dtype)], (args) =>
    writer.emit(`stablehlo.${op}`, writer.choices.chance(4) ? args.toReversed() : args),
  );
}

/** What may not be regrouped: more than one op, constants, comparisons. */
function oddReducer(writer: ProgramWriter, dtype: DType): Region {
  return writer.closedRegion([scalar(dtype), scalar(dtype)], ([a, b]) => {
    if (a === undefined || b === undefined) return [];
    const form = writer.choices.nat(3);
    if (form === 0) return writer.emit('stablehlo.select', [compareValues(writer, a, b), b, a]);
    if (form === 1 && dtypeInfo(dtype).kind === 'complex') return writer.emit('stablehlo.subtract', [a, b]);
    if (form === 1) {
      const [most] = writer.emit('stablehlo.maximum', [a, writer.constant(scalar(dtype), 'small')]);
      return writer.emit('stablehlo.add', [most ?? a, b]);
    }
    return [writer.choices.chance(2) ? b : a];
  });
}

/** Argmax and its like: the larger value with its place, or the sum of both lists side by side. */
export function pairReducer(writer: ProgramWriter, first: DType, second: DType): Region {
  const types = [first, second, first, second].map(scalar);
  return writer.closedRegion(types, ([a, i, b, j]) => {
    if (a === undefined || b === undefined || i === undefined || j === undefined) return [];
    if (writer.choices.chance(3)) {
      const left = writer.emit('stablehlo.add', [a, b]);
      return [
        ...left,
        ...writer.emit(dtypeInfo(second).kind === 'complex' ? 'stablehlo.add' : 'stablehlo.maximum', [i, j]),
      ];
    }
    const direction = dtypeInfo(first).kind === 'complex' ? 'EQ' : writer.choices.pick(['GT', 'GE', 'LT', 'LE']);
    const [takes] = writer.emit('stablehlo.compare', [a, b], { comparison_direction: direction });
    if (takes === undefined) return [];
    return [...writer.emit('stablehlo.select', [takes, a, b]), ...writer.emit('stablehlo.select', [takes, i, j])];
  });
}

/** LT or GT of the first keys; of floats in the total order, since NaN makes any other inconsistent; of the second where those are equal. */
export function comparator(writer: ProgramWriter, dtypes: readonly DType[]): Region {
  const types = dtypes.flatMap((dtype) => [scalar(dtype), scalar(dtype)]);
  return writer.closedRegion(types, (args) => {
    const less = (at: number): Value => {
      const [a, b] = [args[2 * at], args[2 * at + 1]];
      if (a === undefined || b === undefined) throw new Error('a comparator of nothing');
      return order(writer, writer.choices.pick(['LT', 'GT']), a, b);
    };
    const first = less(0);
    if (dtypes.length === 1 || writer.choices.chance(2)) return [first];
    const [a, b] = [args[0], args[1]];
    if (a === undefined || b === undefined) return [first];
    const equal = order(writer, 'EQ', a, b);
    const [both] = writer.emit('stablehlo.and', [equal, less(1)]);
    return writer.emit('stablehlo.or', [first, both ?? first]);
  });
}

function order(writer: ProgramWriter, direction: string, a: Value, b: Value): Value {
  const type = dtypeInfo(dtypeOf(a)).kind === 'float' ? 'TOTALORDER' : undefined;
  return writer.emit('stablehlo.compare', [a, b], { comparison_direction: direction, compare_type: type })[0] ?? a;
}

const scalarOps: readonly string[] = ['add', 'multiply', 'subtract', 'maximum', 'minimum'];

/** An expression of a few exact ops over scalars, that ends in the dtype. */
export function scalarExpression(writer: ProgramWriter, args: readonly Value[], dtype: DType): Value {
  let value = args[writer.choices.nat(args.length)] ?? writer.constant(scalar(dtype));
  for (let left = writer.choices.nat(4); left > 0; left--) value = scalarStep(writer, args, value);
  if (dtypeOf(value) === dtype) return value;
  return writer.emit('stablehlo.convert', [value], {}, { resultTypes: [scalar(dtype)] })[0] ?? value;
}

function scalarStep(writer: ProgramWriter, args: readonly Value[], value: Value): Value {
  const { kind } = dtypeInfo(dtypeOf(value));
  const same = args.filter((arg) => arg.type === value.type);
  const other =
    same.length > 0 && writer.choices.chance(2) ? writer.choices.pick(same) : writer.constant(scalar(dtypeOf(value)));
  if (kind === 'boolean') return writer.emit('stablehlo.xor', [value, other])[0] ?? value;
  const form = writer.choices.nat(6);
  if (form === 0 && kind !== 'complex')
    return writer.emit('stablehlo.select', [compareValues(writer, value, other), value, other])[0] ?? value;
  if (form === 1)
    return writer.emit('stablehlo.convert', [value], {}, { resultTypes: [scalar(writer.dtype(anyDType))] })[0] ?? value;
  const op = kind === 'complex' ? 'add' : writer.choices.pick(scalarOps);
  return writer.emit(`stablehlo.${op}`, [value, other])[0] ?? value;
}
