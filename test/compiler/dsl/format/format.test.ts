import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSource, formatWidth } from '../../../../compiler/dsl/format/format.ts';
import { DiagnosticSink } from '../../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../../ir/source.ts';
import { meaning, parseRight } from '../syntax/parse-text.ts';
import { randomProgram } from '../syntax/random-program.ts';

const root = new URL('../../../../', import.meta.url);
const programs = ['compiler/dsl/library', 'samples', 'test/compiler/dsl/programs'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tess'))
    .map((name) => `${folder}/${name}`),
);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function format(text: string): string {
  const formatted = formatSource(new SourceFile('test.tess', text), new DiagnosticSink());
  if (formatted === undefined) throw new Error('syntax error');
  return formatted;
}

/** What must be the same before and after. */
function kept(text: string): unknown {
  const unit = parseRight(text);
  return { tree: meaning(unit), comments: unit.comments.map((comment) => comment.text) };
}

describe('the formatter', () => {
  it('lays out every construct', () => {
    expect(format(read('test/compiler/dsl/format/untidy.tess'))).toBe(read('test/compiler/dsl/format/tidy.tess'));
  });

  it.each(programs)('keeps what %s means, and its comments', (path) => {
    const text = read(path);
    const once = format(text);
    expect(kept(once)).toEqual(kept(text));
    expect(format(once)).toBe(once);
    expect(once.split('\n').filter((line) => line.length > formatWidth && !line.trimStart().startsWith('//'))).toEqual(
      [],
    );
  });

  it.each(['', '// only a comment\n', '//! about\n\n// and\n', '\n\n\n'])('gives a file of %j back tidy', (text) => {
    const once = format(text);
    expect(format(once)).toBe(once);
    expect(kept(once)).toEqual(kept(text));
  });

  it('keeps a closure that a pipe takes in parentheses', () => {
    const text = 'fn f() {\n  let x = (fn(y) = y) |> g\n  let z = (fn(y) = y) + 1\n}\n';
    expect(format(text)).toBe(text);
  });

  it('keeps what random programs mean, and their comments; a second time changes nothing', () => {
    fc.assert(
      fc.property(randomProgram, (text) => {
        const once = format(text);
        expect(kept(once)).toEqual(kept(text));
        expect(format(once)).toBe(once);
      }),
      { numRuns: 100, interruptAfterTimeLimit: 5000, endOnFailure: true },
    );
  });
});
