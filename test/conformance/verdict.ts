/** What came of a case, and how verdicts add up. */
export type Status = 'passed' | 'failed' | 'unsupported';

export interface CaseResult {
  readonly name: string;
  readonly family: string;
  readonly status: Status;
  /** Why, when it did not pass. */
  readonly message: string;
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
  /** Share of passed cases, averaged over families, 0 to 1. */
  readonly familyAverage: number;
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
