import { describe, expect, it } from 'vitest';
import { chooseWorkgroupContraction } from '../../../../codegen/kernel/contraction/choose-workgroup.ts';
import { webgpuTarget } from '../../../../codegen/kernel/target-info.ts';
import { matmul, stageId } from './contraction-kernels.ts';

const limits = { maxWorkgroupInvocations: 256, maxWorkgroupBytes: 16_384, subgroupSize: undefined };

describe('tiles of workgroups', () => {
  it.each([
    [512, 512, 64],
    [40, 512, 32],
    [20, 20, 16],
    [9, 30, 8],
    [5, 5, 8],
  ])('of a product of %i rows and %i columns', (m, n, tileM) => {
    const schedule = chooseWorkgroupContraction(matmul({ m, k: 64, n }), webgpuTarget.gpu ?? limits);
    expect(schedule?.stages.get(stageId)).toMatchObject({ kind: 'workgroup-contraction', tileM });
  });

  it('keep to the limits of the device', () => {
    const schedule = chooseWorkgroupContraction(matmul({ m: 512, k: 64, n: 512 }), {
      ...limits,
      maxWorkgroupBytes: 4096,
    });
    expect(schedule?.stages.get(stageId)).toMatchObject({ tileM: 32 });
    expect(schedule?.workgroup).toEqual([256, 1, 1]);
  });

  it('leave a product with a vector to the schedules of rows', () => {
    expect(chooseWorkgroupContraction(matmul({ m: 1, k: 64, n: 512 }), limits)).toBeUndefined();
  });
});
