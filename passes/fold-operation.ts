/** One op on constants, computed: what constant folding does, and rules that need the value at once. */
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
import { hasDType, tensorType, type Type } from '../ir/types.ts';
import { type ConstantAttr, constantOf, createConstant, splatElement } from './constants.ts';
import { estimateWork, totalBytes } from './evaluation-cost.ts';
import { FoldBudget } from './fold-budget.ts';
import { hasNoEffect, isErasable } from './greedy-rewrite.ts';
import { elementCount, type StaticTensor, staticTensor } from './match.ts';
import type { PassContext } from './pass.ts';
import { usesOutsideValues } from './region-values.ts';
import type { RuleSite } from './rewrite-rule.ts';

/** Ops without effect that still must not be computed here. */
const neverFolded: ReadonlySet<string> = new Set([
  'func.call',
  'stablehlo.composite',
  'stablehlo.custom_call',
  'stablehlo.optimization_barrier',
  'stablehlo.rng',
  'stablehlo.rng_bit_generator',
]);

/** True for ops that may be computed at compile time, if their operands turn out to be constant. */
export function mayFold(op: Operation): boolean {
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
  budget: FoldBudget = new FoldBudget(),
): readonly ConstantAttr[] | undefined {
  return foldEmpty(op) ?? foldMoved(op) ?? foldSplats(op) ?? foldByEvaluation(op, context, budget);
}

/** Of a rule, which may come again and again: less than what constant folding takes on. */
const ruleLimits = { bytes: 16 * 1024, work: 20_000 };

/** Where a rule wants a value. */
type FoldSite = Pick<RuleSite, 'op' | 'rewriter' | 'context'>;

/** The value of an op on constants, as a constant before the site's op; undefined when it is not computed. */
export function foldedValue<N extends string, S extends AttributeSchema>(
  definition: OpDefinition<N, S>,
  operands: readonly Value[],
  attrs: Partial<AttributesOf<S>>,
  resultType: Type,
  site: FoldSite,
): Value | undefined {
  const folded = foldedAttr(definition, operands, attrs, resultType, site);
  return folded === undefined ? undefined : createConstant(site.rewriter, site.op, folded);
}

/** The same, without making the constant. */
export function foldedAttr<N extends string, S extends AttributeSchema>(
  definition: OpDefinition<N, S>,
  operands: readonly Value[],
  attrs: Partial<AttributesOf<S>>,
  resultType: Type,
  { op: { location, span }, context }: FoldSite,
): ConstantAttr | undefined {
  const attributes = encodeAttributes(definition.attributes, attrs);
  const op = new Operation(definition, { operands, resultTypes: [resultType], attributes, location, span });
  const [folded] = mayFold(op) ? (foldOperation(op, context, new FoldBudget(ruleLimits)) ?? []) : [];
  op.dropUses();
  return folded;
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

/** One element of any op is within it. */
const scalarWork = 10_000;

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
  const results = evaluate(onScalars(op, scalars), scalars, scalarWork);
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

/** Ops that give the same elements again and again, which the index map of a kernel does as well. */
const repeats: ReadonlySet<string> = new Set(
  ['broadcast_in_dim', 'broadcast', 'dynamic_broadcast_in_dim'].map((name) => `stablehlo.${name}`),
);

/** Repeated constants up to this size are folded, since what is computed from them may be folded then. */
const repeatedBytes = 1024;

/** Why the op is left to run time; undefined when it is within the budget, which then is less. */
function budgetObstacle(op: Operation, constants: readonly ConstantAttr[], budget: FoldBudget): string | undefined {
  const resource = constants.find(
    (attribute) => attribute.kind === 'dense-resource' && (attribute.blob?.bytes.length ?? 0) > budget.bytes,
  );
  if (resource !== undefined) return `an operand is a resource of more than ${budget.bytes} bytes`;
  const dying = op.operands.filter((value, index) => value.hasOneUse && constants[index]?.kind === 'dense');
  const work = estimateWork(op) + expandedSplats(constants);
  const cost = { bytes: totalBytes(op.results), freed: storedBytes(dying), work };
  if (repeats.has(op.name) && cost.bytes > Math.max(repeatedBytes, cost.freed)) {
    return `a kernel repeats elements at no cost, a constant would take ${cost.bytes} bytes`;
  }
  return budget.spend(cost);
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
