/** Which generator makes the loops of which opaque op. */
import type { Operation } from '../../../ir/operation.ts';
import { type OpaqueOpName, opaqueOpName } from '../../kernelize/opaque-kernel.ts';
import { generateCholesky, generateTriangularSolve } from './linear-algebra.ts';
import type { OpaqueGenerator } from './opaque-loops.ts';
import { generateRngBitGenerator } from './rng-bit-generator.ts';
import { generateScatter } from './scatter.ts';
import { generateSelectAndScatter } from './select-and-scatter.ts';
import { generateSort } from './sort.ts';

/** `undefined`: there is no kernel for it yet. */
const generators: Readonly<Record<OpaqueOpName, OpaqueGenerator | undefined>> = {
  'stablehlo.batch_norm_grad': undefined,
  'stablehlo.batch_norm_training': undefined,
  'stablehlo.cholesky': generateCholesky,
  'stablehlo.fft': undefined,
  'stablehlo.rng': undefined,
  'stablehlo.rng_bit_generator': generateRngBitGenerator,
  'stablehlo.scatter': generateScatter,
  'stablehlo.select_and_scatter': generateSelectAndScatter,
  'stablehlo.sort': generateSort,
  'stablehlo.triangular_solve': generateTriangularSolve,
};

export function opaqueGenerator(op: Operation): OpaqueGenerator | undefined {
  const name = opaqueOpName(op);
  return name === undefined ? undefined : generators[name];
}
