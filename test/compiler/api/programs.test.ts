import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../compiler/files/safetensors.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { check, compile, parameters, run } from '../../../compiler/api/index.ts';

const source = {
  main: 'models/net.tess',
  files: {
    'models/net.tess': `use "./layer.tess"

export model Net(hidden: int = 3) {
  first: layer.Scale(hidden)

  export fn predict[n](x: f32[n, hidden]) -> (y: f32[n, hidden]) = (y: first(x))
}
`,
    'models/layer.tess': `use nn

model Scale(n: int) {
  param weight: f32[n] = nn.normal_of(1.0)
  fn call[m](x: f32[m, n]) -> f32[m, n] = x * weight
}
`,
  },
};

describe('a program of the language', () => {
  it('is read with the files it uses, and checked', () => {
    const broken = { ...source, files: { ...source.files, 'models/layer.tess': 'model {' } };
    expect(check(broken).diagnostics[0]).toMatchObject({ severity: 'error', file: 'models/layer.tess', line: 1 });
    expect(check({ ...source, files: { 'models/net.tess': source.files['models/net.tess'] } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'E6105' }],
    });
  });

  it('lists its parameters, with their initial values', () => {
    const listed = parameters(source, { settings: { hidden: 2 } });
    if (!listed.ok) throw new Error(listed.text);
    expect(listed.parameters).toMatchObject([{ name: 'first.weight', dtype: 'f32', shape: [2], role: 'param' }]);
    const [weight] = listed.parameters;
    expect(weight?.initial(1)).toEqual(weight?.initial(1n));
    expect(weight?.initial(1)).not.toEqual(weight?.initial(2));
  });

  it('runs on what it is given, and compiled to the same', async () => {
    const inputs = { x: new Float32Array([1, 2, 3, 4]), 'first.weight': new Float32Array([2, 10]) };
    const settings = { hidden: 2 };
    const expected = new Float32Array([2, 20, 6, 40]);
    const evaluated = run(source, { ...inputs, x: { data: inputs.x, shape: [2, 2] } }, { settings });
    if (!evaluated.ok) throw new Error(evaluated.text);
    expect(evaluated.outputs).toMatchObject({ y: { shape: [2, 2], data: expected } });
    const compiled = compile(source, { settings, dims: { n: { max: 8 } } });
    if (!compiled.ok) throw new Error(compiled.text);
    const model = await compiled.instantiate();
    expect(model.predictSync(inputs)).toEqual({ y: expected });
    const declarations = compiled.artifacts.find(({ name }) => name === 'net.d.ts')?.bytes;
    expect(new TextDecoder().decode(declarations)).toContain('  "first.weight": Input<Float32Array>;');
  });

  it('starts from the seed where its parameters are not given', () => {
    const result = run(
      source,
      { x: { data: new Float32Array([1, 1]), shape: [1, 2] } },
      { settings: { hidden: 2 }, seed: 7 },
    );
    const listed = parameters(source, { settings: { hidden: 2 } });
    if (!result.ok || !listed.ok) throw new Error(`${result.text}${listed.text}`);
    expect(result.outputs['y']?.data).toEqual(listed.parameters[0]?.initial(7).data);
  });

  it('makes constants of what a seed draws', async () => {
    const options = { settings: { hidden: 2 }, seed: 7 };
    const x = new Float32Array([1, 2]);
    const compiled = compile(source, { ...options, dims: { n: 1 } });
    const result = run(source, { x: { data: x, shape: [1, 2] } }, options);
    if (!compiled.ok || !result.ok) throw new Error(`${compiled.text}${result.text}`);
    expect((await compiled.instantiate()).predictSync({ x })).toEqual({ y: result.outputs['y']?.data });
    expect(check(source, { settings: { hiden: 2 } })).toMatchObject({ ok: false, diagnostics: [{ code: 'E6806' }] });
  });

  it('takes weights from a file: as constants of what is compiled, and for a run', async () => {
    const pieces = encodeSafetensors(new Map([['first.weight', new Tensor('f32', [2], new Float32Array([2, 10]))]]));
    const files = { ...source.files, 'w.safetensors': new Uint8Array(Buffer.concat(pieces)) };
    const options = { settings: { hidden: 2 }, params: 'w.safetensors' };
    const compiled = compile({ ...source, files }, { ...options, dims: { n: 2 } });
    if (!compiled.ok) throw new Error(compiled.text);
    const x = new Float32Array([1, 2, 3, 4]);
    const y = new Float32Array([2, 20, 6, 40]);
    expect((await compiled.instantiate()).predictSync({ x })).toEqual({ y });
    expect(run({ ...source, files }, { x: { data: x, shape: [2, 2] } }, options)).toMatchObject({
      outputs: { y: { data: y } },
    });
    expect(compile({ ...source, files }, { params: 'w.safetensors', dims: { n: 2 } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'E5113' }],
    });
    expect(compile({ ...source, files }, { params: 'v.safetensors', dims: { n: 2 } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'E5013', hint: "did you mean 'w.safetensors'?" }],
    });
  });

  it('is compiled for several sizes, of which the shapes of a call choose', async () => {
    const compiled = compile(source, { settings: { hidden: 2 }, dims: { n: [1, 2] } });
    if (!compiled.ok) throw new Error(compiled.text);
    const model = await compiled.instantiate();
    const weight = new Float32Array([2, 10]);
    for (const x of [new Float32Array([1, 2]), new Float32Array([1, 2, 3, 4])]) {
      const expected = x.map((value, index) => value * (weight[index % 2] ?? 0));
      expect(model.predictSync({ x, 'first.weight': weight })).toEqual({ y: expected });
    }
  });
});
