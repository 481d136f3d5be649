/** What came of a case, and how verdicts add up. */
export type Status = 'passed' | 'failed' | 'unsupported';

/** What a compiled target did for a case. */
export interface TargetWork {
  /** Kernel calls in the plan; those in loops and branches once. */
  readonly kernels: number;
  /** Copies in the plan. A function that changes nothing has these only. */
  readonly copies: number;
  /** Bytes of checked results that were computed while compiling; such a case counts as not run. */
  readonly foldedBytes: number;
  /** Bytes of operands that stayed constants, because the shape of a result hangs on them. */
  readonly constantBytes: number;
}

export interface CaseResult {
  readonly name: string;
  readonly family: string;
  readonly status: Status;
  /** Why, when it did not pass. */
  readonly message: string;
  readonly work?: TargetWork;
  /** It runs several processes, which no compiled target does: not in the scores. */
  readonly isApart?: boolean;
}

export interface FamilyScore {
  readonly family: string;
  readonly total: number;
  readonly passed: number;
}

/** What `--json` writes. */
export interface SuiteReport {
  readonly suite: string;
  readonly target: string;
  readonly passes: string;
  readonly total: number;
  readonly passed: number;
  readonly unsupported: number;
  readonly failed: number;
  /** Cases that are there but not scored: disabled by their authors, or checking nothing. */
  readonly notScored: number;
  /** Cases that run several processes, on a target that runs one: in no other number here but `failed`. */
  readonly apart: number;
  /** Share of passed cases, averaged over families, 0 to 1. */
  readonly familyAverage: number;
  /** The same over cases that leave something to compute: without those whose results are all copies. */
  readonly computedAverage: number;
  /** Over all cases that passed. */
  readonly work: TargetWork & {
    /** Passed cases that need copies only: identities, constants, branches between them. */
    readonly copiedOnly: number;
  };
  readonly seconds: number;
  readonly families: readonly FamilyScore[];
  readonly cases: readonly CaseResult[];
}

export function scoreFamilies(results: readonly CaseResult[]): readonly FamilyScore[] {
  const families = new Map<string, { total: number; passed: number }>();
  for (const { family, status } of results) {
    const score = families.get(family) ?? { total: 0, passed: 0 };
    score.total++;
    if (status === 'passed') score.passed++;
    families.set(family, score);
  }
  return [...families]
    .map(([family, score]) => ({ family, ...score }))
    .sort((a, b) => a.family.localeCompare(b.family, 'en'));
}

export function averageOverFamilies(families: readonly FamilyScore[]): number {
  if (families.length === 0) return 0;
  return families.reduce((sum, { total, passed }) => sum + passed / total, 0) / families.length;
}

export function countStatus(results: readonly CaseResult[], status: Status): number {
  return results.filter((result) => result.status === status).length;
}

export function totalWork(results: readonly CaseResult[]): SuiteReport['work'] {
  const total = { kernels: 0, copies: 0, foldedBytes: 0, constantBytes: 0, copiedOnly: 0 };
  for (const { status, work } of results) {
    if (status !== 'passed' || work === undefined) continue;
    for (const key of ['kernels', 'copies', 'foldedBytes', 'constantBytes'] as const) total[key] += work[key];
  }
  total.copiedOnly = results.filter(isCopiedOnly).length;
  return total;
}

export function isCopiedOnly({ status, work }: CaseResult): boolean {
  return status === 'passed' && work?.kernels === 0;
}
