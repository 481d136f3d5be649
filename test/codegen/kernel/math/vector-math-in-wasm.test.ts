// The whole way: expanded, split to 128 bits, printed, run by the engine; against the expansion compiled to JavaScript, bit for bit.
import { describe, expect, it } from 'vitest';
import { legalise } from '../../../../codegen/kernel/legalise.ts';
import { LoopBuilder } from '../../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../../codegen/kernel/loop-expressions.ts';
import { verifyLoopKernel } from '../../../../codegen/kernel/loop-verifier.ts';
import { wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { unknownLocation } from '../../../../ir/location.ts';
import { runInWasm } from '../../wasm/run-kernel.ts';
import { binaryRunner, unaryRunner } from './expansion-runner.ts';
import { quickReferences } from './references.ts';
import { f64Samples, pairSamples } from './samples.ts';

describe.each([
  ['f32', 1],
  ['f32', 8],
  ['f64', 1],
  ['f64', 8],
] as const)('%s, %i lanes', (dtype, lanes) => {
  const samples = f64Samples(1500);
  const count = samples.length - (samples.length % 8);
  const inputs = dtype === 'f32' ? Float32Array.from(samples.slice(0, count)) : samples.slice(0, count);

  it.each([...quickReferences.keys(), 'round-away', 'sign'] as const)('%s', (op) => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype, size: count, access: 'read' });
    const y = b.parameter({ name: 'y', dtype, size: count, access: 'write' });
    b.for({ to: count, step: lanes }, (i) => b.store(y, i, e.unary(op, e.load(x, i, lanes))));
    const kernel = legalise(b.kernel({ name: 'map', tiles: 1, location: unknownLocation }), wasmTarget);
    verifyLoopKernel(kernel, { isLegalised: true });
    const [results, expected] = [inputs.slice(), inputs.slice()];
    runInWasm(kernel, [inputs, results]);
    unaryRunner(op, { dtype, isFused: false })(inputs, expected, count);
    expect([...results]).toEqual([...expected]);
  });

  it.each(['power', 'atan2'] as const)('%s', (op) => {
    const pairs = pairSamples(op, dtype, 1000);
    const length = pairs.x.length - (pairs.x.length % 8);
    const [lhs, rhs] = [pairs.x.slice(0, length), pairs.y.slice(0, length)];
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype, size: length, access: 'read' });
    const y = b.parameter({ name: 'y', dtype, size: length, access: 'read' });
    const z = b.parameter({ name: 'z', dtype, size: length, access: 'write' });
    b.for({ to: length, step: lanes }, (i) => b.store(z, i, e.binary(op, e.load(x, i, lanes), e.load(y, i, lanes))));
    const kernel = legalise(b.kernel({ name: 'map', tiles: 1, location: unknownLocation }), wasmTarget);
    const [results, expected] = [lhs.slice(), lhs.slice()];
    runInWasm(kernel, [lhs, rhs, results]);
    binaryRunner(op, { dtype, isFused: false })(lhs, rhs, expected, length);
    expect([...results]).toEqual([...expected]);
  });
});
