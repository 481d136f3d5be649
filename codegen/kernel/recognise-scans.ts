/**
 * A reduction over windows that all begin (or end) before the first (after the last) element is a scan: each sum is the one before and one
 * element. Cumulative sums, products and maxima come as such windows from JAX and PyTorch.
 *
 *     out[i] = sum over k < n of x[i + k - (n - 1)], 0 where that is outside      n^2 additions
 *     ->  s = 0; for i in order: s = s + x[i]; out[i] = s                           n
 *
 * The stage then has a sequential axis: its accumulators run on along it, and are written at every point. Windows bring the combiner's identity
 * where they are outside; those that end after the last element, only for combiners that may be regrouped. Of a line bound late, windows
 * are as long as its bound.
 */
import { affineIndex, axesOfIndex, axesOfValue, walkValues } from './lower-affine.ts';
import { ValueRewriter } from './lower-collapse.ts';
import { axisOf } from './lower-context.ts';
import { mapValue } from './map-value.ts';
import { mayRegroup } from './regrouping.ts';
import { numberBinary } from './scalar-semantics.ts';
import { addSizes, equalSizes, maxSize } from './size.ts';
import type {
  Access, Axis, AxisId, Combiner, Guard, IndexExpr, Stage, StructuredKernel, ValueExpr,
} from './structured-kernel.ts'; // prettier-ignore

export function recogniseScans(kernel: StructuredKernel): StructuredKernel {
  let next = Math.max(0, ...kernel.axes.map(({ id }) => id + 1));
  const made: Axis[] = [];
  const stages = kernel.stages.map((stage) => {
    const scan = scanOf(kernel, stage);
    if (scan === undefined) return stage;
    const axis: Axis = { ...scan.along, id: next++ as AxisId, kind: 'sequential' };
    made.push(axis);
    return asScan(kernel, stage, scan, axis);
  });
  return made.length === 0 ? kernel : { ...kernel, axes: [...kernel.axes, ...made], stages };
}

interface Scan {
  readonly along: Axis;
  readonly window: Axis & { readonly extent: number };
  /** From the last element to the first. */
  readonly isReversed: boolean;
}

function scanOf(kernel: StructuredKernel, stage: Stage): Scan | undefined {
  const { combiner } = stage;
  if (combiner === undefined || combiner.join !== undefined) return undefined;
  const reduced = stage.axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  const [window, ...others] = reduced.filter(({ extent }) => extent !== 1);
  if (window === undefined || others.length > 0 || typeof window.extent !== 'number') return undefined;
  const along = partnerOf(kernel, stage, window);
  if (along === undefined) return undefined;
  const isReversed = directionOf(stage, along, window);
  const mayRunOn = mayRegroup(combiner) || (isReversed === false && keepsIdentity(combiner));
  const bringsIdentity = stage.values.every(
    (value, position) => outsideOf(value, window.id) === combiner.identity[position],
  );
  if (isReversed === undefined || !bringsIdentity || !mayRunOn) return undefined;
  return { along, window: { ...window, extent: window.extent }, isReversed };
}

/** Whether what lies outside changes nothing, in a combiner that is made of arithmetic alone. */
function keepsIdentity({ results, identity }: Combiner): boolean {
  return results.every((result, position) => Object.is(ofIdentity(result, identity), identity[position]));
}

/** The value where accumulators and elements are the identity; undefined where that is not looked into. */
function ofIdentity(value: ValueExpr, identity: Combiner['identity']): number | bigint | undefined {
  if (value.kind === 'constant') return value.value;
  if (value.kind === 'accumulator' || value.kind === 'element') return identity[value.index];
  if (value.kind !== 'binary') return undefined;
  const [x, y] = [ofIdentity(value.lhs, identity), ofIdentity(value.rhs, identity)];
  return typeof x === 'number' && typeof y === 'number' ? numberBinary(value.op, value.dtype)?.(x, y) : undefined;
}

/** The parallel axis that the window moves along: indices move with both alike, and with neither alone. */
function partnerOf(kernel: StructuredKernel, stage: Stage, window: Axis): Axis | undefined {
  const partners = new Set<AxisId>();
  for (const index of indicesOf(stage.values)) {
    if (!axesOfIndex(index).has(window.id)) continue;
    const affine = affineIndex(index);
    const moving = [...(affine?.coefficients ?? [])].filter(([axis, factor]) => factor !== 0 && axis !== window.id);
    const [partner, ...others] = moving;
    if (partner === undefined || others.length > 0 || affine?.coefficients.get(window.id) !== partner[1])
      return undefined;
    partners.add(partner[0]);
  }
  const [id, ...others] = partners;
  if (id === undefined || others.length > 0) return undefined;
  const isAlone = (index: IndexExpr): boolean => {
    const axes = axesOfIndex(index);
    return axes.has(id) && !axes.has(window.id);
  };
  const axis = axisOf(kernel, id);
  return axis.kind === 'parallel' && !indicesOf(stage.values).some(isAlone) ? axis : undefined;
}

/** Every index and guard in the values. What indices load has indices of its own, which move in ways that are not looked into. */
function indicesOf(values: readonly ValueExpr[]): readonly IndexExpr[] {
  const indices: IndexExpr[] = [];
  const note = ({ indices: own, guards }: Access): void =>
    void indices.push(...own, ...guards.map(({ index }) => index));
  walkValues(values, (value) => {
    if (value.kind === 'load') note(value.access);
    if (value.kind === 'index') indices.push(value.index);
    if (value.kind === 'guarded') indices.push(...value.guards.map(({ index }) => index));
  });
  return indices;
}

function guardsOf(values: readonly ValueExpr[], axis: AxisId): readonly Guard[] {
  const guards: Guard[] = [];
  walkValues(values, (value) => {
    const own = value.kind === 'load' ? value.access.guards : value.kind === 'guarded' ? value.guards : [];
    guards.push(...own.filter(({ index }) => axesOfIndex(index).has(axis)));
  });
  return guards;
}

/** Whether windows grow towards the end (false) or the beginning (true); undefined when they do neither. */
function directionOf({ values }: Stage, along: Axis, window: Axis): boolean | undefined {
  const guards = guardsOf(values, window.id);
  const width = Number(window.extent);
  const matches =
    (offset: number) =>
    ({ index, extent }: Guard): boolean => {
      const affine = affineIndex(index);
      return affine?.offset === offset && affine.coefficients.get(window.id) === 1 && equalSizes(extent, along.extent);
    };
  if (guards.length === 0 || width < (maxSize(along.extent) ?? Infinity)) return undefined;
  if (guards.every(matches(1 - width))) return false;
  return guards.every(matches(0)) ? true : undefined;
}

/** The number that a value is where the guards that move with the axis fail, if that is one. */
function outsideOf(value: ValueExpr, axis: AxisId): number | bigint | undefined {
  if (value.kind === 'constant') return value.value;
  if (value.kind === 'load') {
    const isGuarded = value.access.guards.some(({ index }) => axesOfIndex(index).has(axis));
    return isGuarded && value.otherwise !== undefined ? outsideOf(value.otherwise, axis) : undefined;
  }
  if (value.kind === 'select' && value.predicate.kind === 'guarded') {
    const isGuarded = value.predicate.guards.some(({ index }) => axesOfIndex(index).has(axis));
    return isGuarded ? outsideOf(value.onFalse, axis) : undefined;
  }
  if (value.kind !== 'convert' || axesOfValue(value.operand).size === 0) return undefined;
  // What is the same in every format.
  const number = outsideOf(value.operand, axis);
  return number === 0 || number === 1 || number === Infinity || number === -Infinity ? number : undefined;
}

/** The values where the guards that move with the window hold: at its newest element, which is never outside. */
function inside(values: readonly ValueExpr[], window: AxisId): readonly ValueExpr[] {
  const known = new Map<ValueExpr, ValueExpr>();
  const isGone = ({ index }: Guard): boolean => axesOfIndex(index).has(window);
  const parts = {
    value: (value: ValueExpr): ValueExpr => {
      const found = known.get(value);
      if (found !== undefined) return found;
      const isIn =
        value.kind === 'select' && value.predicate.kind === 'guarded' && value.predicate.guards.every(isGone);
      const made = isIn ? parts.value(value.onTrue) : mapValue(value, parts);
      known.set(value, made);
      return made;
    },
    access: (access: Access): Access => ({ ...access, guards: access.guards.filter((guard) => !isGone(guard)) }),
    index: (index: IndexExpr): IndexExpr => index,
    guard: (guard: Guard): Guard => guard,
  };
  // Operands first: the rewriting below finds them done and does not recurse.
  walkValues(values, parts.value);
  return values.map(parts.value);
}

/** The element that a window has and the one before it has not. */
function asScan(kernel: StructuredKernel, stage: Stage, { along, window, isReversed }: Scan, axis: Axis): Stage {
  const at: IndexExpr = { kind: 'axis', axis: axis.id };
  const backwards: IndexExpr = { kind: 'multiply', operand: at, factor: -1 };
  const end = addSizes(along.extent, -1);
  const last: IndexExpr = typeof end === 'number' ? { kind: 'constant', value: end } : { kind: 'size', size: end };
  const place: IndexExpr = isReversed ? { kind: 'add', terms: [last, backwards] } : at;
  const newest: IndexExpr = { kind: 'constant', value: isReversed ? 0 : window.extent - 1 };
  const isReduced = (id: AxisId): boolean => axisOf(kernel, id).kind === 'reduction';
  const zero: IndexExpr = { kind: 'constant', value: 0 };
  const rewriter = new ValueRewriter({
    axis: (index) =>
      index.axis === along.id ? place : index.axis === window.id ? newest : isReduced(index.axis) ? zero : index,
    access: (access) => access,
  });
  return {
    ...stage,
    axes: [...stage.axes.filter((id) => id !== along.id && !isReduced(id)), axis.id],
    values: inside(stage.values, window.id).map(rewriter.value),
    finish: stage.finish?.map(rewriter.value),
    writes: stage.writes.map(rewriter.access),
  };
}
