import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();

const model = folder.file(
  'model.mlir',
  `func.func @main() -> tensor<2xi32> {
  %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %1 = stablehlo.add %0, %0 : tensor<2xi32>
  %2 = stablehlo.add %0, %0 : tensor<2xi32>
  %3 = stablehlo.multiply %1, %2 : tensor<2xi32>
  return %3 : tensor<2xi32>
}
`,
);

describe('tessera opt', () => {
  it('prints the module as it is when no pass is asked for', async () => {
    const { code, out, err } = await tessera('opt', 'samples/mlp.mlir');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^module @mlp \{\n {2}func\.func @main\(/);
  });

  it('says how a program of the language is given', async () => {
    const { code, err } = await tessera('opt', 'samples/linear/linear.tess');
    expect(code).toBe(1);
    expect(err).toContain('error[E5010]: samples/linear/linear.tess: opt reads StableHLO\n');
    expect(err).toContain('`tessera compile samples/linear/linear.tess --emit stablehlo -o FILE.mlir` writes that');
  });

  it('runs the passes it is given, in order', async () => {
    const { code, out } = await tessera('opt', model, '--passes', 'cse,dce');
    expect(code).toBe(0);
    expect(out.match(/stablehlo\.add/g)).toHaveLength(1);
  });

  it('runs a pipeline by name', async () => {
    const { out } = await tessera('opt', model, '--pipeline', 'default');
    expect(out).toContain('stablehlo.constant dense<[4, 16]> : tensor<2xi32>');
    expect(out).not.toContain('stablehlo.add');
  });

  it('--print-after shows the module in between, on standard error', async () => {
    const { out, err } = await tessera('opt', model, '--passes', 'cse,constant-fold', '--print-after', 'cse');
    expect(err).toMatch(/^\/\/ after cse\n/);
    expect(err.match(/stablehlo\.add/g)).toHaveLength(1);
    expect(out).not.toContain('stablehlo.add');
  });

  it('--timing shows each pass with the ops it left', async () => {
    const { err } = await tessera('opt', model, '--passes', 'cse,dce', '--timing');
    expect(err).toMatch(/^cse +[\d.]+ ms +6 ops\ndce +[\d.]+ ms +6 ops +unchanged\n$/);
  });

  it('-o writes the file whole, and leaves nothing else behind', async () => {
    const path = folder.file('out.mlir');
    expect(await tessera('opt', model, '-o', path)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8')).toContain('func.func @main() -> tensor<2xi32>');
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('prints nothing of a file of which one part is wrong', async () => {
    const path = folder.file('parts.mlir', 'func.func @a() {\n  return\n}\n// -----\nfunc.func @b() {\n}\n');
    const { code, out, err } = await tessera('opt', '--split', path, '-o', folder.file('parts-out.mlir'));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`${path}:5:1: error[E2011]`);
    expect(existsSync(folder.file('parts-out.mlir'))).toBe(false);
  });

  it('--split keeps the parts apart', async () => {
    const path = folder.file('two.mlir', 'func.func @a() {\n  return\n}\n// -----\nfunc.func @a() {\n  return\n}\n');
    const { code, out } = await tessera('opt', '--split', path);
    expect(code).toBe(0);
    expect(out.split('// -----\n')).toHaveLength(2);
  });

  it('--help lists the passes with their options', async () => {
    const { out } = await tessera('opt', '--help');
    expect(out).toMatch(/\n {2}constant-fold .*\{bytes=\d+/);
  });

  it.each([
    ['an unknown pass', ['--passes', 'css'], "there is no pass 'css'; did you mean 'cse'?"],
    ['an unknown option of a pass', ['--passes', 'cse{x=1}'], 'cse has no options'],
    ['a dump after a pass that does not run', ['--passes', 'cse', '--print-after', 'dce'], 'that pass is not run'],
    ['an unknown pipeline', ['--pipeline', 'x'], 'Allowed choices are'],
  ])('%s is wrong usage', async (_, options, message) => {
    const { code, out, err } = await tessera('opt', model, ...options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});
