/** A stage in which another index stands for an axis. Guards that it decides are gone, and what they chose between with them. */
import { mapValue } from '../kernel/map-value.ts';
import type { Access, AxisId, Guard, IndexExpr, ValueExpr, UnnumberedStage } from '../kernel/structured-kernel.ts';
import { constantValue } from './expressions.ts';
import type { IndexAlgebra } from './index-algebra.ts';

/** `parts`: the axes that `whole` is made of, in the place of the axis. */
export function replaceAxis(
  stage: UnnumberedStage,
  axis: AxisId,
  whole: IndexExpr,
  parts: readonly IndexExpr[],
  algebra: IndexAlgebra,
): UnnumberedStage {
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
    guards: guards.map(this.guard).filter((guard) => !this.#holds(guard)),
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
    const made = this.#decided(mapValue(value, this));
    this.#values.set(value, made);
    return made;
  };

  #holds({ index, extent }: Guard): boolean {
    return this.#algebra.isWithin(index, extent);
  }

  #fails({ index, extent }: Guard): boolean {
    const { min, max } = this.#algebra.range(index);
    return max < 0 || (typeof extent === 'number' && min >= extent);
  }

  /** The value without guards that hold or fail everywhere. */
  #decided(value: ValueExpr): ValueExpr {
    if (value.kind === 'guarded') {
      if (value.guards.some((guard) => this.#fails(guard))) return constantValue('i1', 0);
      const open = value.guards.filter((guard) => !this.#holds(guard));
      return open.length === 0 ? constantValue('i1', 1) : { ...value, guards: open };
    }
    if (value.kind === 'select' && value.predicate.kind === 'constant')
      return value.predicate.value === 0 ? value.onFalse : value.onTrue;
    if (value.kind !== 'load' || value.otherwise === undefined) return value;
    if (value.access.guards.some((guard) => this.#fails(guard))) return value.otherwise;
    return value.access.guards.length === 0 ? { ...value, otherwise: undefined } : value;
  }

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
