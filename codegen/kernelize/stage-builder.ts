/**
 * Builds the expressions of one stage, from what is written back to what is read: an element of a value at an index is an expression
 * of elements of the operands at indices computed from it. Values that have a buffer are loaded; all others are computed on the spot.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { inMemoryOrder } from '../../ir/dimension-order.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { Size } from '../kernel/size.ts';
import type { BufferId, IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import type { Place } from './element-context.ts';
import { loadValue, memoryOrderOf, rankOf, requireKernelDType } from './expressions.ts';
import type { IndexAlgebra } from './index-algebra.ts';
import { requireKernelRule } from './kernel-rules.ts';
import type { ReducerContext } from './reducer-rules.ts';
import { scalarRegion } from './scalar-region.ts';

/** Thrown when an element would be computed at so many places that it needs a buffer. */
export class NeedsBuffer extends Error {
  readonly value: Value;

  constructor(value: Value) {
    super('a value is needed at too many places');
    this.value = value;
  }
}

/** Different indices at which one stage may compute one value. */
const maxPlaces = 24;

/** What the surroundings of a stage know. */
export interface StageHost {
  readonly algebra: IndexAlgebra;
  /** The buffer a value is read from; undefined when it is computed where it is needed. */
  bufferOf(value: Value): BufferId | undefined;
  /** Told of each read of a value that another stage writes. */
  onRead(value: Value, place: Place): void;
  reductionAxis(extent: Size): IndexExpr;
}

export class StageBuilder implements ReducerContext {
  readonly algebra: IndexAlgebra;
  readonly #host: StageHost;
  /** Values this stage itself computes although they have a buffer. */
  readonly #own: ReadonlySet<Value>;
  readonly #known = new Map<Value, Map<string, ValueExpr>>();

  constructor(host: StageHost, own: Iterable<Value> = []) {
    this.algebra = host.algebra;
    this.#host = host;
    this.#own = new Set(own);
  }

  /** Says what the element of a value is at some indices, without guards. */
  define(value: Value, indices: readonly IndexExpr[], element: ValueExpr): void {
    this.#places(value).set(`${this.algebra.key(indices)}|`, element);
  }

  element(value: Value, place: Place): ValueExpr {
    const places = this.#places(value);
    const key = `${this.algebra.key(place.indices)}|${place.guards.key}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const made = this.#make(value, place);
    places.set(key, made);
    return made;
  }

  applyRegion(op: Operation, args: readonly ValueExpr[], { guards }: Place): readonly ValueExpr[] {
    return scalarRegion(op, args, (value) => this.element(value, { indices: [], guards }));
  }

  reductionAxis(extent: Size): IndexExpr {
    return this.#host.reductionAxis(extent);
  }

  #places(value: Value): Map<string, ValueExpr> {
    const places = this.#known.get(value) ?? new Map<string, ValueExpr>();
    this.#known.set(value, places);
    return places;
  }

  #make(value: Value, place: Place): ValueExpr {
    const buffer = this.#own.has(value) ? undefined : this.#host.bufferOf(value);
    if (buffer !== undefined) return this.#load(value, buffer, place);
    const op = value.definingOp;
    if (op === undefined) throw new Error('a fusion uses a value from outside');
    if (op.operandCount > 0 && (this.#known.get(value)?.size ?? 0) >= maxPlaces) throw new NeedsBuffer(value);
    const rule = requireKernelRule(op);
    if (rule.kind === 'pointwise') return rule.rule(this.#operands(op, place), op);
    if (rule.kind === 'element') return rule.rule(op, place, this);
    throw new InvariantError(`${op.name}: an element of a ${rule.kind} is asked for where it has no buffer`);
  }

  /** A scalar operand of an op on tensors holds for all elements (`select`, `clamp`). */
  #operands(op: Operation, place: Place): readonly ValueExpr[] {
    const rank = rankOf(op.result());
    return op.operands.map((operand) => {
      const isScalar = rankOf(operand) === 0 && rank > 0;
      return this.element(operand, isScalar ? { indices: [], guards: place.guards } : place);
    });
  }

  #load(value: Value, buffer: BufferId, place: Place): ValueExpr {
    const { indices, guards } = place;
    this.#host.onRead(value, place);
    const owner = value.definingOp ?? value.argumentOf?.region?.parentOp;
    if (owner === undefined) throw new Error('a value without an owner');
    const access = { buffer, indices: inMemoryOrder(indices, memoryOrderOf(value)), guards: guards.guards };
    return loadValue(requireKernelDType(value, owner), access);
  }
}
