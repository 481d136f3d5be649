import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModules, splitSources } from '../../../ir/text/parser.ts';
import { describeDiagnostic } from './read.ts';

describe('a file of several modules', () => {
  it('is divided at the marker lines', () => {
    const parts = splitSources(new SourceFile('a.mlir', 'one\n// -----\ntwo\n// ----- rest\nthree'));
    expect(parts.map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [13, 17],
      [31, 36],
    ]);
  });

  it('is one part without a marker', () => {
    expect(splitSources(new SourceFile('a.mlir', 'one // -----'))).toHaveLength(1);
    expect(splitSources(new SourceFile('a.mlir', ''))).toHaveLength(1);
  });

  it('keeps names apart and the line numbers of the whole file', () => {
    const sink = new DiagnosticSink();
    const text = '#a = 1 : i64\nmodule attributes {x = #a} {}\n// -----\nmodule attributes {x = #a} {}\n';
    const modules = parseModules(new SourceFile('a.mlir', text), sink);
    expect(modules).toHaveLength(2);
    expect(sink.all.map(describeDiagnostic)).toEqual([
      "4:24 E1502 the attribute alias '#a' is not defined; define it: #a = ...",
    ]);
  });
});
