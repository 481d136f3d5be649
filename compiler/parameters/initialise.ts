/**
 * What a parameter is before training: a function of a seed, the parameter's path and its shape, and of nothing else; the same bits in every
 * engine. Values are computed in f64 and rounded once to the parameter's dtype, so that an f16 model starts where its f32 twin does.
 *
 * A matrix is `[inputs, outputs]`, as `x @ w` wants it, a convolution `[..., inputs, outputs]` with its window before: `fanIn` is the product
 * of all sizes but the last, `fanOut` that of all but the last but one.
 */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { allocateElements, type ElementsArray, type ElementsData } from '../../ir/elements.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import { encodeFloat, floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import { normalQuantile } from './normal-quantile.ts';
import { orthonormalise } from './orthogonal-matrix.ts';
import { RandomField } from './random-field.ts';

export const initialiserKinds = [
  'zeros', 'ones', 'constant', 'uniform', 'normal', 'truncated_normal',
  'glorot_uniform', 'glorot_normal', 'he_uniform', 'he_normal', 'lecun_uniform', 'lecun_normal', 'orthogonal',
] as const; // prettier-ignore

export type InitialiserKind = (typeof initialiserKinds)[number];

/** A kind ignores the options that are not its own. */
export interface InitialiserOptions {
  /** `constant`: the value. */
  readonly value?: number;
  /** `uniform`: the interval; [0, 1) unless given. */
  readonly low?: number;
  readonly high?: number;
  /** `normal` and `truncated_normal`: 0 and 1 unless given. The truncated one is cut two deviations from the mean, and not widened for it. */
  readonly mean?: number;
  readonly deviation?: number;
  /** A factor on all values of the kinds that scale by fan, and of `orthogonal`; 1 unless given. */
  readonly gain?: number;
  /** In place of those the shape gives, where the layout is another. */
  readonly fanIn?: number;
  readonly fanOut?: number;
}

export interface InitialRequest {
  readonly seed: bigint;
  /** `blocks.0.qkv.weight` */
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly options?: InitialiserOptions;
}

/** Why a parameter of this type cannot be initialised like this; undefined when it can. */
export function initialiserProblem(
  kind: InitialiserKind,
  { shape, dtype }: Pick<InitialRequest, 'shape' | 'dtype'>,
): string | undefined {
  const isPlain = kind === 'zeros' || kind === 'ones' || kind === 'constant';
  if (!isPlain && !isFloatFormatName(dtype)) return `${kind} gives floats, and the parameter is ${dtype}`;
  if (kind === 'orthogonal' && shape.length < 2)
    return `orthogonal wants a matrix, and the parameter is of rank ${shape.length}`;
  return undefined;
}

/** The caller has asked `initialiserProblem`. */
export function initialise(kind: InitialiserKind, request: InitialRequest): ElementsData {
  const problem = initialiserProblem(kind, request);
  invariant(problem === undefined, `${request.path}: ${problem}`);
  const { dtype, options = {} } = request;
  switch (kind) {
    case 'zeros':
      return splat(dtype, 0);
    case 'ones':
      return splat(dtype, 1);
    case 'constant':
      return splat(dtype, options.value ?? 0);
    case 'orthogonal':
      return stored(dtype, orthogonal(request));
    default:
      return stored(dtype, drawn(kind, request));
  }
}

export function initialTensor(kind: InitialiserKind, request: InitialRequest): Tensor {
  const { splat: isSplat, values } = initialise(kind, request);
  if (!isSplat) return new Tensor(request.dtype, request.shape, values);
  const tensor = Tensor.zeros(request.dtype, request.shape);
  for (let index = 0; index < tensor.values.length; index++) {
    tensor.values[index] = values[index % values.length] ?? 0;
  }
  return tensor;
}

type DrawnKind = Exclude<InitialiserKind, 'zeros' | 'ones' | 'constant' | 'orthogonal'>;

function drawn(kind: DrawnKind, { seed, path, shape, options = {} }: InitialRequest): Float64Array {
  const field = new RandomField(seed, path);
  const draw = distribution(kind, shape, options);
  const values = new Float64Array(shapeSize(shape));
  for (let index = 0; index < values.length; index++) values[index] = draw(field.uniform(index));
  return values;
}

/** From a uniform number in (0, 1) to one of the distribution. */
type Draw = (uniform: number) => number;

function distribution(kind: DrawnKind, shape: readonly number[], options: InitialiserOptions): Draw {
  const { low = 0, high = 1, mean = 0, deviation = 1, gain = 1 } = options;
  const { fanIn, fanOut } = { ...fansOf(shape), ...options };
  switch (kind) {
    case 'uniform':
      return (uniform) => low + (high - low) * uniform;
    case 'normal':
      return (uniform) => mean + deviation * normalQuantile(uniform);
    case 'truncated_normal':
      return (uniform) => mean + deviation * truncatedQuantile(uniform);
    // Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010).
    case 'glorot_uniform':
      return scaledUniform(gain, (fanIn + fanOut) / 2);
    case 'glorot_normal':
      return scaledNormal(gain, (fanIn + fanOut) / 2);
    // He et al., "Delving deep into rectifiers" (2015): twice the variance, since relu halves it.
    case 'he_uniform':
      return scaledUniform(gain, fanIn / 2);
    case 'he_normal':
      return scaledNormal(gain, fanIn / 2);
    // LeCun et al., "Efficient backprop" (1998); Klambauer et al., "Self-normalizing neural networks" (2017).
    case 'lecun_uniform':
      return scaledUniform(gain, fanIn);
    case 'lecun_normal':
      return scaledNormal(gain, fanIn);
    default:
      return kind satisfies never;
  }
}

/** Of variance `gain^2 / fan`. */
function scaledUniform(gain: number, fan: number): Draw {
  const limit = gain * Math.sqrt(3 / Math.max(fan, 1));
  return (uniform) => limit * (2 * uniform - 1);
}

/** Of variance `gain^2 / fan` after it is cut at two deviations, as JAX and Keras have it. */
function scaledNormal(gain: number, fan: number): Draw {
  const deviation = (gain * Math.sqrt(1 / Math.max(fan, 1))) / truncatedDeviation;
  return (uniform) => deviation * truncatedQuantile(uniform);
}

/** The share of normal numbers below -2, and the deviation of those within [-2, 2]. */
const belowMinusTwo = 0.02275013194817921;
const truncatedDeviation = 0.8796256610342398;

function truncatedQuantile(uniform: number): number {
  return normalQuantile(belowMinusTwo + (1 - 2 * belowMinusTwo) * uniform);
}

function fansOf(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const outputs = shape.at(-1) ?? 1;
  const inputs = shape.at(-2) ?? 1;
  const window = shapeSize(shape.slice(0, -2));
  return { fanIn: window * inputs, fanOut: window * outputs };
}

/** Rows or columns, whichever are fewer, are orthonormal; all axes but the last are the rows. Saxe et al. (2013), arXiv 1312.6120. */
function orthogonal({ seed, path, shape, options = {} }: InitialRequest): Float64Array {
  const columns = shape.at(-1) ?? 1;
  const rows = shapeSize(shape.slice(0, -1));
  const field = new RandomField(seed, path);
  const normals = Float64Array.from({ length: rows * columns }, (_, index) => normalQuantile(field.uniform(index)));
  const [long, short] = rows >= columns ? [rows, columns] : [columns, rows];
  const vectors = orthonormalise(normals, long, short);
  const { gain = 1 } = options;
  const place = (index: number): number =>
    rows >= columns ? (index % columns) * rows + Math.floor(index / columns) : index;
  return Float64Array.from(vectors, (_, index) => gain * (vectors[place(index)] ?? 0));
}

function splat(dtype: DType, value: number): ElementsData {
  return { splat: true, values: encoded(dtype, dtypeInfo(dtype).slots === 2 ? [value, 0] : [value]) };
}

function stored(dtype: DType, values: Float64Array): ElementsData {
  return { splat: false, values: encoded(dtype, values) };
}

/** One slot a value. */
function encoded(dtype: DType, values: ArrayLike<number>): ElementsArray {
  const { part, slots } = dtypeInfo(dtype);
  const format = isFloatFormatName(part) && part !== 'f32' && part !== 'f64' ? floatFormats[part] : undefined;
  const target = allocateElements(dtype, values.length / slots);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (target instanceof BigInt64Array || target instanceof BigUint64Array) target[index] = BigInt(Math.trunc(value));
    else target[index] = format === undefined ? value : encodeFloat(value, format);
  }
  return target;
}
