import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { verify } from '../../../ir/verifier.ts';

function codes(text: string): string[] {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('a.mlir', text), sink);
  if (parsed !== undefined) verify(parsed.root, sink, parsed.unread);
  return sink.all.map(({ code, span }) => `${span?.source.lineColumn(span.start).line} ${code}`);
}

describe('reading and verifying together', () => {
  it('report mistakes of both kinds in one function, and no consequences of them', () => {
    expect(
      codes(`func.func @f(%a: tensor<2xf32>, %b: tensor<3xf32>) -> tensor<2xf32> {
  %0 = stablehlo.ad %a, %a : tensor<2xf32>
  %1 = stablehlo.add %0, %c : tensor<2xf32>
  %2 = stablehlo.popcnt %1 : tensor<2xf32>
  %3 = stablehlo.concatenate %2, %b, dim = 0 : (tensor<2xf32>, tensor<3xf32>) -> tensor<4xf32>
  return %3 tensor<2xf32>
}`),
    ).toEqual(['2 E1101', '3 E1201', '6 E1006', '4 E2002', '5 E2008']);
  });

  it('still report a missing terminator in another function', () => {
    expect(codes('func.func @f() {\n  oops.oops\n}\nfunc.func @g() {\n}')).toEqual(['2 E1101', '4 E2011']);
  });
});
