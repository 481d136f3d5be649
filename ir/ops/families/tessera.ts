/** Ops of our own: see registry.ts. */
import { fusion } from '../tessera/fusion.ts';

export const tesseraOps = [fusion] as const;
