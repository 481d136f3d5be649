/** Every row of the benchmark. */
import type { Row } from '../row.ts';
import { convolutionRows } from './convolution.ts';
import { matmulRows } from './matmul.ts';
import { networkRows } from './networks.ts';
import { poolingRows } from './pooling.ts';

export const rows: readonly Row[] = [...matmulRows, ...convolutionRows, ...poolingRows, ...networkRows];
