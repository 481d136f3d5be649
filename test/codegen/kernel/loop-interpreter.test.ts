import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../codegen/kernel/loop-expressions.ts';
import { interpretKernel, type InterpreterOptions } from '../../../codegen/kernel/loop-interpreter.ts';
import type { FlatBuffer } from '../../../codegen/kernel/loop-ir.ts';
import { scalar, vector } from '../../../codegen/kernel/value-type.ts';
import type { ElementsArray } from '../../../ir/elements.ts';
import { unknownLocation } from '../../../ir/location.ts';

const f32 = { dtype: 'f32' } as const;

/** Runs everything emitted so far on one tile. */
function run(
  b: LoopBuilder,
  arrays: readonly (readonly [FlatBuffer, ElementsArray])[],
  options: InterpreterOptions & { tiles?: number } = {},
): void {
  const kernel = b.kernel({ name: 'k', tiles: options.tiles ?? 1, location: unknownLocation });
  interpretKernel(
    kernel,
    new Map(arrays.map(([buffer, values]) => [buffer.id, values])),
    new Map(),
    0,
    options.tiles ?? 1,
    options,
  );
}

function parameters(b: LoopBuilder, size: number): { x: FlatBuffer; y: FlatBuffer } {
  return {
    x: b.parameter({ name: 'x', ...f32, size, access: 'read' }),
    y: b.parameter({ name: 'y', ...f32, size, access: 'write' }),
  };
}

describe('values', () => {
  it('rounds each f32 node', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 1);
    b.store(y, 0, e.divide(e.add(e.load(x, 0), 1), 3));
    const out = new Float32Array(1);
    run(b, [[x, Float32Array.of(2 ** -24)], [y, out]]); // prettier-ignore
    expect(out[0]).toBe(Math.fround(1 / 3));
  });

  it.each([
    ['separate', 0],
    ['fused', -(2 ** -46)],
  ] as const)('a may-fuse multiply-add is %s as asked', (multiplyAdd, expected) => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 1);
    const v = b.let('v', e.load(x, 0));
    const other = e.subtract(2, v);
    b.store(y, 0, e.fma(v, other, e.constant(scalar('f32'), -1)));
    const out = new Float32Array(1);
    run(b, [[x, Float32Array.of(1 + 2 ** -23)], [y, out]], { multiplyAdd }); // prettier-ignore
    expect(out[0]).toBe(expected);
  });

  it('combines lanes halves first', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 4);
    b.store(y, 0, e.laneReduce('add', e.load(x, 0, 4)));
    const out = new Float32Array(4);
    run(b, [[x, Float32Array.of(2 ** 24, 1, -(2 ** 24), 1)], [y, out]]); // prettier-ignore
    expect(out[0]).toBe(2);
  });

  it('shuffles, inserts, extracts and selects lanes', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 4);
    const v = b.let('v', e.load(x, 0, 4));
    const turned = e.shuffle(v, e.splat(e.extract(v, 0), 4), [3, 2, 7, 0]);
    b.store(y, 0, e.select(e.tailMask(3, 4), e.insert(turned, 1, 9), -1));
    const out = new Float32Array(4);
    run(b, [[x, Float32Array.of(1, 2, 3, 4)], [y, out]]); // prettier-ignore
    expect([...out]).toEqual([4, 9, 1, -1]);
  });

  it('keeps 64-bit integers and halves in their storage form', () => {
    const b = new LoopBuilder();
    const n = b.parameter({ name: 'n', dtype: 'i64', size: 2, access: 'read-write' });
    const h = b.parameter({ name: 'h', dtype: 'bf16', size: 2, access: 'read-write' });
    b.store(n, 1, e.multiply(e.load(n, 0), e.load(n, 0)));
    b.store(h, 1, e.convert('bf16', e.multiply(e.convert('f32', e.load(h, 0)), 3)));
    const numbers = BigInt64Array.of(2n ** 32n + 1n, 0n);
    const halves = Uint16Array.of(0x3f80, 0);
    run(b, [[n, numbers], [h, halves]]); // prettier-ignore
    expect(numbers[1]).toBe(2n ** 33n + 1n);
    expect(halves[1]).toBe(0x4040);
  });

  it('bitcasts vectors as bytes', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 2);
    const bits = e.bitcast(vector('i32', 2), e.load(x, 0, 2));
    b.store(y, 0, e.bitcast(vector('f32', 2), e.and(bits, 0x7fffffff)));
    const out = new Float32Array(2);
    run(b, [[x, Float32Array.of(-1.5, 2)], [y, out]]); // prettier-ignore
    expect([...out]).toEqual([1.5, 2]);
  });

  it('runs loops that carry, and swaps carried values at once', () => {
    const b = new LoopBuilder();
    const y = b.parameter({ name: 'y', dtype: 'i32', size: 2, access: 'write' });
    const zero = e.constant(scalar('i32'), 0);
    const one = e.constant(scalar('i32'), 1);
    const [a, c] = b.for({ to: 10 }, [zero, one], (_i, [a, c]) => [c, e.add(a, c)]);
    const [n] = b.while([one], ([n]) => e.compare('lt', n, 100), ([n]) => [e.multiply(n, 3)]); // prettier-ignore
    const [chosen] = b.choose(e.compare('gt', n, a), () => [a], () => [c]); // prettier-ignore
    b.store(y, 0, chosen);
    b.store(y, 1, n);
    const out = new Int32Array(2);
    run(b, [[y, out]]);
    expect([...out]).toEqual([55, 243]);
  });

  it('gathers, scatters and masks', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 3);
    const at = b.parameter({ name: 'at', dtype: 'index', size: 4, access: 'read' });
    const mask = e.tailMask(3, 4);
    const indices = b.let('indices', e.load(at, 0, 4));
    const rows = b.let('rows', e.gather(x, indices, mask));
    b.store(y, indices, e.add(rows, e.loadMasked(x, 0, mask)), mask);
    const out = new Float32Array(3);
    run(b, [[x, Float32Array.of(1, 2, 3)], [at, BigInt64Array.of(2n, 1n, 0n, 77n)], [y, out]]); // prettier-ignore
    expect([...out]).toEqual([4, 4, 4]);
  });
});

describe('bounds and initialisation', () => {
  it('refuses a read past the end, and prints the statement', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 4);
    b.for({ to: 5 }, (i) => b.store(y, e.minimum(i, 3), e.load(x, i)));
    expect(() =>
      run(b, [
        [x, new Float32Array(8)],
        [y, new Float32Array(4)],
      ]),
    ).toThrow(
      // prettier-ignore
      'kernel k: read of x[4], which has 4 elements\n  at y[minimum(i, 3)] = x[i]',
    );
  });

  it('refuses a write past the end and a negative index', () => {
    for (const at of [4, -1]) {
      const b = new LoopBuilder();
      const { x, y } = parameters(b, 4);
      b.store(y, at, 1);
      expect(() => run(b, [[x, new Float32Array(4)], [y, new Float32Array(4)]])).toThrow(`write of y[${at}]`); // prettier-ignore
    }
  });

  it('lets a vector read the slack of the arena, and drop those lanes', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 5);
    const v = b.let('v', e.add(e.load(x, 4, 4), 1));
    b.store(y, 4, v, e.tailMask(1, 4));
    b.store(y, 0, e.select(e.tailMask(1, 4), v, 7));
    const out = new Float32Array(5);
    run(b, [[x, Float32Array.of(1, 2, 3, 4, 5)], [y, out]]); // prettier-ignore
    expect([...out]).toEqual([6, 7, 7, 7, 6]);
  });

  it('refuses to use what the slack holds', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 5);
    b.store(y, 0, e.laneReduce('add', e.load(x, 4, 4)));
    expect(() => run(b, [[x, new Float32Array(5)], [y, new Float32Array(5)]])).toThrow('nothing has written'); // prettier-ignore
  });

  it("has no slack past a user's buffer, nor 64 bytes past the arena's", () => {
    for (const [space, lanes] of [
      ['user', 2],
      ['arena', 18],
    ] as const) {
      // prettier-ignore
      const b = new LoopBuilder();
      const x = b.parameter({ name: 'x', ...f32, size: 1, access: 'read', space });
      b.let('v', e.load(x, 0, lanes));
      expect(() => run(b, [[x, new Float32Array(1)]])).toThrow(`read of x[${lanes - 1}]`);
    }
  });

  it('refuses to read what nothing has written', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 2);
    b.alloc({ name: 'row', ...f32, size: 2 }, 'stack', (row) => {
      b.store(row, 0, e.load(x, 0));
      b.store(y, 0, e.load(row, 1));
    });
    expect(() =>
      run(b, [
        [x, new Float32Array(2)],
        [y, new Float32Array(2)],
      ]),
    ).toThrow(
      // prettier-ignore
      'read of row[1], which nothing has written',
    );
  });

  it('remembers across calls what a caller says is initialised', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', ...f32, size: 2, access: 'read-write' });
    b.store(x, 1, e.load(x, 0));
    const shadow = Uint8Array.of(1, 0);
    run(b, [[x, Float32Array.of(5, 0)]], { initialised: new Map([[x.id, shadow]]) });
    expect([...shadow]).toEqual([1, 1]);
    const none = { initialised: new Map([[x.id, new Uint8Array(2)]]) };
    expect(() => run(b, [[x, new Float32Array(2)]], none)).toThrow('which nothing has written');
  });
});

describe('races', () => {
  const parallel = (b: LoopBuilder, body: (t: ReturnType<typeof e.index>) => void): void =>
    b.for({ mode: 'parallel', name: 't', from: b.tileBegin, to: b.tileEnd }, body);

  it('accepts iterations that write apart and read the same', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 4);
    parallel(b, (t) => b.store(y, t, e.add(e.load(x, 0), e.load(x, t))));
    run(b, [[x, new Float32Array(4)], [y, new Float32Array(4)]], { tiles: 4 }); // prettier-ignore
  });

  it('refuses two iterations that write one element', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 4);
    parallel(b, (t) => b.store(y, e.divide(t, 2), 1));
    expect(() => run(b, [[x, new Float32Array(4)], [y, new Float32Array(4)]], { tiles: 4 })).toThrow('race: write of y[0]'); // prettier-ignore
  });

  it("refuses an iteration that reads another's element, in either order", () => {
    for (const shift of [1, 3]) {
      const b = new LoopBuilder();
      const x = b.parameter({ name: 'x', ...f32, size: 4, access: 'read-write' });
      parallel(b, (t) => b.store(x, t, e.load(x, e.remainder(e.add(t, shift), 4))));
      expect(() => run(b, [[x, new Float32Array(4)]], { tiles: 4 })).toThrow('race:');
    }
  });

  it('refuses scratch that iterations share', () => {
    const b = new LoopBuilder();
    b.alloc({ name: 'row', ...f32, size: 1 }, 'stack', (row) => parallel(b, () => b.store(row, 0, 1)));
    expect(() => run(b, [], { tiles: 2 })).toThrow('race: write of row[0]');
  });

  it('sees through two buffers of the same memory', () => {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 4);
    parallel(b, (t) => b.store(y, t, e.load(x, e.subtract(3, t))));
    const shared = new Float32Array(4);
    expect(() => run(b, [[x, shared], [y, shared]], { tiles: 4 })).toThrow('race:'); // prettier-ignore
  });

  it('lets atomics meet', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'i32', size: 1, access: 'read-write' });
    parallel(b, (t) => b.atomic('add', x, 0, e.convert('i32', t)));
    const values = new Int32Array(1);
    run(b, [[x, values]], { tiles: 5 });
    expect(values[0]).toBe(10);
  });
});

describe('workgroups', () => {
  /** Each workgroup reverses its four elements through workgroup memory. */
  function reverse(hasBarrier: boolean): { b: LoopBuilder; arrays: [FlatBuffer, Float32Array][]; out: Float32Array } {
    const b = new LoopBuilder();
    const { x, y } = parameters(b, 8);
    b.for({ mode: 'workgroup', name: 'g', from: b.tileBegin, to: b.tileEnd }, (g) => {
      b.alloc({ name: 'tile', ...f32, size: 4 }, 'workgroup', (tile) => {
        b.for({ mode: 'invocation', to: 4 }, (i) => {
          const at = b.let('at', e.add(e.multiply(g, 4), i));
          b.store(tile, i, e.load(x, at));
          if (hasBarrier) b.barrier();
          b.store(y, at, e.load(tile, e.subtract(3, i)));
        });
      });
    });
    const out = new Float32Array(8);
    return { b, arrays: [[x, Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7)], [y, out]], out }; // prettier-ignore
  }

  it('meets at barriers', () => {
    const { b, arrays, out } = reverse(true);
    run(b, arrays, { tiles: 2 });
    expect([...out]).toEqual([3, 2, 1, 0, 7, 6, 5, 4]);
  });

  it('sees a barrier that is missing', () => {
    const { b, arrays } = reverse(false);
    expect(() => run(b, arrays, { tiles: 2 })).toThrow(/race:|nothing has written/);
  });

  it('refuses barriers that some invocations do not reach', () => {
    const b = new LoopBuilder();
    b.for({ mode: 'workgroup', to: 1 }, () =>
      b.for({ mode: 'invocation', to: 4 }, (i) => b.if(e.compare('lt', i, 2), () => b.barrier())),
    );
    expect(() => run(b, [])).toThrow('barrier divergence');
  });

  it('keeps variables of invocations apart, over two dimensions and a loop of barriers', () => {
    const b = new LoopBuilder();
    const y = b.parameter({ name: 'y', dtype: 'i32', size: 4, access: 'write' });
    b.for({ mode: 'workgroup', to: 1 }, () =>
      b.alloc({ name: 'sums', dtype: 'i32', size: 4 }, 'workgroup', (sums) =>
        b.for({ mode: 'invocation', name: 'row', to: 2 }, (row) =>
          b.for({ mode: 'invocation', name: 'column', to: 2 }, (column) => {
            const me = b.let('me', e.add(e.multiply(row, 2), column));
            b.store(sums, me, e.convert('i32', me));
            const [total] = b.for({ to: 2, name: 'step' }, [e.constant(scalar('i32'), 0)], (step, [total]) => {
              b.barrier();
              const other = b.let('other', e.load(sums, e.remainder(e.add(me, e.add(step, 1)), 4)));
              b.barrier();
              b.store(sums, me, other);
              return [e.add(total, other)];
            });
            b.store(y, me, total);
          }),
        ),
      ),
    );
    const out = new Int32Array(4);
    run(b, [[y, out]]);
    expect([...out]).toEqual([1 + 3, 2 + 0, 3 + 1, 0 + 2]);
  });
});
