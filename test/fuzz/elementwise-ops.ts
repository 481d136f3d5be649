/** Elementwise ops and constants. */
import type { DType } from '../../ir/dtype.ts';
import { dtypeInfo } from '../../ir/dtype.ts';
import { tensorType } from '../../ir/types.ts';
import type { Value } from '../../ir/operation.ts';
import { corners, exact, type FuzzOp, generated, moves, movesOperands, ulps, unsupported } from './fuzz-op.ts';
import {
  complexes,
  dtypeOf,
  allFloats,
  integers,
  type ProgramWriter,
  shapeOf,
  smallIntegers,
  typeOf,
} from './program-writer.ts';

const signed: readonly DType[] = ['i32', 'i8', 'i64', 'i16', 'i4'];
const bits: readonly DType[] = [...integers, ...smallIntegers, 'i1'];
const numbers: readonly DType[] = [...allFloats, ...integers, ...complexes, ...smallIntegers];
export const anyDType: readonly DType[] = [...numbers, 'i1'];

function unary(dtypes: readonly DType[]) {
  return (writer: ProgramWriter, name: string): void => {
    const x = writer.any({ dtypes });
    writer.emit(name, [x], {}, { resultTypes: [x.type] });
  };
}

/** Two operands of one type; sometimes the same value twice. */
function binary(dtypes: readonly DType[]) {
  return (writer: ProgramWriter, name: string): void => {
    const x = writer.any({ dtypes });
    const y = writer.choices.chance(10) ? x : other(writer, x);
    writer.emit(name, writer.choices.chance(2) ? [x, y] : [y, x], {}, { resultTypes: [x.type] });
  };
}

/** A value of the type of `x`. */
export function other(writer: ProgramWriter, x: Value): Value {
  return writer.of(x.type);
}

const directions = ['EQ', 'NE', 'GE', 'GT', 'LE', 'LT'] as const;

export function compareValues(writer: ProgramWriter, x: Value, y: Value): Value {
  const { kind } = dtypeInfo(dtypeOf(x));
  const isComplex = kind === 'complex';
  const direction = isComplex ? writer.choices.pick(['EQ', 'NE'] as const) : writer.choices.pick(directions);
  const isTotal = kind === 'float' && writer.choices.chance(4);
  const [result] = writer.emit('stablehlo.compare', [x, y], {
    comparison_direction: direction,
    compare_type: isTotal ? 'TOTALORDER' : undefined,
  });
  return result ?? x;
}

function compare(writer: ProgramWriter): void {
  const x = writer.any({ dtypes: anyDType });
  compareValues(writer, x, other(writer, x));
}

function select(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType });
  const predicate = writer.choices.chance(4) ? writer.of(tensorType([], 'i1')) : predicateFor(writer, x);
  writer.emit(name, [predicate, x, other(writer, x)]);
}

function predicateFor(writer: ProgramWriter, x: Value): Value {
  const type = tensorType(shapeOf(x), 'i1');
  if (writer.has(type) && writer.choices.chance(2)) return writer.of(type);
  return compareValues(writer, x, other(writer, x));
}

function clamp(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: [...allFloats, ...integers, ...smallIntegers] });
  const bound = (): Value => (writer.choices.chance(2) ? writer.of(tensorType([], dtypeOf(x))) : other(writer, x));
  writer.emit(name, [bound(), x, bound()]);
}

function convert(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType });
  writer.emit(name, [x], {}, { resultTypes: [tensorType(shapeOf(x), writer.choices.pick(anyDType))] });
}

const byBits: Readonly<Record<number, readonly DType[]>> = {
  4: ['i4', 'ui4'],
  8: ['i8', 'ui8'],
  16: ['i16', 'ui16', 'f16', 'bf16'],
  32: ['i32', 'ui32', 'f32'],
  64: ['i64', 'ui64', 'f64'],
};

function bitcast(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: [...allFloats, ...integers, 'i4', 'ui4'] });
  const { shape } = typeOf(x);
  const width = dtypeInfo(dtypeOf(x)).bits;
  const last = shape.at(-1);
  const widths = [width, width, width / 2, width / 4];
  if (typeof last === 'number' && (last === 2 || last === 4)) widths.push(width * last, width * last);
  const known = widths.filter((each) => byBits[each] !== undefined);
  // Of 6 bits there is one type alone.
  const to = known.length === 0 ? width : writer.choices.pick(known);
  const dtype = writer.choices.pick(byBits[to] ?? [dtypeOf(x)]);
  const result = to === width ? shape : to > width ? shape.slice(0, -1) : [...shape, width / to];
  writer.emit(name, [x], {}, { resultTypes: [tensorType(result, dtype)] });
}

function reducePrecision(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: allFloats });
  const attrs = { exponent_bits: writer.choices.between(1, 8), mantissa_bits: writer.choices.between(0, 10) };
  writer.emit(name, [x], attrs);
}

function complex(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: ['f32', 'f64'] });
  writer.emit(name, [x, other(writer, x)]);
}

/** With a cheap way on: the parts of what is complex are compared by the ops that follow. */
function part(writer: ProgramWriter, name: string): void {
  const dtypes = writer.choices.chance(6) ? allFloats : complexes;
  writer.emit(name, [writer.any({ dtypes })]);
}

function abs(writer: ProgramWriter, name: string): void {
  writer.emit(name, [writer.any({ dtypes: [...allFloats, ...signed, ...complexes] })]);
}

const elementary = ulps(2);
const oscillating = ulps(2, 'spoils');
const real = unary([...allFloats, ...allFloats, ...complexes]);
const arithmetic = binary(numbers);
const bitwise = binary(bits);
const shift = binary([...integers, ...smallIntegers]);

export const elementwiseFuzz = {
  'stablehlo.abs': generated(exact, abs),
  'stablehlo.add': generated(corners, binary(anyDType), 6),
  'stablehlo.and': generated(exact, bitwise),
  'stablehlo.atan2': generated(oscillating, binary([...allFloats, ...allFloats, ...complexes])),
  'stablehlo.bitcast_convert': generated(exact, bitcast),
  'stablehlo.cbrt': generated(elementary, unary(allFloats)),
  'stablehlo.ceil': generated(corners, unary(allFloats)),
  'stablehlo.clamp': generated(corners, clamp),
  'stablehlo.compare': generated(corners, compare, 4),
  'stablehlo.complex': generated(moves, complex),
  'stablehlo.constant': generated(
    exact,
    (writer) => void writer.constant(tensorType(writer.shape(0, 3), writer.dtype())),
    1,
  ),
  'stablehlo.convert': generated(corners, convert, 6),
  'stablehlo.cosine': generated(oscillating, real),
  'stablehlo.count_leading_zeros': generated(exact, unary([...integers, ...smallIntegers])),
  'stablehlo.divide': generated(corners, arithmetic, 4),
  'stablehlo.exponential': generated(elementary, real),
  'stablehlo.exponential_minus_one': generated(elementary, real),
  'stablehlo.floor': generated(corners, unary(allFloats)),
  'stablehlo.imag': generated(moves, part),
  'stablehlo.is_finite': generated(
    exact,
    (writer, name) => void writer.emit(name, [writer.any({ dtypes: allFloats })]),
  ),
  'stablehlo.log': generated(elementary, real),
  'stablehlo.log_plus_one': generated(elementary, real),
  'stablehlo.logistic': generated(elementary, real),
  'stablehlo.maximum': generated(corners, binary(anyDType), 3),
  'stablehlo.minimum': generated(corners, binary(anyDType), 3),
  'stablehlo.multiply': generated(corners, binary(anyDType), 6),
  'stablehlo.negate': generated(moves, unary(numbers), 3),
  'stablehlo.not': generated(exact, unary(bits)),
  'stablehlo.or': generated(exact, bitwise),
  'stablehlo.popcnt': generated(exact, unary([...integers, ...smallIntegers])),
  'stablehlo.power': generated(ulps(2, 'spoils'), binary(numbers), 3),
  'stablehlo.real': generated(moves, part),
  'stablehlo.reduce_precision': generated(corners, reducePrecision),
  'stablehlo.remainder': generated(exact, binary([...allFloats, ...integers, ...smallIntegers]), 3),
  'stablehlo.round_nearest_afz': generated(corners, unary(allFloats)),
  'stablehlo.round_nearest_even': generated(corners, unary(allFloats)),
  'stablehlo.rsqrt': generated(elementary, real),
  'stablehlo.select': generated(movesOperands(1, 3), select, 4),
  'stablehlo.shift_left': generated(exact, shift),
  'stablehlo.shift_right_arithmetic': generated(exact, shift),
  'stablehlo.shift_right_logical': generated(exact, shift),
  'stablehlo.sign': generated(corners, unary([...allFloats, ...signed, ...complexes])),
  'stablehlo.sine': generated(oscillating, real),
  'stablehlo.sqrt': generated(corners, real),
  'stablehlo.subtract': generated(corners, arithmetic, 4),
  'stablehlo.tan': generated(oscillating, real),
  'stablehlo.tanh': generated(elementary, real),
  'stablehlo.uniform_dequantize': unsupported(
    'quantised values are integers to compiled code; the conformance suites run them',
  ),
  'stablehlo.uniform_quantize': unsupported(
    'quantised values are integers to compiled code; the conformance suites run them',
  ),
  'stablehlo.xor': generated(exact, bitwise),
} as const satisfies Readonly<Record<string, FuzzOp>>;
