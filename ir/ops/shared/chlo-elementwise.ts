/** Makers of chlo's elementwise definitions: as those of StableHLO (elementwise.ts), with chlo's pretty form. */
import { defineOp, type OpDefinition } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import type { DiagnosticCode } from '../../diagnostics/codes.ts';
import type { DType } from '../../dtype.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { type ElementwiseInit, inferSameType, type NoAttributes, sameShapeInputs } from './elementwise.ts';
import {
  applyBinary,
  applyFloatPredicate,
  applyUnary,
  type BinaryRules,
  type UnaryRules,
} from './elementwise-loops.ts';
import { tensorInput } from './runtime-tensors.ts';

const unaryAssembly = '$operand attr-dict `:` type($operand) `->` type($result)';

/** `T -> T`. */
export function chloUnary<const N extends string>(init: ElementwiseInit<N, UnaryRules>): OpDefinition<N, NoAttributes> {
  const { rules, elements, ...rest } = init;
  const type = tensorOf(elements);
  return defineOp<N, NoAttributes>({
    ...rest,
    operands: [{ name: 'operand', type }],
    results: [{ name: 'result', type }],
    traits: ['elementwise'],
    constraints: { C1: 'type(operand) = type(result)' },
    resultConstraint: 'C1',
    assembly: unaryAssembly,
    inferTypes: (site) => [operandTensor(site, 0)],
    evaluate: (_site, inputs, context) => [applyUnary(rules, tensorInput(inputs, 0), context)],
  });
}

/** Floats to booleans. */
export function chloPredicate<const N extends string>(init: {
  readonly name: N;
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly spec: string;
  readonly predicate: (x: number) => boolean;
}): OpDefinition<N, NoAttributes> {
  const { predicate, ...rest } = init;
  return defineOp<N, NoAttributes>({
    ...rest,
    operands: [{ name: 'operand', type: tensorOf(['float']) }],
    results: [{ name: 'result', type: tensorOf(['boolean']) }],
    traits: ['elementwise'],
    constraints: { C1: 'shape(operand) = shape(result)' },
    resultConstraint: 'C1',
    assembly: unaryAssembly,
    inferTypes: (site) => [tensorType(operandTensor(site, 0).shape, 'i1')],
    evaluate: (_site, inputs, context) => [applyFloatPredicate(predicate, tensorInput(inputs, 0), context)],
  });
}

export interface ChloBinaryInit<N extends string> extends ElementwiseInit<N, BinaryRules> {
  readonly operandNames: readonly [string, string];
  /** Throws an `unsupported` where the rules hold for some formats only. */
  readonly requires?: (dtype: DType, context: EvaluationContext) => void;
}

/** `T x T -> T`. */
export function chloBinary<const N extends string>(init: ChloBinaryInit<N>): OpDefinition<N, NoAttributes> {
  const { rules, elements, operandNames, requires, ...rest } = init;
  const [x, y] = operandNames;
  const type = tensorOf(elements);
  return defineOp<N, NoAttributes>({
    ...rest,
    operands: [
      { name: x, type },
      { name: y, type },
    ],
    results: [{ name: 'result', type }],
    traits: ['elementwise'],
    constraints: { C1: `type(${x}) = type(${y}) = type(result)` },
    resultConstraint: 'C1',
    assembly: `$${x} \`,\` $${y} attr-dict \`:\` type($${x}) \`,\` type($${y}) \`->\` type(results)`,
    inferTypes: (site, check) => inferSameType(site, 'C1', check),
    evaluate(_site, inputs, context) {
      const [lhs, rhs] = sameShapeInputs(inputs, context);
      requires?.(lhs.dtype, context);
      return [applyBinary(rules, lhs, rhs, context)];
    },
  });
}
