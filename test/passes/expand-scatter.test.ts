import { describe, expect, it } from 'vitest';
import { expandScatter } from '../../passes/expand-scatter.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

interface Case {
  readonly input: string;
  readonly indices: string;
  readonly updates: string;
  readonly dims: string;
  readonly body?: string;
  readonly element?: string;
}

function scatter({ input, indices, updates, dims, body = 'stablehlo.add %a, %b', element = 'i32' }: Case): string {
  const types = [input, indices, updates].map((type) => `tensor<${type}>`);
  const [into, at, from] = types;
  return inFunction(
    `(%x: ${into}, %i: ${at}, %u: ${from}) -> ${into}`,
    `%m = stablehlo.constant dense<7> : ${at}
    %k = stablehlo.and %i, %m : ${at}
    %0 = "stablehlo.scatter"(%x, %k, %u) ({
      ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
      %r = ${body} : tensor<${element}>
      stablehlo.return %r : tensor<${element}>
    }) {scatter_dimension_numbers = #stablehlo.scatter<${dims}>} : (${into}, ${at}, ${from}) -> ${into}
    return %0 : ${into}`,
  );
}

/** Indices from 0 to 7, of which some are out of bounds. */
function expectScattered(text: string): void {
  const outcome = runPass(expandScatter, text);
  expect(outcome.text).not.toContain('stablehlo.scatter');
  expect(runPass(expandScatter, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text, 6)).toBeUndefined();
}

const elements = 'inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1';

describe('expand-scatter', () => {
  it('adds elements, several to the same place', () => {
    expectScattered(scatter({ input: '5xi32', indices: '9x1xi32', updates: '9xi32', dims: elements }));
  });

  it('lets the last of several updates stand', () => {
    const body = 'stablehlo.or %b, %b';
    expectScattered(scatter({ input: '5xi32', indices: '9x1xi64', updates: '9xi32', dims: elements, body }));
  });

  it('combines floats in order', () => {
    expectScattered(
      scatter({ input: '4xf32', indices: '12x1xi32', updates: '12xf32', dims: elements, element: 'f32' }),
    );
  });

  it('writes rows', () => {
    const dims =
      'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1';
    expectScattered(scatter({ input: '5x3xi32', indices: '4x1xi32', updates: '4x3xi32', dims }));
    expectScattered(scatter({ input: '5x3xi32', indices: '4x1xi32', updates: '4x2xi32', dims }));
  });

  it('writes what of a window is in bounds', () => {
    const dims = 'update_window_dims = [1, 2], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 1';
    expectScattered(scatter({ input: '6x6xi32', indices: '4x2xi8', updates: '4x3x2xi32', dims }));
  });

  it('goes along batching dimensions', () => {
    const dims =
      'update_window_dims = [], inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 2';
    expectScattered(scatter({ input: '3x5xi32', indices: '4x3x1xi32', updates: '4x3xi32', dims }));
  });

  it('leaves inputs of unknown size, with a remark', () => {
    const text = scatter({ input: '?xi32', indices: '9x1xi32', updates: '9xi32', dims: elements });
    expectUnchanged(expandScatter, text);
    expect(runPass(expandScatter, text).remarks).toHaveLength(1);
  });
});
