/**
 * Axes that are only ever divided: an axis of 64 that is read as `i / 16` and `i % 16` (heads merged by a reshape) becomes two, of 4 and
 * 16, so that every index is a sum again. For stages that stand alone; contractions linearise their axes themselves.
 */
import { loadedValues, walkValues } from '../kernel/lower-affine.ts';
import { mapValue } from '../kernel/map-value.ts';
import type { Access, Axis, AxisId, Guard, IndexExpr, Stage, ValueExpr } from '../kernel/structured-kernel.ts';
import type { IndexAlgebra } from './index-algebra.ts';

type Unnumbered = Omit<Stage, 'id'>;

export interface AxisSplitting {
  readonly algebra: IndexAlgebra;
  axisOf(id: AxisId): Axis | undefined;
  /** A new axis like another, of this extent. */
  newAxis(like: Axis, extent: number): IndexExpr;
}

/** Inner parts shorter than this leave too little for vectors. */
const leastInner = 8;

/** The stage with such axes split. */
export function splitAxes(stage: Unnumbered, splitting: AxisSplitting): Unnumbered {
  let current = stage;
  for (const id of stage.axes) {
    const axis = splitting.axisOf(id);
    if (axis === undefined || typeof axis.extent !== 'number') continue;
    const divisor = divisorOf(current, axis.id, axis.extent);
    if (divisor === undefined) continue;
    const outer = splitting.newAxis(axis, axis.extent / divisor);
    const inner = splitting.newAxis(axis, divisor);
    const whole = splitting.algebra.add(splitting.algebra.scale(outer, divisor), inner);
    current = replaceAxis(current, id, whole, [outer, inner], splitting.algebra);
  }
  return current;
}

/** The least number that the axis itself is divided by, when it fills the extent and the axis is used no other way when it is read. */
function divisorOf(stage: Unnumbered, axis: AxisId, extent: number): number | undefined {
  const divisors = new Set<number>();
  const visit = (index: IndexExpr): void => {
    if (index.kind === 'add') index.terms.forEach(visit);
    else if (index.kind === 'multiply') visit(index.operand);
    else if (index.kind === 'floor-divide' || index.kind === 'modulo') {
      const { operand, divisor } = index;
      if (operand.kind === 'axis' && operand.axis === axis && typeof divisor === 'number') divisors.add(divisor);
      else visit(operand);
    }
  };
  forEachAccess(stage, ({ indices, guards }) => {
    indices.forEach(visit);
    for (const { index } of guards) visit(index);
  });
  const least = Math.min(...divisors);
  return least >= leastInner && least < extent && extent % least === 0 ? least : undefined;
}

function rootsOf(stage: Unnumbered): readonly ValueExpr[] {
  const written = stage.writes.flatMap(({ indices }) => indices.flatMap(loadedValues));
  return [...stage.values, ...(stage.combiner?.results ?? []), ...(stage.finish ?? []), ...written];
}

function forEachAccess(stage: Unnumbered, visit: (access: Access) => void): void {
  walkValues(rootsOf(stage), (value) => {
    if (value.kind === 'load') visit(value.access);
  });
  stage.writes.forEach(visit);
}

function replaceAxis(
  stage: Unnumbered,
  axis: AxisId,
  whole: IndexExpr,
  parts: readonly IndexExpr[],
  algebra: IndexAlgebra,
): Unnumbered {
  const substitution = new Substitution(axis, whole, algebra);
  const ids = parts.flatMap((part) => (part.kind === 'axis' ? [part.axis] : []));
  return {
    ...stage,
    axes: stage.axes.flatMap((id) => (id === axis ? ids : [id])),
    values: stage.values.map(substitution.value),
    combiner:
      stage.combiner === undefined
        ? undefined
        : { ...stage.combiner, results: stage.combiner.results.map(substitution.value) },
    finish: stage.finish?.map(substitution.value),
    writes: stage.writes.map(substitution.access),
  };
}

/** Rebuilds expressions with another index in place of an axis; what is shared stays shared. */
class Substitution {
  readonly #axis: AxisId;
  readonly #whole: IndexExpr;
  readonly #algebra: IndexAlgebra;
  readonly #values = new Map<ValueExpr, ValueExpr>();
  readonly #indices = new Map<IndexExpr, IndexExpr>();

  constructor(axis: AxisId, whole: IndexExpr, algebra: IndexAlgebra) {
    this.#axis = axis;
    this.#whole = whole;
    this.#algebra = algebra;
  }

  readonly access = ({ buffer, indices, guards }: Access): Access => ({
    buffer,
    indices: indices.map(this.index),
    guards: guards.map(this.guard),
  });

  readonly guard = ({ index, extent }: Guard): Guard => ({ index: this.index(index), extent });

  readonly index = (index: IndexExpr): IndexExpr => {
    const known = this.#indices.get(index);
    if (known !== undefined) return known;
    const made = this.#makeIndex(index);
    this.#indices.set(index, made);
    return made;
  };

  readonly value = (value: ValueExpr): ValueExpr => {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    const made = mapValue(value, this);
    this.#values.set(value, made);
    return made;
  };

  #makeIndex(index: IndexExpr): IndexExpr {
    const algebra = this.#algebra;
    switch (index.kind) {
      case 'axis':
        return index.axis === this.#axis ? this.#whole : index;
      case 'constant':
        return algebra.constant(index.value);
      case 'size':
        return index;
      case 'add':
        return algebra.add(...index.terms.map((term) => this.index(term)));
      case 'multiply':
        return algebra.scale(this.index(index.operand), index.factor);
      case 'floor-divide':
        return algebra.floorDivide(this.index(index.operand), index.divisor);
      case 'modulo':
        return algebra.modulo(this.index(index.operand), index.divisor);
      case 'loaded':
        return algebra.loaded(this.value(index.value), index.limit);
      default:
        return index satisfies never;
    }
  }
}
