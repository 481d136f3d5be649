/** Ops by what they do with elements, for passes that treat them alike. */
import type { OpName } from '../ir/ops/registry.ts';

/** Names without the dialect. */
export type StableHloName = OpName extends infer Name
  ? Name extends `stablehlo.${infer Short}`
    ? Short
    : never
  : never;

export function fullNames(names: readonly StableHloName[]): readonly OpName[] {
  return names.map((name) => `stablehlo.${name}` as const);
}

/** Results hold elements of the operands, moved or repeated but not changed; index operands aside. */
export const dataMovement: readonly OpName[] = fullNames([
  'broadcast',
  'broadcast_in_dim',
  'concatenate',
  'dynamic_broadcast_in_dim',
  'dynamic_gather',
  'dynamic_pad',
  'dynamic_reshape',
  'dynamic_slice',
  'dynamic_update_slice',
  'gather',
  'get_dimension_size',
  'pad',
  'real_dynamic_slice',
  'reshape',
  'reverse',
  'select',
  'set_dimension_size',
  'slice',
  'torch_index_select',
  'transpose',
]);

/** Regions whose ops run one after another: functions, and the regions of control flow. Inner ones first. */
export const runsOps: ReadonlySet<string> = new Set<OpName>([
  'builtin.module',
  'func.func',
  'stablehlo.while',
  'stablehlo.if',
  'stablehlo.case',
]);
