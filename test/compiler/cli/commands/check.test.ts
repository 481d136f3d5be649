import { describe, expect, it } from 'vitest';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();

const threeMistakes = `func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.subtrac %a, %a : tensor<2xf32>
  %1 = stablehlo.popcnt %a : tensor<2xf32>
  %2 = stablehlo.reverse %a, dims = [1] : tensor<2xf32>
  return %a : tensor<2xf32>
}
`;

describe('tessera check', () => {
  it('says nothing of a model that is right', async () => {
    expect(await tessera('check', 'samples/mlp.mlir')).toEqual({ code: 0, out: '', err: '' });
  });

  it('reports all mistakes, each with its line and a caret', async () => {
    const path = folder.file('three.mlir', threeMistakes);
    const { code, out, err } = await tessera('check', path);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`${path}:2:8: error[E1101]: there is no operation 'stablehlo.subtrac'`);
    expect(err).toContain("  hint: did you mean 'stablehlo.subtract'?");
    expect(err).toContain('  3 |   %1 = stablehlo.popcnt %a : tensor<2xf32>\n    |        ^~~~~~~~~~~~~~~~\n');
    expect(err).toContain(`${path}:4:8: error[E2220]: reverse C3:`);
    expect(err).toMatch(/\n3 errors\n$/);
  });

  it('says where it stopped looking', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => `  %x${index} = stablehlo.popcnt %a : tensor<f32>\n`).join(
      '',
    );
    const { err } = await tessera(
      'check',
      folder.file('many.mlir', `func.func @f(%a: tensor<f32>) {\n${lines}  return\n}\n`),
    );
    expect(err).toContain('100 errors');
    expect(err).toContain('there may be more');
  });

  it('--set checks a program for that value, where it else stands for all', async () => {
    const path = folder.file(
      'set.tess',
      `export model Net(hidden: int = 4) {
  export fn f[n](x: f32[n, 8]) -> (y: f32[n, hidden]) = (y: reshape(x, (n, hidden)))
}
`,
    );
    expect(await tessera('check', path)).toEqual({ code: 0, out: '', err: '' });
    expect(await tessera('check', path, '--set', 'hidden=8')).toEqual({ code: 0, out: '', err: '' });
    const { err } = await tessera('check', path, '--set', 'hidden=7');
    expect(err).toContain(`${path}:2:72: error[E6313]: `);
    expect((await tessera('check', path, '--set', 'hiden=7')).err).toContain(`${path}:1:14: error[E6806]`);
    expect((await tessera('check', path, '--set', 'hidden=x')).err).toContain(`${path}:1:18: error[E6810]`);
    expect((await tessera('check', 'samples/mlp.mlir', '--set', 'hidden=7')).err).toBe(
      `error[E5008]: --set hidden: it is for programs of the language
  hint: a .mlir file has no compile-time parameters
1 error
`,
    );
  });

  it('--json gives them to a program, and nothing else on standard output', async () => {
    const { code, out, err } = await tessera('check', '--json', folder.file('three.mlir', threeMistakes));
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const report = JSON.parse(out) as { errors: number; diagnostics: { code: string; line: number; column: number }[] };
    expect(report.errors).toBe(3);
    expect(report.diagnostics.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['E1101', 2, 8],
      ['E2002', 3, 8],
      ['E2220', 4, 8],
    ]);
  });

  it('--json says so when there is no file', async () => {
    const { code, out } = await tessera('check', '--json', folder.file('absent.mlir'));
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ errors: 1, diagnostics: [{ code: 'E5013' }] });
  });

  it('--split checks each part of a file', async () => {
    const part = 'func.func @main() {\n  return\n}\n';
    const path = folder.file('parts.mlir', `${part}// -----\n${part}`);
    expect((await tessera('check', path)).err).toContain('error[E2013]');
    expect(await tessera('check', '--split', path)).toEqual({ code: 0, out: '', err: '' });
  });

  it('model.onnx is not supported yet, said as such', async () => {
    const { code, err } = await tessera('check', 'model.onnx');
    expect(code).toBe(1);
    expect(err).toContain('unsupported[E5010]');
  });

  it("MLIR's bytecode is told from text", async () => {
    const { err } = await tessera('check', folder.file('bytes.mlir', Uint8Array.of(0x4d, 0x4c, 0xef, 0x52, 1, 2)));
    expect(err).toContain('unsupported[E5010]');
  });
});

describe('tessera explain', () => {
  it('prints the page of a code', async () => {
    const { code, out } = await tessera('explain', 'e2220');
    expect(code).toBe(0);
    expect(out).toContain('# E2220: constraint of stablehlo.reverse');
    expect(out).toContain('| C3 | 0 <= dimensions < rank(result) |');
  });

  it.each(['E9999', '../README'])('%s is no code', async (given) => {
    expect((await tessera('explain', given)).code).toBe(2);
  });
});
