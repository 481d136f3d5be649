/**
 * What expressions of `.tess` evaluate to while a program is elaborated. Elaboration runs the program at compile time: compile-time
 * values (int, float, bool, str, lists, functions, models, types) are computed, run-time ones (tensors) become ops of the IR, and a
 * `tensor` value is the SSA value with its type. Sizes may be dimension variables that nobody has bound yet: then the IR made is only
 * looked at by the checker.
 */
import type { DType } from '../../../ir/dtype.ts';
import type { Value as IrValue } from '../../../ir/operation.ts';
import type { Span } from '../../../ir/source.ts';
import type { Fn, Lambda, Model, TypeAlias } from '../syntax/ast.ts';
import type { Builtin } from './builtin.ts';
import type { Dimension } from './dimension.ts';
import type { Instance } from './instance.ts';
import type { Scope } from './scope.ts';
import type { LanguageType } from './language-type.ts';

export type Value =
  | IntValue
  | FloatValue
  | BoolValue
  | StringValue
  | ListValue
  | TupleValue
  | TensorValue
  | FunctionValue
  | BuiltinValue
  | ModelValue
  | InstanceValue
  | TypeValue
  | AliasValue
  | DTypeValue
  | ModuleValue
  | UnknownValue;

/** A compile-time integer: a number, or a polynomial of dimension variables. Meets a tensor, it takes the tensor's dtype. */
export interface IntValue {
  readonly kind: 'int';
  readonly value: Dimension;
}

/** A compile-time float. `text` is the literal as written, so that a conversion to a dtype rounds once. */
export interface FloatValue {
  readonly kind: 'float';
  /** Undefined while it depends on sizes that are not bound yet. */
  readonly value: number | undefined;
  readonly text: string | undefined;
}

export interface BoolValue {
  readonly kind: 'bool';
  /** Undefined while it depends on sizes that are not bound yet: the checker looks at both ways. */
  readonly value: boolean | undefined;
}

export interface StringValue {
  readonly kind: 'str';
  readonly value: string;
}

export interface ListValue {
  readonly kind: 'list';
  readonly elements: readonly Value[];
  /** While the length is not known, as in `[Block(d) for i in 0..depth]` for any depth: then one element stands for all. */
  readonly count?: Dimension | undefined;
}

/** A tuple, or a record when the fields have names. Trees of tensors (`params`) are records of records. */
export interface TupleValue {
  readonly kind: 'tuple';
  readonly fields: readonly { readonly name: string | undefined; readonly value: Value }[];
}

/** A run-time value; rank 0 is a scalar. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly dtype: DType;
  readonly dims: readonly Dimension[];
  readonly ir: IrValue;
  /** The expression or declaration that made it, for messages that say where a shape came from. */
  readonly origin: Span;
}

/** A function of the language with what it closes over; `self` for the functions of a model. */
export interface FunctionValue {
  readonly kind: 'fn';
  readonly name: string;
  readonly declaration: Fn | Lambda;
  readonly scope: Scope;
  readonly self: Instance | undefined;
}

export interface BuiltinValue {
  readonly kind: 'builtin';
  readonly builtin: Builtin;
}

/** A model before it is given its arguments. */
export interface ModelValue {
  readonly kind: 'model';
  readonly declaration: Model;
  readonly scope: Scope;
}

export interface InstanceValue {
  readonly kind: 'instance';
  readonly instance: Instance;
}

export interface TypeValue {
  readonly kind: 'type';
  readonly type: LanguageType;
}

/** `type Kv[n, t]` before it is given its arguments. */
export interface AliasValue {
  readonly kind: 'alias';
  readonly declaration: TypeAlias;
  readonly scope: Scope;
}

/** `f32`: the type of scalars, indexed a type of tensors, called a conversion. */
export interface DTypeValue {
  readonly kind: 'dtype';
  readonly dtype: DType;
}

export interface ModuleValue {
  readonly kind: 'module';
  readonly name: string;
  readonly scope: Scope;
}

/** After a mistake that was reported: silences what follows from it. */
export interface UnknownValue {
  readonly kind: 'unknown';
}

export const unknownValue: UnknownValue = Object.freeze({ kind: 'unknown' });
