/** The contraction family: see registry.ts. */
import { batchNormGrad } from '../stablehlo/batch-norm-grad.ts';
import { batchNormInference } from '../stablehlo/batch-norm-inference.ts';
import { batchNormTraining } from '../stablehlo/batch-norm-training.ts';
import { cholesky } from '../stablehlo/cholesky.ts';
import { convolution } from '../stablehlo/convolution.ts';
import { dot } from '../stablehlo/dot.ts';
import { dotGeneral } from '../stablehlo/dot-general.ts';
import { dynamicConv } from '../stablehlo/dynamic-conv.ts';
import { einsum } from '../stablehlo/einsum.ts';
import { fft } from '../stablehlo/fft.ts';
import { rng } from '../stablehlo/rng.ts';
import { rngBitGenerator } from '../stablehlo/rng-bit-generator.ts';
import { triangularSolve } from '../stablehlo/triangular-solve.ts';
import { unaryEinsum } from '../stablehlo/unary-einsum.ts';

export const contractionOps = [
  batchNormGrad,
  batchNormInference,
  batchNormTraining,
  cholesky,
  convolution,
  dot,
  dotGeneral,
  dynamicConv,
  einsum,
  fft,
  rng,
  rngBitGenerator,
  triangularSolve,
  unaryEinsum,
] as const;
