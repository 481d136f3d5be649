/** Ops of our own: see registry.ts. */
import { convolutionPairs } from '../tessera/convolution-pairs.ts';
import { dotGeneralPairs } from '../tessera/dot-general-pairs.ts';
import { checkpoint } from '../tessera/checkpoint.ts';
import { fusion } from '../tessera/fusion.ts';
import { gradient } from '../tessera/gradient.ts';
import { jvp } from '../tessera/jvp.ts';
import { relayout } from '../tessera/relayout.ts';
import { stopGradient } from '../tessera/stop-gradient.ts';

export const tesseraOps = [
  fusion,
  relayout,
  stopGradient,
  checkpoint,
  gradient,
  jvp,
  dotGeneralPairs,
  convolutionPairs,
] as const;
