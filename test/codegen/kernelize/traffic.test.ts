import { describe, expect, it } from 'vitest';
import { kernelTraffic } from '../../../codegen/kernelize/traffic.ts';
import { fuse } from '../../../passes/fuse.ts';
import * as models from '../../passes/fuse/models.ts';
import { load, runPass } from '../../passes/pass-fixture.ts';
import { opsOf, structured } from './expect-kernel.ts';

/** Of all kernels of a fused function: bytes moved over the least for its kernels. */
function ratioOf(text: string): number {
  let [moved, least] = [0, 0];
  for (const op of opsOf(load(runPass(fuse, text).text))) {
    const { movedBytes, minimumBytes } = kernelTraffic(structured(op).kernel);
    moved += movedBytes;
    least += minimumBytes;
  }
  return moved / least;
}

describe('bytes moved', () => {
  it.each([
    ['softmax', models.softmax([512, 1024]), 1],
    ['layer norm', models.layerNorm([8, 128, 768]), 1],
    ['GELU', models.gelu([1024, 3072]), 1],
    ['batch norm at inference with relu', models.batchNormRelu([8, 56, 56, 64]), 1],
    ['log-softmax cross entropy', models.crossEntropy([256, 1000]), 1.01],
    ['attention', models.attention(2, 12, 128, 64), 1],
    ['an LSTM step', models.lstmStep(32, 256, 512), 1],
    ['a residual block', models.residualBlock([8, 56, 56, 64]), 1],
  ])('%s moves no more than %s of the least', (_, text, most) => {
    expect(ratioOf(text)).toBeLessThanOrEqual(most);
  });

  it('counts rows that do not fit the cache each time they are read', () => {
    const [op] = opsOf(load(runPass(fuse, models.softmax([2, 262_144])).text));
    if (op === undefined) throw new Error('no kernel');
    const { kernel } = structured(op);
    const bytes = 2 * 262_144 * 4;
    expect(kernelTraffic(kernel, { cacheBytes: 1 << 22 })).toMatchObject({
      minimumBytes: 2 * bytes,
      movedBytes: 2 * bytes,
    });
    // x twice, the exponentials written and read twice, the result.
    expect(kernelTraffic(kernel, { cacheBytes: 1 << 18 })).toMatchObject({
      minimumBytes: 2 * bytes,
      movedBytes: 6 * bytes,
    });
  });
});
