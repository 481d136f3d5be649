import { describe, expect, it } from 'vitest';
import { opText, problems, run, values } from '../run-text.ts';

/** New state and output of rng_bit_generator; the expected values below are XLA's, on its CPU back end. */
function bits(algorithm: string, state: readonly bigint[], output: string): (number | bigint)[][] {
  const type = `tensor<${state.length}xui64>`;
  return values(`func.func @main() -> (${type}, ${output}) {
    %s = stablehlo.constant dense<[${state.join(', ')}]> : ${type}
    %0:2 = stablehlo.rng_bit_generator %s, algorithm = ${algorithm} : (${type}) -> (${type}, ${output})
    return %0#0, %0#1 : ${type}, ${output}
  }`);
}

describe('rng_bit_generator', () => {
  it('gives the bits of Threefry, halving the first even dimension', () => {
    expect(bits('THREE_FRY', [1n, 2n], 'tensor<2x3xui32>')).toEqual([
      [1n, 5n],
      [43444564, 3979645651, 1672743891, 2150618427, 3745730563, 4240503393],
    ]);
  });

  it('halves the largest dimension where none is even', () => {
    expect(bits('THREE_FRY', [1n, 2n], 'tensor<3x5xui32>')).toEqual([
      [1n, 11n],
      [
        43444564, 2150618427, 3979645651, 3745730563, 1672743891, 2109414752, 618976052, 2534981805, 3824176357,
        2868795927, 2915202000, 3844842626, 3159807845, 3120200270, 299673330,
      ],
    ]);
  });

  it('takes one block of Threefry for each 64-bit element, and the low bits for narrow ones', () => {
    expect(bits('THREE_FRY', [1n, 2n], 'tensor<3xui64>')).toEqual([
      [1n, 5n],
      [9236835810183407956n, 16087790271692313299n, 18212823393184779219n],
    ]);
    expect(bits('THREE_FRY', [1n, 2n], 'tensor<5xui8>')[1]).toEqual([84, 59, 211, 3, 211]);
    expect(bits('THREE_FRY', [1n, 2n], 'tensor<5xi8>')[1]).toEqual([84, 59, -45, 3, -45]);
    expect(bits('THREE_FRY', [1n, 2n], 'tensor<ui32>')).toEqual([[1n, 3n], [43444564]]);
  });

  it('gives the bits of Philox, in the order of its blocks', () => {
    expect(bits('PHILOX', [1n, 2n], 'tensor<5xui32>')).toEqual([
      [1n, 4n],
      [2100602697, 2847456232, 2074354647, 800269529, 1828267006],
    ]);
    expect(bits('PHILOX', [1n, 2n], 'tensor<3xui64>')).toEqual([
      [1n, 4n],
      [12229731395331991369n, 3437131457114678231n, 13465615291114923006n],
    ]);
  });

  it('carries in the 128-bit counter of Philox, which a state of two words does not keep', () => {
    const full = 0xffff_ffff_ffff_ffffn;
    expect(bits('PHILOX', [5n, full, 7n], 'tensor<4xui32>')).toEqual([
      [5n, 0n, 8n],
      [408654879, 156914071, 4246078289, 2550873154],
    ]);
    expect(bits('PHILOX', [3n, full, full], 'tensor<4xui32>')).toEqual([
      [3n, 0n, 0n],
      [3451538519, 4236061285, 37117934, 219068275],
    ]);
    expect(bits('PHILOX', [0x0123456789abcdefn, full - 1n], 'tensor<2x3xui32>')).toEqual([
      [0x0123456789abcdefn, 0n],
      [172511636, 1103493126, 3598856174, 948282324, 1105943027, 812877280],
    ]);
  });

  it('is Philox by default, and fills floats with the same bits', () => {
    const state = [5n, 6n, 7n];
    expect(bits('DEFAULT', state, 'tensor<4xui32>')).toEqual(bits('PHILOX', state, 'tensor<4xui32>'));
    const text = `func.func @main() -> tensor<4xf32> {
      %s = stablehlo.constant dense<[5, 6, 7]> : tensor<3xui64>
      %0:2 = stablehlo.rng_bit_generator %s, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<4xf32>)
      return %0#1 : tensor<4xf32>
    }`;
    const floats = run(text)[0]?.values;
    expect([...new Uint32Array(floats?.buffer ?? new ArrayBuffer())]).toEqual(
      bits('PHILOX', state, 'tensor<4xui32>')[1],
    );
  });

  it.each([
    ['C2', 'THREE_FRY', 'tensor<3xui64>', 'tensor<3xui64>'],
    ['C2', 'PHILOX', 'tensor<4xui64>', 'tensor<4xui64>'],
    ['C1', 'PHILOX', 'tensor<2xui64>', 'tensor<3xui64>'],
  ])('names %s', (id, algorithm, state, newState) => {
    const attributes = `rng_algorithm = #stablehlo<rng_algorithm ${algorithm}>`;
    const text = opText('stablehlo.rng_bit_generator', attributes, [state], [newState, 'tensor<4xui32>']);
    expect(problems(text)).toEqual([expect.stringContaining(`rng_bit_generator ${id}`)]);
  });
});

function draw(dtype: string, a: string, b: string, distribution: string, shape = [1000]): number[] {
  const type = `tensor<${shape.join('x')}x${dtype}>`;
  const text = `func.func @main() -> (${type}, ${type}) {
    %a = stablehlo.constant dense<${a}> : tensor<${dtype}>
    %b = stablehlo.constant dense<${b}> : tensor<${dtype}>
    %s = stablehlo.constant dense<[${shape.join(', ')}]> : tensor<${shape.length}xi64>
    %0 = stablehlo.rng %a, %b, %s, distribution = ${distribution} : (tensor<${dtype}>, tensor<${dtype}>, tensor<${shape.length}xi64>) -> ${type}
    %1 = stablehlo.rng %a, %b, %s, distribution = ${distribution} : (tensor<${dtype}>, tensor<${dtype}>, tensor<${shape.length}xi64>) -> ${type}
    return %0, %1 : ${type}, ${type}
  }`;
  const [first = [], second] = values(text);
  expect(second).not.toEqual(first);
  return first.map(Number);
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

describe('rng', () => {
  it('gives the same numbers at each evaluation, and others at each draw', () => {
    expect(draw('f32', '0.0', '1.0', 'UNIFORM')).toEqual(draw('f32', '0.0', '1.0', 'UNIFORM'));
  });

  it.each([
    ['f64', '-2.0', '4.0'],
    ['f16', '-2.0', '4.0'],
    ['i32', '-2', '4'],
    ['i64', '-2', '4'],
  ])('fills [a, b) uniformly in %s', (dtype, a, b) => {
    const list = draw(dtype, a, b, 'UNIFORM', [50, 20]);
    expect(Math.min(...list)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...list)).toBeLessThan(4);
    expect(Math.abs(mean(list) - (dtype.startsWith('i') ? 0.5 : 1))).toBeLessThan(0.25);
  });

  it('has the mean and the deviation asked for when normal', () => {
    const list = draw('f32', '3.0', '2.0', 'NORMAL');
    expect(Math.abs(mean(list) - 3)).toBeLessThan(0.2);
    expect(Math.abs(mean(list.map((value) => (value - 3) * (value - 3))) - 4)).toBeLessThan(0.5);
  });

  it.each([
    ['C1', 'UNIFORM', ['tensor<f32>', 'tensor<f64>', 'tensor<1xi64>'], 'tensor<4xf32>'],
    ['C2', 'NORMAL', ['tensor<i32>', 'tensor<i32>', 'tensor<1xi64>'], 'tensor<4xi32>'],
    ['C3', 'UNIFORM', ['tensor<f32>', 'tensor<f32>', 'tensor<2xi64>'], 'tensor<4xf32>'],
  ])('names %s', (id, distribution, operands, result) => {
    const attributes = `rng_distribution = #stablehlo<rng_distribution ${distribution}>`;
    expect(problems(opText('stablehlo.rng', attributes, operands, [result]))).toEqual([
      expect.stringContaining(`E2311 rng ${id}: `),
    ]);
  });
});
