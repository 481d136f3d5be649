/** Which generator makes the loops of which opaque op. */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../../ir/operation.ts';
import type { OpaqueOpName } from '../../kernelize/kernel-rules.ts';
import { generateCholesky, generateTriangularSolve } from './linear-algebra.ts';
import type { OpaqueGenerator } from './opaque-loops.ts';
import { generateRngBitGenerator } from './rng-bit-generator.ts';
import { generateScatter } from './scatter.ts';
import { generateSelectAndScatter } from './select-and-scatter.ts';
import { generateSort } from './sort.ts';
import { generateTopK } from './top-k.ts';

const generators: Readonly<Record<OpaqueOpName, OpaqueGenerator>> = {
  'chlo.top_k': generateTopK,
  'stablehlo.cholesky': generateCholesky,
  'stablehlo.rng_bit_generator': generateRngBitGenerator,
  'stablehlo.scatter': generateScatter,
  'stablehlo.select_and_scatter': generateSelectAndScatter,
  'stablehlo.sort': generateSort,
  'stablehlo.triangular_solve': generateTriangularSolve,
};

export function opaqueGenerator({ name }: Operation): OpaqueGenerator {
  if (Object.hasOwn(generators, name)) return generators[name as OpaqueOpName];
  throw new InvariantError(`${name} is no opaque kernel`);
}
