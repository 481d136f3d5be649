import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSource } from '../../compiler/dsl/syntax/parser.ts';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../ir/source.ts';
import { absurdPrograms, mutateProgram } from './tess-mutations.ts';

const root = new URL('../../', import.meta.url);
const programs = ['compiler/dsl/library', 'samples', 'test/compiler/dsl/programs'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tess'))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root))),
);

const mutants = 20_000;
const limitMilliseconds = 2000;
/** A megabyte takes longer than a program, and is still no reason to wait. */
const absurdLimitMilliseconds = 8000;

/** Parses; gives the time that took and the places of what is wrong. */
function parse(bytes: Uint8Array): {
  readonly milliseconds: number;
  readonly spans: readonly (readonly [number, number])[];
} {
  const sink = new DiagnosticSink();
  const start = performance.now();
  parseSource(new SourceFile('mutant.tess', bytes), sink);
  const milliseconds = performance.now() - start;
  return { milliseconds, spans: sink.all.map(({ span }) => [span?.start ?? -1, span?.end ?? -1]) };
}

describe('the parser of .tess', () => {
  it(`gives diagnostics, and nothing else, for ${mutants} mutated programs`, () => {
    let slowest = 0;
    let wrong = 0;
    for (let seed = 1; seed <= mutants; seed++) {
      const bytes = mutateProgram(programs[seed % programs.length] ?? new Uint8Array(), seed);
      const { milliseconds, spans } = parse(bytes);
      slowest = Math.max(slowest, milliseconds);
      if (spans.length > 0) wrong++;
      for (const [start, end] of spans) {
        const isInside = start >= 0 && start <= bytes.length && start < end;
        if (!isInside) expect([seed, start, end]).toBe('a place in the file');
      }
    }
    expect(slowest).toBeLessThan(limitMilliseconds);
    expect(wrong).toBeGreaterThan(mutants / 2);
  });

  it.each(Object.entries(absurdPrograms))('ends soon with %s', (_, text) => {
    const { milliseconds, spans } = parse(new TextEncoder().encode(text));
    expect(milliseconds).toBeLessThan(absurdLimitMilliseconds);
    expect(spans.length).toBeLessThanOrEqual(100);
  });
});
