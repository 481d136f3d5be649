/**
 * Hostile input: whatever a text is, Tessera answers with diagnostics: nothing else is thrown, nothing takes long, nothing
 * takes much memory.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { absurdModules, mutate } from './mutations.ts';
import { type Outcome, processModule } from './process-module.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const seeds = [
  ...readdirSync(fixtures)
    .filter((name) => name.endsWith('.mlir'))
    .map((name) => new URL(name, fixtures)),
  new URL('../../samples/mlp.mlir', import.meta.url),
].map((url) => ({ name: url.pathname.split('/').at(-1) ?? '', bytes: new Uint8Array(readFileSync(url)) }));

/** For each seed text; together more than 100,000. */
const mutantsPerSeed = Math.ceil(100_000 / seeds.length);
const timeLimitMilliseconds = 2000;
const heapLimitBytes = 1 << 30;

interface Measured {
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

function measure(bytes: Uint8Array): Measured {
  const start = performance.now();
  const outcome = processModule(bytes);
  return { outcome, milliseconds: performance.now() - start };
}

describe('hostile input', () => {
  it.each(seeds)('gives diagnostics only, for every mutant of $name', ({ name, bytes }) => {
    const outcomes = new Map<Outcome, number>();
    for (let seed = 0; seed < mutantsPerSeed; seed++) {
      const mutant = mutate(bytes, seed);
      let measured: Measured;
      try {
        measured = measure(mutant);
      } catch (error) {
        const text = new TextDecoder().decode(mutant).slice(0, 4000);
        throw new Error(`mutant ${seed} of ${name} throws: ${String(error)}\n${text}`, { cause: error });
      }
      outcomes.set(measured.outcome, (outcomes.get(measured.outcome) ?? 0) + 1);
      expect(measured.milliseconds, `time for mutant ${seed} of ${name}`).toBeLessThan(timeLimitMilliseconds);
      if (seed % 64 === 0) expect(process.memoryUsage().heapUsed).toBeLessThan(heapLimitBytes);
    }
    // Mutants must reach every stage, or the test would not test it.
    expect(outcomes.get('rejected') ?? 0).toBeGreaterThan(mutantsPerSeed / 10);
    expect(mutantsPerSeed - (outcomes.get('rejected') ?? 0)).toBeGreaterThan(mutantsPerSeed / 500);
  });

  it.each(Object.keys(absurdModules))('answers %s in time', (name) => {
    const { milliseconds } = measure(new TextEncoder().encode(absurdModules[name] ?? ''));
    expect(milliseconds).toBeLessThan(timeLimitMilliseconds);
    expect(process.memoryUsage().heapUsed).toBeLessThan(heapLimitBytes);
  });
});
