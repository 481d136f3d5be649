import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { check, elaborate, floats, run, scalar } from '../program.ts';

/** The names of the ops of the only function, regions included. */
function opsOf(text: string, choices: Parameters<typeof elaborate>[1] = {}): readonly string[] {
  const names: string[] = [];
  elaborate(text, choices).functions[0]?.op.walk((op) => void names.push(op.name));
  return names;
}

describe('sizes left open until the call', () => {
  it('are walked along, cut and counted with at run time', () => {
    const text = `export fn f[n, t](x: f32[n, t], at: i32[2]) -> (ys: f32[n, t], cut: f32[n, t - 1], mean: f32[n], two: f32[n, 2]) {
  let (_, ys) = scan(x, init: zeros(f32[n]), axis: 1, fn(y, xt) = (y + xt, y + xt))
  (ys: ys, cut: x[:, 1..], mean: sum(x, axis: 1) / t, two: take(x, at, axis: 1))
}
`;
    const ops = opsOf(text, { dims: { n: { max: 4 }, t: { max: 8 } } });
    const wanted = ['while', 'real_dynamic_slice', 'pad', 'dynamic_gather', 'get_dimension_size'];
    for (const name of wanted) expect(ops).toContain(`stablehlo.${name}`);
    // One of them with a number is the slice, the window or the gather that it is elsewhere.
    const fixed = opsOf(text, { dims: { n: 4, t: 8 } });
    for (const name of wanted.slice(1)) expect(fixed).not.toContain(`stablehlo.${name}`);
    for (const name of ['dynamic_slice', 'slice', 'gather']) expect(fixed).toContain(`stablehlo.${name}`);
  });
});

describe('if', () => {
  it('on an equation of sizes leaves what fits there alone to the numbers', () => {
    const text = `export fn f[n, m](x: f32[n], y: f32[m]) -> f32[n] {
  if n == m { x + y } else { x }
}
`;
    const wrong = text.replace('{ x }', '{ x + y }');
    expect(check(text).all).toEqual([]);
    expect(check(wrong).all.map(({ code }) => code)).toEqual(['E6301']);
    expect(check(wrong.replace('==', '!=')).all.map(({ code }) => code)).toEqual(['E6301']);
    expect(run(text, { x: floats(1, 2), y: floats(3, 4) }, { dims: { n: 2, m: 2 } })['out']).toEqual([4, 6]);
    expect(run(text, { x: floats(1, 2), y: floats(3) }, { dims: { n: 2, m: 1 } })['out']).toEqual([1, 2]);
  });

  it('on a compile-time bool is one branch', () => {
    const text = 'export fn f(x: f32, static on: bool = false) -> f32 = if on { sin(x) } else { cos(x) }\n';
    expect(opsOf(text)).not.toContain('stablehlo.sine');
    expect(opsOf(text, { set: { on: 'true' } })).toContain('stablehlo.sine');
    expect(opsOf(text)).not.toContain('stablehlo.if');
  });

  it('on a tensor chooses at run time, values and variables alike', () => {
    const text = `export fn f(x: f32) -> (y: f32, z: f32, w: f32) {
  var z = f32(1)
  var w = x
  let y = if x > 0 {
    z := z + x
    x * 2
  } else if x < -10 {
    w := 7
    0
  } else {
    -x
  }
  (y: y, z: z, w: w)
}
`;
    expect(run(text, { x: scalar(3) })).toEqual({ y: [6], z: [4], w: [3] });
    expect(run(text, { x: scalar(-3) })).toEqual({ y: [3], z: [1], w: [-3] });
    expect(run(text, { x: scalar(-30) })).toEqual({ y: [0], z: [1], w: [7] });
  });

  it('without else changes what it writes, and nothing else', () => {
    const text = 'export fn f(x: f32) -> f32 {\n  var y = x\n  if x > 1 { y := 1 }\n  y\n}\n';
    expect(run(text, { x: scalar(5) })['out']).toEqual([1]);
    expect(run(text, { x: scalar(0.5) })['out']).toEqual([0.5]);
  });

  it('inside if keeps the outer variables apart', () => {
    const text = `export fn f(x: f32, y: f32) -> (a: f32, b: f32) {
  var a = f32(0)
  var b = f32(0)
  if x > 0 {
    a := 1
    if y > 0 {
      a := a + 10
      b := 5
    }
  }
  (a: a, b: b)
}
`;
    expect(run(text, { x: scalar(1), y: scalar(1) })).toEqual({ a: [11], b: [5] });
    expect(run(text, { x: scalar(1), y: scalar(-1) })).toEqual({ a: [1], b: [0] });
    expect(run(text, { x: scalar(-1), y: scalar(1) })).toEqual({ a: [0], b: [0] });
  });

  it('gives tuples and records', () => {
    const text = `export fn f(x: f32) -> (a: f32, b: f32[2]) =
  if x > 0 { (a: x, b: tensor([1.0, 2.0])) } else { (a: -x, b: tensor([3.0, 4.0])) }
`;
    expect(run(text, { x: scalar(-2) })).toEqual({ a: [2], b: [3, 4] });
  });
});

describe('while', () => {
  it('at run time carries what it writes', () => {
    const text = `export fn f(n: i32) -> (steps: i32, sum: i32) {
  var i = i32(0)
  var sum = i32(0)
  while i < n {
    sum := sum + i
    i := i + 1
  }
  (steps: i, sum: sum)
}
`;
    expect(run(text, { n: scalar(5, 'i32') })).toEqual({ steps: [5], sum: [10] });
  });

  it('carries a variable that takes the value of another, also from the second turn on', () => {
    const text = `export fn f(n: i32) -> (a: i32, b: i32) {
  let z = i32(0)
  var i = i32(0)
  var a = z
  var b = z
  while i < n {
    a := b
    b := b + 1
    i := i + 1
  }
  (a: a, b: b)
}
`;
    expect(run(text, { n: scalar(3, 'i32') })).toEqual({ a: [2], b: [3] });
  });

  it('starts from numbers, which take the dtype that the loop makes of them', () => {
    const text = `export fn f(x: f32) -> f32 {
  var y = 0
  while y < 10 + 0 * x { y := y + x }
  y
}
`;
    expect(run(text, { x: scalar(3) })['out']).toEqual([12]);
  });

  it('carries parts of records and lists', () => {
    const text = `export fn f(x: f32[3]) -> f32[3] {
  var kv = [(a: x, b: x), (a: 2 * x, b: x)]
  var i = i32(0)
  while i < 2 {
    kv[1].a[0] := kv[0].a[1] + 1
    kv[0].a := kv[1].a
    i := i + 1
  }
  kv[0].a + kv[1].b
}
`;
    // Turn 1: kv[1].a = [3, 4, 6] = kv[0].a; turn 2: kv[1].a = [5, 4, 6] = kv[0].a.
    expect(run(text, { x: floats(1, 2, 3) })['out']).toEqual([6, 6, 9]);
  });

  it('on a compile-time condition is unrolled', () => {
    const text = `export fn f(x: f32) -> f32 {
  var k = 0
  var y = x
  while k < 3 {
    y := y * 2
    k := k + 1
  }
  y
}
`;
    expect(opsOf(text)).not.toContain('stablehlo.while');
    expect(run(text, { x: scalar(1) })['out']).toEqual([8]);
  });

  it('inside while, and inside if', () => {
    const text = `export fn f(n: i32) -> i32 {
  var i = i32(0)
  var count = i32(0)
  while i < n {
    var j = i32(0)
    while j < i {
      if (i + j) % 2 == 0 { count := count + 1 }
      j := j + 1
    }
    i := i + 1
  }
  count
}
`;
    let expected = 0;
    for (let i = 0; i < 6; i++) for (let j = 0; j < i; j++) if ((i + j) % 2 === 0) expected++;
    expect(run(text, { n: scalar(6, 'i32') })['out']).toEqual([expected]);
  });
});

describe('for', () => {
  it('is unrolled over ranges, lists and tuples', () => {
    const text = `export fn f(x: f32) -> f32 {
  var y = x
  for i in 0..3 { y := y + i }
  for a in [1.0, 2.0] { y := y * a }
  for (p, q) in ((1, 2), (3, 4)) { y := y + p * q }
  for i in 10..0 by -5 { y := y - i }
  y
}
`;
    expect(run(text, { x: scalar(1) })['out']).toEqual([(1 + 3) * 2 + 2 + 12 - 15]);
  });

  it('lets a variable change its shape from turn to turn', () => {
    const text = `export fn f(x: f32[2]) -> f32[8] {
  var y = x
  for i in 0..2 { y := concat([y, y], axis: 0) }
  y
}
`;
    expect(run(text, { x: floats(1, 2) })['out']).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  });
});

describe('scan', () => {
  it('carries a value along an axis and keeps what each step gives', () => {
    const text = `export fn f(x: f32[4]) -> (last: f32, sums: f32[4]) {
  let (last, sums) = scan(x, init: 0.0, fn(s, v) {
    let t = s + v
    (t, t)
  })
  (last: last, sums: sums)
}
`;
    expect(run(text, { x: floats(1, 2, 3, 4) })).toEqual({ last: [10], sums: [1, 3, 6, 10] });
  });

  it('goes backwards, over records, and gives several results', () => {
    const text = `export fn f(x: f32[3], y: f32[3]) -> (a: f32[3], b: f32[3], n: i32) {
  let (n, (a, b)) = scan((x: x, y: y), init: i32(0), reverse: true, fn(n, v) = (n + 1, (v.x * f32(n), v.y + v.x)))
  (a: a, b: b, n: n)
}
`;
    expect(run(text, { x: floats(1, 2, 3), y: floats(10, 20, 30) })).toEqual({
      a: [2, 2, 0],
      b: [11, 22, 33],
      n: [3],
    });
  });

  it('may write variables from outside', () => {
    const text = `export fn f(x: f32[3]) -> (most: f32, y: f32[3]) {
  var most = f32(-inf)
  let (_, y) = scan(x, fn(_, v) {
    most := max(most, v)
    ((), most)
  })
  (most: most, y: y)
}
`;
    expect(run(text, { x: floats(1, 5, 3) })).toEqual({ most: [5], y: [1, 5, 5] });
  });

  it('inside scan', () => {
    const text = `export fn f(x: f32[2, 3]) -> f32[2, 3] {
  let (_, y) = scan(x, fn(_, row) {
    let (_, sums) = scan(row, init: 0.0, fn(s, v) = (s + v, s + v))
    ((), sums)
  })
  y
}
`;
    const x = new Tensor('f32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(run(text, { x })['out']).toEqual([1, 3, 6, 4, 9, 15]);
  });
});

describe('map', () => {
  it('puts the results together along the axis', () => {
    const text = 'export fn f(x: f32[3], y: f32[3]) -> f32[3] = map(fn(a, b) = a * b + 1, x, y)\n';
    expect(run(text, { x: floats(1, 2, 3), y: floats(4, 5, 6) })['out']).toEqual([5, 11, 19]);
  });

  it('of compile-time lists is a list', () => {
    const list = 'export fn f(x: f32) -> f32 = sum(stack(map(fn(k) = x * k, [1, 2, 3])))\n';
    expect(run(list, { x: scalar(2) })['out']).toEqual([12]);
    expect(opsOf(list)).not.toContain('stablehlo.while');
  });
});
