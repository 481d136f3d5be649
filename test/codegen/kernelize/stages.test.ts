import { describe, expect, it } from 'vitest';
import { structuredKernelText } from '../../../codegen/kernel/structured-text.ts';
import { fuse } from '../../../passes/fuse.ts';
import * as models from '../../passes/fuse/models.ts';
import { inFunction, load, runPass } from '../../passes/pass-fixture.ts';
import { kernelDifference, kernelOf, opsOf, structured } from './expect-kernel.ts';

function stagesOf(text: string): string {
  return text.slice(text.indexOf('  stage 0'));
}

/** The stages of the only kernel of a function. */
function stages(signature: string, body: string): string {
  return stagesOf(structuredKernelText(kernelOf(inFunction(signature, body))));
}

/** The stages of each kernel of a fused function. */
function fusedStages(text: string): string[] {
  return opsOf(load(runPass(fuse, text).text)).map((op) => stagesOf(structuredKernelText(structured(op).kernel)));
}

describe('stages', () => {
  it('of a softmax share a row; the exponentials are computed once', () => {
    expect(fusedStages(models.softmax())).toEqual([
      `  stage 0 (i0: 4; k3: 8 reduced)
    combine maximum from -Infinity: in0[i0, k3]
    t2[i0] = acc0
  stage 1 (i0: 4, i1: 8)
    t3[i0, i1] = exp(subtract(in0[i0, i1], t2[i0]))
  stage 2 (i0: 4; k2: 8 reduced)
    combine add from 0: t3[i0, k2]
    t4[i0] = acc0
  stage 3 (i0: 4, i1: 8)
    out0[i0, i1] = divide(t3[i0, i1], t4[i0])`,
    ]);
  });

  it.each([
    [1, 100_000],
    [3, 100_000],
    [1, 250_000],
    [3, 250_000],
    [3, 300_000],
  ])('of a softmax of %i x %i compute exp once, whatever lies in one kernel', (...dims) => {
    const text = fusedStages(models.softmax(dims)).join('\n');
    expect(text.split('exp(').length - 1).toBe(1);
  });

  it('of a contraction take in the epilogue, transposed too', () => {
    const text = inFunction(
      '(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<4x2xf32>) -> tensor<4x2xf32>',
      `%0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
       %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<2x4xf32>) -> tensor<4x2xf32>
       %2 = stablehlo.add %1, %c : tensor<4x2xf32>
       return %2 : tensor<4x2xf32>`,
    );
    expect(fusedStages(text)).toEqual([
      `  stage 0 (i1: 2, i0: 4; k2: 3 reduced)
    combine add from 0: multiply(in0[i1, k2], in1[k2, i0])
    out0[i0, i1] = add(acc0, in2[i0, i1])`,
    ]);
  });

  it('of a padded window are one guarded load', () => {
    expect(
      stages(
        '(%a: tensor<4xf32>, %p: tensor<f32>) -> tensor<9xf32>',
        '%0 = stablehlo.pad %a, %p, low = [1], high = [1], interior = [1] : (tensor<4xf32>, tensor<f32>) -> tensor<9xf32> return %0 : tensor<9xf32>',
      ),
    ).toBe(`  stage 0 (i0: 9)
    out0[i0] = (in0[(i0 + 1) / 2 - 1] where 0 <= (i0 + 1) / 2 - 1 < 4 and 0 <= (i0 + 1) % 2 < 1 else in1[])`);
  });

  it('of a concatenation write each input to its place', () => {
    expect(
      stages(
        '(%a: tensor<2x3xf32>, %b: tensor<2x1xf32>) -> tensor<2x4xf32>',
        '%0 = stablehlo.concatenate %a, %b, dim = 1 : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32> return %0 : tensor<2x4xf32>',
      ),
    ).toBe(`  stage 0 (i0: 2, i1: 3)
    out0[i0, i1] = in0[i0, i1]
  stage 1 (i0: 2)
    out0[i0, 3] = in1[i0, 0]`);
  });

  it('of an update write its box only', () => {
    expect(
      stages(
        '(%a: tensor<8x4xf32>, %u: tensor<1x4xf32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<8x4xf32>',
        '%0 = stablehlo.dynamic_update_slice %a, %u, %i, %j : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32> return %0 : tensor<8x4xf32>',
      ),
    ).toBe(`  stage 0 (i0: 4)
    in0[clamp(in2[], 7), i0] = in1[0, i0]`);
  });

  it('of a grouped convolution have an axis for the group', () => {
    expect(
      stages(
        '(%a: tensor<1x4x4xf32>, %b: tensor<2x2x6xf32>) -> tensor<1x3x6xf32>',
        `%0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {stride = [1], pad = [[0, 0]]} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<1x4x4xf32>, tensor<2x2x6xf32>) -> tensor<1x3x6xf32>
         return %0 : tensor<1x3x6xf32>`,
      ),
    ).toBe(`  stage 0 (i0: 3, i1: 2, i2: 3; k3: 2 reduced, k4: 2 reduced)
    combine add from 0: multiply(in0[0, i0 + k3, 2 * i1 + k4], in1[k3, k4, 3 * i1 + i2])
    out0[0, i0, 3 * i1 + i2] = acc0`);
  });

  it('of reshapes linearise only what is split or merged', () => {
    expect(
      stages(
        '(%a: tensor<2x6x5xf32>) -> tensor<2x2x3x5x1xf32>',
        '%0 = stablehlo.reshape %a : (tensor<2x6x5xf32>) -> tensor<2x2x3x5x1xf32> return %0 : tensor<2x2x3x5x1xf32>',
      ),
    ).toBe(`  stage 0 (i0: 2, i1: 2, i2: 3, i3: 5)
    out0[i0, i1, i2, i3, 0] = in0[i0, 3 * i1 + i2, i3]`);
  });
});

describe('axes', () => {
  it('that are read in parts are split', () => {
    const text = inFunction(
      '(%a: tensor<2x4x3x16xf32>) -> tensor<2x3x64xf32>',
      `%0 = stablehlo.transpose %a, dims = [0, 2, 1, 3] : (tensor<2x4x3x16xf32>) -> tensor<2x3x4x16xf32>
       %1 = stablehlo.reshape %0 : (tensor<2x3x4x16xf32>) -> tensor<2x3x64xf32>
       %2 = stablehlo.negate %1 : tensor<2x3x64xf32>
       return %2 : tensor<2x3x64xf32>`,
    );
    expect(fusedStages(text)).toEqual([
      `  stage 0 (i0: 2, i1: 3, i3: 4, i4: 16)
    out0[i0, i1, 16 * i3 + i4] = negate(in0[i0, i3, i1, i4])`,
    ]);
    expect(kernelDifference(text, { passes: [fuse] })).toBeUndefined();
  });

  it('are left alone where the parts would be too short for vectors', () => {
    const text = inFunction(
      '(%a: tensor<4x3x2xf32>) -> tensor<3x8xf32>',
      `%0 = stablehlo.transpose %a, dims = [1, 0, 2] : (tensor<4x3x2xf32>) -> tensor<3x4x2xf32>
       %1 = stablehlo.reshape %0 : (tensor<3x4x2xf32>) -> tensor<3x8xf32>
       return %1 : tensor<3x8xf32>`,
    );
    expect(fusedStages(text)).toEqual([`  stage 0 (i0: 3, i1: 8)\n    out0[i0, i1] = in0[i1 / 2, i0, i1 % 2]`]);
  });
});
