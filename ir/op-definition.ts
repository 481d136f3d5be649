/**
 * One op, one definition: a frozen object from which parser, printer, builder, verifier, evaluator and docs derive.
 * A definition file exports `defineOp({...})` and nothing else.
 */
import type { AttributesOf, AttributeSchema } from './attribute-schema.ts';
import type { Assembly } from './text/assembly.ts';
import type { EvaluationContext, RuntimeValue, Waiting } from './evaluator/runtime-value.ts';
import type { OpSite } from './op-site.ts';
import type { TypeConstraint } from './type-constraints.ts';
import type { DiagnosticCode } from './diagnostics/codes.ts';
import type { Type } from './types.ts';

export interface ValueSpec {
  readonly name: string;
  readonly type: TypeConstraint;
  /** `single` by default. Several `variadic` groups of one op have equal sizes. */
  readonly arity?: 'single' | 'optional' | 'variadic';
}

export interface RegionSpec {
  readonly name: string;
  /** `single` by default; `variadic` (case branches) takes all that are left. */
  readonly arity?: 'single' | 'variadic';
}

/**
 * - `elementwise`: each result element depends on the operand elements at the same index only, all of one shape.
 * - `commutative`: the first two operands may be swapped.
 * - `terminator`: ends a block. `isolated`: its regions use no value from outside. `symbol`, `symbol-table`: as in MLIR.
 * - `constant-like`: no operands, one result, the attribute `value` is the result.
 * - `region-return`: `stablehlo.return` may end its regions.
 * - `collective`: talks to other processes.
 * - `storage-view`: its evaluation sees quantised elements as integers of their storage type. Other ops are given the floats that they
 *   stand for, and their results are quantised (evaluator/quantized-evaluation.ts).
 */
export type Trait =
  | 'elementwise'
  | 'commutative'
  | 'terminator'
  | 'isolated'
  | 'symbol'
  | 'symbol-table'
  | 'constant-like'
  | 'collective'
  | 'storage-view';

/** `pure`: may be removed, moved, merged. `regions`: as its regions' ops. `effect`: must stay, in order. */
export type Effects = 'pure' | 'regions' | 'effect';

/** Constraints by the spec's id (`C11`), each in one line; cited in messages and printed on the op's error page. */
export type Constraints = Readonly<Record<string, string>>;

/**
 * Reports what is wrong at an op. `require` returns its condition, so that checks which depend on it can be guarded.
 * `id` is the spec's constraint id, e.g. `C11`; the message becomes `dot_general C11: <text of C11>: <detail>`.
 */
export interface ConstraintCheck {
  require(condition: boolean, id: string, detail: () => string): boolean;
}

/** A body that computes at once, or a generator where a region it runs may wait for another process. */
export type Evaluation = readonly RuntimeValue[] | Waiting<readonly RuntimeValue[]>;

export interface OpDefinition<N extends string = string, S extends AttributeSchema = AttributeSchema> {
  /** With its dialect: `stablehlo.add`. */
  readonly name: N;
  /** Error code of this op's constraints: `E2134`. */
  readonly code: DiagnosticCode;
  /** One sentence: what the result is. */
  readonly summary: string;
  /** Where it is specified: `spec.md#add`, `chlo.md#erf`, or `tessera`. */
  readonly spec: string;
  readonly operands: readonly ValueSpec[];
  readonly results: readonly ValueSpec[];
  readonly attributes: S;
  readonly regions: readonly RegionSpec[];
  readonly traits: ReadonlySet<Trait>;
  effects(site: OpSite<S>): Effects;
  readonly constraints: Constraints;
  /** Pretty form; undefined prints the generic form. */
  readonly assembly: Assembly | undefined;
  /**
   * Result types from operands and attributes; undefined where they cannot be told (then the types written are taken as they are).
   * A violated constraint is reported through `check` and gives undefined. Declared result types, when there are any, are in
   * `site.resultTypes` (for ops whose element type the operands do not fix).
   */
  inferTypes?(site: OpSite<S>, check: ConstraintCheck): readonly Type[] | undefined;
  /** Constraint ids that a result type other than the inferred one violates: `C4, C12`. */
  readonly resultConstraint: string;
  /** Checks beyond operand, result and attribute kinds, and beyond `inferTypes`. Runs only if those hold. */
  verify?(site: OpSite<S>, check: ConstraintCheck): void;
  /** Reference semantics. `inputs` are in operand order. */
  evaluate(site: OpSite<S>, inputs: readonly RuntimeValue[], context: EvaluationContext): Evaluation;
}

/** What a definition file writes; the rest has defaults. */
export type OpDefinitionInit<N extends string, S extends AttributeSchema> = Pick<
  OpDefinition<N, S>,
  'name' | 'code' | 'summary' | 'spec' | 'operands' | 'results' | 'evaluate'
> &
  Partial<Pick<OpDefinition<N, S>, 'inferTypes' | 'verify' | 'constraints' | 'regions' | 'resultConstraint'>> & {
    readonly attributes?: S;
    readonly traits?: readonly Trait[];
    /** `pure` by default. */
    readonly effects?: Effects | ((site: OpSite<S>) => Effects);
    readonly assembly?: Assembly;
  };

export function defineOp<const N extends string, const S extends AttributeSchema = Record<never, never>>(
  init: OpDefinitionInit<N, S>,
): OpDefinition<N, S> {
  const { attributes, traits, effects, assembly, ...rest } = init;
  return Object.freeze({
    regions: [],
    constraints: {},
    resultConstraint: '',
    ...rest,
    attributes: attributes ?? ({} as S),
    traits: new Set(traits ?? []),
    effects: typeof effects === 'function' ? effects : () => effects ?? 'pure',
    assembly,
  });
}

export type { AttributesOf };
