/** Ops by what they do with elements, for passes that treat them alike. */

/** Results hold elements of the operands, moved or repeated but not changed; index operands aside. */
export const dataMovement: readonly string[] = [
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
].map((name) => `stablehlo.${name}`);

/** Regions whose ops run one after another: functions, and the regions of control flow. Inner ones first. */
export const runsOps: ReadonlySet<string> = new Set([
  'builtin.module',
  'func.func',
  'stablehlo.while',
  'stablehlo.if',
  'stablehlo.case',
]);
