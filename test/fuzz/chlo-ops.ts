/** chlo: elementary and special functions, implicit broadcasts, scans. */
import type { DType } from '../../ir/dtype.ts';
import type { Value } from '../../ir/operation.ts';
import { floatAttr } from '../../ir/attributes.ts';
import { scalarType, tensorType } from '../../ir/types.ts';
import { anyDType } from './elementwise-ops.ts';
import { corners, exact, type FuzzOp, generated, movesOperands, normwise, sums, ulps, unsupported } from './fuzz-op.ts';
import {
  complexes,
  dtypeOf,
  floats,
  integers,
  type ProgramWriter,
  shapeOf,
  smallIntegers,
  staticShapeOf,
} from './program-writer.ts';

const bits: readonly DType[] = [...integers, ...smallIntegers, 'i1'];

function unary(dtypes: readonly DType[]) {
  return (writer: ProgramWriter, name: string): void => {
    writer.emit(name, [writer.any({ dtypes })]);
  };
}

function binary(dtypes: readonly DType[]) {
  return (writer: ProgramWriter, name: string): void => {
    const x = writer.any({ dtypes });
    writer.emit(name, [x, writer.of(x.type)]);
  };
}

/** Of the shape of the other, or with axes of one element, or fewer axes: those to the right are aligned. */
function partner(writer: ProgramWriter, x: Value, dtype: DType): Value {
  const shape = shapeOf(x).map((dim) => (writer.choices.chance(3) ? 1 : dim));
  const dropped = writer.choices.chance(2) ? writer.choices.nat(shape.length + 1) : 0;
  return writer.of(tensorType(shape.slice(dropped), dtype));
}

/** Late sizes of both operands would have to be compared at run time, which only StableHLO's own dynamic ops do. */
function broadcasting(dtypes: readonly DType[], attrs: Readonly<Record<string, unknown>> = {}) {
  return (writer: ProgramWriter, name: string): void => {
    const x = writer.any({ dtypes, isStatic: true });
    const y = partner(writer, x, dtypeOf(x));
    const operands = writer.choices.chance(2) ? [x, y] : [y, x];
    writer.emit(name, operands, attrs);
  };
}

function broadcastSelect(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType, isStatic: true });
  writer.emit(name, [partner(writer, x, 'i1'), x, partner(writer, x, dtypeOf(x))]);
}

function constantLike(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: ['f32', 'f64'] });
  writer.emit(name, [x], { value: floatAttr(writer.choices.pick([0.5, -0, 3]), scalarType(dtypeOf(x))) });
}

function chloConstant(writer: ProgramWriter, name: string): void {
  const value = writer.constant(tensorType(writer.shape(0, 2), writer.dtype()));
  const attribute = value.definingOp?.attribute('value');
  writer.emit(name, [], { value: attribute });
}

function raggedDot(writer: ProgramWriter, name: string): void {
  const { choices } = writer;
  const [rows, inner, columns] = [choices.pick([4, 5, 1, 9]), choices.pick([2, 3, 1]), choices.pick([2, 5, 1])];
  const groups = choices.pick([1, 2, 3]);
  const dtype = writer.dtype([...floats, 'i32']);
  const lhs = writer.of(tensorType([rows, inner], dtype));
  const rhs = writer.of(tensorType([groups, inner, columns], dtype));
  const sizes = writer.fresh(tensorType([groups], 'i32'), 'positive');
  const dims = {
    lhs_batching_dimensions: [],
    rhs_batching_dimensions: [],
    lhs_contracting_dimensions: [1],
    rhs_contracting_dimensions: [1],
    lhs_ragged_dimensions: [0],
    rhs_group_dimensions: [0],
  };
  writer.emit(name, [lhs, rhs, sizes], { ragged_dot_dimension_numbers: dims });
}

function scan(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: [...floats, ...integers], isStatic: true, minRank: 1, maxRank: 2, maxElements: 200 });
  const axis = writer.choices.nat(shapeOf(x).length);
  const rest = tensorType(shapeOf(x).toSpliced(axis, 1), dtypeOf(x));
  const init = writer.of(rest, 'small');
  const region = writer.closedRegion([rest, rest], ([element, carry]) => {
    if (element === undefined || carry === undefined) return [];
    const op = writer.choices.pick(['add', 'maximum', 'multiply', 'subtract']);
    const [next] = writer.emit(`stablehlo.${op}`, [carry, element]);
    return next === undefined ? [] : [next, next];
  });
  const attrs = {
    dimension: axis,
    is_reverse: writer.choices.chance(3) ? true : undefined,
    operandSegmentSizes: [1, 1],
    resultSegmentSizes: [1, 1],
  };
  writer.emit(name, [x, init], attrs, { regions: [region] });
}

function topK(writer: ProgramWriter, name: string): void {
  const dtypes = [...integers, ...floats];
  const x = writer.any({ dtypes, isStatic: true, minRank: 1, maxRank: 3 });
  writer.emit(name, [x], { k: writer.choices.nat((staticShapeOf(x).at(-1) ?? 0) + 1) });
}

const elementary = ulps(8, 'spoils');
/** Series and continued fractions, in more steps than the evaluator's. */
const special = normwise(512);

export const chloFuzz = {
  'chlo._asin_acos_kernel': unsupported('an inner part of the expansions of asin and acos'),
  'chlo.acos': generated(elementary, unary(floats), 1),
  'chlo.acosh': generated(elementary, unary(floats), 1),
  'chlo.asin': generated(elementary, unary(floats), 1),
  'chlo.asinh': generated(elementary, unary(floats), 1),
  'chlo.atan': generated(elementary, unary(floats), 1),
  'chlo.atanh': generated(elementary, unary(floats), 1),
  'chlo.bessel_i1e': generated(special, unary(floats), 1),
  'chlo.broadcast_add': generated(corners, broadcasting(anyDType)),
  'chlo.broadcast_and': generated(exact, broadcasting(bits), 1),
  'chlo.broadcast_atan2': generated(ulps(2, 'spoils'), broadcasting(floats), 1),
  'chlo.broadcast_compare': generated(
    corners,
    broadcasting([...floats, ...integers], { comparison_direction: 'LE' }),
    1,
  ),
  'chlo.broadcast_complex': generated(exact, broadcasting(['f32', 'f64']), 1),
  'chlo.broadcast_divide': generated(corners, broadcasting([...floats, ...integers]), 1),
  'chlo.broadcast_maximum': generated(corners, broadcasting(anyDType), 1),
  'chlo.broadcast_minimum': generated(corners, broadcasting(anyDType), 1),
  'chlo.broadcast_multiply': generated(corners, broadcasting(anyDType), 1),
  'chlo.broadcast_next_after': generated(exact, broadcasting(floats), 1),
  'chlo.broadcast_or': generated(exact, broadcasting(bits), 1),
  'chlo.broadcast_polygamma': generated(special, broadcasting(['f32', 'f64']), 1),
  'chlo.broadcast_power': generated(ulps(2, 'spoils'), broadcasting([...floats, ...integers]), 1),
  'chlo.broadcast_remainder': generated(exact, broadcasting([...floats, ...integers]), 1),
  'chlo.broadcast_select': generated(movesOperands(1, 3), broadcastSelect, 1),
  'chlo.broadcast_shift_left': generated(exact, broadcasting([...integers]), 1),
  'chlo.broadcast_shift_right_arithmetic': generated(exact, broadcasting([...integers]), 1),
  'chlo.broadcast_shift_right_logical': generated(exact, broadcasting([...integers]), 1),
  'chlo.broadcast_subtract': generated(corners, broadcasting([...floats, ...integers, ...complexes]), 1),
  'chlo.broadcast_xor': generated(exact, broadcasting(bits), 1),
  'chlo.broadcast_zeta': generated(special, broadcasting(['f32', 'f64']), 1),
  'chlo.conj': generated(exact, unary([...complexes, 'f32']), 1),
  'chlo.constant': generated(exact, chloConstant, 1),
  'chlo.constant_like': generated(exact, constantLike, 1),
  'chlo.cosh': generated(elementary, unary(floats), 1),
  'chlo.digamma': generated(special, unary(floats), 1),
  'chlo.erf': generated(elementary, unary(floats), 1),
  'chlo.erf_inv': generated(special, unary(floats), 1),
  'chlo.erfc': generated(elementary, unary(floats), 1),
  'chlo.is_inf': generated(exact, unary(floats), 1),
  'chlo.is_neg_inf': generated(exact, unary(floats), 1),
  'chlo.is_pos_inf': generated(exact, unary(floats), 1),
  'chlo.lgamma': generated(special, unary(floats), 1),
  'chlo.mulhi': generated(exact, binary(integers), 1),
  'chlo.next_after': generated(exact, binary(floats), 1),
  'chlo.polygamma': generated(special, binary(['f32', 'f64']), 1),
  'chlo.ragged_dot': generated(sums, raggedDot, 1),
  'chlo.scan': generated(exact, scan),
  'chlo.sinh': generated(elementary, unary(floats), 1),
  'chlo.square': generated(exact, unary(floats), 1),
  'chlo.tan': generated(ulps(8, 'spoils'), unary(floats), 1),
  'chlo.top_k': generated(exact, topK, 1),
  'chlo.zeta': generated(special, binary(['f32', 'f64']), 1),
} as const satisfies Readonly<Record<string, FuzzOp>>;
