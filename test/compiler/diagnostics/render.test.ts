import { describe, expect, it } from 'vitest';
import { makeDiagnostic } from '../../../ir/diagnostics/diagnostic.ts';
import { fileLocation } from '../../../ir/location.ts';
import { SourceFile } from '../../../ir/source.ts';
import { renderDiagnostic, renderDiagnostics } from '../../../compiler/diagnostics/render.ts';

const source = new SourceFile('model.mlir', 'first\n  %0 = stablehlo.popcnt %arg0\r\nlast');

describe('rendering a diagnostic', () => {
  it('shows place, code, message, line, caret and hint', () => {
    const diagnostic = makeDiagnostic({
      code: 'E2002',
      message: 'wrong type',
      span: { source, start: 13, end: 29 },
      hint: 'convert it',
    });
    expect(renderDiagnostic(diagnostic)).toBe(
      [
        'model.mlir:2:8: error[E2002]: wrong type',
        '  2 |   %0 = stablehlo.popcnt %arg0',
        '    |        ^~~~~~~~~~~~~~~~',
        '  hint: convert it',
        '',
      ].join('\n'),
    );
  });

  it('shows control characters as such, wherever they stand', () => {
    const binary = new SourceFile('b', 'a\u001b[31m\u0007\u009b x');
    const span = { source: binary, start: 0, end: 1 };
    const text = renderDiagnostic(makeDiagnostic({ code: 'E1001', message: "'\u001b'", span, hint: '\u0000' }));
    expect(text).toContain("error[E1001]: '\ufffd'\n");
    expect(text).toContain('  1 | a\ufffd[31m\ufffd\ufffd x\n');
    expect(text).toContain('  hint: \ufffd\n');
  });

  it('says where the op came from when that is another file', () => {
    const diagnostic = makeDiagnostic({
      code: 'E2002',
      message: 'wrong type',
      span: { source, start: 0, end: 5 },
      location: fileLocation('net.py', 7, 3),
      notes: [{ message: 'defined here', span: { source, start: 8, end: 10 } }],
    });
    const text = renderDiagnostic(diagnostic);
    expect(text).toContain('  note: it comes from net.py:7:3\n');
    expect(text).toContain('  note: model.mlir:2:3: defined here\n');
  });

  it('puts the caret right after characters of several bytes and at the end of the text', () => {
    const wide = new SourceFile('w', '"é" x');
    expect(
      renderDiagnostic(makeDiagnostic({ code: 'E1001', message: 'm', span: { source: wide, start: 5, end: 6 } })),
    ).toContain('  1 | "é" x\n    |     ^\n');
    expect(
      renderDiagnostic(makeDiagnostic({ code: 'E1001', message: 'm', span: { source: wide, start: 6, end: 6 } })),
    ).toContain('    |      ^\n');
  });

  it('cuts long lines around the place', () => {
    const long = new SourceFile('long', `${'a'.repeat(500)}B${'c'.repeat(500)}`);
    const [, line = '', caret = ''] = renderDiagnostic(
      makeDiagnostic({ code: 'E1001', message: 'm', span: { source: long, start: 500, end: 501 } }),
    ).split('\n');
    expect(line.length).toBeLessThan(200);
    expect(line[caret.indexOf('^')]).toBe('B');
  });

  it('counts errors and says when not all are shown', () => {
    const one = makeDiagnostic({ code: 'E1001', message: 'm' });
    expect(renderDiagnostics([one, one])).toContain('2 errors\n');
    expect(renderDiagnostics([one], undefined, 7)).toContain('7 errors (the first 1 are shown)\n');
    expect(renderDiagnostics([])).toBe('');
  });
});
