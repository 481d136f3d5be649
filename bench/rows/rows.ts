/** Every row of the benchmark. */
import type { Contestant } from '../rounds.ts';
import { denseLayer } from './dense-layer.ts';

export interface Row {
  readonly name: string;
  readonly target: string;
  /** Floating-point operations of one call. */
  readonly flops: number;
  readonly contestants: () => Promise<readonly Contestant[]>;
}

export const rows: readonly Row[] = [256, 512, 1024].flatMap((size) => [
  denseLayer(size, 'constant weights'),
  denseLayer(size, 'weights at run time'),
]);
