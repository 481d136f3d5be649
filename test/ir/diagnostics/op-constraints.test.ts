import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readerCatalog } from '../../../ir/diagnostics/catalog-reader.ts';
import { verifierCatalog } from '../../../ir/diagnostics/catalog-verifier.ts';
import { type Diagnostic, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule, splitSources } from '../../../ir/text/parser.ts';
import { verify } from '../../../ir/verifier.ts';

const path = 'test/ir/diagnostics/op-constraints.mlir';

interface Mark {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly code: string;
  /** `transpose C2`, or how the message begins. */
  readonly cites: string;
}

/** The marks of the whole file. */
function readMarks(text: string): Mark[] {
  const marks: Mark[] = [];
  let marked = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const match = /^(\/\/ *)(\^~*) (E\d{4}) (.+)$/.exec(line);
    if (match === null) marked = index + 1;
    else {
      const [, before = '', caret = '', code = '', cites = ''] = match;
      marks.push({ line: marked, column: before.length + 1, length: caret.length, code, cites });
    }
  }
  return marks;
}

function cites({ message }: Diagnostic, text: string): boolean {
  return message.startsWith(`${text}:`) || message.endsWith(`(${text})`) || message === text;
}

function check(part: SourceFile): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  const parsed = parseModule(part, sink);
  if (parsed !== undefined) verify(parsed.root, sink);
  return sink.all;
}

const source = new SourceFile(path, readFileSync(path));
const marks = readMarks(readFileSync(path, 'utf8'));
const parts = splitSources(source).map((part) => {
  const first = part.lineColumn(part.start).line;
  const last = part.lineColumn(part.end).line;
  return { part, expected: marks.filter(({ line }) => line >= first && line < last) };
});

describe('a violated constraint', () => {
  it.each(parts)('is reported where it is marked: $expected.0.code $expected.0.cites', ({ part, expected }) => {
    const diagnostics = check(part);
    const found = diagnostics.map((diagnostic): Mark => {
      const { start = 0, end = 0 } = diagnostic.span ?? {};
      const wanted = expected.find(({ code, cites: text }) => code === diagnostic.code && cites(diagnostic, text));
      return {
        ...part.lineColumn(start),
        length: end - start,
        code: diagnostic.code,
        cites: wanted?.cites ?? diagnostic.message,
      };
    });
    expect(found).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  it('is shown for more than forty ops, and more than sixty codes with the catalogs', () => {
    const codes = new Set(marks.map(({ code }) => code));
    const opCodes = [...codes].filter((code) => /^E2[1-7]/.test(code));
    expect(opCodes.length).toBeGreaterThan(40);
    for (const code of [...Object.keys(readerCatalog), ...Object.keys(verifierCatalog)]) codes.add(code);
    expect(codes.size).toBeGreaterThan(140);
  });
});

describe('a module with three mistakes', () => {
  it('reports three', () => {
    expect(parts.at(-1)?.expected.map(({ code }) => code)).toEqual(['E1101', 'E2002', 'E2220']);
  });
});
