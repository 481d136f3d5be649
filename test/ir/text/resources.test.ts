import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { moduleErrors, operationsOf, readModule } from './read.ts';

const text = `func.func @f() -> tensor<2xf32> {
  %0 = stablehlo.constant dense_resource<w> : tensor<2xf32>
  return %0 : tensor<2xf32>
}
{-#
  dialect_resources: {
    builtin: {
      w: "0x080000000000803F00000040"
    }
  },
  external_resources: {
    mlir_reproducer: { pipeline: "x", disable_threading: false }
  }
#-}
`;

describe('resources', () => {
  it('come after their use and are shared by reference', () => {
    const parsed = parseModule(new SourceFile('a.mlir', text), new DiagnosticSink());
    const blob = parsed?.resources.get('w');
    expect(blob).toMatchObject({ key: 'w', alignment: 8, bytes: Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40) });
    const [, constant] = parsed === undefined ? [] : operationsOf(parsed.root);
    const value = constant?.attribute('value');
    expect(value).toMatchObject({ kind: 'dense-resource', key: 'w', type: { text: 'tensor<2xf32>' } });
    expect(value?.kind === 'dense-resource' && value.blob).toBe(blob);
  });

  it('may be missing', () => {
    const root = readModule('module attributes {a = dense_resource<"my key"> : tensor<4xi8>} {}');
    expect(root.attribute('a')).toMatchObject({ key: 'my key', blob: undefined });
  });

  it('report every one that is wrong', () => {
    expect(
      moduleErrors(`{-#
  dialect_resources: {
    builtin: {
      a: "0x0100",
      b: "hello",
      c: "0x0300000000",
      "d e": "0x04000000",
      "d e": "0x04000000"
    }
  }
#-}`),
    ).toEqual([
      expect.stringContaining('4:10 E1802'),
      expect.stringContaining('5:10 E1802'),
      expect.stringContaining('6:7 E1805'),
      expect.stringContaining('8:7 E1803'),
    ]);
  });
});
