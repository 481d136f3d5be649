/** The declared results and regions of an op that exists. */
import { invariant } from '../../diagnostics/diagnostic.ts';
import { type OpSite, resultTensor } from '../../op-site.ts';
import type { Region } from '../../operation.ts';
import type { TensorType } from '../../types.ts';

/** The tensor type of result `index`, which a verified op has. */
export function requireResult(site: OpSite, index = 0): TensorType {
  const type = resultTensor(site, index);
  invariant(type !== undefined, `${site.definition.name} has no result ${index}`);
  return type;
}

/** Region `index`, which a verified op has. */
export function requireRegion(site: OpSite, index = 0): Region {
  const region = site.regions[index];
  invariant(region !== undefined, `${site.definition.name} has no region ${index}`);
  return region;
}
