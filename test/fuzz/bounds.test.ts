import { describe, expect, it } from 'vitest';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { evaluateBounded } from './bounded-evaluator.ts';
import { compareBounded } from './bounds.ts';
import { readModule } from './read-program.ts';

function bounded(signature: string, body: string, inputs: readonly Tensor[]) {
  const [result] = evaluateBounded(readModule(`func.func @main${signature} {\n${body}\n}`), inputs);
  if (result === undefined) throw new Error('no result');
  return result;
}

function f32(values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
  return new Tensor('f32', shape, Float32Array.from(values));
}

/** The problem with the first element moved by so many of its units in the last place. */
function problemWhenOff(expected: ReturnType<typeof bounded>, units: number): string | undefined {
  const values = Float32Array.from(expected.tensor.values as Float32Array);
  const bits = new Int32Array(values.buffer);
  bits[0] = (bits[0] ?? 0) + units;
  return compareBounded(expected, new Tensor('f32', expected.tensor.shape, values)).problem;
}

describe('bounds', () => {
  it('leave an elementwise op no room', () => {
    const expected = bounded(
      '(%x: tensor<2xf32>) -> tensor<2xf32>',
      '%0 = stablehlo.divide %x, %x : tensor<2xf32>\nreturn %0 : tensor<2xf32>',
      [f32([3, 0])],
    );
    expect(expected.bound).toBeUndefined();
    expect(problemWhenOff(expected, 0)).toBeUndefined();
    expect(problemWhenOff(expected, 1)).toContain('slot 0');
  });

  it('tell zeros of different sign apart', () => {
    const expected = { tensor: f32([0]), bound: undefined };
    expect(compareBounded(expected, f32([-0])).problem).toContain('slot 0');
  });

  it('take NaN for NaN, and for nothing else', () => {
    const expected = { tensor: f32([NaN]), bound: undefined };
    expect(compareBounded(expected, f32([NaN])).problem).toBeUndefined();
    expect(compareBounded(expected, f32([1])).problem).toContain('slot 0');
    expect(compareBounded({ tensor: f32([1]), bound: Float64Array.of(5) }, f32([NaN])).problem).toContain('slot 0');
  });

  it('give an elementary function two units in the last place, and no more', () => {
    const expected = bounded(
      '(%x: tensor<1xf32>) -> tensor<1xf32>',
      '%0 = stablehlo.exponential %x : tensor<1xf32>\nreturn %0 : tensor<1xf32>',
      [f32([0.3])],
    );
    expect(problemWhenOff(expected, 2)).toBeUndefined();
    expect(problemWhenOff(expected, 3)).toContain('slot 0');
  });

  it('grow through what follows: a difference of nearly equal numbers keeps that of its operands', () => {
    const expected = bounded(
      '(%x: tensor<1xf32>, %y: tensor<1xf32>) -> tensor<1xf32>',
      '%0 = stablehlo.exponential %x : tensor<1xf32>\n%1 = stablehlo.subtract %0, %y : tensor<1xf32>\nreturn %1 : tensor<1xf32>',
      [f32([0.3]), f32([1.349])],
    );
    const [by] = expected.bound ?? [];
    expect(by).toBeGreaterThanOrEqual(2 * 2 ** -23);
    expect(by).toBeLessThan(4 * 2 ** -23);
  });

  it('say nothing of a flag that hangs on the last bit', () => {
    const boundBeside = (right: number): unknown =>
      bounded(
        '(%x: tensor<1xf32>, %y: tensor<1xf32>) -> tensor<1xi1>',
        `%0 = stablehlo.exponential %x : tensor<1xf32>
         %1 = stablehlo.compare LT, %0, %y : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xi1>
         return %1 : tensor<1xi1>`,
        [f32([0.3]), f32([right])],
      ).bound;
    expect(boundBeside(Math.exp(0.3))).toEqual(Float64Array.of(Infinity));
    expect(boundBeside(2)).toBeUndefined();
  });

  const sum = `%c = stablehlo.constant dense<0.0> : tensor<f32>
    %0 = stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0] : (tensor<40xf32>, tensor<f32>) -> tensor<f32>
    return %0 : tensor<f32>`;

  it('give a sum n * eps * sum |term|', () => {
    const terms = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 0.1 : -0.1) * (index + 1));
    const { bound } = bounded('(%x: tensor<40xf32>) -> tensor<f32>', sum, [f32(terms)]);
    expect(bound?.[0]).toBeCloseTo(42 * 2 ** -23 * 82, 6);
  });

  it('leave a sum no room that no order rounds', () => {
    const { bound } = bounded('(%x: tensor<40xf32>) -> tensor<f32>', sum, [
      f32(Array.from({ length: 40 }, (_, i) => i - 7)),
    ]);
    expect(bound).toBeUndefined();
  });

  it('say nothing of a sum that some order takes past the range', () => {
    const terms = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 3e38 : -3e38));
    const { bound } = bounded('(%x: tensor<40xf32>) -> tensor<f32>', sum, [f32(terms)]);
    expect(bound).toEqual(Float64Array.of(Infinity));
  });

  it('say nothing of what cancels only where it is finite', () => {
    const terms = Array.from({ length: 40 }, () => 3e38);
    const body = sum.replace('return %0', '%1 = stablehlo.subtract %0, %0 : tensor<f32>\n    return %1');
    expect(bounded('(%x: tensor<40xf32>) -> tensor<f32>', body, [f32(terms)]).bound).toEqual(Float64Array.of(Infinity));
  });

  it('go with the elements that are moved', () => {
    const expected = bounded(
      '(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<4xf32>',
      `%0 = stablehlo.exponential %x : tensor<2xf32>
       %1 = stablehlo.concatenate %y, %0, dim = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
       %2 = stablehlo.reverse %1, dims = [0] : tensor<4xf32>
       return %2 : tensor<4xf32>`,
      [f32([1, 2]), f32([3, 4])],
    );
    expect([...(expected.bound ?? [])].map((by) => by > 0)).toEqual([true, true, false, false]);
  });

  it('leave a scatter that multiplies complex numbers room where it does, and nowhere else', () => {
    const complex = (...values: number[]): Tensor =>
      new Tensor('complex<f64>', [values.length / 2], Float64Array.from(values));
    const type = 'tensor<3xcomplex<f64>>';
    const expected = bounded(
      `(%x: ${type}, %at: tensor<2x1xi32>, %by: tensor<2xcomplex<f64>>) -> ${type}`,
      `%0 = "stablehlo.scatter"(%x, %at, %by) <{scatter_dimension_numbers = #stablehlo.scatter<
          inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
        ^bb0(%a: tensor<complex<f64>>, %b: tensor<complex<f64>>):
          %1 = stablehlo.multiply %a, %b : tensor<complex<f64>>
          stablehlo.return %1 : tensor<complex<f64>>
        }) : (${type}, tensor<2x1xi32>, tensor<2xcomplex<f64>>) -> ${type}
      return %0 : ${type}`,
      [complex(3, 4, 1, 2, 0, 1), new Tensor('i32', [2, 1], Int32Array.of(0, 0)), complex(0.6, 0.8, 1, 0)],
    );
    const once = 4 * 2 ** -52 * 5;
    expect([...(expected.bound ?? [])]).toEqual([2 * once, 2 * once, 0, 0, 0, 0]);
  });

  it('leave the angle of complex numbers the room of a logarithm near 1, however small it is', () => {
    const type = 'tensor<2xcomplex<f32>>';
    const complex = (...values: number[]): Tensor => new Tensor('complex<f32>', [2], Float32Array.from(values));
    const expected = bounded(
      `(%y: ${type}, %x: ${type}) -> ${type}`,
      `%0 = stablehlo.atan2 %y, %x : ${type}\nreturn %0 : ${type}`,
      [complex(0, 0, 1, 0), complex(3, 1, 1, 0)],
    );
    const off = (by: number): Tensor => complex(by, 0, Math.PI / 4, 0);
    expect(compareBounded(expected, off(1e-7)).problem).toBeUndefined();
    expect(compareBounded(expected, off(1e-4)).problem).toContain('slot 0');
  });
});
