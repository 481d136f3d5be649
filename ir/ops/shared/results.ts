/** The declared results of an op that exists. */
import { invariant } from '../../diagnostics/diagnostic.ts';
import { type OpSite, resultTensor } from '../../op-site.ts';
import type { TensorType } from '../../types.ts';

/** The tensor type of result `index`, which a verified op has. */
export function requireResult(site: OpSite, index = 0): TensorType {
  const type = resultTensor(site, index);
  invariant(type !== undefined, `${site.definition.name} has no result ${index}`);
  return type;
}
