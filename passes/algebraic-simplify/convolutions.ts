/** Rules of convolution. */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import type { Value } from '../../ir/operation.ts';
import { windowAxes } from '../../ir/ops/shared/convolution-shape.ts';
import { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { reshape } from '../../ir/ops/stablehlo/reshape.ts';
import { slice } from '../../ir/ops/stablehlo/slice.ts';
import { tensorType } from '../../ir/types.ts';
import { constantOf } from '../constants.ts';
import { isInteger, match, type StaticTensor, staticTensor } from '../match.ts';
import { rule, type RuleSite } from '../rewrite-rule.ts';

type ConvolutionSite = RuleSite<typeof convolution.attributes>;
type Attributes = AttributesOf<typeof convolution.attributes>;

/** Convolutions that one may become, over all its dimensions. */
const mostPhases = 9;

interface Transposed {
  readonly lhs: StaticTensor;
  readonly rhs: StaticTensor;
  readonly result: StaticTensor;
  /** The spatial axis whose input is dilated. */
  readonly axis: number;
  readonly phases: number;
}

/** The first axis whose input is dilated and that has nothing else to it. */
function transposedAxis({ op, attrs }: ConvolutionSite): Transposed | undefined {
  const [lhs, rhs, result] = [op.operand(0), op.operand(1), op.result()].map((value) => staticTensor(value.type));
  if (lhs === undefined || rhs === undefined || result === undefined) return undefined;
  const windows = windowAxes(attrs, attrs.padding);
  const total = windows.reduce((product, { lhsDilation }) => product * lhsDilation, 1);
  const axis = windows.findIndex(({ lhsDilation }) => lhsDilation > 1);
  const window = windows[axis];
  if (window === undefined || total > mostPhases || window.stride > 1 || window.rhsDilation > 1) return undefined;
  const { input_spatial_dimensions: inputs, kernel_spatial_dimensions: kernels } = attrs.dimension_numbers;
  const isLong = (rhs.shape[kernels[axis] ?? 0] ?? 0) >= window.lhsDilation && (lhs.shape[inputs[axis] ?? 0] ?? 0) > 0;
  if (!isLong || result.shape.includes(0) || !isFinite(op.operand(1))) return undefined;
  return { lhs, rhs, result, axis, phases: window.lhsDilation };
}

/** So that a product with zero is zero. */
function isFinite(value: Value): boolean {
  const part = match(value, slice);
  if (part !== undefined) return isFinite(part.op.operand(0));
  if (isInteger(value.type)) return true;
  const attribute = constantOf(value);
  const tensor = attribute === undefined ? undefined : tensorOfConstant(attribute);
  if (tensor?.kind !== 'tensor') return false;
  const { values } = tensor;
  return (values instanceof Float32Array || values instanceof Float64Array) && values.every(Number.isFinite);
}

function replaced<T>(list: readonly T[], at: number, value: T): readonly T[] {
  return list.map((each, position) => (position === at ? value : each));
}

/** The results at places of one remainder: a convolution of the input as it is with every so manyeth column of the window. */
function phaseOf(site: ConvolutionSite, transposed: Transposed, phase: number): Value {
  const { op, attrs, make } = site;
  const { lhs, rhs, result, axis, phases } = transposed;
  const dims = attrs.dimension_numbers;
  const window = windowAxes(attrs, attrs.padding)[axis];
  const [low, isReversed] = [window?.low ?? 0, window?.reversed === true];
  const kernelAxis = dims.kernel_spatial_dimensions[axis] ?? 0;
  const outputAxis = dims.output_spatial_dimensions[axis] ?? 0;
  const size = rhs.shape[kernelAxis] ?? 0;
  const first = (((low - phase) % phases) + phases) % phases;
  const columns = Math.ceil((size - first) / phases);
  const start = isReversed ? (size - 1 - first) % phases : first;
  const part = make(slice, [op.operand(1)], {
    start_indices: rhs.shape.map((_, dimension) => (dimension === kernelAxis ? start : 0)),
    limit_indices: replaced(rhs.shape, kernelAxis, start + (columns - 1) * phases + 1),
    strides: rhs.shape.map((_, dimension) => (dimension === kernelAxis ? phases : 1)),
  });
  const extent = Math.ceil((result.shape[outputAxis] ?? 0) / phases);
  const before = (low - phase - first) / phases;
  const input = lhs.shape[dims.input_spatial_dimensions[axis] ?? 0] ?? 0;
  const around = [before, extent - input - before + columns - 1] as const;
  const type = tensorType(replaced(result.shape, outputAxis, extent), result.element);
  return make(convolution, [op.operand(0), part], undilated(attrs, axis, around), { resultTypes: [type] });
}

function undilated(attrs: Attributes, axis: number, around: readonly [number, number]): Attributes {
  const windows = windowAxes(attrs, attrs.padding);
  return {
    ...attrs,
    padding: windows.map(({ low, high }, each) => (each === axis ? around : ([low, high] as const))),
    lhs_dilation: windows.map(({ lhsDilation }, each) => (each === axis ? 1 : lhsDilation)),
  };
}

/** Place i of the result is place i / n of value i % n, as far as the result goes. */
function interleave(
  { make, makeAlike }: ConvolutionSite,
  parts: readonly Value[],
  result: StaticTensor,
  axis: number,
): Value {
  const extent = Math.ceil((result.shape[axis] ?? 0) / parts.length);
  const split = (count: number): readonly number[] => [
    ...result.shape.slice(0, axis), extent, count, ...result.shape.slice(axis + 1),
  ]; // prettier-ignore
  const typeOf = (shape: readonly number[]): { readonly resultTypes: [ReturnType<typeof tensorType>] } => ({
    resultTypes: [tensorType(shape, result.element)],
  });
  const columns = parts.map((part) => make(reshape, [part], {}, typeOf(split(1))));
  const together = make(concatenate, columns, { dimension: axis + 1 }, typeOf(split(parts.length)));
  const whole = replaced(result.shape, axis, extent * parts.length);
  if (whole[axis] === result.shape[axis]) return makeAlike(reshape, [together]);
  return makeAlike(slice, [make(reshape, [together], {}, typeOf(whole))], {
    start_indices: result.shape.map(() => 0),
    limit_indices: result.shape,
    strides: result.shape.map(() => 1),
  });
}

export const convolutionRules = [
  rule(convolution, {
    name: 'convolution-transposed',
    equation:
      'convolution(x, w) with lhs_dilation n on an axis = interleave of convolution(x, every nth column of w from (low - i) mod n) for i < n',
    floatingPoint:
      'exact: the same products are added in the same order; those with the zeros between elements were none',
    rewrite(site) {
      const transposed = transposedAxis(site);
      if (transposed === undefined) return undefined;
      const { axis, phases, result } = transposed;
      const parts = Array.from({ length: phases }, (_, phase) => phaseOf(site, transposed, phase));
      return interleave(site, parts, result, site.attrs.dimension_numbers.output_spatial_dimensions[axis] ?? 0);
    },
  }),
];
