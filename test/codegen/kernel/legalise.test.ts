import { describe, expect, it } from 'vitest';
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { unknownLocation } from '../../../ir/location.ts';
import { decodeFloat, encodeFloat, floatFormats } from '../../../ir/numerics/index.ts';
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import { legalise } from '../../../codegen/kernel/legalise.ts';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import { convert, load } from '../../../codegen/kernel/loop-expressions.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import { expressionsOf, walkExpr, type walkStatements } from '../../../codegen/kernel/loop-walk.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import type { KernelDType } from '../../../codegen/kernel/value-type.ts';
import { expectSameResults } from './run-kernel.ts';
import * as samples from './structured-samples.ts';

/** Loads every element, converts it and stores it, after legalising. */
function convertAll(from: KernelDType, to: KernelDType, source: ElementsArray): ElementsArray {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype: from, size: source.length, access: 'read' });
  const y = b.parameter({ name: 'y', dtype: to, size: source.length, access: 'write' });
  b.for({ to: source.length }, (i) => b.store(y, i, convert(to, load(x, i))));
  const kernel = legalise(b.kernel({ name: 'convert', tiles: 1, location: unknownLocation }), wasmTarget);
  for (const { dtype } of kernel.buffers) expect(['f16', 'bf16', 'i1']).not.toContain(dtype);
  const result = allocateElements(to === 'f16' || to === 'bf16' ? 'ui16' : to, source.length);
  interpretKernel(kernel, new Map([[x.id, source], [y.id, result]]), new Map(), 0, 1); // prettier-ignore
  return result;
}

function numbersOf(array: ElementsArray): readonly number[] {
  return Array.from({ length: array.length }, (_, i) => Number(array[i]));
}

const interesting = [
  0, -0, 1, -1, 1 / 3, 65504, 65519.9, 65520, 65536, 1e30, -1e30, Infinity, -Infinity, NaN, 2 ** -14, 2 ** -15, 2 ** -24, 2 ** -25, 3e-8,
  2 ** -25 * 1.0001, 6.1e-5, 1e-40, 1.0009765625, 1.00048828125, 1.00146484375, 2 ** -126, 3.3895313892515355e38, 3.39e38, 1 + 2 ** -8, 1 + 3 * 2 ** -8,
]; // prettier-ignore

describe.each(['f16', 'bf16'] as const)('%s without arithmetic', (format) => {
  it('every value widens exactly', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const wide = convertAll(format, 'f32', bits);
    for (let i = 0; i < 65536; i += 1) {
      const wanted = decodeFloat(i, floatFormats[format]);
      if (!Object.is(Number(wide[i]), wanted)) expect([i, wide[i]]).toEqual([i, wanted]);
    }
  });
  it('every value narrows to itself', () => {
    const values = Float32Array.from({ length: 65536 }, (_, i) => decodeFloat(i, floatFormats[format]));
    const bits = convertAll('f32', format, values);
    for (let i = 0; i < 65536; i += 1)
      if (!Number.isNaN(values[i])) {
        if (Number(bits[i]) !== i) expect(bits[i]).toBe(i);
      } else expect(Number.isNaN(decodeFloat(Number(bits[i]), floatFormats[format]))).toBe(true);
  });
  it.each(['f32', 'f64'] as const)('from %s it rounds to nearest even', (from) => {
    const values = allocateElements(from, interesting.length * 3);
    interesting.forEach((value, i) => {
      [value, value * (1 + 2 ** -40), -value * (1 - 2 ** -23)].forEach(
        (each, n) => (values[3 * i + n] = each as never),
      );
    });
    const bits = convertAll(from, format, values);
    const wanted = [...numbersOf(values)].map((value) => encodeFloat(value, floatFormats[format]));
    const decoded = (all: readonly number[]): number[] => all.map((each) => decodeFloat(each, floatFormats[format]));
    expect(decoded(numbersOf(bits))).toEqual(decoded(wanted));
  });
  it('from integers of 32 bits it rounds once', () => {
    const values = Int32Array.from([
      0,
      1,
      -1,
      257,
      258,
      259,
      2049,
      2051,
      65519,
      65520,
      16777217,
      2 ** 31 - 1,
      -(2 ** 31),
      1073807361,
    ]);
    const bits = convertAll('i32', format, values);
    expect([...(bits as Uint16Array)]).toEqual([...values].map((value) => encodeFloat(value, floatFormats[format])));
  });
});

describe('index simplification', () => {
  it('computes each prefix where its last variable changes, and the constant last', () => {
    const { loops } = compileKernel(samples.scaleRows(3, 8), wasmTarget);
    expect(loopKernelText(loops)).toMatchInlineSnapshot(`
      "kernel scale_rows(x: read f32[24] arena, y: read f32[8] arena, out: write f32[24] arena) tiles 1 {
        for i = 0 to 3 {
          a: index = i * 8
          for j = 0 to 8 step 4 {
            x.2: f32x4 = x[a + j : 4]
            out[a + j : 4] = x.2 * y[j : 4] + x.2
          }
        }
      }
      "
    `);
  });
  it('leaves no multiplication in an inner loop over a row', () => {
    const { loops } = compileKernel(samples.normaliseRows(64, 130), wasmTarget);
    let depth = 0;
    const visit = (statements: Parameters<typeof walkStatements>[0]): void => {
      for (const statement of statements) {
        if (statement.kind === 'for') {
          depth += 1;
          visit(statement.body);
          depth -= 1;
        } else if (statement.kind === 'alloc') visit(statement.body);
        else if (depth > 1)
          for (const expr of expressionsOf(statement))
            walkExpr(expr, (each) => {
              if (each.kind === 'binary' && each.type.dtype === 'index') expect(each.op).toBe('add');
            });
      }
    };
    visit(loops.body);
  });
});

describe('compiled kernels give what nested loops give', () => {
  const kernels = [
    samples.scaleRows(3, 17),
    samples.transpose(5, 9),
    samples.sumRows(4, 37),
    samples.sumColumns(9, 13),
    samples.argmaxRows(3, 21),
    samples.normaliseRows(5, 33),
    samples.normaliseColumns(5, 9),
    samples.pad(5, 6, 2, 9, 11),
    samples.dilate(5, 12),
    samples.concatenate([5, 3, 9]),
    samples.gatherRows(4, 9, 3),
    samples.gatherElements(9, 5),
    samples.denseRelu(5, 9, 11),
  ];
  it.each(kernels.map((kernel) => [kernel.name, kernel] as const))('%s', (_, kernel) => {
    const { schedule, loops } = compileKernel(kernel, wasmTarget);
    expectSameResults(kernel, schedule, loops);
  });
});
