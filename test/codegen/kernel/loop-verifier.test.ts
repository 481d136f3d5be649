import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../codegen/kernel/loop-expressions.ts';
import type { Expr, FlatBuffer, Statement } from '../../../codegen/kernel/loop-ir.ts';
import { verifyLoopKernel } from '../../../codegen/kernel/loop-verifier.ts';
import { scalar, vector } from '../../../codegen/kernel/value-type.ts';
import { unknownLocation } from '../../../ir/location.ts';

interface Parts {
  readonly b: LoopBuilder;
  readonly x: FlatBuffer;
  readonly y: FlatBuffer;
}

function verify(emit: (parts: Parts) => void): void {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype: 'f32', size: 8, access: 'read' });
  const y = b.parameter({ name: 'y', dtype: 'f32', size: 8, access: 'write' });
  emit({ b, x, y });
  verifyLoopKernel(b.kernel({ name: 'k', tiles: 1, location: unknownLocation }));
}

const zero = e.constant(scalar('f32'), 0);

function workgroup({ b }: Parts, body: (i: Expr) => void): void {
  b.for({ mode: 'workgroup', name: 'g', from: b.tileBegin, to: b.tileEnd }, () => {
    b.for({ mode: 'invocation', to: 8 }, body);
  });
}

describe('the loop verifier accepts', () => {
  it('loops that carry, branches that give, and scopes that end', () => {
    verify(({ b, x, y }) => {
      b.for({ mode: 'parallel', name: 't', from: b.tileBegin, to: b.tileEnd }, (t) => {
        const [sum] = b.for({ to: 8, step: 4 }, [e.constant(vector('f32', 4), 0)], (i, [sum]) => [
          e.add(sum, e.load(x, i, 4)),
        ]);
        const total = b.let('total', e.laneReduce('add', sum));
        const [most] = b.choose(e.compare('gt', total, 1), () => [total] as const, () => [zero]); // prettier-ignore
        b.store(y, t, most);
      });
    });
  });

  it('barriers in loops whose bounds all invocations share', () => {
    verify((parts) => {
      const { b, y } = parts;
      workgroup(parts, (i) => {
        b.for({ to: 4 }, () => b.barrier());
        b.store(y, i, 1);
      });
    });
  });
});

const raw: readonly (readonly [string, string, (parts: Parts) => void])[] = [
  ['a variable out of its scope', 'v is used where it is not defined', ({ b, x, y }) => {
    let leaked: Expr = zero;
    b.for({ to: 2 }, (i) => {
      leaked = b.let('v', e.load(x, i));
    });
    b.store(y, 0, leaked);
  }],
  ['a variable assigned twice', 'v is assigned twice', ({ b }) => {
    const variable = b.variable('v', scalar('f32'));
    b.emit({ kind: 'let', variable, value: zero }, { kind: 'let', variable, value: zero });
  }],
  ['a value of another type', 'v has type f32, not i32', ({ b }) => {
    b.emit({ kind: 'let', variable: b.variable('v', scalar('i32')), value: zero });
  }],
  ['a hand-made add of two types', 'rhs of add has type i32, not f32', ({ b }) => {
    const value: Expr = { kind: 'binary', type: scalar('f32'), op: 'add', lhs: zero, rhs: e.constant(scalar('i32'), 1) };
    b.emit({ kind: 'let', variable: b.variable('v', scalar('f32')), value });
  }],
  ['a reduction of lanes that have no halves', 'lane-reduce of 3 lanes', ({ b }) => {
    b.let('v', { kind: 'lane-reduce', type: scalar('f32'), op: 'add', operand: e.splat(zero, 3) });
  }],
  ['a load from what is only written', 'load from y, which is only written', ({ b, y }) => {
    b.let('v', e.load(y, 0));
  }],
  ['a store to what is only read', 'store to x, which is only read', ({ b, x }) => b.store(x, 0, 1)],
  ['a buffer after its alloc', 'row does not exist here', ({ b }) => {
    const row = b.alloc({ name: 'row', dtype: 'f32', size: 4 }, 'stack', (row) => row);
    b.store(row, 0, 1);
  }],
  ['carried values that are not all given', '1 values are carried, 0 are given', ({ b }) => {
    const carried = [{ variable: b.variable('c', scalar('f32')), initial: zero }];
    const loop: Statement = {
      kind: 'for', mode: 'serial', variable: b.variable('i', scalar('index')), from: e.index(0), to: e.index(4), step: 1,
      carried, body: [], next: [],
    }; // prettier-ignore
    b.emit(loop);
  }],
  ['a parallel loop that is not outermost', 'a parallel loop that is not outermost', ({ b }) =>
    b.for({ to: 2 }, () => b.for({ mode: 'parallel', to: 2 }, () => undefined))],
  ['two parallel loops', 'two parallel loops', ({ b }) => {
    b.for({ mode: 'parallel', to: 2 }, () => undefined);
    b.for({ mode: 'parallel', to: 2 }, () => undefined);
  }],
  ['a store beside the parallel loop', 'store outside of the parallel loop', ({ b, y }) => {
    b.for({ mode: 'parallel', to: 2 }, () => undefined);
    b.store(y, 0, 1);
  }],
  ['a store outside of the invocations', 'store outside of the invocations', ({ b, y }) =>
    b.for({ mode: 'workgroup', to: 2 }, (g) => b.store(y, g, 1))],
  ['an unrolled loop of unknown length', 'an unrolled loop has constant bounds', ({ b }) =>
    b.for({ mode: 'unrolled', to: b.tileEnd }, () => undefined)],
  ['a barrier in serial code', 'barrier outside of a workgroup', ({ b }) => b.barrier()],
  ['a barrier under a condition of the invocation', 'barrier where control flow may differ', (parts) =>
    workgroup(parts, (i) => parts.b.if(e.compare('lt', i, 2), () => parts.b.barrier()))],
  ['a barrier under a condition that was loaded', 'barrier where control flow may differ', (parts) =>
    workgroup(parts, () => {
      const v = parts.b.let('v', e.load(parts.x, 0));
      parts.b.if(e.compare('lt', v, 2), () => parts.b.barrier());
    })],
]; // prettier-ignore

describe('the loop verifier refuses', () => {
  it.each(raw)('%s', (_name, message, emit) => {
    expect(() => verify(emit)).toThrow(message);
  });

  it('elementary functions after legalising', () => {
    const b = new LoopBuilder();
    const y = b.parameter({ name: 'y', dtype: 'f32', size: 1, access: 'write' });
    b.store(y, 0, e.unary('exp', e.constant(scalar('f32'), 1)));
    const kernel = b.kernel({ name: 'k', tiles: 1, location: unknownLocation });
    verifyLoopKernel(kernel);
    expect(() => verifyLoopKernel(kernel, { isLegalised: true })).toThrow(
      'exp is left after legalising\n  at y[0] = exp(1f32)',
    );
  });
});
