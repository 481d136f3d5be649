/**
 * Step 1 of a kernel: what is computed. Axes, buffers and ordered stages; nothing here says in which order elements are visited, how
 * they are packed, or what a vector is. See docs/kernel-ir.md.
 */
import type { Location } from '../../ir/location.ts';
import type { BinaryOp, CompareOp, UnaryOp } from './scalar-ops.ts';
import type { Size } from './size.ts';
import type { KernelDType } from './value-type.ts';

export type AxisId = number & { readonly brand: 'AxisId' };
export type BufferId = number & { readonly brand: 'BufferId' };
export type StageId = number & { readonly brand: 'StageId' };

/**
 * `parallel`: iterations are independent. `reduction`: combined by the stage's combiner. `sequential`: in order; in a stage with a combiner
 * the accumulators run on along it, and are written at every point (a cumulative sum).
 */
export interface Axis {
  readonly id: AxisId;
  readonly name: string;
  readonly kind: 'parallel' | 'reduction' | 'sequential';
  readonly extent: Size;
}

/**
 * `in`, `out`, `inout`: given by the plan. `scratch`: lives during the kernel; where (registers, stack, workgroup, arena) the
 * schedule says. Buffers of different alias classes never overlap; those of one class may.
 */
export interface KernelBuffer {
  readonly id: BufferId;
  readonly name: string;
  readonly role: 'in' | 'out' | 'inout' | 'scratch';
  readonly dtype: KernelDType;
  /** Logical shape; the physical layout is the schedule's. */
  readonly shape: readonly Size[];
  readonly aliasClass: number;
  /** Known at compile time (a weight): the schedule may have it packed beforehand. */
  readonly isConstant: boolean;
}

/** A quasi-affine index over the axes. */
export type IndexExpr =
  | { readonly kind: 'axis'; readonly axis: AxisId }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'size'; readonly size: Size }
  | { readonly kind: 'add'; readonly terms: readonly IndexExpr[] }
  | { readonly kind: 'multiply'; readonly operand: IndexExpr; readonly factor: Size }
  | { readonly kind: 'floor-divide' | 'modulo'; readonly operand: IndexExpr; readonly divisor: Size }
  /** An integer computed at run time (gather, dynamic slice), clamped to [0, limit]. */
  | { readonly kind: 'loaded'; readonly value: ValueExpr; readonly limit: Size };

/** All must hold: 0 <= index < extent. */
export interface Guard {
  readonly index: IndexExpr;
  readonly extent: Size;
}

export interface Access {
  readonly buffer: BufferId;
  /** One index a dimension of the buffer's logical shape. */
  readonly indices: readonly IndexExpr[];
  /** Empty when every access is in range. */
  readonly guards: readonly Guard[];
}

/** An expression DAG: shared nodes are one object, and are computed once. */
export type ValueExpr =
  | { readonly kind: 'constant'; readonly dtype: KernelDType; readonly value: number | bigint }
  | {
      readonly kind: 'load';
      readonly dtype: KernelDType;
      readonly access: Access;
      /** Where a guard fails. */ readonly otherwise: ValueExpr | undefined;
    }
  | { readonly kind: 'unary'; readonly dtype: KernelDType; readonly op: UnaryOp; readonly operand: ValueExpr }
  | {
      readonly kind: 'binary';
      readonly dtype: KernelDType;
      readonly op: BinaryOp;
      readonly lhs: ValueExpr;
      readonly rhs: ValueExpr;
    }
  | {
      readonly kind: 'compare';
      readonly dtype: 'i1';
      readonly op: CompareOp;
      readonly lhs: ValueExpr;
      readonly rhs: ValueExpr;
    }
  | {
      readonly kind: 'select';
      readonly dtype: KernelDType;
      readonly predicate: ValueExpr;
      readonly onTrue: ValueExpr;
      readonly onFalse: ValueExpr;
    }
  | { readonly kind: 'convert'; readonly dtype: KernelDType; readonly operand: ValueExpr }
  | { readonly kind: 'bitcast'; readonly dtype: KernelDType; readonly operand: ValueExpr }
  /** The index itself, as a number of this dtype (iota). */
  | { readonly kind: 'index'; readonly dtype: KernelDType; readonly index: IndexExpr }
  /** True where all guards hold (concatenate, pad over a computed value). */
  | { readonly kind: 'guarded'; readonly dtype: 'i1'; readonly guards: readonly Guard[] }
  /** Accumulator `index` of the combiner being applied, and the element it meets: only inside a combiner. */
  | { readonly kind: 'accumulator' | 'element'; readonly dtype: KernelDType; readonly index: number };

/**
 * How a reduction combines: a tuple of accumulators, so that argmax, Welford's mean and variance and online softmax are combiners
 * too. `results[i]` computes the next accumulator i from `accumulator` and `element` nodes.
 */
export interface Combiner {
  readonly dtypes: readonly KernelDType[];
  readonly identity: readonly (number | bigint)[];
  readonly results: readonly ValueExpr[];
  /** How two accumulators combine (the second as `element`) where that takes more than with an element that comes in order. */
  readonly join?: readonly ValueExpr[];
  /**
   * What may be regrouped in its stead, with one accumulator more, which says in the end whether an element was NaN: then this one does it again,
   * in order.
   */
  readonly unlessNan?: Combiner;
  readonly isAssociative: boolean;
  readonly isCommutative: boolean;
  /** Floating-point sums: may be regrouped (docs/numerics.md); never by thread count. */
  readonly mayReassociate: boolean;
}

/**
 * A long reduction is taken in parts, of so many points of one of its axes: each part from the identity, and then the parts one after the
 * other, as two accumulators join. What lies in a part follows from extents alone (chunk-reductions.ts), so that threads may share them.
 */
export interface Chunk {
  /** The reduction axis. */
  readonly axis: AxisId;
  /** Points of a part; those at the end may have fewer, or none. */
  readonly size: Size;
  readonly count: Size;
  /** The axis that says which part it is, in a stage that gives the parts and not the whole; parallel, and one of the stage's. */
  readonly part: AxisId | undefined;
}

/**
 * One step over a domain: for each point of the non-reduction axes the values (reduced over the reduction axes, if there are any) are
 * written. A later stage may read what an earlier one wrote, at any index.
 */
export interface Stage {
  readonly id: StageId;
  readonly axes: readonly AxisId[];
  /** One value an accumulator, or one value a write when there is no combiner. */
  readonly values: readonly ValueExpr[];
  readonly combiner: Combiner | undefined;
  /** Parts of the reduction, those of outer axes first. */
  readonly chunks?: readonly Chunk[];
  /** `finish[i]` maps the accumulators (`accumulator` nodes) to what is written, after the reduction; the epilogue lives here. */
  readonly finish: readonly ValueExpr[] | undefined;
  readonly writes: readonly Access[];
}

/** A stage before its kernel is put together. */
export type UnnumberedStage = Omit<Stage, 'id'>;

/**
 * A stage of the form sum over k of lhs * rhs is a contraction when its schedule treats it so: dot_general, convolution and their
 * gradients are all of this form and differ only in access maps.
 */
export interface StructuredKernel {
  readonly name: string;
  readonly axes: readonly Axis[];
  readonly buffers: readonly KernelBuffer[];
  readonly stages: readonly Stage[];
  /** Of a chain (chain/): the stages of each of the kernels that it is made of. */
  readonly links?: readonly (readonly StageId[])[] | undefined;
  /** The ops it came from, for profiles and errors. */
  readonly location: Location;
}
