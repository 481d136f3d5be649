import { mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();
const untidy = 'let  x=1 // one\nfn f( a:f32 )=a+x\n';
const tidy = 'let x = 1 // one\nfn f(a: f32) = a + x\n';

describe('tessera fmt', () => {
  it('lays files out in place, and leaves alone what is laid out already', async () => {
    const path = folder.file('untidy.tess', untidy);
    expect(await tessera('fmt', path)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8')).toBe(tidy);
    expect(await tessera('fmt', '--check', path)).toEqual({ code: 0, out: '', err: '' });
  });

  it('--check names the files that would change, and changes none', async () => {
    const path = folder.file('checked.tess', untidy);
    const { code, err } = await tessera('fmt', '--check', path);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${path} is laid out otherwise: \`tessera fmt ${path}\` changes it\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe(untidy);
  });

  it('--stdout writes the program there', async () => {
    const path = folder.file('shown.tess', untidy);
    expect(await tessera('fmt', '--stdout', path)).toEqual({ code: 0, out: tidy, err: '' });
    expect(readFileSync(path, 'utf8')).toBe(untidy);
  });

  it('looks for programs in folders', async () => {
    mkdirSync(folder.file('deep/er'), { recursive: true });
    mkdirSync(folder.file('deep/node_modules'), { recursive: true });
    const path = folder.file('deep/er/a.tess', untidy);
    const foreign = folder.file('deep/node_modules/b.tess', untidy);
    expect((await tessera('fmt', folder.file('deep'))).code).toBe(0);
    expect([readFileSync(path, 'utf8'), readFileSync(foreign, 'utf8')]).toEqual([tidy, untidy]);
  });

  it('reports syntax errors, does not touch that file, and does the others', async () => {
    const wrong = folder.file('wrong.tess', 'let x := 1\n');
    const right = folder.file('right.tess', untidy);
    const { code, err } = await tessera('fmt', wrong, right);
    expect(code).toBe(1);
    expect(err).toContain(`${wrong}:1:7: error[E6032]`);
    expect(readFileSync(wrong, 'utf8')).toBe('let x := 1\n');
    expect(readFileSync(right, 'utf8')).toBe(tidy);
  });

  it('reports a file that is not there', async () => {
    const { code, err } = await tessera('fmt', folder.file('missing.tess'));
    expect(code).toBe(1);
    expect(err).toContain('error[E5013]');
  });

  it('refuses options that exclude each other', async () => {
    expect((await tessera('fmt', '--check', '--stdout', folder.file('x.tess', tidy))).code).toBe(2);
  });
});
