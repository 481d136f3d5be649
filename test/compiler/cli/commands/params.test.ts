import { describe, expect, it } from 'vitest';
import { tessera, TemporaryFolder } from '../run-cli.ts';

const folder = new TemporaryFolder();

const net = `use nn

export model Net(hidden: int = 1200) {
  first: nn.Dense(4, hidden)
  layers: [nn.Dense(hidden, hidden) for i in 0..2]
  state seen: i32 = 0

  export mut fn predict[n](x: f32[n, 4]) -> (y: f32[n, hidden]) {
    seen := seen + 1
    (y: layers[1](layers[0](first(x))))
  }
}
`;

describe('tessera params', () => {
  it('lists names, dtypes, shapes, elements and bytes, and their sums', async () => {
    const { code, out, err } = await tessera('params', folder.file('net.tess', net));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "name             dtype  shape          elements       bytes
      first.weight     f32    [4, 1200]         4,800      19,200
      first.bias       f32    [1200]            1,200       4,800
      layers.0.weight  f32    [1200, 1200]  1,440,000   5,760,000
      layers.0.bias    f32    [1200]            1,200       4,800
      layers.1.weight  f32    [1200, 1200]  1,440,000   5,760,000
      layers.1.bias    f32    [1200]            1,200       4,800
      seen             i32    []                    1           4  state
      7 in all                              2,888,401  11,553,604
      "
    `);
  });

  it('takes settings, and writes JSON', async () => {
    const { code, out } = await tessera('params', folder.file('net.tess', net), '--set', 'hidden=2', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as { parameters: { name: string }[] };
    expect(report).toMatchObject({ count: 7, elements: 23, bytes: 92 });
    expect(report.parameters[0]).toEqual({
      name: 'first.weight',
      role: 'param',
      dtype: 'f32',
      shape: [4, 2],
      elements: 8,
      bytes: 32,
    });
  });

  it('says that StableHLO has none', async () => {
    const { code, out } = await tessera('params', 'samples/mlp.mlir');
    expect({ code, out }).toEqual({ code: 0, out: 'no parameters\n' });
  });

  it('reports what is wrong with the model', async () => {
    const { code, err } = await tessera('params', folder.file('bad.tess', net.replace('nn.Dense(4', 'nn.Dens(4')));
    expect(code).toBe(1);
    expect(err).toContain('bad.tess:4:');
  });
});
