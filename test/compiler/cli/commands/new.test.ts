import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkProjectName } from '../../../../compiler/driver/new-project.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();

describe('tessera new', () => {
  it('makes a project that checks, passes its test, runs, compiles and is laid out', async () => {
    const project = join(folder.path, 'iris-kinds');
    const made = await tessera('new', project);
    expect(made).toMatchObject({ code: 0 });
    expect(made.out.trim().split('\n')).toHaveLength(4);
    expect(readdirSync(project).toSorted()).toEqual(['.gitignore', 'README.md', 'iris-kinds.tess', 'package.json']);
    const program = join(project, 'iris-kinds.tess');
    expect(await tessera('check', program)).toEqual({ code: 0, out: '', err: '' });
    const tested = await tessera('test', project);
    expect(tested).toMatchObject({ code: 0, err: '' });
    expect(tested.out).toContain('1 passed, 0 failed');
    expect(await tessera('fmt', project, '--check')).toMatchObject({ code: 0 });
    const x = folder.npy('x.npy', new Tensor('f32', [2, 4], Float32Array.of(5.1, 3.5, 1.4, 0.2, 6.7, 3, 5.2, 2.3)));
    const ran = await tessera('run', program, '--x', x);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/^probs: f32\[2, 3\]$/m);
    const dist = join(project, 'dist');
    expect(await tessera('compile', program, '--dim', 'n=..64', '-o', dist)).toMatchObject({ code: 0 });
    expect(readdirSync(dist)).toEqual(expect.arrayContaining(['iris-kinds.wasm', 'iris-kinds.js', 'iris-kinds.d.ts']));
  });

  it('names the package and the compiler that it needs', async () => {
    await tessera('new', join(folder.path, 'digits'));
    const described: unknown = JSON.parse(readFileSync(join(folder.path, 'digits', 'package.json'), 'utf8'));
    const own = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    expect(described).toMatchObject({ name: 'digits', private: true, dependencies: { tessera: `^${own.version}` } });
  });

  it('changes nothing that exists, and leaves nothing behind', async () => {
    const taken = join(folder.path, 'taken');
    mkdirSync(taken);
    const before = readdirSync(folder.path);
    const { code, err } = await tessera('new', taken);
    expect(code).toBe(1);
    expect(err).toContain('E5020');
    expect(readdirSync(taken)).toEqual([]);
    expect(readdirSync(folder.path)).toEqual(before);
  });

  it('says why a folder cannot be made', async () => {
    const file = folder.file('file.txt', '');
    const { code, err } = await tessera('new', join(file, 'model'));
    expect(code).toBe(1);
    expect(err).toMatch(/E5014.*in the way/);
  });

  it.each([
    ['My Model', "'My Model': it does not start with a small letter", 'for example: my-model'],
    ['digitReader', 'small letters, digits and `-`', 'for example: digit-reader'],
    ['2d', 'start with a small letter', 'for example: d'],
    ['a-', 'it ends with `-`', 'for example: a'],
    ['.', 'start with a small letter', 'for example: digits, my-model'],
    ['', 'the name is empty', 'for example: digits, my-model'],
    ['x'.repeat(65), 'more than 64 characters', `for example: ${'x'.repeat(64)}`],
    ['nul', 'Windows has a device', 'for example: digits, my-model'],
    ['tessera', 'the name is taken', 'for example: digits, my-model'],
  ])('refuses %j', (name, message, hint) => {
    expect(() => {
      checkProjectName(name);
    }).toThrow(
      expect.objectContaining({
        diagnostic: expect.objectContaining({
          code: 'E5019',
          hint,
          message: expect.stringContaining(message) as string,
        }) as unknown,
      }),
    );
  });
});
