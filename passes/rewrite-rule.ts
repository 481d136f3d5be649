/**
 * The way to write a rewrite rule: what it is called, its equation, when it holds in floating point, and a function from the
 * op to what stands for it.
 */
import type { AttributesOf, AttributeSchema } from '../ir/attribute-schema.ts';
import type { CreateOptions } from '../ir/builder.ts';
import { invariant } from '../ir/diagnostics/diagnostic.ts';
import { isStaticDim } from '../ir/dimension.ts';
import { attributesOf } from '../ir/op-site.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { isTensor, scalarTensor, type Type } from '../ir/types.ts';
import { createConstant, splatAttr } from './constants.ts';
import type { PassContext } from './pass.ts';

/**
 * One rewrite. `equation` reads `before = after`; `floatingPoint` says when it holds bit by bit in floating point, or that it
 * is limited to types where it does.
 */
export interface RewriteRule {
  readonly name: string;
  readonly equation: string;
  readonly floatingPoint: string;
  /** Full names of the ops it may fire on. */
  readonly ops: readonly string[];
  /** Rewrites `op` through the rewriter, or leaves all as it is and gives false. */
  apply(op: Operation, rewriter: Rewriter, context: PassContext): boolean;
}

/** The op a rule looks at, and what it may do there. */
export interface RuleSite<S extends AttributeSchema = AttributeSchema> {
  readonly op: Operation;
  readonly attrs: AttributesOf<S>;
  readonly rewriter: Rewriter;
  readonly context: PassContext;
  /** Makes an op of one result before this one. */
  make<N extends string, T extends AttributeSchema>(
    definition: OpDefinition<N, T>,
    operands: readonly Value[],
    attrs?: Partial<AttributesOf<T>>,
    options?: CreateOptions,
  ): Value;
  /** The same, with the result type of this op. */
  makeAlike<N extends string, T extends AttributeSchema>(
    definition: OpDefinition<N, T>,
    operands: readonly Value[],
    attrs?: Partial<AttributesOf<T>>,
  ): Value;
  /** The number in every place of this op's result; undefined where a size of it has no name, so that no constant can have its shape. */
  splat(number: number): Value | undefined;
}

/** What stands for the op's results; `changed` when the op stays but was altered; undefined when the rule does not apply. */
export type RuleOutcome = Value | readonly Value[] | 'changed' | undefined;

export interface RuleInit<S extends AttributeSchema> {
  readonly name: string;
  readonly equation: string;
  readonly floatingPoint: string;
  /** Makes nothing unless it gives a replacement. One of another type than the result's is not taken. */
  rewrite(site: RuleSite<S>): RuleOutcome;
}

/** Rules that move data only hold for every element type. */
export const movesData = 'exact: elements are moved, not computed with';

/** Why a rule on integers needs no condition. */
export const integersOnly = 'integers and booleans only';

export function rule<S extends AttributeSchema>(definition: OpDefinition<string, S>, init: RuleInit<S>): RewriteRule {
  return ruleFor([definition], init);
}

/** A rule for several ops of the same attributes (or whose attributes it does not read). */
export function ruleFor<S extends AttributeSchema>(
  definitions: readonly OpDefinition<string, S>[],
  { name, equation, floatingPoint, rewrite }: RuleInit<S>,
): RewriteRule {
  const onlyMoves = floatingPoint.startsWith(movesData);
  return Object.freeze({
    name,
    equation,
    floatingPoint,
    ops: definitions.map((definition) => definition.name),
    apply(op: Operation, rewriter: Rewriter, context: PassContext): boolean {
      if (!onlyMoves && computesOddly(op)) return false;
      const { changes } = rewriter;
      const outcome = rewrite(new Site<S>(op, rewriter, context));
      if (outcome === 'changed') return true;
      const values = outcome === undefined ? undefined : toList(outcome);
      if (values === undefined || !values.every((value, index) => value.type === op.result(index).type)) {
        invariant(rewriter.changes === changes, `rule ${name} changes an op and does not replace it`);
        return false;
      }
      rewriter.replace(op, values);
      return true;
    },
  });
}

/**
 * Quantised arithmetic rounds and saturates after each op, and f8E8M0FNU has neither zero nor negative numbers, so that only
 * rules that move data hold there.
 */
function computesOddly(op: Operation): boolean {
  return isOdd(op.results[0]?.type) || isOdd(op.operandUses[0]?.value.type);
}

function isOdd(type: Type | undefined): boolean {
  return isTensor(type) && (typeof type.element !== 'string' || type.element === 'f8E8M0FNU');
}

function toList(outcome: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(outcome) ? (outcome as readonly Value[]) : [outcome as Value];
}

/** Its functions are closures, so that a rule may take the site apart. */
class Site<S extends AttributeSchema> implements RuleSite<S> {
  readonly op: Operation;
  readonly rewriter: Rewriter;
  readonly context: PassContext;

  constructor(op: Operation, rewriter: Rewriter, context: PassContext) {
    this.op = op;
    this.rewriter = rewriter;
    this.context = context;
  }

  get attrs(): AttributesOf<S> {
    return attributesOf<S>(this.op);
  }

  get make(): RuleSite<S>['make'] {
    return (definition, operands, attrs = {}, options = {}) =>
      this.rewriter.createBefore(this.op, definition, operands, attrs, options).result();
  }

  get makeAlike(): RuleSite<S>['makeAlike'] {
    return (definition, operands, attrs = {}) =>
      this.make(definition, operands, attrs, { resultTypes: [this.op.result().type] });
  }

  get splat(): RuleSite<S>['splat'] {
    return (number) => {
      const { type } = this.op.result();
      invariant(isTensor(type), `${this.op.name} does not give a tensor`);
      if (type.shape.every(isStaticDim)) return createConstant(this.rewriter, this.op, splatAttr(type, number));
      if (type.shape.some((dim) => !isStaticDim(dim) && dim.name === '')) return undefined;
      const scalar = createConstant(this.rewriter, this.op, splatAttr(scalarTensor(type.element), number));
      return this.makeAlike(broadcastInDim, [scalar], { broadcast_dimensions: [] });
    };
  }
}
