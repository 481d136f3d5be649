import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../../codegen/kernel/loop-expressions.ts';
import { interpretKernel } from '../../../../codegen/kernel/loop-interpreter.ts';
import type { Expr, FlatBuffer, LoopKernel } from '../../../../codegen/kernel/loop-ir.ts';
import { verifyLoopKernel } from '../../../../codegen/kernel/loop-verifier.ts';
import { walkStatements } from '../../../../codegen/kernel/loop-walk.ts';
import { expandMath } from '../../../../codegen/kernel/math/expand-math.ts';
import { elementaryOps, type BinaryOp, type UnaryOp } from '../../../../codegen/kernel/scalar-ops.ts';
import { relaxedWasmTarget, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { type KernelDType, scalar } from '../../../../codegen/kernel/value-type.ts';
import type { ElementsArray } from '../../../../ir/elements.ts';
import { unknownLocation } from '../../../../ir/location.ts';
import { exp, tanh } from '../../../../ir/numerics/index.ts';
import { binaryRunner, type FloatDType, unaryRunner } from './expansion-runner.ts';
import { f64Samples, pairSamples } from './samples.ts';

const binaryOps: readonly BinaryOp[] = ['power', 'atan2'];
const unaryOps = [...elementaryOps].filter((op) => !binaryOps.includes(op as BinaryOp)) as readonly UnaryOp[];

interface Map1 {
  readonly kernel: LoopKernel;
  readonly x: FlatBuffer;
  readonly y: FlatBuffer;
}

/** y[i] = compute(x[i]) in vectors. */
function mapKernel(dtype: KernelDType, count: number, lanes: number, compute: (x: Expr) => Expr): Map1 {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype, size: count, access: 'read' });
  const y = b.parameter({ name: 'y', dtype, size: count, access: 'write' });
  b.for({ to: count, step: lanes }, (i) => b.store(y, i, compute(e.load(x, i, lanes))));
  return { kernel: b.kernel({ name: 'map', tiles: 1, location: unknownLocation }), x, y };
}

function run(kernel: LoopKernel, arrays: readonly (readonly [FlatBuffer, ElementsArray])[], isFused = false): void {
  const buffers = new Map(arrays.map(([buffer, values]) => [buffer.id, values]));
  interpretKernel(kernel, buffers, new Map(), 0, 1, { multiplyAdd: isFused ? 'fused' : 'separate' });
}

function expanded(kernel: LoopKernel, target = wasmTarget): LoopKernel {
  const result = expandMath(kernel, target);
  verifyLoopKernel(result, { isLegalised: true });
  return result;
}

describe.each(['f32', 'f64'] as const)('%s vectors', (dtype: FloatDType) => {
  const inputs = dtype === 'f32' ? Float32Array.from(f64Samples(100)) : f64Samples(100);
  const count = inputs.length - (inputs.length % 4);

  it.each(unaryOps)('%s computes what its scalar expansion computes', (op) => {
    const { kernel, x, y } = mapKernel(dtype, count, 4, (value) => e.unary(op, value));
    for (const isFused of [false, true]) {
      const legal = expanded(kernel, isFused ? relaxedWasmTarget : wasmTarget);
      const results = inputs.slice(0, count);
      run(legal, [[x, inputs.slice(0, count)], [y, results]], isFused); // prettier-ignore
      const expected = inputs.slice(0, count);
      unaryRunner(op, { dtype, isFused })(inputs, expected, count);
      expect([...results]).toEqual([...expected]);
    }
  });

  it.each(binaryOps)('%s computes what its scalar expansion computes', (op) => {
    const samples = pairSamples(op as 'power', dtype, 40);
    const from = samples.x.length - 160;
    const [lhs, rhs] = [samples.x.slice(from), samples.y.slice(from)];
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype, size: 160, access: 'read' });
    const y = b.parameter({ name: 'y', dtype, size: 160, access: 'read' });
    const z = b.parameter({ name: 'z', dtype, size: 160, access: 'write' });
    b.for({ to: 160, step: 4 }, (i) => b.store(z, i, e.binary(op, e.load(x, i, 4), e.load(y, i, 4))));
    const legal = expanded(b.kernel({ name: 'map', tiles: 1, location: unknownLocation }));
    const [results, expected] = [lhs.slice(), lhs.slice()];
    run(legal, [[x, lhs], [y, rhs], [z, results]]); // prettier-ignore
    binaryRunner(op, { dtype, isFused: false })(lhs, rhs, expected, 160);
    expect([...results]).toEqual([...expected]);
  });
});

describe('where expansions go', () => {
  it('leaves a kernel without elementary functions as it is', () => {
    const { kernel } = mapKernel('f32', 8, 4, (x) => e.add(x, 1));
    expect(expandMath(kernel, wasmTarget)).toBe(kernel);
  });

  it('computes a shared subexpression of a statement once', () => {
    const lets = (compute: (x: Expr) => Expr): number => {
      let count = 0;
      walkStatements(
        expanded(mapKernel('f32', 8, 4, compute).kernel).body,
        ({ kind }) => (count += Number(kind === 'let')),
      );
      return count;
    };
    const twice = lets((x) => {
      const value = e.unary('exp', x);
      return e.multiply(value, value);
    });
    expect(twice).toBe(lets((x) => e.unary('exp', x)));
  });

  it('f16 is computed in f32', () => {
    const { kernel, x, y } = mapKernel('f16', 4, 4, (value) => e.unary('tanh', value));
    const out = new Uint16Array(4);
    run(expanded(kernel), [[x, Uint16Array.of(0x3c00, 0xbc00, 0x8000, 0x7c00)], [y, out]]); // prettier-ignore
    expect(tanh(1)).toBeCloseTo(0.76159);
    expect([...out]).toEqual([0x3a18, 0xba18, 0x8000, 0x3c00]);
  });

  it('an integer has a sign too', () => {
    const { kernel, x, y } = mapKernel('i32', 4, 4, (value) => e.unary('sign', value));
    const out = new Int32Array(4);
    run(expanded(kernel), [[x, Int32Array.of(7, -7, 0, -(2 ** 31))], [y, out]]); // prettier-ignore
    expect([...out]).toEqual([1, -1, 0, -1]);
  });

  it('reaches carried values, conditions and the results of branches', () => {
    const b = new LoopBuilder();
    const out = b.parameter({ name: 'out', dtype: 'f32', size: 3, access: 'write' });
    const f32 = scalar('f32');
    const one = b.let('one', e.convert('f32', b.tileEnd));
    const [product] = b.for({ to: 3 }, [e.unary('exp', one)], (_i, [value]) => [
      e.multiply(value, e.unary('exp', one)),
    ]);
    b.store(out, 0, product);
    const [grown] = b.while([e.constant(f32, 0)], ([x]) => e.compare('lt', e.unary('exp', x), 20), ([x]) => [e.add(x, 1)]); // prettier-ignore
    b.store(out, 1, grown);
    const [chosen] = b.choose(
      e.compare('gt', e.unary('exp', one), 2),
      () => [e.unary('exp', one)] as const,
      () => [e.constant(f32, 0)] as const,
    );
    b.store(out, 2, chosen);
    const results = new Float32Array(3);
    run(expanded(b.kernel({ name: 'k', tiles: 1, location: unknownLocation })), [[out, results]]);
    expect([...results]).toEqual([expect.closeTo(exp(4), 4), 3, Math.fround(Math.E)]);
  });
});
