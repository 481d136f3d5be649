/**
 * Step 2 of a kernel: how. Loops over flat buffers with explicit vectors; what back ends print. Expressions are trees over
 * variables; a variable is assigned once, by a `let`, a loop or an `if`. See docs/kernel-ir.md for the semantics of each node.
 */
import type { Location } from '../../ir/location.ts';
import type { BinaryOp, CompareOp, UnaryOp } from './scalar-ops.ts';
import type { Size } from './size.ts';
import type { KernelDType, ValueType } from './value-type.ts';

export type VariableId = number & { readonly brand: 'VariableId' };
export type FlatBufferId = number & { readonly brand: 'FlatBufferId' };

export interface Variable {
  readonly id: VariableId;
  readonly name: string;
  readonly type: ValueType;
}

/** `arena` and `user` are parameters; the others are made by `alloc`. Only arena buffers have readable bytes past their end. */
export type MemorySpace = 'arena' | 'user' | 'register' | 'stack' | 'workgroup';

/** Bytes that may be read past the end of an arena buffer. */
export const arenaSlackBytes = 64;

/** A one-dimensional array of elements. */
export interface FlatBuffer {
  readonly id: FlatBufferId;
  readonly name: string;
  readonly dtype: KernelDType;
  /** Elements. */
  readonly size: Size;
  readonly space: MemorySpace;
  readonly access: 'read' | 'write' | 'read-write';
  readonly aliasClass: number;
  /** Alignment of its first element, bytes. */
  readonly alignment: number;
}

export type Expr =
  | { readonly kind: 'constant'; readonly type: ValueType; readonly value: number | bigint }
  | { readonly kind: 'variable'; readonly type: ValueType; readonly variable: Variable }
  /** A size, computed from the symbols of the call; an index. */
  | { readonly kind: 'size'; readonly type: ValueType; readonly size: Size }
  | { readonly kind: 'unary'; readonly type: ValueType; readonly op: UnaryOp; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly type: ValueType; readonly op: BinaryOp; readonly lhs: Expr; readonly rhs: Expr }
  /** A mask: i1 with the lanes of its operands. */
  | {
      readonly kind: 'compare';
      readonly type: ValueType;
      readonly op: CompareOp;
      readonly lhs: Expr;
      readonly rhs: Expr;
    }
  | {
      readonly kind: 'select';
      readonly type: ValueType;
      readonly predicate: Expr;
      readonly onTrue: Expr;
      readonly onFalse: Expr;
    }
  /** StableHLO's convert: float to integer truncates and saturates, NaN gives 0; to narrower integers wraps; to i1 is `!= 0`. */
  | { readonly kind: 'convert'; readonly type: ValueType; readonly operand: Expr }
  | { readonly kind: 'bitcast'; readonly type: ValueType; readonly operand: Expr }
  /** a * b + c. `exact` rounds once; `may-fuse` rounds once or twice, as the target likes. */
  | {
      readonly kind: 'fma';
      readonly type: ValueType;
      readonly a: Expr;
      readonly b: Expr;
      readonly c: Expr;
      readonly rounding: 'exact' | 'may-fuse';
    }
  | { readonly kind: 'splat'; readonly type: ValueType; readonly operand: Expr }
  | { readonly kind: 'extract'; readonly type: ValueType; readonly operand: Expr; readonly lane: number }
  | {
      readonly kind: 'insert';
      readonly type: ValueType;
      readonly operand: Expr;
      readonly lane: number;
      readonly value: Expr;
    }
  /** Lane i of the result is lane `lanes[i]` of lhs followed by rhs. */
  | {
      readonly kind: 'shuffle';
      readonly type: ValueType;
      readonly lhs: Expr;
      readonly rhs: Expr;
      readonly lanes: readonly number[];
    }
  /** All lanes combined pairwise, halves first; a scalar. */
  | {
      readonly kind: 'lane-reduce';
      readonly type: ValueType;
      readonly op: 'add' | 'multiply' | 'minimum' | 'maximum' | 'and' | 'or' | 'xor';
      readonly operand: Expr;
    }
  | Load
  /** Lane i is i < count. */
  | { readonly kind: 'tail-mask'; readonly type: ValueType; readonly count: Expr };

/**
 * `plain`: consecutive elements from `index`. `splat`: one element in all lanes. `masked`: consecutive, lanes outside the mask are 0 and
 * not read. `gather`: `index` is a vector, one element a lane. Indices count elements.
 */
export interface Load {
  readonly kind: 'load';
  readonly type: ValueType;
  readonly mode: 'plain' | 'splat' | 'masked' | 'gather';
  readonly buffer: FlatBuffer;
  readonly index: Expr;
  readonly mask: Expr | undefined;
}

/** A value that a loop hands from one iteration to the next. */
export interface Carried {
  /** Holds the value inside the body, and after the loop its last one. */
  readonly variable: Variable;
  readonly initial: Expr;
}

/**
 * `serial`: in order. `parallel`: iterations may run in any order or at once; only the outermost loop, over tiles. `unrolled`:
 * constant bounds, no loop is left. `workgroup`, `invocation`: the index is that of the workgroup or of the invocation in it.
 */
export type LoopMode = 'serial' | 'parallel' | 'unrolled' | 'workgroup' | 'invocation';

export type Statement =
  | {
      readonly kind: 'for';
      readonly mode: LoopMode;
      readonly variable: Variable;
      readonly from: Expr;
      readonly to: Expr;
      readonly step: number;
      readonly carried: readonly Carried[];
      readonly body: readonly Statement[];
      /** The carried values for the next iteration. */
      readonly next: readonly Expr[];
    }
  | {
      readonly kind: 'while';
      readonly carried: readonly Carried[];
      readonly before: readonly Statement[];
      readonly condition: Expr;
      readonly body: readonly Statement[];
      readonly next: readonly Expr[];
    }
  | {
      readonly kind: 'if';
      /** How often `then` happens, where who made it knows: for the cost model. */
      readonly share?: number;
      readonly condition: Expr;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
      /** Values chosen by the branch, visible afterwards. */
      readonly results: readonly { readonly variable: Variable; readonly then: Expr; readonly otherwise: Expr }[];
    }
  | { readonly kind: 'let'; readonly variable: Variable; readonly value: Expr }
  /** Consecutive elements from `index`, or one a lane when `index` is a vector (scatter). Masked-off lanes are not written. */
  | {
      readonly kind: 'store';
      readonly buffer: FlatBuffer;
      readonly index: Expr;
      readonly value: Expr;
      readonly mask: Expr | undefined;
    }
  | {
      readonly kind: 'atomic';
      readonly op: 'add' | 'minimum' | 'maximum' | 'and' | 'or' | 'xor' | 'exchange';
      readonly buffer: FlatBuffer;
      readonly index: Expr;
      readonly value: Expr;
    }
  | { readonly kind: 'alloc'; readonly buffer: FlatBuffer; readonly body: readonly Statement[] }
  /** All invocations of a workgroup meet; only in uniform control flow. */
  | { readonly kind: 'barrier' }
  | {
      readonly kind: 'copy';
      readonly from: FlatBuffer;
      readonly fromIndex: Expr;
      readonly to: FlatBuffer;
      readonly toIndex: Expr;
      readonly count: Expr;
    }
  | {
      readonly kind: 'fill';
      readonly buffer: FlatBuffer;
      readonly index: Expr;
      readonly count: Expr;
      readonly value: Expr;
    }
  /** A hint: the element will be read soon. It must be in range. */
  | { readonly kind: 'prefetch'; readonly buffer: FlatBuffer; readonly index: Expr }
  /** Says which source op the statements below come from. */
  | { readonly kind: 'marker'; readonly location: Location };

/**
 * `kernel(buffers, symbols, tileBegin, tileEnd)`: the body's outermost parallel loop runs over `tileBegin` to `tileEnd`, two
 * variables that are given; the plan divides `tiles` among threads. A kernel without a parallel loop has one tile.
 */
export interface LoopKernel {
  readonly name: string;
  readonly buffers: readonly FlatBuffer[];
  /** Names of the size symbols it reads. */
  readonly symbols: readonly string[];
  readonly tileBegin: Variable;
  readonly tileEnd: Variable;
  readonly tiles: Size;
  /** Workgroup size for a GPU schedule. */
  readonly workgroup: readonly [x: number, y: number, z: number] | undefined;
  readonly body: readonly Statement[];
  readonly location: Location;
}
