/** Ops of our own: see registry.ts. */
import { fusion } from '../tessera/fusion.ts';
import { relayout } from '../tessera/relayout.ts';

export const tesseraOps = [fusion, relayout] as const;
