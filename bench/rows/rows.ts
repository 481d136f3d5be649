/** Every row of the benchmark. */
import type { Row } from '../row.ts';
import { convolutionRows } from './convolution.ts';
import { elementwiseRows } from './elementwise.ts';
import { matmulRows } from './matmul.ts';
import { networkRows } from './networks.ts';
import { orderingRows } from './ordering.ts';
import { poolingRows } from './pooling.ts';
import { quantisedRows } from './quantised.ts';
import { rowwiseRows } from './rowwise.ts';

export const rows: readonly Row[] = [
  ...matmulRows,
  ...convolutionRows,
  ...poolingRows,
  ...rowwiseRows,
  ...elementwiseRows,
  ...orderingRows,
  ...quantisedRows,
  ...networkRows,
];
