import { describe, expect, it } from 'vitest';
import { elaborateProgram } from '../../../../compiler/dsl/elaborate.ts';
import { programParameters } from '../../../../compiler/dsl/program-parameters.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { check, elaborate, floats, load, messages, run, scalar } from '../program.ts';

const dense = `model Dense(d: int, h: int) {
  param weight: f32[d, h] = nn.glorot
  param bias: f32[h] = zeros
  fn call[n](x: f32[n, d]) -> f32[n, h] = x @ weight + bias
}
`;

const matrix = (value: number): Tensor => new Tensor('f32', [1, 1], Float32Array.of(value));

const names = (text: string, choices: Parameters<typeof elaborate>[1] = {}): readonly string[] =>
  programParameters(elaborate(text, choices)).map(({ name, role }) => `${role} ${name}`);

describe('the fields of a model', () => {
  it('are named by their path, in the order of their declaration', () => {
    const text = `${dense}
export model Net {
  stem: Dense(2, 3)
  blocks: [Dense(3, 3) for i in 0..2]
  heads: (left: Dense(3, 1), right: Dense(3, 1))
  state seen: i32 = 0
  export mut fn f(x: f32[1, 2]) -> f32[1, 1] {
    var y = stem(x)
    for b in blocks { y := b(y) }
    seen := seen + 1
    heads.left(y) + heads.right(y)
  }
}
`;
    expect(names(text)).toEqual([
      'param stem.weight',
      'param stem.bias',
      'param blocks.0.weight',
      'param blocks.0.bias',
      'param blocks.1.weight',
      'param blocks.1.bias',
      'param heads.left.weight',
      'param heads.left.bias',
      'param heads.right.weight',
      'param heads.right.bias',
      'state seen',
    ]);
  });

  it('take another name for files', () => {
    const text = 'export model M {\n  @name("w.0")\n  param weight: f32 = 1\n  export fn f() -> f32 = weight\n}\n';
    expect(names(text)).toEqual(['param w.0']);
  });

  it('start from the same numbers whatever is beside them', () => {
    const model = (fields: string): string =>
      `${dense}export model M {\n${fields}  d: Dense(3, 2)\n  export fn f(x: f32[1, 3]) -> f32[1, 2] = d(x)\n}\n`;
    const weight = (text: string): readonly unknown[] => {
      const found = programParameters(elaborate(text)).find(({ name }) => name === 'd.weight');
      return Array.from(found?.initial(5n).values ?? [], Number);
    };
    const alone = weight(model(''));
    expect(new Set(alone).size).toBeGreaterThan(4);
    expect(weight(model('  e: Dense(7, 7)\n'))).toEqual(alone);
  });

  it('are shared where a model is a field of two', () => {
    const text = `${dense}
model Tied(d: Dense) {
  fn call(x) = transpose(d.weight)
}
model Pair {
  a: Dense(2, 2)
  b: a
}
export model M {
  p: Pair()
  export fn f(x: f32[1, 2]) -> f32[1, 2] = p.b(p.a(x))
}
`;
    expect(names(text)).toEqual(['param p.a.weight', 'param p.a.bias']);
  });
});

describe('initial values', () => {
  it('are numbers, tensors, functions of the type, and of a key', () => {
    const text = `fn ramp(t: type) = positions(t)
fn noise(t: type, key: u32[2]) = uniform(key, t, low: 5, high: 6)
export model M {
  param a: f32[2] = 0.5
  param b: f32[2] = tensor([1.0, 2.0])
  param c: f32[2] = ramp_of
  param d: f32[2] = noise
  param e: (x: f32, y: [f32[2]; 2]) = ones
  state key
  fn ramp_of(t: type) = f32(iota(2))
  export fn f() -> (a: f32[2], b: f32[2], c: f32[2], d: f32[2], e: f32, key: u32[2]) =
    (a: a, b: b, c: c, d: d, e: e.x + sum(e.y[1]), key: key)
}
`;
    const values = run(text);
    expect(values).toMatchObject({ a: [0.5, 0.5], b: [1, 2], c: [0, 1], e: [3] });
    for (const number of values['d'] ?? []) expect(number >= 5 && number < 6).toBe(true);
    expect(new Set(values['d']).size).toBe(2);
    expect(new Set(values['key']).size).toBe(2);
  });
});

describe('params', () => {
  it('is a tree that can be read, mapped and written, also in part', () => {
    const text = `${dense}
export model M {
  d: Dense(1, 1)
  e: Dense(1, 1)
  export mut fn grow() -> (count: i32) {
    params := tree.map(fn(p) = p + 1, params)
    d.params := tree.map(fn(p) = 10 * p, d.params)
    params.e.bias := params.e.bias + 100
    (count: tree.count(params))
  }
}
`;
    const given = {
      'd.weight': matrix(1),
      'd.bias': floats(2),
      'e.weight': matrix(3),
      'e.bias': floats(4),
    };
    expect(run(text, given)).toEqual({
      count: [4],
      'd.weight': [20],
      'd.bias': [30],
      'e.weight': [4],
      'e.bias': [105],
    });
  });
});

describe('an exported function', () => {
  it('takes only the fields that it reads, and gives back those it writes', () => {
    const text = `export model M {
  param used: f32 = 2
  param unused: f32 = 3
  state count: i32 = 0
  state shape_only: f32[4] = zeros
  export mut fn f(x: f32) -> (y: f32) {
    count := count + 1
    (y: x * used * shape_only.shape[0])
  }
}
`;
    const [fn] = elaborate(text).functions;
    expect(fn?.inputs.map(({ name }) => name)).toEqual(['x', 'used', 'count']);
    expect(fn?.outputs.map(({ name, role }) => `${role} ${name}`)).toEqual(['output y', 'state count']);
    expect(run(text, { x: scalar(1) })).toEqual({ y: [8], count: [1] });
  });

  it('may be one of a file without a model, or a name for another', () => {
    const text = `fn double[n](x: f32[n]) -> f32[n] = 2 * x
export twice = double
export fn thrice[n](x: f32[n]) -> f32[n] = 3 * x
`;
    const { functions } = elaborate(text, { dims: { n: 2 } });
    expect(functions.map(({ name }) => name)).toEqual(['twice', 'thrice']);
  });

  it('leaves a size open up to a bound', () => {
    const { program, sink } = load('export fn f[n](x: f32[n, 2], w: f32[2, 3]) -> f32[n, 3] = relu(x @ w)\n');
    const request = { dims: new Map([['n', { max: 8 }]]), settings: new Map() };
    const made = program === undefined ? undefined : elaborateProgram(program, request, sink);
    expect(messages(sink)).toBe('');
    expect(made?.functions[0]?.outputs[0]?.type.text).toBe('tensor<?x3xf32, #tessera.tensor<dims = [n <= 8, _]>>');
  });
});

describe('gradients', () => {
  it('are ops whose bodies use arguments in place of the values they are taken at', () => {
    const text = `export fn f(x: f32[3], y: f32[3]) -> (l: f32, dx: f32[3], dy: f32[3]) {
  let loss = fn(a) = sum(a * a * y)
  let (l, dx) = value_and_grad(loss)(x)
  (l: l, dx: dx, dy: grad(loss, wrt: y)(x))
}
`;
    const { functions } = elaborate(text);
    const gradients: string[] = [];
    functions[0]?.op.walk((op) => {
      if (op.name === 'tessera.gradient') gradients.push(String(op.operand(0).index));
    });
    expect(gradients).toEqual(['0', '1']);
    expect(functions[0]?.outputs.map(({ type }) => type.text)).toEqual([
      'tensor<f32>',
      'tensor<3xf32>',
      'tensor<3xf32>',
    ]);
  });

  it('apply writes of state once', () => {
    const text = `export model M {
  param w: f32 = 1
  state calls: i32 = 0
  fn loss(x: f32) -> f32 {
    calls := calls + 1
    w * x
  }
  export mut fn step(x: f32) -> (g: f32) {
    let (_, g) = value_and_grad(loss, wrt: params)(x)
    (g: g.w)
  }
}
`;
    const [step] = elaborate(text).functions;
    expect(step?.outputs.map(({ name }) => name)).toEqual(['g', 'calls']);
  });

  it('checkpoint and stop_gradient change nothing of what is computed', () => {
    const text = 'export fn f(x: f32) -> f32 = checkpoint(fn(v) = stop_gradient(v) * v)(x)\n';
    expect(run(text, { x: scalar(3) })['out']).toEqual([9]);
  });
});

describe('a training step', () => {
  const model = (step: string): string => `${dense}
export model M {
  d: Dense(2, 1)
  fn loss[n](x: f32[n, 2], y: f32[n]) -> f32 = mean((d(x)[:, 0] - y) ** 2)
  ${step}
}
`;

  it('is made of a loss and an optimiser, whose state is kept under its name', () => {
    const made = elaborate(model('export train step = minimize(loss, nn.momentum(rate: 0.1))'), { dims: { n: 4 } });
    const [step] = made.functions;
    expect(step?.inputs.map(({ name, role }) => `${role} ${name}`)).toEqual([
      'input x',
      'input y',
      'param d.weight',
      'param d.bias',
      'state step.velocity.d.weight',
      'state step.velocity.d.bias',
    ]);
    expect(step?.outputs.map(({ name, role }) => `${role} ${name}`)).toEqual([
      'output loss',
      'param d.weight',
      'param d.bias',
      'state step.velocity.d.weight',
      'state step.velocity.d.bias',
    ]);
  });

  it('is checked for all sizes, and refuses what is none', () => {
    expect(messages(check(model('export train step = minimize(loss, nn.adam(rate: 0.001))')))).toBe('');
    expect(check(model('export train step = loss')).all.map(({ code }) => code)).toEqual(['E6813']);
    expect(check(model('export train step = minimize(loss, 0.1)')).all.map(({ code }) => code)).toEqual(['E6813']);
    expect(check(model('export train step = minimize(loss)')).all.map(({ code }) => code)).toEqual(['E6206']);
  });
});
