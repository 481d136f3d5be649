/**
 * `x[...]` read and written. Positions known at compile time are checked and become slices; integer scalars become dynamic slices, which
 * clamp (a negative one is 0); one integer tensor of rank 1 or more gathers along its axis. Writing gives a new tensor: places are the elaborator's.
 */
import { dtypeInfo } from '../../../ir/dtype.ts';
import { multiply } from '../../../ir/ops/stablehlo/multiply.ts';
import type { Span } from '../../../ir/source.ts';
import { commonShape, stretch } from './broadcasting.ts';
import type { CallSite } from './call-site.ts';
import {
  addDimensions,
  compareDimensions,
  constantDimension,
  constantOf,
  type Dimension,
  dimensionText,
  divideDown,
  isAtLeast,
  subtractDimensions,
} from './dimension.ts';
import { gatherAlong, scatterAlong } from './gathering.ts';
import { UnknownOperand } from './language-error.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { dimAt } from './tensor-ops.ts';
import { describeKind, dtypeText, typeOf, typeText } from './type-text.ts';
import type { TensorValue, Value } from './values.ts';

/** One item between the brackets, evaluated. */
export type EvaluatedIndex =
  | { readonly kind: 'at'; readonly value: Value; readonly span: Span }
  | {
      readonly kind: 'slice';
      readonly lower: Value | undefined;
      readonly upper: Value | undefined;
      readonly step: Value | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'rest'; readonly span: Span }
  | { readonly kind: 'new-axis'; readonly span: Span };

/** What is selected of one axis of the tensor, or a new axis. */
type Selection =
  | { readonly kind: 'all'; readonly axis: number }
  | { readonly kind: 'new' }
  /** `scalar`: the axis goes away. */
  | { readonly kind: 'position'; readonly axis: number; readonly position: Dimension }
  | { readonly kind: 'scalar'; readonly axis: number; readonly position: TensorValue }
  | { readonly kind: 'tensor'; readonly axis: number; readonly positions: TensorValue; readonly span: Span }
  | {
      readonly kind: 'range';
      readonly axis: number;
      readonly start: Dimension;
      readonly limit: Dimension;
      readonly step: number;
      readonly size: Dimension;
      readonly span: Span;
    };

/** `x[items]`. */
export function indexTensor(x: TensorValue, items: readonly EvaluatedIndex[], site: CallSite): TensorValue {
  const selections = selectionsOf(x, items, site);
  const gathered = selections.filter((selection) => selection.kind === 'tensor');
  const [gather] = gathered;
  if (gathered.length > 1) tooManyTensors(gathered[1]?.span ?? site.span, site);
  const window = windowOf(x, selections, site);
  const taken = gather === undefined ? window : gatherAlong(window, gather.axis, gather.positions, site);
  return site.ops.reshape(taken, resultShape(selections, window));
}

/** `x` with `x[items]` replaced by `value`. */
export function updateTensor(
  x: TensorValue,
  items: readonly EvaluatedIndex[],
  value: Value,
  site: CallSite,
): TensorValue {
  const selections = selectionsOf(x, items, site);
  const gathered = selections.filter((selection) => selection.kind === 'tensor');
  if (gathered.length > 1) tooManyTensors(gathered[1]?.span ?? site.span, site);
  const windowDims = windowShape(x, selections);
  const shape = resultShape(selections, { ...x, dims: windowDims });
  const update = site.ops.reshape(fitted(x, value, shape, site), gatheredShape(selections, windowDims));
  const [gather] = gathered;
  if (gather === undefined) return writeWindow(x, update, selections, site);
  const rest = selections.map((each) => (each === gather ? { kind: 'all' as const, axis: each.axis } : each));
  const window = windowOf(x, rest, site);
  return writeWindow(x, scatterAlong(window, gather.axis, gather.positions, update, undefined, site), rest, site);
}

/** Where ranges have steps, the window from end to end is read, written at every second place, and put back. */
function writeWindow(
  x: TensorValue,
  update: TensorValue,
  selections: readonly Selection[],
  site: CallSite,
): TensorValue {
  const stepped = selections.find((selection) => selection.kind === 'range' && selection.step > 1);
  if (stepped?.kind === 'range') {
    const { axis, start, limit, step, size } = stepped;
    const whole = { ...stepped, step: 1, size: subtractDimensions(limit, start) };
    const rest = selections.map((selection) => (selection === stepped ? whole : selection));
    const positions = site.ops.iota('i32', [size], 0);
    const places = site.ops.elementwise(multiply, [positions, site.ops.constant(step, 'i32', [size])]);
    const window = scatterAlong(windowOf(x, rest, site), axis, places, update, undefined, site);
    return writeWindow(x, window, rest, site);
  }
  if (update.dims.every((dim, axis) => dim === x.dims[axis])) return update;
  return site.ops.dynamicUpdateSlice(x, update, startsOf(x, selections, site));
}

function tooManyTensors(span: Span, site: CallSite): never {
  return site.fail('E6308', 'only one index may be a tensor', {
    span,
    hint: 'combine them: index once, then index what that gives, or use `gather_nd`',
  });
}

/** The value to be written, in the shape of the place. */
function fitted(x: TensorValue, value: Value, shape: readonly Dimension[], site: CallSite): TensorValue {
  const tensor = isLiteral(value) ? literalTensor(value, x.dtype, site.span, site) : value;
  if (tensor.kind === 'unknown') throw new UnknownOperand();
  const place = `\`${typeText({ kind: 'tensor', dtype: x.dtype, dims: shape })}\``;
  if (tensor.kind !== 'tensor') return site.fail('E6310', `the place takes ${place}, not ${describeKind(value)}`);
  const common = commonShape(shape, tensor.dims);
  const fits = common?.length === shape.length && common.every((dim, axis) => sameSize(dim, shape[axis]));
  if (tensor.dtype !== x.dtype || !fits) {
    site.fail('E6310', `the place takes ${place}, the value is \`${typeText(typeOf(tensor))}\``, {
      notes: [{ message: `the tensor is \`${typeText(typeOf(x))}\``, span: x.origin }],
      hint: tensor.dtype === x.dtype ? undefined : `convert it: \`${dtypeText(x.dtype)}(...)\``,
    });
  }
  return stretch(tensor, shape, site);
}

function sameSize(a: Dimension, b: Dimension | undefined): boolean {
  return b !== undefined && (a === b || compareDimensions(a, b) === 'unknown');
}

// ----------------------------------------------------------------------------------------------------- what is selected

function selectionsOf(x: TensorValue, items: readonly EvaluatedIndex[], site: CallSite): readonly Selection[] {
  const named = items.filter(({ kind }) => kind === 'at' || kind === 'slice');
  const rests = items.filter(({ kind }) => kind === 'rest');
  const rank = x.dims.length;
  const extra = named[rank];
  if (extra !== undefined) {
    site.fail(
      'E6307',
      `${named.length} indices for \`${typeText(typeOf(x))}\`, which has ${rank} ${rank === 1 ? 'axis' : 'axes'}`,
      {
        span: extra.span,
      },
    );
  }
  const second = rests[1];
  if (second !== undefined) site.fail('E6308', '`...` stands only once among the indices', { span: second.span });
  const selections: Selection[] = [];
  let axis = 0;
  const skip = (count: number): void => {
    for (let index = 0; index < count; index++) selections.push({ kind: 'all', axis: axis++ });
  };
  for (const item of items) {
    if (item.kind === 'new-axis') selections.push({ kind: 'new' });
    else if (item.kind === 'rest') skip(rank - named.length);
    else if (item.kind === 'at') selections.push(positionAt(x, axis++, item.value, item.span, site));
    else selections.push(rangeOf(x, axis++, item, site));
  }
  skip(rank - axis);
  return selections;
}

function positionAt(x: TensorValue, axis: number, value: Value, span: Span, site: CallSite): Selection {
  if (value.kind === 'unknown') throw new UnknownOperand();
  if (value.kind === 'int')
    return { kind: 'position', axis, position: staticPosition(x, axis, value.value, span, site) };
  if (value.kind !== 'tensor' || !isInteger(value)) {
    return site.fail('E6308', `${describeKind(value)} is no index`, {
      span,
      hint: 'an index is an integer, a range `a..b`, `:`, an integer tensor, `...` or `new`',
    });
  }
  return value.dims.length === 0
    ? { kind: 'scalar', axis, position: value }
    : { kind: 'tensor', axis, positions: value, span };
}

function isInteger({ dtype }: TensorValue): boolean {
  const { kind } = dtypeInfo(dtype);
  return kind === 'integer' || kind === 'unsigned';
}

/** Counted from 0; reports positions that are surely outside. */
function staticPosition(x: TensorValue, axis: number, at: Dimension, span: Span, site: CallSite): Dimension {
  const size = dimAt(x, axis);
  const number = constantOf(at);
  const position = number !== undefined && number < 0 ? addDimensions(size, at) : at;
  const isBelow = (constantOf(position) ?? 0) < 0;
  const isAbove = isAtLeast(subtractDimensions(position, size), 0);
  if (isBelow || isAbove) {
    site.fail('E6306', `index ${dimensionText(at)} is outside of axis ${axis} of \`${typeText(typeOf(x))}\``, {
      span,
      notes: [{ message: `this is \`${typeText(typeOf(x))}\``, span: x.origin }],
      hint: `it takes ${dimensionText(subtractDimensions(constantDimension(0), size))} to ${dimensionText(subtractDimensions(size, constantDimension(1)))}`,
    });
  }
  return position;
}

function rangeOf(
  x: TensorValue,
  axis: number,
  item: Extract<EvaluatedIndex, { kind: 'slice' }>,
  site: CallSite,
): Selection {
  const size = dimAt(x, axis);
  if (item.lower === undefined && item.upper === undefined && item.step === undefined) return { kind: 'all', axis };
  const bound = (value: Value | undefined, absent: Dimension): Dimension => {
    if (value === undefined) return absent;
    if (value.kind === 'unknown') throw new UnknownOperand();
    if (value.kind === 'int')
      return (constantOf(value.value) ?? 0) < 0 ? addDimensions(size, value.value) : value.value;
    return site.fail('E6308', `the end of a range is a compile-time integer, not ${describeKind(value)}`, {
      span: item.span,
      hint: 'from a run-time position: `dynamic_slice(x, start, size, axis: 0)`',
    });
  };
  const start = bound(item.lower, constantDimension(0));
  const limit = bound(item.upper, size);
  const step = stepOf(item, site);
  const outside =
    (constantOf(start) ?? 0) < 0 ||
    isAtLeast(subtractDimensions(limit, size), 1) ||
    isAtLeast(subtractDimensions(start, limit), 1);
  if (outside) {
    site.fail(
      'E6309',
      `${dimensionText(start)}..${dimensionText(limit)} does not fit axis ${axis} of \`${typeText(typeOf(x))}\``,
      {
        span: item.span,
        notes: [{ message: `this is \`${typeText(typeOf(x))}\``, span: x.origin }],
      },
    );
  }
  const length = subtractDimensions(limit, start);
  const count = divideDown(addDimensions(length, constantDimension(step - 1)), constantDimension(step));
  return { kind: 'range', axis, start, limit, step, size: count ?? length, span: item.span };
}

function stepOf({ step, span }: Extract<EvaluatedIndex, { kind: 'slice' }>, site: CallSite): number {
  if (step === undefined) return 1;
  const number = step.kind === 'int' ? constantOf(step.value) : undefined;
  if (number !== undefined && number > 0) return number;
  if (step.kind === 'int' && number === undefined) throw new UnknownOperand();
  return site.fail('E6309', 'the step of a range is a positive compile-time integer', {
    span,
    hint: 'to go backwards, use `reverse(x, axes: 0)`',
  });
}

// -------------------------------------------------------------------------------------------------------- reading it

/** The box of `x` that the selections but a tensor of indices take; axes at positions stay, with size 1. */
function windowOf(x: TensorValue, selections: readonly Selection[], site: CallSite): TensorValue {
  const dims = windowShape(x, selections);
  if (!selections.some(({ kind }) => kind === 'scalar')) return staticWindow(x, selections, dims, site);
  // Ranges with steps are cut afterwards, from the window that starts where they do.
  const ranges = selections.map((selection) =>
    selection.kind === 'range' && selection.step > 1 ? { kind: 'all' as const, axis: selection.axis } : selection,
  );
  const window = site.ops.dynamicSlice(x, startsOf(x, ranges, site), windowShape(x, ranges));
  const rest = selections.map((selection) =>
    selection.kind === 'range' && selection.step > 1 ? selection : { kind: 'all' as const, axis: axisOf(selection) },
  );
  return staticWindow(window, rest, dims, site);
}

function axisOf(selection: Selection): number {
  return selection.kind === 'new' ? -1 : selection.axis;
}

function staticWindow(
  x: TensorValue,
  selections: readonly Selection[],
  dims: readonly Dimension[],
  site: CallSite,
): TensorValue {
  const starts = x.dims.map(() => constantDimension(0));
  const limits = [...x.dims];
  const steps = x.dims.map(() => 1);
  for (const selection of selections) {
    if (selection.kind === 'position') {
      starts[selection.axis] = selection.position;
      limits[selection.axis] = addDimensions(selection.position, constantDimension(1));
    } else if (selection.kind === 'range') {
      starts[selection.axis] = selection.start;
      limits[selection.axis] = selection.limit;
      steps[selection.axis] = selection.step;
    }
  }
  return site.ops.slice(x, starts, limits, steps, dims);
}

function windowShape(x: TensorValue, selections: readonly Selection[]): readonly Dimension[] {
  const dims = [...x.dims];
  for (const selection of selections) {
    if (selection.kind === 'position' || selection.kind === 'scalar') dims[selection.axis] = constantDimension(1);
    else if (selection.kind === 'range') dims[selection.axis] = selection.size;
  }
  return dims;
}

/** Starts of a dynamic slice, one an axis, all of the first scalar's dtype. */
function startsOf(x: TensorValue, selections: readonly Selection[], site: CallSite): readonly TensorValue[] {
  const scalar = selections.find((selection) => selection.kind === 'scalar');
  const dtype = scalar?.position.dtype ?? 'i32';
  const zero = site.ops.constant(0, dtype);
  const starts = x.dims.map(() => zero);
  for (const selection of selections) {
    if (selection.kind === 'scalar') starts[selection.axis] = site.ops.convert(selection.position, dtype);
    else if (selection.kind === 'position') starts[selection.axis] = site.ops.size(selection.position, dtype);
    else if (selection.kind === 'range') starts[selection.axis] = site.ops.size(selection.start, dtype);
  }
  return starts;
}

/** The shape of `x[items]`. */
function resultShape(selections: readonly Selection[], window: TensorValue): readonly Dimension[] {
  return selections.flatMap((selection) => {
    switch (selection.kind) {
      case 'new':
        return [constantDimension(1)];
      case 'position':
      case 'scalar':
        return [];
      case 'tensor':
        return selection.positions.dims;
      case 'all':
      case 'range':
        return [dimAt(window, selection.axis)];
    }
  });
}

/** The window with the gathered axis replaced by the axes of its indices, before axes at positions go away. */
function gatheredShape(selections: readonly Selection[], window: readonly Dimension[]): readonly Dimension[] {
  const gather = selections.find((selection) => selection.kind === 'tensor');
  if (gather === undefined) return window;
  return window.toSpliced(gather.axis, 1, ...gather.positions.dims);
}
