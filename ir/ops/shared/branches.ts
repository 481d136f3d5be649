/** What `if` and `case` share: the results are those of one branch. */
import type { ConstraintCheck } from '../../op-definition.ts';
import type { Region } from '../../operation.ts';
import type { Type } from '../../types.ts';
import {
  commonType,
  compatibleTypeLists,
  describeSignature,
  describeTypes,
  regionOutputs,
} from './region-signature.ts';

/** Checks that no branch has arguments (`argumentsId`) and that all return the same types (`resultsId`); gives these types. */
export function inferBranches(
  branches: readonly Region[],
  check: ConstraintCheck,
  argumentsId: string,
  resultsId: string,
): readonly Type[] | undefined {
  const [first, ...rest] = branches;
  if (first === undefined) return undefined;
  const unwanted = branches.find((branch) => branch.block.arguments.length > 0);
  if (
    !check.require(unwanted === undefined, argumentsId, () => `a branch is ${unwanted && describeSignature(unwanted)}`)
  )
    return undefined;
  let types = regionOutputs(first);
  for (const [index, branch] of rest.entries()) {
    const others = regionOutputs(branch);
    const fits = check.require(
      compatibleTypeLists(types, others),
      resultsId,
      () => `branch 0 gives ${describeTypes(types)}, branch ${index + 1} gives ${describeTypes(others)}`,
    );
    if (!fits) return undefined;
    types = types.map((type, position) => commonType(type, others[position] ?? type));
  }
  return types;
}

/** True when as many results are declared as the branches give; reported under `id` otherwise. */
export function checkBranchResults(
  inferred: readonly Type[],
  declared: readonly Type[],
  check: ConstraintCheck,
  id: string,
): boolean {
  return check.require(
    inferred.length === declared.length,
    id,
    () => `the branches give ${describeTypes(inferred)}, the op declares ${describeTypes(declared)}`,
  );
}
