import { describe, expect, it } from 'vitest';
import { randomProgram } from './random-programs.ts';
import { runEverywhere, writtenPlaces } from './run-plan.ts';

const batches = 8;
const batch = 15;
/** Another start covers other programs: TESSERA_SEED=12345. */
const firstSeed = Number(process.env['TESSERA_SEED'] ?? 1);
const starts = Array.from({ length: batches }, (_, index) => firstSeed + index * batch);

describe('random programs with loops, branches, views, updates and donated arguments', () => {
  it.each(starts)(
    'give the same numbers in evaluator, kernel interpreter and WebAssembly (from seed %i)',
    { timeout: 60_000 },
    (start) => {
      for (let seed = start; seed < start + batch; seed++) {
        const { text, donated } = randomProgram(seed);
        const { plan, expected, kernel, wasm, changedInputs } = runEverywhere(text);
        const context = `seed ${seed}\n${text}`;
        expect(kernel, context).toEqual(expected);
        expect(wasm, context).toEqual(expected);
        expect(changedInputs, context).toEqual([]);
        for (const place of writtenPlaces(plan.steps))
          expect(place.kind !== 'constant' && (place.kind !== 'input' || donated.has(place.index)), context).toBe(true);
        expect(plan.peakBytes, context).toBeLessThanOrEqual(plan.programOrderBytes);
        expect(plan.peakBytes, context).toBeGreaterThanOrEqual(plan.lowerBoundBytes);
      }
    },
  );
});
