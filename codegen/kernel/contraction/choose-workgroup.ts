/** Which contractions are tiled over workgroups, and how, within the limits of a GPU. */
import type { Schedule, WorkgroupContractionSchedule } from '../schedule.ts';
import { maxSize, productOfSizes } from '../size.ts';
import type { AxisId, StructuredKernel } from '../structured-kernel.ts';
import type { GpuLimits } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';
import { contractionRoles } from './choose-schedule.ts';
import { invocationsOf } from './workgroup-contraction.ts';

type Tile = Pick<WorkgroupContractionSchedule, 'tileM' | 'tileN' | 'tileK' | 'blockM' | 'blockN'>;

/** Largest first: each staged element is used `tileM` or `tileN` times. */
const tiles: readonly Tile[] = [
  { tileM: 64, tileN: 64, tileK: 16, blockM: 4, blockN: 4 },
  { tileM: 32, tileN: 32, tileK: 16, blockM: 2, blockN: 2 },
  { tileM: 16, tileN: 16, tileK: 16, blockM: 2, blockN: 2 },
  { tileM: 8, tileN: 8, tileK: 8, blockM: 1, blockN: 1 },
];

/** Undefined when the kernel is no lone contraction, or one of a vector, which is a row's reduction. */
export function chooseWorkgroupContraction(kernel: StructuredKernel, limits: GpuLimits): Schedule | undefined {
  const [stage, ...others] = kernel.stages;
  const roles = stage === undefined ? undefined : contractionRoles(kernel, stage);
  const [dtype] = stage?.combiner?.dtypes ?? [];
  if (stage === undefined || others.length > 0 || roles === undefined || dtype === undefined) return undefined;
  const extent = (ids: readonly AxisId[]): number =>
    maxSize(productOfSizes(ids.map((id) => kernel.axes.find((axis) => axis.id === id)?.extent ?? 1))) ?? Infinity;
  const { m, n, k, batch } = roles;
  const [rows, columns] = [extent(m), extent(n)];
  if (rows < 4 || columns < 4) return undefined;
  const fits = (tile: Tile): boolean => {
    const schedule = { kind: 'workgroup-contraction', m, n, k, batch, ...tile } as const;
    const bytes = (tile.tileM + tile.tileN) * tile.tileK * elementBytes(dtype);
    return invocationsOf(schedule) <= limits.maxWorkgroupInvocations && bytes <= limits.maxWorkgroupBytes;
  };
  const allowed = tiles.filter(fits);
  const tile = allowed.find(({ tileM, tileN }) => tileM <= rows && tileN <= columns) ?? allowed.at(-1);
  if (tile === undefined) return undefined;
  const schedule = { kind: 'workgroup-contraction', m, n, k, batch, ...tile } as const;
  return {
    tiles: [],
    stages: new Map([[stage.id, schedule]]),
    layouts: new Map(),
    spaces: new Map(),
    workgroup: [invocationsOf(schedule), 1, 1],
  };
}
