import { describe, expect, it } from 'vitest';
import { allOpNames } from '../../ir/ops/registry.ts';
import { printModule } from '../../ir/text/printer.ts';
import { checkProgram } from './check-program.ts';
import { choicesOf } from './choices.ts';
import { fuzzOps, generatedOps, randomProgram } from './op-table.ts';

/** Programs from this seed on; the slow test has its own. */
const firstSeed = 1_000_000;
const programs = Number(process.env['RUNS'] ?? 200);

describe('random programs', () => {
  it('know every op, how it is made or why it is not', () => {
    expect(Object.keys(fuzzOps).toSorted()).toEqual([...allOpNames()].toSorted());
  });

  it('have all ops that can be made in them', () => {
    const made = new Set<string>();
    for (let seed = 1; seed <= 1500; seed++) randomProgram(choicesOf(seed)).module.walk((op) => void made.add(op.name));
    expect(generatedOps.map(({ name }) => name).filter((name) => !made.has(name))).toEqual([]);
  });

  it('are the same for the same choices', () => {
    const [a, b] = [1, 1].map((seed) => printModule(randomProgram(choicesOf(seed)).module));
    expect(a).toBe(b);
  });

  it('compute on compiled targets what the evaluator does', { timeout: 180_000 }, () => {
    const totals = { agreed: 0, unsupported: 0, unchecked: 0 };
    for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
      const program = randomProgram(choicesOf(seed));
      const verdict = checkProgram(program, seed);
      if (verdict.kind === 'failed') expect.fail(`seed ${seed}: ${verdict.message}\n${printModule(program.module)}`);
      totals[verdict.kind]++;
      if (verdict.kind === 'unsupported') continue;
      // By program: one large one would outweigh many.
      totals.unchecked += verdict.unchecked / Math.max(1, verdict.elements);
    }
    // A fuzzer that checks nothing finds nothing.
    expect(totals.agreed).toBeGreaterThan(0.6 * programs);
    expect(totals.unchecked).toBeLessThan(0.15 * totals.agreed);
  });
});
