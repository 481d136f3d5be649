/**
 * Hostile programs: whatever a text is, the language answers with diagnostics: nothing is thrown, nothing takes long, nothing takes much
 * memory.
 */
import { describe, expect, it } from 'vitest';
import { diskLibrary } from '../compiler/dsl/program.ts';
import { processProgram, type ProgramOutcome } from './process-program.ts';
import { absurdPrograms, mutateProgram, piecesOf } from './program-mutations.ts';
import { seedPrograms } from './seed-programs.ts';

const seeds = seedPrograms();
const words = seeds.flatMap(({ text }) => piecesOf(text)).filter((piece) => !/^(?:\s|\/\/)/.test(piece));

const mutants = 20_000;
const timeLimitSeconds = 2;
const heapLimitBytes = 1 << 30;

/** Processor time, so that a busy machine does not count. */
function measure<T>(run: () => T): { readonly result: T; readonly seconds: number } {
  const before = process.cpuUsage();
  const result = run();
  return { result, seconds: process.cpuUsage(before).user / 1e6 };
}

describe('hostile programs', () => {
  it(`gives diagnostics only, for each of ${mutants} mutants of ${seeds.length} programs`, () => {
    const outcomes = new Map<ProgramOutcome, number>();
    for (let seed = 0; seed < mutants; seed++) {
      const { name, text } = seeds[seed % seeds.length] ?? { name: '', text: '' };
      const mutant = mutateProgram(text, words, seed);
      try {
        const { result, seconds } = measure(() => processProgram(mutant, diskLibrary));
        outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
        expect(seconds, 'seconds').toBeLessThan(timeLimitSeconds);
      } catch (error) {
        throw new Error(`mutant ${seed}, of ${name}: ${String(error)}\n${new TextDecoder().decode(mutant)}`, {
          cause: error,
        });
      }
      if (seed % 64 === 0) expect(process.memoryUsage().heapUsed).toBeLessThan(heapLimitBytes);
    }
    // Mutants must reach every stage, or the test would not test it.
    for (const outcome of ['unread', 'mistaken', 'elaborated'] as const) {
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(mutants / 50);
    }
  });

  it.each(Object.keys(absurdPrograms))('answers %s in time', (name) => {
    const bytes = new TextEncoder().encode(absurdPrograms[name] ?? '');
    const { seconds } = measure(() => processProgram(bytes, diskLibrary));
    expect(seconds).toBeLessThan(timeLimitSeconds);
    expect(process.memoryUsage().heapUsed).toBeLessThan(heapLimitBytes);
  });
});
