/** Every op of the registry: how the fuzzer makes it, or why no compiled target has it. An op that is missing here does not compile. */
import type { OpName } from '../../ir/ops/registry.ts';
import { chloFuzz } from './chlo-ops.ts';
import { contractionFuzz } from './contraction-ops.ts';
import { controlFuzz } from './control-ops.ts';
import { elementwiseFuzz } from './elementwise-ops.ts';
import { type FuzzOp, type GeneratedOp, unsupported } from './fuzz-op.ts';
import { indexedFuzz } from './indexed-ops.ts';
import { movementFuzz } from './movement-ops.ts';
import { ProgramWriter, type RandomProgram } from './program-writer.ts';
import { reductionFuzz } from './reduction-ops.ts';

const isCollective = 'it talks to other processes; compiled code runs in one';
const isSharding = 'it says where tensors lie, and computes nothing';

const collectiveFuzz = {
  'stablehlo.all_gather': unsupported(isCollective),
  'stablehlo.all_reduce': unsupported(isCollective),
  'stablehlo.all_to_all': unsupported(isCollective),
  'stablehlo.collective_broadcast': unsupported(isCollective),
  'stablehlo.collective_permute': unsupported(isCollective),
  'stablehlo.collective_reduce': unsupported(isCollective),
  'stablehlo.cross-replica-sum': unsupported(isCollective),
  'stablehlo.partition_id': unsupported(isCollective),
  'stablehlo.reduce_scatter': unsupported(isCollective),
  'stablehlo.replica_id': unsupported(isCollective),
  'sdy.mesh': unsupported(isSharding),
  'sdy.sharding_constraint': unsupported(isSharding),
} as const satisfies Readonly<Record<string, FuzzOp>>;

export const fuzzOps: Readonly<Record<OpName, FuzzOp>> = {
  ...elementwiseFuzz,
  ...movementFuzz,
  ...indexedFuzz,
  ...reductionFuzz,
  ...contractionFuzz,
  ...controlFuzz,
  ...chloFuzz,
  ...collectiveFuzz,
  'tessera.checkpoint': unsupported('differentiation reads it, and its body is what others test'),
  'tessera.gradient': unsupported('it is differentiated before it is evaluated'),
  'tessera.jvp': unsupported('it is differentiated before it is evaluated'),
  'tessera.stop_gradient': unsupported('differentiation reads it, and it is otherwise the identity'),
  'tessera.fusion': unsupported('the pass fuse makes it of the others'),
  'tessera.convolution_pairs': unsupported('the pass pair-products makes it of others'),
  'tessera.dot_general_pairs': unsupported('the pass pair-products makes it of others'),
  'tessera.relayout': unsupported('the pass layout makes it of the others'),
};

export interface NamedOp {
  readonly name: string;
  readonly op: GeneratedOp;
}

export const generatedOps: readonly NamedOp[] = Object.entries(fuzzOps).flatMap(([name, op]) =>
  op.kind === 'generated' ? [{ name, op }] : [],
);

const byWeight: readonly NamedOp[] = generatedOps.flatMap((each) => Array.from({ length: each.op.weight }, () => each));

/** The program of a list of choices: the same for the same list. */
export function randomProgram(choices: readonly number[]): RandomProgram {
  return new ProgramWriter(choices, (writer) => {
    const { name, op } = writer.choices.pick(byWeight);
    op.generate(writer, name);
  }).write();
}
