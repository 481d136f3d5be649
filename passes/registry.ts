/** Every pass by name. A new pass is its file and its line here. */
import { algebraicSimplify } from './algebraic-simplify.ts';
import { canonicalize } from './canonicalize.ts';
import { constantFold } from './constant-fold.ts';
import { cse } from './cse.ts';
import { dce } from './dce.ts';
import { expandBatchNorm } from './expand-batch-norm.ts';
import { expandChlo } from './expand-chlo.ts';
import { expandComplex } from './expand-complex.ts';
import { expandComposite } from './expand-composite.ts';
import { expandFft } from './expand-fft.ts';
import { expandCheckpoint } from './expand-checkpoint.ts';
import { expandLegacy } from './expand-legacy.ts';
import { expandQuantized } from './expand-quantized.ts';
import { expandRng } from './expand-rng.ts';
import { expandSmallTypes } from './expand-small-types.ts';
import { fuse } from './fuse.ts';
import { inline } from './inline.ts';
import { layout } from './layout.ts';
import { loopInvariantCodeMotion } from './loop-invariant-code-motion.ts';
import type { Pass } from './pass.ts';
import { pairProducts } from './pair-products.ts';
import { refineShapes } from './refine-shapes.ts';
import { singleProcess } from './single-process.ts';
import { sinkBroadcast } from './sink-broadcast.ts';
import { sinkReshape } from './sink-reshape.ts';
import { sinkTranspose } from './sink-transpose.ts';
import { whileTripCount } from './while-trip-count.ts';
import { winograd } from './winograd.ts';

export const allPasses: readonly Pass[] = [
  inline,
  refineShapes,
  canonicalize,
  constantFold,
  algebraicSimplify,
  sinkTranspose,
  sinkReshape,
  sinkBroadcast,
  cse,
  dce,
  loopInvariantCodeMotion,
  whileTripCount,
  expandBatchNorm,
  expandCheckpoint,
  expandLegacy,
  expandChlo,
  expandComposite,
  singleProcess,
  expandQuantized,
  expandComplex,
  pairProducts,
  winograd,
  layout,
  fuse,
  expandFft,
  expandRng,
  expandSmallTypes,
];

export const passNames: readonly string[] = allPasses.map(({ name }) => name);

export function findPass(name: string): Pass | undefined {
  return allPasses.find((pass) => pass.name === name);
}
