/**
 * Makers of elementwise definitions: an op file gives its name, summary, accepted elements and scalar rules; types, constraints,
 * pretty form and evaluation follow.
 */
import type { AttributeSchema } from '../../attribute-schema.ts';
import type { DiagnosticCode } from '../../diagnostics/codes.ts';
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import {
  type ConstraintCheck,
  defineOp,
  type OpDefinition,
  type OpDefinitionInit,
  type Trait,
} from '../../op-definition.ts';
import { operandTensor, type OpSite } from '../../op-site.ts';
import { type ElementKind } from '../../type-constraints.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { type TensorType, tensorType } from '../../types.ts';
import { applyBinary, applyUnary, type BinaryRules, type UnaryRules } from './elementwise-loops.ts';
import { perTensorOf } from './quantization.ts';
import { accuracyAttributes, accuracyConstraints, checkAccuracy } from './result-accuracy.ts';
import { tensorInput } from './runtime-tensors.ts';
import { compatibleShapes, describeShape, mergeShapes } from './shapes.ts';

export type NoAttributes = Record<never, never>;

/** What every elementwise op file says. */
export interface ElementwiseInit<N extends string, R> {
  readonly name: N;
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly spec: string;
  readonly elements: readonly ElementKind[];
  readonly rules: R;
}

export const unaryAssembly = '$operand attr-dict `:` custom<SameOperandsAndResultType>(type($operand), type($result))';

const binaryAssembly =
  '$lhs `,` $rhs attr-dict `:` custom<SameOperandsAndResultType>(type($lhs), type($rhs), type($result))';

function unaryParts<N extends string, S extends AttributeSchema>(
  init: ElementwiseInit<N, UnaryRules>,
): OpDefinitionInit<N, S> {
  const { rules, elements, ...rest } = init;
  const type = perTensorOf(elements);
  return {
    ...rest,
    operands: [{ name: 'operand', type }],
    results: [{ name: 'result', type }],
    traits: ['elementwise'],
    constraints: { C1: 'baseline_type(operand) = baseline_type(result)' },
    resultConstraint: 'C1',
    assembly: unaryAssembly,
    inferTypes: (site) => [operandTensor(site, 0)],
    evaluate: (_site, inputs, context) => [applyUnary(rules, tensorInput(inputs, 0), context)],
  };
}

/** `T -> T`. */
export function unaryElementwise<const N extends string>(
  init: ElementwiseInit<N, UnaryRules>,
): OpDefinition<N, NoAttributes> {
  return defineOp<N, NoAttributes>(unaryParts(init));
}

/** `T -> T`, with the attribute `result_accuracy`. */
export function unaryWithAccuracy<const N extends string>(
  init: ElementwiseInit<N, UnaryRules>,
): OpDefinition<N, typeof accuracyAttributes> {
  const parts = unaryParts<N, typeof accuracyAttributes>(init);
  return defineOp<N, typeof accuracyAttributes>({
    ...parts,
    attributes: accuracyAttributes,
    constraints: { ...parts.constraints, ...accuracyConstraints },
    verify: (site, check) => checkAccuracy(site.attrs.result_accuracy, check),
  });
}

export interface BinaryInit<N extends string> extends ElementwiseInit<N, BinaryRules> {
  readonly isCommutative?: boolean;
}

/** `T x T -> T`. */
export function binaryElementwise<const N extends string>(init: BinaryInit<N>): OpDefinition<N, NoAttributes> {
  return defineOp<N, NoAttributes>({
    ...binaryParts(init),
    operands: binaryOperands(init.elements),
    results: [{ name: 'result', type: perTensorOf(init.elements) }],
    constraints: { C1: 'baseline_type(lhs) = baseline_type(rhs) = baseline_type(result)' },
    resultConstraint: 'C1',
    inferTypes: (site, check) => inferSameType(site, 'C1', check),
  });
}

function binaryOperands(elements: readonly ElementKind[]): OpDefinition['operands'] {
  const type = perTensorOf(elements);
  return [
    { name: 'lhs', type },
    { name: 'rhs', type },
  ];
}

/** All but operands, results and constraints. */
export function binaryParts<const N extends string>(
  init: BinaryInit<N>,
): Pick<OpDefinitionInit<N, NoAttributes>, 'name' | 'code' | 'summary' | 'spec' | 'traits' | 'assembly' | 'evaluate'> {
  const { name, code, summary, spec, rules, isCommutative = false } = init;
  const traits: readonly Trait[] = isCommutative ? ['elementwise', 'commutative'] : ['elementwise'];
  return {
    name,
    code,
    summary,
    spec,
    traits,
    assembly: binaryAssembly,
    evaluate(_site, inputs, context) {
      const [lhs, rhs] = sameShapeInputs(inputs, context);
      return [applyBinary(rules, lhs, rhs, context)];
    },
  };
}

/** The first two inputs; sizes that the types leave open must agree at run time. */
export function sameShapeInputs(
  inputs: readonly RuntimeValue[],
  context: EvaluationContext,
): readonly [Tensor, Tensor] {
  const lhs = tensorInput(inputs, 0);
  const rhs = tensorInput(inputs, 1);
  requireSameShape(lhs, rhs, context);
  return [lhs, rhs];
}

export function requireSameShape(lhs: Tensor, rhs: Tensor, context: EvaluationContext): void {
  if (lhs.shape === rhs.shape) return;
  if (lhs.shape.length === rhs.shape.length && lhs.shape.every((size, axis) => size === rhs.shape[axis])) return;
  const shapes = `${describeShape(lhs.shape)} and ${describeShape(rhs.shape)}`;
  throw context.failure('E4012', `the operands have the shapes ${shapes} at run time`);
}

/** Both operands' type, the better known sizes of each; reports constraint `id` when they differ. */
export function inferSameType(site: OpSite, id: string, check: ConstraintCheck): readonly [TensorType] | undefined {
  const lhs = operandTensor(site, 0);
  const rhs = operandTensor(site, 1);
  if (lhs === rhs) return [lhs];
  const isSame = elementsCompatible(lhs.element, rhs.element) && compatibleShapes(lhs.shape, rhs.shape);
  if (!check.require(isSame, id, () => `lhs is ${lhs.text}, rhs is ${rhs.text}`)) return undefined;
  return [tensorType(mergeShapes([lhs.shape, rhs.shape]), lhs.element)];
}
