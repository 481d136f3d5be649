/**
 * Ops over quantised tensors, which are integers of the storage type at run time. The specification defines most ops over them as
 * `dequantize_op_quantize`: the op is given the floats that its operands stand for, and its results are quantised. So one
 * adapter serves all definitions, which need not know. Ops with the trait `storage-view` see the integers.
 */
import { storageDType } from '../elements.ts';
import type { Evaluation } from '../op-definition.ts';
import type { OpSite } from '../op-site.ts';
import { isQuantizedTensor, isTensor, tensorType, tupleType, type Type } from '../types.ts';
import { dequantize, quantize } from './quantized-elements.ts';
import type { EvaluationContext, RuntimeValue, Waiting } from './runtime-value.ts';

/** An op's meaning, bound to its site. */
export type StepEvaluation = (inputs: readonly RuntimeValue[], context: EvaluationContext) => Evaluation;

export function isQuantizedSite(site: OpSite): boolean {
  return site.operandTypes.some(holdsQuantized) || site.resultTypes.some(holdsQuantized);
}

function holdsQuantized(type: Type): boolean {
  return isQuantizedTensor(type) || (type.kind === 'tuple' && type.elements.some(holdsQuantized));
}

/** How to evaluate an op with quantised operands or results; undefined when it cannot be. */
export function quantizedEvaluation(site: OpSite): StepEvaluation | undefined {
  if (site.definition.traits.has('storage-view')) {
    const stored = withTypes(site, storageType);
    return (inputs, context) => site.definition.evaluate(stored, inputs, context);
  }
  return site.regions.length > 0 ? undefined : evaluateExpressed(site);
}

function withTypes(site: OpSite, map: (type: Type) => Type): OpSite {
  return { ...site, operandTypes: site.operandTypes.map(map), resultTypes: site.resultTypes.map(map) };
}

function storageType(type: Type): Type {
  if (type.kind === 'tuple') return tupleType(type.elements.map(storageType));
  return isTensor(type) ? tensorType(type.shape, storageDType(type.element)) : type;
}

function expressedType(type: Type): Type {
  if (!isTensor(type) || typeof type.element === 'string') return type;
  return tensorType(type.shape, type.element.expressed);
}

function evaluateExpressed(site: OpSite): StepEvaluation {
  const expressed = withTypes(site, expressedType);
  return (inputs, context) => {
    const floats = inputs.map((input, index) => dequantizeValue(input, site.operandTypes[index], context));
    const outcome = site.definition.evaluate(expressed, floats, context);
    if (!isResults(outcome)) return quantizeLater(outcome, site, context);
    return quantizeResults(outcome, site, context);
  };
}

function isResults(outcome: Evaluation): outcome is readonly RuntimeValue[] {
  return Array.isArray(outcome);
}

function* quantizeLater(
  outcome: Waiting<readonly RuntimeValue[]>,
  site: OpSite,
  context: EvaluationContext,
): Waiting<readonly RuntimeValue[]> {
  return quantizeResults(yield* outcome, site, context);
}

function quantizeResults(
  results: readonly RuntimeValue[],
  site: OpSite,
  context: EvaluationContext,
): readonly RuntimeValue[] {
  return results.map((result, index) => {
    const type = site.resultTypes[index];
    if (result.kind !== 'tensor' || !isTensor(type) || typeof type.element === 'string') return result;
    return quantize(result, type.element, context);
  });
}

function dequantizeValue(value: RuntimeValue, type: Type | undefined, context: EvaluationContext): RuntimeValue {
  if (value.kind !== 'tensor' || !isTensor(type) || typeof type.element === 'string') return value;
  return dequantize(value, type.element, context);
}
