import { describe, expect, it } from 'vitest';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();

const passing = `test "sums" {
  assert(f32(1) + 1 == 2)
  assert_close(sum(tensor([0.5, 0.25])), 0.75)
}
`;

const mixed = `fn double[n](x: f32[n]) -> f32[n] = 2 * x

model Counter {
  state count: i32 = 0
  mut fn next() -> i32 {
    count := count + 1
    count
  }
}

test "doubles" {
  assert_close(double(tensor([1.0, 2.0])), tensor([2.0, 5.0]), message: "two times two")
}

test "counts" {
  let c = Counter()
  c.next()
  assert(c.next() == 2)
}

test "is wrong" {
  assert(f32(1) > 2)
  assert(false)
}
`;

describe('tessera test', () => {
  it('runs the tests of a file, on each target', async () => {
    const path = folder.file('passing.tess', passing);
    for (const target of ['reference', 'wasm']) {
      const { code, out, err } = await tessera('test', path, '--target', target);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/ {2}ok {4}sums \(\d+ ms\)\n1 passed, 0 failed\n$/);
    }
  });

  it('shows the assertions that do not hold, at their place, with how far off they are', async () => {
    const path = folder.file('mixed.tess', mixed);
    const { code, out, err } = await tessera('test', path);
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}FAIL {2}doubles .*\n {2}ok {4}counts .*\n {2}FAIL {2}is wrong .*\n1 passed, 2 failed\n$/);
    expect(err).toContain(`${path}:12:3: error[E6814]: two times two: they differ by up to 1.000`);
    expect(err).toContain(`${path}:22:3: error[E6814]: the condition does not hold`);
    expect(err).toContain(`${path}:23:3: error[E6814]: the condition does not hold`);
    expect(err).toContain('note: in the test "is wrong"');
  });

  it('finds the programs of a folder', async () => {
    folder.file('passing.tess', passing);
    folder.file('mixed.tess', mixed);
    const { out } = await tessera('test', folder.path);
    expect(out).toContain('passing.tess');
    expect(out).toContain('mixed.tess');
    expect(out).toMatch(/2 passed, 2 failed\n$/);
  });

  it('refuses a folder without programs', async () => {
    expect((await tessera('test', 'docs')).code).toBe(2);
  });
});
