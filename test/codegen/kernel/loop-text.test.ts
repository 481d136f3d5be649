import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../codegen/kernel/loop-expressions.ts';
import { exprText, loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { scalar, vector } from '../../../codegen/kernel/value-type.ts';
import { unknownLocation } from '../../../ir/location.ts';

describe('loop IR expressions', () => {
  const b = new LoopBuilder();
  const i = e.read(b.variable('i', scalar('index')));
  const x = e.read(b.variable('x', scalar('f32')));
  const n = e.read(b.variable('n', scalar('i32')));

  it.each([
    ['i + 0 is i', () => e.add(i, 0), 'i'],
    ['i * 1 is i', () => e.multiply(1, i), 'i'],
    ['i * 0 is 0', () => e.multiply(i, 0), '0'],
    ['index constants gather on the right', () => e.add(e.add(3, e.add(i, 4)), -7), 'i'],
    ['index factors merge', () => e.multiply(e.multiply(i, 4), 8), 'i * 32'],
    ['x + 0 stays, for x may be -0', () => e.add(x, 0), 'x + 0f32'],
    ['x + -0 is x', () => e.add(x, -0), 'x'],
    ['x * 0 stays, for x may be NaN', () => e.multiply(x, 0), 'x * 0f32'],
    ['constants round to their type', () => e.add(e.constant(scalar('f32'), 0.1), 0.2), '0.30000001192092896f32'],
    ['i32 constants wrap', () => e.multiply(e.constant(scalar('i32'), 65536), 65536), '0i32'],
    ['n - 0 is n', () => e.subtract(n, 0), 'n'],
    ['comparisons of constants are known', () => e.compare('lt', e.index(1), 2), 'true'],
    ['a select of a known mask chooses', () => e.select(e.constant(scalar('i1'), 0), i, 5), '5'],
    ['a mask past the vector is full', () => e.tailMask(9, 4), 'truex4'],
    [
      'parentheses are where they must be',
      () => e.multiply(e.add(i, 1), e.subtract(i, e.add(i, 2))),
      '(i + 1) * (i - (i + 2))',
    ],
    ['a scalar load spreads as a load', () => e.splat(x, 4), 'splat4(x)'],
    ['conversions of constants are constants', () => e.convert('i32', e.constant(scalar('f32'), -2.5)), '-2i32'],
  ] as const)('%s', (_name, make, text) => {
    expect(exprText(make())).toBe(text);
  });

  it.each([
    ['operands of two types', () => e.add(i, x)],
    ['an op that the type lacks', () => e.and(x, x)],
    ['a lane that is not there', () => e.extract(e.splat(x, 4), 4)],
    ['a bitcast to another size', () => e.bitcast(scalar('f64'), x)],
  ])('refuses %s', (_name, make) => {
    expect(make).toThrow('loop IR');
  });
});

describe('loop IR text', () => {
  it('reads like code', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'f32', size: 64, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'f32', size: 8, access: 'write', space: 'user' });
    b.for({ mode: 'parallel', name: 't', from: b.tileBegin, to: b.tileEnd }, (t) => {
      const [sum] = b.for(
        { to: 8, step: 4 },
        [{ name: 'sum', initial: e.constant(vector('f32', 4), 0) }],
        (i, [sum]) => {
          const v = b.let('v', e.load(x, e.add(e.multiply(t, 8), i), 4));
          return [e.fma(v, v, sum)];
        },
      );
      const total = b.let('total', e.laneReduce('add', sum));
      b.if(
        e.compare('gt', total, 1),
        () => b.store(y, t, e.unary('sqrt', total)),
        () => b.store(y, t, 0),
      );
    });
    const kernel = b.kernel({ name: 'norm', tiles: 8, location: unknownLocation });
    expect(loopKernelText(kernel)).toBe(`kernel norm(x: read f32[64] arena, y: write f32[8] user) tiles 8 {
  for parallel t = tile_begin to tile_end {
    for i = 0 to 8 step 4 carry sum = 0f32x4 {
      v: f32x4 = x[t * 8 + i : 4]
      next sum = fma(v, v, sum)
    }
    total: f32 = reduce_add(sum)
    if (total > 1f32) {
      y[t] = sqrt(total)
    } else {
      y[t] = 0f32
    }
  }
}
`);
  });

  it('tells variables of one name apart', () => {
    const b = new LoopBuilder();
    const y = b.parameter({ name: 'y', dtype: 'f32', size: 4, access: 'write' });
    b.for({ to: 2 }, (outer) => b.for({ to: 2 }, (inner) => b.store(y, e.add(e.multiply(outer, 2), inner), 1)));
    const text = loopKernelText(b.kernel({ name: 'fill', tiles: 1, location: unknownLocation }));
    expect(text).toContain('y[i * 2 + i.2] = 1f32');
  });
});
