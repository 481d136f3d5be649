import { enumeration, i64List } from '../../attribute-schema.ts';
import { compatibleDims, type Dim, mapDims } from '../../dimension.ts';
import { complexOf, dtypeInfo, type DType } from '../../dtype.ts';
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import { type ConstraintCheck, defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { type ElementType, elementText, tensorType } from '../../types.ts';
import { allAtLeast, describeList, otherAxes } from '../shared/axis-lists.ts';
import { FourierPlan } from '../shared/discrete-fourier.ts';
import { floatSlots, tensorOfFloats } from '../shared/float-values.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape, dimAt, type Shape } from '../shared/shapes.ts';
import { pick, stridedOffsets } from '../shared/strided-offsets.ts';

const fftTypes = ['FFT', 'IFFT', 'RFFT', 'IRFFT'] as const;
type FftType = (typeof fftTypes)[number];

/** The result's element type, or undefined where C2 does not allow the operand's. */
function resultElement(kind: FftType, operand: ElementType): DType | undefined {
  if (typeof operand !== 'string') return undefined;
  const info = dtypeInfo(operand);
  switch (kind) {
    case 'FFT':
    case 'IFFT':
      return info.kind === 'complex' ? operand : undefined;
    case 'RFFT':
      return operand === 'f32' || operand === 'f64' ? complexOf(operand) : undefined;
    case 'IRFFT':
      return info.kind === 'complex' ? info.part : undefined;
    default:
      return kind satisfies never;
  }
}

function halfSpectrum(size: number): number {
  return size === 0 ? 0 : Math.floor(size / 2) + 1;
}

/** C4, C5: the result's shape; undefined after a report. */
function resultShape(
  kind: FftType,
  operand: Shape,
  lengths: readonly number[],
  check: ConstraintCheck,
): Dim[] | undefined {
  const first = operand.length - lengths.length;
  const last = operand.length - 1;
  const detail = (): string => `${describeShape(operand)} with lengths ${describeList(lengths)}`;
  const fits = (count: number): boolean =>
    lengths.slice(0, count).every((length, axis) => compatibleDims(length, dimAt(operand, first + axis)));
  if (kind === 'RFFT') {
    if (!check.require(fits(lengths.length), 'C4', detail)) return undefined;
    return [...operand.slice(0, last), mapDims(halfSpectrum, dimAt(operand, last))];
  }
  if (kind !== 'IRFFT') return [...operand];
  if (!check.require(fits(lengths.length - 1), 'C4', detail)) return undefined;
  const length = lengths.at(-1) ?? 0;
  const half = compatibleDims(halfSpectrum(length), dimAt(operand, last));
  return check.require(half, 'C5', detail) ? [...operand.slice(0, last), length] : undefined;
}

/** A tensor of complex slots while it is transformed, axis by axis. */
interface Spectrum {
  readonly shape: readonly number[];
  readonly slots: Float64Array;
}

type Line = (line: Float64Array) => Float64Array;

/** Applies `transform` to every line along an axis; the axis may change its size. */
function alongAxis({ shape, slots }: Spectrum, axis: number, size: number, transform: Line): Spectrum {
  const length = shape[axis] ?? 0;
  const newShape = shape.with(axis, size);
  const others = otherAxes(shape.length, [axis]);
  const [strides, newStrides] = [rowMajorStrides(shape), rowMajorStrides(newShape)];
  const starts = stridedOffsets(pick(shape, others), pick(strides, others));
  const newStarts = stridedOffsets(pick(shape, others), pick(newStrides, others));
  const [step, newStep] = [strides[axis] ?? 1, newStrides[axis] ?? 1];
  const result = new Float64Array(2 * shapeSize(newShape));
  const line = new Float64Array(2 * length);
  for (let row = 0; row < starts.length; row++) {
    for (let index = 0; index < length; index++) {
      const at = 2 * ((starts[row] ?? 0) + index * step);
      line[2 * index] = slots[at] ?? 0;
      line[2 * index + 1] = slots[at + 1] ?? 0;
    }
    const output = transform(line);
    for (let index = 0; index < size; index++) {
      const at = 2 * ((newStarts[row] ?? 0) + index * newStep);
      result[at] = output[2 * index] ?? 0;
      result[at + 1] = output[2 * index + 1] ?? 0;
    }
  }
  return { shape: newShape, slots: result };
}

/** The whole of a spectrum from its first `N / 2 + 1` numbers; imaginary parts that a real signal cannot have are dropped. */
function completeHermitian(half: Float64Array, length: number): Float64Array {
  const full = new Float64Array(2 * length);
  full.set(half.subarray(0, Math.min(half.length, full.length)));
  full[1] = 0;
  if (length % 2 === 0) full[length + 1] = 0;
  for (let index = 1; 2 * index < length; index++) {
    full[2 * (length - index)] = half[2 * index] ?? 0;
    full[2 * (length - index) + 1] = -(half[2 * index + 1] ?? 0);
  }
  return full;
}

function asComplex(operand: Tensor): Float64Array {
  const slots = floatSlots(operand);
  if (dtypeInfo(operand.dtype).kind === 'complex') return slots;
  const pairs = new Float64Array(2 * slots.length);
  for (let index = 0; index < slots.length; index++) pairs[2 * index] = slots[index] ?? 0;
  return pairs;
}

/** The transform over the last `axisCount` axes; for IRFFT the last one becomes `length` long. */
function transformAll(operand: Tensor, kind: FftType, axisCount: number, length: number): Spectrum {
  const last = operand.rank - 1;
  let spectrum: Spectrum = { shape: operand.shape, slots: asComplex(operand) };
  const complexAxes = Array.from({ length: axisCount }, (_, index) => last - index);
  if (kind === 'RFFT' || kind === 'IRFFT') complexAxes.shift();
  if (kind === 'RFFT') {
    const plan = new FourierPlan(length);
    spectrum = alongAxis(spectrum, last, halfSpectrum(length), (line) => plan.forward(line));
  }
  for (const axis of kind === 'IRFFT' || kind === 'IFFT' ? complexAxes.reverse() : complexAxes) {
    const plan = new FourierPlan(spectrum.shape[axis] ?? 0);
    const isInverse = kind === 'IRFFT' || kind === 'IFFT';
    spectrum = alongAxis(spectrum, axis, plan.length, (line) => (isInverse ? plan.inverse(line) : plan.forward(line)));
  }
  if (kind === 'IRFFT') {
    const plan = new FourierPlan(length);
    spectrum = alongAxis(spectrum, last, length, (line) => plan.inverse(completeHermitian(line, length)));
  }
  return spectrum;
}

export const fft = defineOp({
  name: 'stablehlo.fft',
  code: 'E2310',
  summary: 'The discrete Fourier transform over the last one to three dimensions, or its inverse.',
  spec: 'spec.md#fft',
  operands: [{ name: 'operand', type: tensorOf(['float', 'complex']) }],
  results: [{ name: 'result', type: tensorOf(['float', 'complex']) }],
  attributes: { fft_type: enumeration('stablehlo', 'fft_type', fftTypes), fft_length: i64List() },
  constraints: {
    C1: 'size(fft_length) <= rank(operand)',
    C2: 'FFT and IFFT: complex to the same complex; RFFT: f32 or f64 to complex; IRFFT: complex to f32 or f64',
    C3: '1 <= size(fft_length) <= 3',
    C4: 'shape(real)[-size(fft_length):] = fft_length, for RFFT the operand, for IRFFT the result',
    C5: 'shape(result) = shape(operand), but for the last size N of the real side, which is N / 2 + 1 on the other',
  },
  resultConstraint: 'C2, C4, C5',
  assembly:
    '$operand `,` `type` `=` $fft_type `,` `length` `=` $fft_length attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const { fft_type: kind, fft_length: lengths } = site.attrs;
    const rank = operand.shape.length;
    const counted = check.require(lengths.length >= 1 && lengths.length <= 3, 'C3', () => describeList(lengths));
    const ranked = check.require(lengths.length <= rank, 'C1', () => `${describeList(lengths)}, the rank is ${rank}`);
    const element = resultElement(kind, operand.element);
    const typed = check.require(element !== undefined, 'C2', () => `${kind} of ${elementText(operand.element)}`);
    if (!counted || !ranked || !typed || element === undefined) return undefined;
    const negative = (): string => `lengths ${describeList(lengths)}`;
    if (!check.require(allAtLeast(lengths, 0), 'C4', negative)) return undefined;
    const shape = resultShape(kind, operand.shape, lengths, check);
    return shape === undefined ? undefined : [tensorType(shape, element)];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const { fft_type: kind, fft_length: lengths } = site.attrs;
    const dtype = resultElement(kind, operand.dtype) ?? operand.dtype;
    const length = lengths.at(-1) ?? 0;
    const { shape, slots } = transformAll(operand, kind, lengths.length, length);
    const isReal = dtypeInfo(dtype).kind === 'float';
    const values = isReal ? slots.filter((_, slot) => slot % 2 === 0) : slots;
    return [tensorOfFloats(context, dtype, shape, values)];
  },
});
