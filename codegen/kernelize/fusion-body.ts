/** What kernelize is given: a fusion, or one op that stands for a fusion of itself. */
import type { Operation, Value } from '../../ir/operation.ts';
import { fusion } from '../../ir/ops/tessera/fusion.ts';

export interface FusionBody {
  /** One an operand of the op outside: the value that stands for it inside. */
  readonly inputs: readonly Value[];
  /** One a result of the op outside. */
  readonly results: readonly Value[];
  /** The ops that compute, in order. */
  readonly ops: readonly Operation[];
}

export function fusionBody(op: Operation): FusionBody {
  if (op.name !== fusion.name) return { inputs: op.operands, results: op.results, ops: [op] };
  const { block } = op.region();
  const { terminator } = block;
  return {
    inputs: block.arguments,
    results: terminator?.operands ?? [],
    ops: [...block.operations()].filter((inner) => inner !== terminator),
  };
}

/** `dot_general_add_maximum`: from the ops, or as the fusion says. */
export function kernelName(op: Operation, body: FusionBody): string {
  const name = op.name === fusion.name ? op.attribute('name') : undefined;
  if (name?.kind === 'string' && name.value !== '') return name.value;
  const words = body.ops
    .filter(({ name: each }) => !silentOps.has(each))
    .map(({ name: each }) => each.slice(each.indexOf('.') + 1));
  const distinct = [...new Set(words)];
  return (distinct.length > 5 ? [...distinct.slice(0, 4), 'and_more'] : distinct).join('_') || 'copy';
}

/** Ops that a name does not mention. */
const silentOps: ReadonlySet<string> = new Set([
  'stablehlo.constant',
  'stablehlo.broadcast_in_dim',
  'stablehlo.reshape',
  'stablehlo.convert',
]);
