import { describe, expect, it } from 'vitest';
import { diskLibrary } from '../compiler/dsl/program.ts';
import { processProgram } from './process-program.ts';
import { mutateProgram, piecesOf } from './program-mutations.ts';
import { seedPrograms } from './seed-programs.ts';

const seeds = seedPrograms();
const words = seeds.flatMap(({ text }) => piecesOf(text));

describe('300 mutants of programs', () => {
  it('give diagnostics, and nothing else', () => {
    for (let seed = 1_000_000; seed < 1_000_300; seed++) {
      const mutant = mutateProgram(seeds[seed % seeds.length]?.text ?? '', words, seed);
      expect(() => processProgram(mutant, diskLibrary), `seed ${seed}`).not.toThrow();
    }
  }, 60_000);
});
