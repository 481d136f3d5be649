/** All rules, by what they are about. Within a group, the first rule that fits an op is taken. */
import type { RewriteRule } from '../rewrite-rule.ts';
import { broadcastRules } from './broadcasts.ts';
import { choiceRules } from './choices.ts';
import { comparisonRules } from './comparisons.ts';
import { complexRules } from './complex-parts.ts';
import { concatenationRules } from './concatenations.ts';
import { contractionRules } from './contractions.ts';
import { controlRules } from './control.ts';
import { conversionRules } from './conversions.ts';
import { convolutionRules } from './convolutions.ts';
import { dynamicSliceRules } from './dynamic-slices.ts';
import { logicRules } from './logic.ts';
import { padRules } from './pads.ts';
import { productRules } from './products.ts';
import { reassociationRules } from './reassociations.ts';
import { reductionRules } from './reductions.ts';
import { reshapeRules } from './reshapes.ts';
import { sliceRules } from './slices.ts';
import { sumRules } from './sums.ts';

/** Rules that take away copies and control flow, and compute nothing anew: part of `canonicalize` too. */
export const structuralRules: readonly RewriteRule[] = [
  ...reshapeRules,
  ...broadcastRules,
  ...sliceRules,
  ...padRules,
  ...concatenationRules,
  ...dynamicSliceRules,
  ...complexRules,
  ...controlRules,
];

export const algebraicRules: readonly RewriteRule[] = [
  ...sumRules,
  ...productRules,
  ...logicRules,
  ...comparisonRules,
  ...choiceRules,
  ...conversionRules,
  ...reassociationRules,
  ...reductionRules,
  ...contractionRules,
  ...convolutionRules,
  ...structuralRules,
];
