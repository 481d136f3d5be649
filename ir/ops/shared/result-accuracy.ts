/** The attribute `result_accuracy` of ops whose result may be approximated: how far it may be from the exact one. */
import { enumeration, float, i64, struct, withDefault } from '../../attribute-schema.ts';
import type { ConstraintCheck } from '../../op-definition.ts';

const fields = {
  atol: withDefault(float('f64'), 0),
  rtol: withDefault(float('f64'), 0),
  ulps: withDefault(i64(), 0),
  mode: withDefault(enumeration('stablehlo', 'result_accuracy_mode', ['DEFAULT', 'HIGHEST', 'TOLERANCE']), 'DEFAULT'),
};

const codec = struct('stablehlo', 'result_accuracy', fields);

export const accuracyAttributes = {
  result_accuracy: withDefault(codec, Object.freeze({ atol: 0, rtol: 0, ulps: 0, mode: 'DEFAULT' as const })),
};

/** `atol`, `rtol`: absolute and relative error. `ulps`: units in the last place. They count only with the mode TOLERANCE. */
export interface ResultAccuracy {
  readonly atol: number;
  readonly rtol: number;
  readonly ulps: number;
  readonly mode: 'DEFAULT' | 'HIGHEST' | 'TOLERANCE';
}

export const accuracyConstraints = {
  A1: 'atol, rtol and ulps are not negative',
  A2: 'atol, rtol and ulps are 0 unless mode = TOLERANCE',
};

/** A1 and A2, which StableHLO checks but the specification does not number. */
export function checkAccuracy({ atol, rtol, ulps, mode }: ResultAccuracy, check: ConstraintCheck): void {
  const describe = (): string => `atol = ${atol}, rtol = ${rtol}, ulps = ${ulps}, mode = ${mode}`;
  check.require(atol >= 0 && rtol >= 0 && ulps >= 0, 'A1', describe);
  check.require(mode === 'TOLERANCE' || (atol === 0 && rtol === 0 && ulps === 0), 'A2', describe);
}
