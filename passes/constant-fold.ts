/**
 * Constant folding: an op whose operands are constants becomes its value, computed by the reference evaluator.
 *
 *     %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
 *     %1 = stablehlo.add %0, %0 : tensor<2xi32>             ->   %1 = stablehlo.constant dense<[2, 4]> : tensor<2xi32>
 *
 * A splat stays one element: what works element by element is folded on one, and what only moves elements keeps it. Results
 * of more than `bytes` (unless they replace as much) and computations of more than `work` scalar operations stay, with a remark.
 * Effects, collectives, random numbers, barriers, calls and loops stay as well. One sweep in program order is enough.
 */
import { type AttributesOf, type AttributeSchema, encodeAttributes } from '../ir/attribute-schema.ts';
import { denseAttr, type DenseElementsAttr } from '../ir/attributes.ts';
import { DiagnosticError } from '../ir/diagnostics/diagnostic.ts';
import type { DType } from '../ir/dtype.ts';
import { allocateElements, equalElements } from '../ir/elements.ts';
import { constantOfTensor, tensorOfConstant } from '../ir/evaluator/constant-value.ts';
import { evaluateOperation } from '../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../ir/evaluator/runtime-value.ts';
import { Tensor } from '../ir/evaluator/tensor.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import { Block, Operation, type Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { hasDType, tensorType, type Type } from '../ir/types.ts';
import { type ConstantAttr, constantOf, createConstant, splatElement } from './constants.ts';
import { estimateWork, totalBytes } from './evaluation-cost.ts';
import { hasNoEffect, isErasable } from './greedy-rewrite.ts';
import { elementCount, type StaticTensor, staticTensor } from './match.ts';
import { definePass, type PassContext } from './pass.ts';
import { usesOutsideValues } from './region-values.ts';
import type { RuleSite } from './rewrite-rule.ts';

const defaults = { bytes: 64 * 1024, work: 1_000_000 };

export interface FoldBudget {
  /** Of one op's results, in storage form. */
  readonly bytes: number;
  /** Scalar operations for one op. */
  readonly work: number;
}

export const constantFold = definePass({
  name: 'constant-fold',
  summary: 'compute ops whose operands are constants',
  options: defaults,
  run(module, context, options) {
    const rewriter = new Rewriter();
    foldInside(module, rewriter, context, options);
    return rewriter.changes > 0;
  },
});

function foldInside(parent: Operation, rewriter: Rewriter, context: PassContext, budget: FoldBudget): void {
  for (const region of parent.regions) {
    for (const op of region.block.operations()) {
      if (op.regions.length > 0) foldInside(op, rewriter, context, budget);
      if (!mayFold(op)) continue;
      context.at(op);
      const folded = foldOperation(op, context, budget);
      if (folded !== undefined) replaceByConstants(op, folded, rewriter);
    }
  }
}

/** Constants that now have no use go at once, so that a chain of ops does not pile them up. */
function replaceByConstants(op: Operation, folded: readonly ConstantAttr[], rewriter: Rewriter): void {
  const operands = new Set(op.operands.map((value) => value.definingOp));
  const values = folded.map((attribute) => createConstant(rewriter, op, attribute));
  rewriter.replace(op, values);
  for (const operand of operands) {
    if (operand?.definition.traits.has('constant-like') === true && operand.isUnused) rewriter.erase(operand);
  }
}

/** Ops without effect that still must not be computed here. */
const neverFolded: ReadonlySet<string> = new Set([
  'func.call',
  'stablehlo.composite',
  'stablehlo.custom_call',
  'stablehlo.optimization_barrier',
  'stablehlo.rng',
  'stablehlo.rng_bit_generator',
]);

function mayFold(op: Operation): boolean {
  if (op.results.length === 0 || op.operandCount === 0 || neverFolded.has(op.name)) return false;
  if (op.definition.traits.has('collective') || !op.results.every(isComputable)) return false;
  if (constantOf(op.operand(0)) === undefined && elementCount(op.result().type) !== 0) return false;
  return isErasable(op) && hasNoEffect(op);
}

function isComputable({ type }: Value): boolean {
  const tensor = staticTensor(type);
  return tensor !== undefined && hasDType(tensor);
}

/** The op's results as constants; undefined, with a remark where a budget is the reason, when they are not computed. */
export function foldOperation(
  op: Operation,
  context: PassContext,
  budget: FoldBudget = defaults,
): readonly ConstantAttr[] | undefined {
  return foldEmpty(op) ?? foldMoved(op) ?? foldSplats(op) ?? foldByEvaluation(op, context, budget);
}

/** The value of an op on constants, as a constant before `anchor`; undefined when it is not computed. */
export function foldedValue<N extends string, S extends AttributeSchema>(
  definition: OpDefinition<N, S>,
  operands: readonly Value[],
  attrs: Partial<AttributesOf<S>>,
  resultType: Type,
  site: Pick<RuleSite, 'op' | 'rewriter' | 'context'>,
): Value | undefined {
  const attributes = encodeAttributes(definition.attributes, attrs);
  const { location, span } = site.op;
  const op = new Operation(definition, { operands, resultTypes: [resultType], attributes, location, span });
  const [folded] = mayFold(op) ? (foldOperation(op, site.context) ?? []) : [];
  op.dropUses();
  return folded === undefined ? undefined : createConstant(site.rewriter, site.op, folded);
}

/** Results without elements, whatever the operands are. */
function foldEmpty(op: Operation): readonly ConstantAttr[] | undefined {
  if (!op.results.every(({ type }) => elementCount(type) === 0)) return undefined;
  return op.results.map(({ type }) => {
    const tensor = staticResult(type);
    return denseAttr(tensor, { splat: false, values: allocateElements(tensor.element, 0) });
  });
}

function staticResult(type: Value['type']): StaticTensor & { readonly element: DType } {
  return staticTensor(type) as StaticTensor & { readonly element: DType };
}

/** Ops that give elements of their first operand only, at other places. */
const moves: ReadonlySet<string> = new Set(
  [
    'broadcast_in_dim',
    'broadcast',
    'reshape',
    'transpose',
    'slice',
    'reverse',
    'dynamic_slice',
    'real_dynamic_slice',
    'dynamic_reshape',
    'dynamic_broadcast_in_dim',
    'gather',
    'dynamic_gather',
    'torch_index_select',
  ].map((name) => `stablehlo.${name}`),
);

/** Ops that give elements of all their tensor operands. */
const joins: ReadonlySet<string> = new Set(
  ['concatenate', 'pad', 'dynamic_update_slice'].map((name) => `stablehlo.${name}`),
);

/** What moves elements of a splat gives a splat, and a reshaped constant has the same bytes. */
function foldMoved(op: Operation): readonly ConstantAttr[] | undefined {
  const source = constantOf(op.operand(0));
  const type = staticTensor(op.result().type);
  if (source === undefined || type === undefined) return undefined;
  if (op.name === 'stablehlo.reshape' && hasDType(type)) return [{ ...source, type }];
  if (source.kind !== 'dense') return undefined;
  const element = splatElement(source);
  if (element === undefined || !(moves.has(op.name) || (joins.has(op.name) && areSameSplat(op)))) return undefined;
  return [denseAttr(type, { splat: true, values: element })];
}

/** True when all operands that bring elements are splats of the same bits. */
function areSameSplat(op: Operation): boolean {
  const sources = op.name === 'stablehlo.dynamic_update_slice' ? op.operands.slice(0, 2) : op.operands;
  const [first, ...rest] = sources.map((value) => {
    const attribute = constantOf(value);
    const element = attribute?.kind === 'dense' ? splatElement(attribute) : undefined;
    return element === undefined ? undefined : { splat: true, values: element };
  });
  return first !== undefined && rest.every((other) => other !== undefined && equalElements(first, other));
}

/** An op that works element by element, on splats: computed on one element. */
function foldSplats(op: Operation): readonly ConstantAttr[] | undefined {
  const isElementwise =
    op.definition.traits.has('elementwise') || op.name === 'stablehlo.select' || op.name === 'stablehlo.clamp';
  if (!isElementwise || op.regions.length > 0) return undefined;
  const scalars: Tensor[] = [];
  for (const { value } of op.operandUses) {
    const attribute = constantOf(value);
    const element = attribute?.kind === 'dense' ? splatElement(attribute) : undefined;
    if (attribute === undefined || element === undefined || !hasDType(attribute.type)) return undefined;
    scalars.push(new Tensor(attribute.type.element, [], element));
  }
  const results = evaluate(onScalars(op, scalars), scalars, defaults.work);
  return typeof results === 'string' ? undefined : results.map((tensor, index) => spread(tensor, op.result(index)));
}

/** The same op on tensors of rank 0. */
function onScalars(op: Operation, scalars: readonly Tensor[]): Operation {
  const block = new Block(scalars.map((tensor) => tensor.type));
  return new Operation(op.definition, {
    operands: block.arguments,
    resultTypes: op.results.map(({ type }) => tensorType([], staticResult(type).element)),
    attributes: op.attributes,
    location: op.location,
    span: op.span,
  });
}

function spread(scalar: Tensor, result: Value): DenseElementsAttr {
  return denseAttr(staticResult(result.type), { splat: true, values: scalar.values });
}

function foldByEvaluation(
  op: Operation,
  context: PassContext,
  budget: FoldBudget,
): readonly ConstantAttr[] | undefined {
  const constants = op.operands.map(constantOf);
  if (!constants.every((attribute) => attribute !== undefined) || usesOutsideValues(op)) return undefined;
  const obstacle = budgetObstacle(op, constants, budget);
  if (obstacle !== undefined) {
    context.remark(op, `not folded: ${obstacle}`);
    return undefined;
  }
  const inputs = constants.map((attribute) => tensorOfConstant(attribute));
  if (!inputs.every((input) => input.kind === 'tensor')) return undefined;
  const results = evaluate(op, inputs, budget.work);
  if (typeof results === 'string') {
    context.remark(op, `not folded: ${results}`);
    return undefined;
  }
  return results.map((tensor, index) => denseAttr(staticResult(op.result(index).type), constantOfTensor(tensor).data));
}

/** Why the op is left to run time; undefined when it is within the budget. */
function budgetObstacle(op: Operation, constants: readonly ConstantAttr[], budget: FoldBudget): string | undefined {
  const bytes = totalBytes(op.results);
  const freed = op.operands.filter((value, index) => value.hasOneUse && constants[index]?.kind === 'dense');
  if (bytes > budget.bytes && bytes > storedBytes(freed))
    return `the result takes ${bytes} bytes, the budget is ${budget.bytes}`;
  const resource = constants.find(
    (attribute) => attribute.kind === 'dense-resource' && (attribute.blob?.bytes.length ?? 0) > budget.bytes,
  );
  if (resource !== undefined) return `an operand is a resource of more than ${budget.bytes} bytes`;
  const work = estimateWork(op) + expandedSplats(constants);
  return work > budget.work ? `it takes about ${work} operations, the budget is ${budget.work}` : undefined;
}

/** Bytes that the constants take as they are stored: a splat is one element. */
function storedBytes(values: readonly Value[]): number {
  let bytes = 0;
  for (const value of values) {
    const attribute = constantOf(value);
    if (attribute?.kind === 'dense') bytes += attribute.data.values.byteLength;
  }
  return bytes;
}

function expandedSplats(constants: readonly ConstantAttr[]): number {
  let elements = 0;
  for (const attribute of constants) {
    if (attribute.kind === 'dense' && attribute.data.splat) elements += elementCount(attribute.type) ?? Infinity;
  }
  return elements;
}

/** The results, or why there are none. */
function evaluate(op: Operation, inputs: readonly RuntimeValue[], work: number): readonly Tensor[] | string {
  try {
    const results = evaluateOperation(op, inputs, { maxSteps: Math.max(1000, 4 * work) });
    return results.filter((value): value is Tensor => value.kind === 'tensor');
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostic.message;
    throw error;
  }
}
