import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decision, Decisions, type PairCost } from '../../../passes/layout/minimum-cut.ts';

interface Problem {
  readonly single: readonly (readonly [number, number])[];
  readonly pairs: readonly (readonly [number, number, PairCost])[];
}

function totalOf({ single, pairs }: Problem, yes: (index: number) => boolean): number {
  let total = 0;
  for (const [index, [no, cost]] of single.entries()) total += yes(index) ? cost : no;
  for (const [a, b, { neither, second, first, both }] of pairs)
    total += yes(a) ? (yes(b) ? both : first) : yes(b) ? second : neither;
  return total;
}

function solve({ single, pairs }: Problem): (index: number) => boolean {
  const decisions = new Decisions();
  const ids = single.map(() => decisions.add());
  for (const [index, [no, yes]] of single.entries()) decisions.cost(ids[index] as Decision, no, yes);
  for (const [a, b, costs] of pairs) decisions.pair(ids[a] as Decision, ids[b] as Decision, costs);
  const chosen = decisions.solve();
  return (index) => chosen.has(ids[index] as Decision);
}

function least(problem: Problem): number {
  const count = problem.single.length;
  let best = Infinity;
  for (let bits = 0; bits < 2 ** count; bits++)
    best = Math.min(
      best,
      totalOf(problem, (index) => ((bits >> index) & 1) === 1),
    );
  return best;
}

const cost = fc.nat(20);
/** Agreeing costs no more than differing. */
const pairCost = fc
  .record({ neither: cost, second: cost, first: cost, both: cost })
  .filter(({ neither, second, first, both }) => neither + both <= first + second);

const problems = fc.integer({ min: 2, max: 8 }).chain((count) =>
  fc.record({
    single: fc.array(fc.tuple(cost, cost), { minLength: count, maxLength: count }),
    pairs: fc.array(
      fc.tuple(fc.nat(count - 1), fc.nat(count - 1), pairCost).filter(([a, b]) => a !== b),
      { maxLength: 14 },
    ),
  }),
);

describe('decisions at least cost', () => {
  it('are as good as the best of all combinations', () => {
    fc.assert(
      fc.property(problems, (problem) => totalOf(problem, solve(problem)) === least(problem)),
      { numRuns: 500 },
    );
  });

  it('are a no where a yes gains nothing', () => {
    expect(solve({ single: [[3, 3], [1, 1]], pairs: [[0, 1, { neither: 0, second: 2, first: 2, both: 0 }]] })(0)).toBe(false); // prettier-ignore
  });

  it('of a long chain are found without recursion', () => {
    const count = 20_000;
    const single = Array.from(
      { length: count },
      (_, index) => [index === 0 ? 9 : 0, index === count - 1 ? 5 : 0] as const,
    );
    const agree: PairCost = { neither: 0, second: 7, first: 7, both: 0 };
    const pairs = single.slice(1).map((_, index) => [index, index + 1, agree] as const);
    const yes = solve({ single, pairs });
    expect([yes(0), yes(count - 1)]).toEqual([true, true]);
  });
});
