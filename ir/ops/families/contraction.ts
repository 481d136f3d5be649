/** The contraction family: see registry.ts. */
import { convolution } from '../stablehlo/convolution.ts';
import { dot } from '../stablehlo/dot.ts';
import { dotGeneral } from '../stablehlo/dot-general.ts';
import { dynamicConv } from '../stablehlo/dynamic-conv.ts';
import { einsum } from '../stablehlo/einsum.ts';
import { unaryEinsum } from '../stablehlo/unary-einsum.ts';

export const contractionOps = [convolution, dot, dotGeneral, dynamicConv, einsum, unaryEinsum] as const;
