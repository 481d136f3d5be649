import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeNpy, npyToTensor } from '../../../../compiler/files/npy.ts';
import { type DType, dtypes } from '../../../../ir/dtype.ts';
import { elementsBytes } from '../../../../ir/elements.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();
const two = folder.npy('two.npy', new Tensor('f32', [2], Float32Array.of(1, 2)));
const three = folder.npy('three.npy', new Tensor('f32', [3], Float32Array.of(1, 2, 3)));
const ints = folder.npy('ints.npy', new Tensor('i32', [2], Int32Array.of(3, 4)));

const named = (name: string): string => `tensor<?xf32, #tessera.tensor<dims = [${name}]>>`;
const add = folder.file(
  'add.mlir',
  `func.func @main(%a: tensor<2xf32>, %b: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = stablehlo.add %a, %b : tensor<2xf32>
  return %0, %a : tensor<2xf32>, tensor<2xf32>
}
`,
);
const open = folder.file(
  'open.mlir',
  `func.func @main(%a: ${named('n <= 8')}, %b: ${named('n <= 8')}) -> ${named('n <= 8')} {
  %0 = stablehlo.add %a, %b : ${named('n <= 8')}
  return %0 : ${named('n <= 8')}
}
`,
);

/** Distinct bit patterns that every dtype can hold. */
function sample(dtype: DType): Tensor {
  const tensor = Tensor.zeros(dtype, [2, 3]);
  const bytes = elementsBytes(tensor.values);
  const isNarrow = ['i1', 'i2', 'i4', 'ui2', 'ui4'].includes(dtype);
  for (let index = 0; index < bytes.length; index++) bytes[index] = isNarrow ? index & 1 : (index * 5) & 0x0f;
  return tensor;
}

describe('tessera run', () => {
  it('runs the sample as its README says', async () => {
    const argv = ['run', 'samples/mlp.mlir', '--target', 'reference', '--in', 'arg0=samples/mlp-arg0.npy'];
    expect(await tessera(...argv)).toEqual({
      code: 0,
      out: 'out0: tensor<4x1xf32>\n[[0.0],\n [1.0],\n [1.0],\n [0.0]]\n',
      err: '',
    });
  });

  it.each(dtypes)('takes and gives arrays of %s', async (dtype) => {
    const type = `tensor<2x3x${dtype}>`;
    const model = folder.file('same.mlir', `func.func @main(%a: ${type}) -> ${type} {\n  return %a : ${type}\n}\n`);
    const tensor = sample(dtype);
    const from = folder.npy('from.npy', tensor);
    const to = folder.file('to.npy');
    const { code, out, err } = await tessera('run', model, '--in', `arg0=${from}`, '--out', `out0=${to}`);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
    const back = npyToTensor(decodeNpy(readFileSync(to), to), dtype, to);
    expect(elementsBytes(back.values)).toEqual(elementsBytes(tensor.values));
    expect((await tessera('run', model, '--arg0', from)).out).toContain(`out0: ${type}\n[[`);
  });

  it('--NAME FILE and --NAME=FILE are short for --in, before or after the model', async () => {
    const out = 'out0: tensor<2xf32>\n[2.0, 4.0]\nout1: tensor<2xf32>\n[1.0, 2.0]\n';
    expect(await tessera('run', add, '--arg0', two, `--arg1=${two}`)).toEqual({ code: 0, out, err: '' });
    expect(await tessera('run', '--arg0', two, '--arg1', two, add)).toEqual({ code: 0, out, err: '' });
  });

  it('prints the results that no file takes', async () => {
    const to = folder.file('sum.npy');
    const { out } = await tessera('run', add, '--arg0', two, '--arg1', two, '--out', `out0=${to}`);
    expect(out).toBe('out1: tensor<2xf32>\n[1.0, 2.0]\n');
    expect(decodeNpy(readFileSync(to), to).shape).toEqual([2]);
  });

  it('named dimensions take their size from the arrays', async () => {
    const { code, out } = await tessera('run', open, '--arg0', two, '--arg1', two, '--dim', 'n=2');
    expect({ code, out }).toEqual({ code: 0, out: 'out0: tensor<2xf32>\n[2.0, 4.0]\n' });
  });

  it.each([
    ['a missing input', [add, '--arg0', two], 'error[E5007]: @main needs arg1: tensor<2xf32>\n  hint: add --in arg1='],
    ['an unknown input', [add, '--arg2', two], "error[E5008]: the function has no input 'arg2'; it has arg0, arg1"],
    ['an unknown output', [add, '--arg0', two, '--arg1', two, '--out', 'out2=x'], "has no output 'out2'; it has out0"],
    ['another shape', [add, '--arg0', two, '--arg1', three], 'the array is [3], but arg1 is [2]: dimension 0 is 3'],
    ['another dtype', [add, '--arg0', two, '--arg1', ints], "the elements are 'i4', but f32 ('f4') is wanted"],
    ['no array', [add, '--arg0', two, '--arg1', add], 'error[E5001]'],
    ['no file', [add, '--arg0', two, '--arg1', 'absent.npy'], 'error[E5013]: absent.npy: no such file or folder'],
    ['no such function', [add, '--fn', 'other'], 'error[E5009]: the module has no function @other'],
    ['sizes that disagree', [open, '--arg0', two, '--arg1', three], 'dimension 0 is 3, but n is 2 here'],
    ['a size given otherwise', [open, '--arg0', two, '--arg1', two, '--dim', 'n=3'], 'is 2, but n is 3 here'],
    ['a size above its bound', [open, '--dim', 'n=9'], 'error[E5011]: the dimension n is 9, but it is at most 8'],
    ['an unknown dimension', [open, '--dim', 'm=9'], "error[E5011]: @main has no dimension 'm'; it has n"],
  ])('%s is a diagnostic', async (_, argv, message) => {
    const { code, out, err } = await tessera('run', ...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });

  it('tells of inputs and functions that a program does not have, and of arrays of another rank', async () => {
    const path = folder.file(
      'rows.tess',
      'export fn rows[n](x: f32[n, 2]) -> f32[n] = sum(x, axis: 1)\nexport fn columns[n](x: f32[n, 2]) -> f32[2] = sum(x, axis: 0)\n',
    );
    const said = async (...argv: readonly string[]): Promise<string> => (await tessera('run', path, ...argv)).err;
    expect(await said('--fn', 'rows', '--y', two)).toContain("error[E5008]: the function has no input 'y'; it has x\n");
    expect(await said('--fn', 'rows', '--x', two)).toContain(': the array is [2], but x has 2 axes\n1 error');
    const misspelt = await said('--fn', 'colums', '--x', two);
    expect(misspelt).toContain(`${path}:1:11: error[E6808]: no function \`colums\` is exported`);
    expect(misspelt).toContain('hint: did you mean `columns`?');
  });

  it('gives tokens by itself, but no tuples', async () => {
    const pass = (type: string): string =>
      folder.file('pass.mlir', `func.func @main(%a: ${type}) -> ${type} {\n  return %a : ${type}\n}\n`);
    expect(await tessera('run', pass('!stablehlo.token'))).toEqual({
      code: 0,
      out: 'out0: !stablehlo.token\n',
      err: '',
    });
    const { code, err } = await tessera('run', pass('tuple<tensor<f32>>'));
    expect(code).toBe(1);
    expect(err).toContain('error[E5012]: the argument arg0 of @main is tuple<tensor<f32>>, which no file can give');
  });

  it('reports every array that does not fit', async () => {
    const { err } = await tessera('run', add, '--arg0', three, '--arg1', ints);
    expect(err).toContain('arg0 is [2]');
    expect(err).toContain("the elements are 'i4'");
    expect(err).toMatch(/\n2 errors\n$/);
  });

  it.each([
    ['half an input', ['--in', 'arg0'], "--in wants NAME=FILE, not 'arg0'"],
    ['an input twice', ['--in', 'a=x', '--in', 'a=y'], "--in is given twice for 'a'"],
    ['a size that is no number', ['--dim', 'n=two'], "--dim wants NAME=SIZE here, one size for 'n'"],
    ['an option without a value', ['--arg0'], "'--arg0' is neither an option nor"],
    ['an argument too many', ['more.mlir'], "'more.mlir' is one argument too many"],
    ['an unknown target', ['--target', 'tpu'], 'Allowed choices are reference'],
    ['a short option that does not exist', ['-x'], "unknown option '-x'"],
    ['two results in one file', ['--out', 'out0=x', '--out', 'out1=x'], 'cannot both be written to x'],
  ])('%s is wrong usage', async (_, options, message) => {
    const { code, out, err } = await tessera('run', add, ...options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('writes no result when one of the files cannot be written', async () => {
    const good = folder.file('good.npy');
    const argv = ['run', add, '--arg0', two, '--arg1', two, '--out', `out0=${good}`, '--out', 'out1=/absent/x.npy'];
    const { code, out, err } = await tessera(...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('error[E5014]: /absent/x.npy: no such file or folder');
    expect(existsSync(good)).toBe(false);
  });

  it('a failing program names the op and its line', async () => {
    const path = folder.file(
      'endless.mlir',
      `func.func @main() -> tensor<9999999x9999999xf32> {
  %0 = stablehlo.iota dim = 0 : tensor<9999999x9999999xf32>
  return %0 : tensor<9999999x9999999xf32>
}
`,
    );
    const { code, err } = await tessera('run', path);
    expect(code).toBe(1);
    expect(err).toContain(`${path}:2:8: error[E4004]: stablehlo.iota`);
  });
});
