import { expect, it } from 'vitest';
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import type { ValueExpr } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { access, binary, KernelMaker, read } from './structured-samples.ts';

it('a chain of 1,000 ops, each used twice, is lowered in time and space that grow with it', () => {
  const k = new KernelMaker();
  const i = k.axis('i', 64);
  const x = k.buffer('x', 'in', 'f32', 64);
  const out = k.buffer('out', 'out', 'f32', 64);
  let value: ValueExpr = read(x, i);
  for (let n = 0; n < 1000; n += 1) value = binary(n % 2 === 0 ? 'add' : 'maximum', value, value);
  k.stage([i], [value], [access(out, [i])]);
  const start = performance.now();
  const { loops } = compileKernel(k.kernel('deep'), wasmTarget);
  expect(loops.body.length).toBeGreaterThan(0);
  expect(performance.now() - start).toBeLessThan(1000);
});

it('so is a chain of 5,000 used once', () => {
  const k = new KernelMaker();
  const i = k.axis('i', 64);
  const x = k.buffer('x', 'in', 'f32', 64);
  const out = k.buffer('out', 'out', 'f32', 64);
  let value: ValueExpr = read(x, i);
  for (let n = 0; n < 5000; n += 1) value = binary('multiply', value, read(x, i));
  k.stage([i], [value], [access(out, [i])]);
  expect(compileKernel(k.kernel('deep'), wasmTarget).loops.body.length).toBeGreaterThan(0);
});
