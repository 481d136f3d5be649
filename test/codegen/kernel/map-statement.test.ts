import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../codegen/kernel/loop-expressions.ts';
import type { Expr, LoopKernel, Statement } from '../../../codegen/kernel/loop-ir.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { expressionsOf, walkStatements } from '../../../codegen/kernel/loop-walk.ts';
import { type MappedBody, mapStatement, type StatementMap } from '../../../codegen/kernel/map-statement.ts';
import { scalar } from '../../../codegen/kernel/value-type.ts';
import { unknownLocation } from '../../../ir/location.ts';

/** A statement of every kind but barriers and atomics, which have no operands of their own or are as a store. */
function everything(): LoopKernel {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype: 'f32', size: 8, access: 'read' });
  const y = b.parameter({ name: 'y', dtype: 'f32', size: 8, access: 'write' });
  const zero = e.constant(scalar('f32'), 0);
  b.alloc({ name: 's', dtype: 'f32', size: 8 }, 'stack', (s) => {
    b.copy(x, 0, s, 0, 8);
    b.fill(y, 0, 8, zero);
    const [sum] = b.for({ to: 8 }, [zero], (i, [total]) => [e.add(total, e.load(s, i))]);
    const [n] = b.while([sum], ([at]) => e.compare('lt', at, 100), ([at]) => [e.multiply(at, 3)]); // prettier-ignore
    const [chosen] = b.choose(e.compare('lt', n, sum), () => [n] as const, () => [sum] as const, ['c']); // prettier-ignore
    b.store(y, 3, b.let('v', chosen));
  });
  return b.kernel({ name: 'everything', tiles: 1, location: unknownLocation });
}

function mapAll(kernel: LoopKernel, expr: (expr: Expr) => Expr): LoopKernel {
  const map: StatementMap = { expr, body: (body, last) => ({ statements: body.map(one), last: last.map(expr) }) };
  const one = (statement: Statement): Statement => mapStatement(statement, map);
  return { ...kernel, body: kernel.body.map(one) };
}

describe('a statement that is mapped', () => {
  it('is the same where nothing changes', () => {
    const kernel = everything();
    expect(loopKernelText(mapAll(kernel, (expr) => expr))).toBe(loopKernelText(kernel));
  });

  it('has every expression mapped, once', () => {
    const kernel = everything();
    const wanted: Expr[] = [];
    walkStatements(kernel.body, (statement) => void wanted.push(...expressionsOf(statement)));
    const met: Expr[] = [];
    mapAll(kernel, (expr) => {
      met.push(expr);
      return expr;
    });
    expect(met.length).toBe(wanted.length);
    expect(new Set(met)).toEqual(new Set(wanted));
  });

  it('loses no value at the end of a body', () => {
    const lossy = (body: readonly Statement[]): MappedBody => ({ statements: body, last: [] });
    const loops: Statement[] = [];
    walkStatements(everything().body, (statement) => void (statement.kind === 'while' && loops.push(statement)));
    expect(loops.length).toBe(1);
    for (const loop of loops)
      expect(() => mapStatement(loop, { expr: (expr) => expr, body: lossy })).toThrow('lost a value');
  });
});
