/** Every row of the benchmark. */
import type { Row } from '../row.ts';
import { matmulRows } from './matmul.ts';

export const rows: readonly Row[] = [...matmulRows];
