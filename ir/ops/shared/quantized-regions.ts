/**
 * Regions applied to quantised elements work on the stored integers, whose meaning is their type's. That is right as long as what
 * goes in and out of the region has exactly the types of the operands and results: scales are not converted on the way.
 */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { OpSite } from '../../op-site.ts';
import type { Value } from '../../operation.ts';
import { isTensor, type Type } from '../../types.ts';
import { isQuantized } from './quantization.ts';
import { regionInputs, regionOutputs } from './region-signature.ts';

/** Throws an unsupported diagnostic when a quantised type changes between operands, region and results. */
export function requireSameQuantization(site: OpSite, context: EvaluationContext): void {
  const { op } = site;
  if (op === undefined) return;
  const taken = quantizedTexts(typesOf(op.operands));
  const given = quantizedTexts(typesOf(op.results));
  if (taken.size === 0 && given.size === 0) return;
  const inside = quantizedTexts(site.regions.flatMap(regionInputs));
  const returned = quantizedTexts(site.regions.flatMap(regionOutputs));
  const isSame =
    isSubset(taken, inside) && isSubset(inside, taken) && isSubset(returned, taken) && isSubset(given, taken);
  if (!isSame) throw context.unsupported('a region over quantised elements of other types than the operands');
}

function typesOf(values: readonly Value[]): Type[] {
  return values.map((value) => value.type);
}

function quantizedTexts(types: readonly Type[]): Set<string> {
  const texts = new Set<string>();
  for (const type of types) if (isTensor(type) && isQuantized(type.element)) texts.add(type.element.text);
  return texts;
}

function isSubset(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((text) => whole.has(text));
}
