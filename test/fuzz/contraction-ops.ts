/** Sums of products, and linear algebra. */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import type { Dim } from '../../ir/dimension.ts';
import type { Value } from '../../ir/operation.ts';
import { tensorType, type TensorType } from '../../ir/types.ts';
import { exact, type FuzzOp, generated, normwise, sums, unsupported } from './fuzz-op.ts';
import {
  hasNamedSizes,
  allFloats,
  complexes,
  dtypeOf,
  floats,
  integers,
  type ProgramWriter,
  shapeOf,
} from './program-writer.ts';

const numbers: readonly DType[] = [...allFloats, ...integers, ...complexes];

/** The same dtype, or a wider one of its kind. */
function accumulator(writer: ProgramWriter, dtype: DType): DType {
  if (!writer.choices.chance(4)) return dtype;
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'float' && bits === 16) return 'f32';
  if (kind === 'integer' && bits < 32) return 'i32';
  return kind === 'unsigned' && bits < 32 ? 'ui32' : dtype;
}

/** A constant half of the time: it is packed when the program is compiled. */
function weights(writer: ProgramWriter, type: TensorType): Value {
  const isStatic = type.shape.every((dim) => typeof dim === 'number');
  return isStatic && writer.choices.chance(2) ? writer.constant(type) : writer.of(type);
}

/** Long enough for blocks and panels. */
function largeProduct(writer: ProgramWriter): void {
  const { choices } = writer;
  const dtype = writer.dtype(['f32', 'f32', 'f64', 'i32', 'i8', 'f16']);
  const [symbol] = writer.isClosed ? [] : writer.symbols;
  const size = (list: readonly number[]): Dim =>
    symbol !== undefined && choices.chance(4) ? symbol : choices.pick(list);
  const [rows, inner, columns] = [size([6, 1, 7, 13, 32]), size([64, 17, 300, 129]), size([8, 16, 9, 33, 1])];
  const isTurned = choices.chance(3);
  const lhs = writer.of(tensorType([rows, inner], dtype));
  const type = tensorType(isTurned ? [columns, inner] : [inner, columns], dtype);
  const rhs = weights(writer, type);
  const numbers = {
    lhs_batching_dimensions: [],
    rhs_batching_dimensions: [],
    lhs_contracting_dimensions: [1],
    rhs_contracting_dimensions: [isTurned ? 1 : 0],
  };
  const resultTypes = [tensorType([rows, columns], accumulator(writer, dtype))];
  const [product] = writer.emit(
    'stablehlo.dot_general',
    [lhs, rhs],
    { dot_dimension_numbers: numbers },
    { resultTypes },
  );
  if (product !== undefined && choices.chance(2)) writer.emit('stablehlo.add', [product, writer.of(product.type)]);
}

/** An axis of both operands, of one of them, or summed over. */
type Role = 'batch' | 'sum' | 'own';

function dotGeneral(writer: ProgramWriter, name: string): void {
  const { choices } = writer;
  const lhs = writer.any({ dtypes: numbers, maxElements: 600, test: hasNamedSizes });
  const roles = shapeOf(lhs).map((): Role => choices.pick(['own', 'sum', 'batch', 'own']));
  const axes = (role: Role): readonly number[] =>
    choices.shuffled(roles.flatMap((each, axis) => (each === role ? [axis] : [])));
  const [batch, sum] = [axes('batch'), axes('sum')];
  const shared = [...batch, ...sum].map((axis): { axis: number; dim: Dim } => ({ axis, dim: shapeOf(lhs)[axis] ?? 1 }));
  const own = Array.from({ length: choices.nat(3) }, () => ({ axis: -1, dim: writer.size() as Dim }));
  const order = choices.shuffled([...shared, ...own]);
  const rhs = writer.of(
    tensorType(
      order.map(({ dim }) => dim),
      dtypeOf(lhs),
    ),
    choices.chance(2) ? 'small' : undefined,
  );
  const placeOf = (axis: number): number => order.findIndex((each) => each.axis === axis);
  const attrs = {
    dot_dimension_numbers: {
      lhs_batching_dimensions: batch,
      rhs_batching_dimensions: batch.map(placeOf),
      lhs_contracting_dimensions: sum,
      rhs_contracting_dimensions: sum.map(placeOf),
    },
  };
  const ownShape = (value: Value, used: readonly number[]): readonly Dim[] =>
    shapeOf(value).filter((_, axis) => !used.includes(axis));
  const shape = [
    ...batch.map((axis) => shapeOf(lhs)[axis] ?? 1),
    ...ownShape(lhs, [...batch, ...sum]),
    ...ownShape(rhs, [...batch, ...sum].map(placeOf)),
  ];
  writer.emit(name, [lhs, rhs], attrs, { resultTypes: [tensorType(shape, accumulator(writer, dtypeOf(lhs)))] });
}

function dot(writer: ProgramWriter, name: string): void {
  const lhs = writer.any({ dtypes: numbers, minRank: 1, maxRank: 2, maxElements: 600, test: hasNamedSizes });
  const inner = shapeOf(lhs).at(-1) ?? 1;
  const rhs = writer.of(tensorType(writer.choices.chance(2) ? [inner] : [inner, writer.size()], dtypeOf(lhs)));
  writer.emit(name, [lhs, rhs]);
}

interface ConvolutionPlan {
  readonly operands: readonly Value[];
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly padding: readonly (readonly [number, number])[];
  readonly dtype: DType;
  readonly shape: readonly Dim[];
}

/** Places of batch, feature and spatial axes, in any order. */
function layout(writer: ProgramWriter, spatial: number): readonly [number, number, readonly number[]] {
  const [a = 0, b = 1, ...rest] = writer.choices.shuffled(Array.from({ length: spatial + 2 }, (_, axis) => axis));
  return [a, b, rest];
}

function arrange(
  [a, b, rest]: readonly [number, number, readonly number[]],
  first: Dim,
  second: Dim,
  sizes: readonly Dim[],
): readonly Dim[] {
  const shape: Dim[] = [];
  shape[a] = first;
  shape[b] = second;
  for (const [index, axis] of rest.entries()) shape[axis] = sizes[index] ?? 1;
  return shape;
}

function planConvolution(writer: ProgramWriter): ConvolutionPlan {
  const { choices } = writer;
  const spatial = choices.pick([2, 1, 2, 0, 3]);
  const groups = choices.pick([1, 1, 1, 2, 3, 4]);
  const isBatchGrouped = groups > 1 && choices.chance(4);
  const inner = choices.pick([1, 2, 3, 5]);
  const outer = choices.pick([1, 2, 4, 5, 9]) * groups;
  const axes = Array.from({ length: spatial }, () => convolutionAxis(writer));
  const [symbol] = writer.symbols;
  const isLate = symbol !== undefined && !isBatchGrouped && choices.chance(2) && !writer.isClosed;
  const batch = isLate ? symbol : choices.pick([1, 2, 3]) * (isBatchGrouped ? groups : 1);
  const dtype = writer.dtype([...floats, ...integers, 'complex<f32>']);
  const [input, kernel, output] = [layout(writer, spatial), layout(writer, spatial), layout(writer, spatial)];
  const features = isBatchGrouped ? inner : inner * groups;
  const lhs = writer.of(
    tensorType(
      arrange(
        input,
        batch,
        features,
        axes.map(({ size }) => size),
      ),
      dtype,
    ),
  );
  const rhs = weights(
    writer,
    tensorType(
      arrange(
        kernel,
        inner,
        outer,
        axes.map(({ window }) => window),
      ),
      dtype,
    ),
  );
  const attrs = {
    window_strides: axes.map(({ stride }) => stride),
    lhs_dilation: axes.map(({ dilation }) => dilation),
    rhs_dilation: axes.map(({ spread }) => spread),
    window_reversal: axes.map(({ isReversed }) => isReversed),
    dimension_numbers: {
      input_batch_dimension: input[0],
      input_feature_dimension: input[1],
      input_spatial_dimensions: input[2],
      kernel_input_feature_dimension: kernel[0],
      kernel_output_feature_dimension: kernel[1],
      kernel_spatial_dimensions: kernel[2],
      output_batch_dimension: output[0],
      output_feature_dimension: output[1],
      output_spatial_dimensions: output[2],
    },
    feature_group_count: isBatchGrouped ? 1 : groups,
    batch_group_count: isBatchGrouped ? groups : 1,
  };
  const rows = typeof batch === 'number' && isBatchGrouped ? batch / groups : batch;
  const shape = arrange(
    output,
    rows,
    outer,
    axes.map(({ count }) => count),
  );
  return {
    operands: [lhs, rhs],
    attrs,
    padding: axes.map(({ padding }) => padding),
    dtype: accumulator(writer, dtype),
    shape,
  };
}

interface ConvolutionAxis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  readonly spread: number;
  readonly isReversed: boolean;
  readonly padding: readonly [number, number];
  readonly count: number;
}

function convolutionAxis({ choices }: ProgramWriter): ConvolutionAxis {
  const size = choices.pick([5, 1, 3, 7, 8, 2, 9]);
  const window = choices.pick([3, 1, 2, 3, 5]);
  const stride = choices.pick([1, 1, 2, 3]);
  const dilation = choices.chance(5) ? choices.pick([2, 3]) : 1;
  const spread = choices.chance(5) ? 2 : 1;
  const padding = [choices.pick([0, 1, 2, 0, -1]), choices.pick([0, 1, 0, 3, -1])] as const;
  const room = (size - 1) * dilation + 1 + padding[0] + padding[1];
  const extent = (window - 1) * spread + 1;
  const count = room < extent ? 0 : Math.floor((room - extent) / stride) + 1;
  return { size, window, stride, dilation, spread, isReversed: choices.chance(6), padding, count };
}

function convolution(writer: ProgramWriter, name: string): void {
  const { operands, attrs, padding, dtype, shape } = planConvolution(writer);
  writer.emit(name, operands, { ...attrs, padding }, { resultTypes: [tensorType(shape, dtype)] });
}

function dynamicConv(writer: ProgramWriter, name: string): void {
  const { operands, attrs, padding, dtype, shape } = planConvolution(writer);
  const list = writer.numbers(padding.flat(), 'i64');
  const [matrix] = writer.emit(
    'stablehlo.reshape',
    [list],
    {},
    { resultTypes: [tensorType([padding.length, 2], 'i64')] },
  );
  if (matrix === undefined) return;
  writer.emit(name, [...operands, matrix], attrs, { resultTypes: [tensorType(shape, dtype)] });
}

function einsum(writer: ProgramWriter, name: string): void {
  const { choices } = writer;
  const form = choices.pick(['ab,bc->ac', 'ab,ab->a', 'a,b->ab', 'ab,cb->ca', 'abc,acd->abd', 'ab,b->a', 'ab,ab->']);
  const sizes = new Map<string, number>();
  const dtype = writer.dtype(numbers);
  const operands = (form.split('->')[0] ?? '').split(',').map((labels) => {
    const shape = labels
      .split('')
      .map((label) => sizes.get(label) ?? sizes.set(label, writer.choices.pick([2, 3, 1, 5])).get(label) ?? 1);
    return writer.of(tensorType(shape, dtype));
  });
  writer.emit(name, operands, { einsum_config: form });
}

function unaryEinsum(writer: ProgramWriter, name: string): void {
  const form = writer.choices.pick(['ab->ba', 'ab->a', 'ab->b', 'ab->']);
  const shape = [writer.choices.pick([2, 3, 5]), writer.choices.pick([3, 4, 1])];
  writer.emit(name, [writer.of(tensorType(shape, writer.dtype(numbers)))], { einsum_config: form });
}

/** The features of an operand, and values of one number a feature. */
function batchNorm(perFeature: number, hasGradient: boolean) {
  return (writer: ProgramWriter, name: string): void => {
    const x = writer.any({ dtypes: floats, minRank: 1, maxRank: 4, maxElements: 600 });
    const axis = writer.choices.nat(shapeOf(x).length);
    const type = tensorType([shapeOf(x)[axis] ?? 1], dtypeOf(x));
    const operands = [x, ...Array.from({ length: perFeature }, () => writer.of(type, 'positive'))];
    if (hasGradient) operands.push(writer.of(x.type, 'small'));
    writer.emit(name, operands, { epsilon: writer.choices.pick([0.001, 1, 0.5]), feature_index: axis });
  };
}

/** A lower triangle with a heavy diagonal, so that the problem is well conditioned. */
function wellConditioned(writer: ProgramWriter, size: number, dtype: DType): Value {
  const a = writer.fresh(tensorType([size, size], dtype), 'unit');
  const [rows] = writer.emit(
    'stablehlo.iota',
    [],
    { iota_dimension: 0 },
    { resultTypes: [tensorType([size, size], 'i32')] },
  );
  const [columns] = writer.emit(
    'stablehlo.iota',
    [],
    { iota_dimension: 1 },
    { resultTypes: [tensorType([size, size], 'i32')] },
  );
  if (rows === undefined || columns === undefined) return a;
  const [diagonal] = writer.emit('stablehlo.compare', [rows, columns], { comparison_direction: 'EQ' });
  const heavy = writer.constantSplat(tensorType([size, size], dtype), size + 1);
  const [result] = diagonal === undefined ? [] : writer.emit('stablehlo.select', [diagonal, heavy, a]);
  return result ?? a;
}

function cholesky(writer: ProgramWriter, name: string): void {
  const size = writer.choices.pick([1, 2, 3, 5, 9]);
  const dtype = writer.dtype([...floats, ...complexes]);
  writer.emit(name, [wellConditioned(writer, size, dtype)], { lower: writer.choices.chance(2) });
}

function triangularSolve(writer: ProgramWriter, name: string): void {
  const { choices } = writer;
  const size = choices.pick([1, 2, 3, 5, 9]);
  const dtype = writer.dtype([...floats, ...complexes]);
  const isLeft = choices.chance(2);
  const others = choices.pick([1, 3, 5]);
  const b = writer.of(tensorType(isLeft ? [size, others] : [others, size], dtype), 'unit');
  const attrs = {
    left_side: isLeft,
    lower: choices.chance(2),
    unit_diagonal: false,
    transpose_a: choices.pick(['NO_TRANSPOSE', 'TRANSPOSE', 'ADJOINT']),
  };
  writer.emit(name, [wellConditioned(writer, size, dtype), b], attrs);
}

function fft(writer: ProgramWriter, name: string): void {
  const kind = writer.choices.pick(['FFT', 'IFFT', 'RFFT', 'IRFFT']);
  const isWide = writer.choices.chance(3);
  const dtype: DType = kind === 'RFFT' ? (isWide ? 'f64' : 'f32') : isWide ? 'complex<f64>' : 'complex<f32>';
  const size = writer.choices.pick([1, 2, 4, 8, 16, 3, 5, 6, 7, 12]);
  const count = writer.choices.pick([1, 1, 2]);
  const rows = writer.choices.pick([1, 2, 3]);
  const last = kind === 'IRFFT' ? Math.floor(size / 2) + 1 : size;
  const x = writer.of(tensorType([rows, last], dtype), 'unit');
  writer.emit(name, [x], { fft_type: kind, fft_length: count === 2 ? [rows, size] : [size] });
}

function rngBits(writer: ProgramWriter, name: string): void {
  const algorithm = writer.choices.pick(['THREE_FRY', 'PHILOX', 'DEFAULT']);
  const count = algorithm === 'THREE_FRY' ? 2 : writer.choices.pick([2, 3]);
  const state = writer.of(tensorType([count], 'ui64'), 'wild');
  const dtype = writer.choices.pick<DType>(['ui32', 'ui64', 'i32', 'ui8', 'i64', 'ui16']);
  writer.emit(
    name,
    [state],
    { rng_algorithm: algorithm },
    { resultTypes: [state.type, tensorType(writer.shape(0, 2, 60), dtype)] },
  );
}

const composed = normwise(32);

export const contractionFuzz = {
  'stablehlo.batch_norm_grad': generated(composed, batchNorm(3, true), 1),
  'stablehlo.batch_norm_inference': generated(composed, batchNorm(4, false)),
  'stablehlo.batch_norm_training': generated(composed, batchNorm(2, false), 1),
  'stablehlo.cholesky': generated(composed, cholesky),
  'stablehlo.convolution': generated(sums, convolution, 7),
  'stablehlo.dot': generated(sums, dot),
  'stablehlo.dot_general': generated(
    sums,
    (writer, name) => (writer.choices.chance(8) ? largeProduct(writer) : dotGeneral(writer, name)),
    8,
  ),
  'stablehlo.dynamic_conv': generated(sums, dynamicConv),
  'stablehlo.einsum': generated(sums, einsum),
  'stablehlo.fft': generated(composed, fft),
  'stablehlo.rng': unsupported('its state is hidden, so that nothing says which numbers are right'),
  'stablehlo.rng_bit_generator': generated(exact, rngBits),
  'stablehlo.triangular_solve': generated(composed, triangularSolve),
  'stablehlo.unary_einsum': generated(sums, unaryEinsum, 1),
} as const satisfies Readonly<Record<string, FuzzOp>>;
