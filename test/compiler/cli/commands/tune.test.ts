import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();

const layer = folder.file(
  'layer.mlir',
  `func.func @main(%x: tensor<13x40xf32>, %w: tensor<40x37xf32>) -> tensor<13xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<13x40xf32>, tensor<40x37xf32>) -> tensor<13x37xf32>
  %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<13x37xf32>, tensor<f32>) -> tensor<13xf32>
  return %1 : tensor<13xf32>
}
`,
);

interface Table {
  readonly tesseraSchedules: number;
  readonly machine: string;
  readonly schedules: Readonly<Record<string, { readonly kernel: string; readonly stages: readonly object[] }>>;
}

function tableAt(path: string): Table {
  return JSON.parse(readFileSync(path, 'utf8')) as Table;
}

/** Of every kernel of the model, by a schedule that is another than the heuristic's. */
function handMade(name: string, schedules: object): string {
  return folder.file(name, JSON.stringify({ tesseraSchedules: 1, machine: 'none', schedules }));
}

async function compiled(name: string, ...argv: string[]): Promise<Uint8Array> {
  const output = join(folder.path, name);
  const { code, err } = await tessera('compile', layer, '--name', 'layer', '-o', output, ...argv);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return readFileSync(join(output, 'layer.wasm'));
}

describe('tessera tune', () => {
  it('writes a table that the compiler takes, of faster schedules only', async () => {
    const path = join(folder.path, 'tuned.json');
    const { code, out, err } = await tessera('tune', layer, '--no-relaxed', '--time', '1', '-o', path);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/\d of \d kernels have a faster schedule/);
    const table = tableAt(path);
    expect(table.tesseraSchedules).toBe(1);
    expect(table.machine).toContain(process.version);
    expect(Object.keys(table.schedules)).toEqual(Object.keys(table.schedules).toSorted());
    const plain = await tessera('run', layer, '--target', 'wasm', ...inputs());
    const tuned = await tessera('run', layer, '--target', 'wasm', '--schedules', path, ...inputs());
    expect(tuned).toEqual({ ...plain, code: 0, err: '' });
  }, 40_000);

  it('keeps what a table has of other kernels, and refuses to replace what is none', async () => {
    const stages = [{ kind: 'loops', order: [0], unroll: 1 }];
    const path = handMade('kept.json', { '0123456789abcdef': { kernel: 'another', gain: 2, stages } });
    await tessera('tune', layer, '--no-relaxed', '--time', '1', '-o', path);
    expect(tableAt(path).schedules['0123456789abcdef']).toEqual({ kernel: 'another', gain: 2, stages });
    const text = folder.file('notes.json', 'these are my notes');
    expect((await tessera('tune', layer, '--time', '1', '-o', text)).code).toBe(1);
    expect(readFileSync(text, 'utf8')).toBe('these are my notes');
  }, 40_000);

  it('refuses what it cannot do', async () => {
    expect((await tessera('tune', layer, '--time', '0')).code).toBe(2);
    expect(
      (await tessera('tune', folder.file('broken.mlir', 'func'), '--time', '1', '-o', folder.file('b'))).code,
    ).toBe(1);
    const nowhere = await tessera('tune', layer, '--time', '1', '-o', '/nowhere/at/all.json');
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain('E5014');
  });
});

function inputs(): string[] {
  const x = folder.file('x.npy', npy([13, 40]));
  const w = folder.file('w.npy', npy([40, 37]));
  return ['--in', `arg0=${x}`, '--in', `arg1=${w}`];
}

/** An array of small numbers. */
function npy(shape: readonly number[]): Uint8Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const text = `${header.padEnd(117)}\n`;
  const values = Float32Array.from({ length: size }, (_, index) => ((index * 7) % 11) - 5);
  const head = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0);
  return Uint8Array.of(...head, ...new TextEncoder().encode(text), ...new Uint8Array(values.buffer));
}

describe('compile --schedules', () => {
  it('changes nothing for an empty table, and says nothing of one for other kernels but in a remark', async () => {
    const plain = await compiled('plain');
    expect(await compiled('empty', '--schedules', handMade('empty.json', {}))).toEqual(plain);
    const stages = [{ kind: 'loops', order: [0], unroll: 1 }];
    const other = handMade('other.json', { '0123456789abcdef': { kernel: 'softmax', gain: 2, stages } });
    expect(await compiled('other', '--schedules', other)).toEqual(plain);
    const { code, err } = await tessera('compile', layer, '--emit', 'plan', '--schedules', other, '--remarks');
    expect(code).toBe(0);
    expect(err).toContain('1 of 1 schedules are for kernels that are not here: softmax');
  });

  it.each([
    ['no JSON', 'nonsense', 'it is no JSON'],
    ['no object', '[]', 'the table is no object'],
    ['another file', '{"a": 1}', 'it is no table of schedules'],
    ['another version', '{"tesseraSchedules": 99, "schedules": {}}', 'it is of version 99'],
    ['no schedules', '{"tesseraSchedules": 1}', '"schedules" is no object'],
    ['a strange key', '{"tesseraSchedules": 1, "schedules": {"__proto__x": {}}}', 'is no key of a kernel'],
    ['no stages', table('{"kernel": "a"}'), 'is no list'],
    ['an unknown kind', table('{"stages": [{"kind": "magic"}]}'), 'is of no kind that there is: "magic"'],
    ['a fraction', table('{"stages": [{"kind": "loops", "order": [0.5], "unroll": 1}]}'), 'no whole number'],
    ['a huge number', table('{"stages": [{"kind": "loops", "order": [1e99], "unroll": 1}]}'), 'no whole number'],
    ['no tile', table('{"stages": [{"kind": "contraction", "rhs": "panel", "lhs": "panel"}]}'), '"mr" of stage 0'],
    ['a wrong side', table('{"stages": [{"kind": "contraction", "rhs": "left"}]}'), 'not panel or direct'],
  ])('refuses %s', async (_, text, message) => {
    const { code, err } = await tessera('compile', layer, '--schedules', folder.file('hostile.json', text));
    expect(code).toBe(1);
    expect(err).toContain('E5022');
    expect(err).toContain(message);
    expect(err).toContain('tessera tune');
  });

  it('refuses a file that is not there', async () => {
    const { code, err } = await tessera('compile', layer, '--schedules', '/nowhere.json');
    expect({ code, isNamed: err.includes('E5013') }).toEqual({ code: 1, isNamed: true });
  });
});

function table(entry: string): string {
  return `{"tesseraSchedules": 1, "schedules": {"0123456789abcdef": ${entry}}}`;
}
