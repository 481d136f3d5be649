import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { expandChlo } from '../../../passes/expand-chlo.ts';
import { inFunction, load, runPass } from '../pass-fixture.ts';
import { seededTensor } from '../same-meaning.ts';
import { expectSameBits, expectSameOn } from './exact.ts';

function broadcast(op: string, types: readonly [string, string], result: string, attributes = ''): string {
  const [x, y] = types;
  const line = `%0 = "chlo.broadcast_${op}"(%x, %y) ${attributes} : (${x}, ${y}) -> ${result}`;
  return inFunction(`(%x: ${x}, %y: ${y}) -> ${result}`, `${line}\nreturn %0 : ${result}`);
}

function ofElement(element: string): readonly [string, string] {
  return [`tensor<3x1x${element}>`, `tensor<2x1x4x${element}>`];
}

/** A tensor of seeded elements with this shape at run time. */
function ofShape(shape: readonly number[], element = 'f32'): Tensor {
  const text = `func.func @f(%x: tensor<${[...shape, element].join('x')}>) { return }`;
  let input: Tensor | undefined;
  load(text).walk((op) => {
    const argument = op.name === 'func.func' ? op.region().block.argument(0) : undefined;
    if (argument !== undefined) input = seededTensor(argument.type, shape.length);
  });
  if (input === undefined) throw new Error('no input');
  return input;
}

describe('ops with implicit broadcasting, expanded', () => {
  it('stretches both operands, then applies the op', () => {
    const before = broadcast('add', ['tensor<3xf32>', 'tensor<2x1xf32>'], 'tensor<2x3xf32>');
    expect(runPass(expandChlo, before).text).toMatchInlineSnapshot(`
      "module {
        func.func @f(%arg0: tensor<3xf32>, %arg1: tensor<2x1xf32>) -> tensor<2x3xf32> {
          %0 = stablehlo.broadcast_in_dim %arg0, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
          %1 = stablehlo.broadcast_in_dim %arg1, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x3xf32>
          %2 = stablehlo.add %0, %1 : tensor<2x3xf32>
          return %2 : tensor<2x3xf32>
        }
      }
      "
    `);
  });

  it('leaves operands of the full shape as they are', () => {
    const before = broadcast('multiply', ['tensor<2x3xf32>', 'tensor<2x3xf32>'], 'tensor<2x3xf32>');
    expect(expectSameBits(before)).not.toContain('broadcast');
  });

  it.each([
    'add', 'atan2', 'divide', 'maximum', 'minimum', 'multiply', 'power', 'remainder', 'subtract', 'next_after',
  ])('broadcast_%s computes the same of floats', (op) => {
    expectSameBits(broadcast(op, ofElement('f32'), 'tensor<2x3x4xf32>'));
  }); // prettier-ignore

  it.each([
    'add', 'and', 'divide', 'maximum', 'or', 'power', 'remainder', 'shift_left', 'shift_right_arithmetic', 'shift_right_logical', 'xor',
  ])('broadcast_%s computes the same of integers', (op) => {
    expectSameBits(broadcast(op, ofElement('i32'), 'tensor<2x3x4xi32>'));
  }); // prettier-ignore

  it('broadcast_complex makes complex numbers', () => {
    expectSameBits(broadcast('complex', ofElement('f32'), 'tensor<2x3x4xcomplex<f32>>'));
  });

  it('broadcast_zeta and broadcast_polygamma are expanded to the end', () => {
    for (const op of ['zeta', 'polygamma']) {
      const outcome = runPass(expandChlo, broadcast(op, ofElement('f32'), 'tensor<2x3x4xf32>'));
      expect(outcome.text).not.toContain('chlo.');
    }
  });

  it('broadcast_compare keeps direction and type', () => {
    const attributes =
      '{comparison_direction = #chlo<comparison_direction LE>, compare_type = #chlo<comparison_type TOTALORDER>}';
    const before = broadcast('compare', ofElement('f32'), 'tensor<2x3x4xi1>', attributes);
    expect(expectSameBits(before)).toContain('stablehlo.compare LE, %0, %1, TOTALORDER');
  });

  it('broadcast_select stretches all three', () => {
    const text = `func.func @f(%p: tensor<2x1xi1>, %x: tensor<3xf32>, %y: tensor<f32>) -> tensor<2x3xf32> {
      %0 = chlo.broadcast_select %p, %x, %y : (tensor<2x1xi1>, tensor<3xf32>, tensor<f32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>
    }`;
    expectSameBits(text);
  });

  it('puts the operand of lower rank where broadcast_dimensions says', () => {
    const attributes = '{broadcast_dimensions = array<i64: 0>}';
    expectSameBits(broadcast('subtract', ['tensor<2xf32>', 'tensor<2x3xf32>'], 'tensor<2x3xf32>', attributes));
    expectSameBits(broadcast('subtract', ['tensor<2x3xf32>', 'tensor<2xf32>'], 'tensor<2x3xf32>', attributes));
  });

  it.each([
    [[3], [3]],
    [[1], [4]],
    [[4], [1]],
    [[1], [0]],
    [[0], [1]],
    [[1], [1]],
  ])('takes the unknown size that is not 1: %j and %j', (left, right) => {
    const text = broadcast('add', ['tensor<?xf32>', 'tensor<?xf32>'], 'tensor<?xf32>');
    expectSameOn(text, [ofShape(left), ofShape(right)]);
  });

  it('computes unknown sizes beside known ones, of different ranks', () => {
    const text = broadcast('add', ['tensor<?x4xf32>', 'tensor<2x?x1xf32>'], 'tensor<2x?x4xf32>');
    expectSameOn(text, [ofShape([3, 4]), ofShape([2, 1, 1])]);
    expectSameOn(text, [ofShape([1, 4]), ofShape([2, 5, 1])]);
  });

  it('stretches an unknown size to a known one', () => {
    const text = broadcast('add', ['tensor<?xf32>', 'tensor<4xf32>'], 'tensor<4xf32>');
    expectSameOn(text, [ofShape([1]), ofShape([4])]);
    expectSameOn(text, [ofShape([4]), ofShape([4])]);
  });
});

describe('formulas on unknown sizes', () => {
  it.each(['sinh', 'lgamma', 'erf_inv', 'acosh'])('%s takes its constants to the shape at hand', (op) => {
    const text = `func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
      %0 = "chlo.${op}"(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
      return %0 : tensor<?x2xf32>
    }`;
    const outcome = runPass(expandChlo, text);
    expect(outcome.text).not.toContain('chlo.');
    expect(outcome.text.split('get_dimension_size').length - 1, 'the shape is computed once').toBe(1);
  });

  it('constant_like follows the operand, known or not, and keeps all bits of 64-bit integers', () => {
    for (const shape of ['2x3', '?x3']) {
      const text = `func.func @f(%x: tensor<${shape}xf32>) -> tensor<${shape}xi64> {
        %0 = "chlo.constant_like"(%x) {value = 9007199254740993 : i64} : (tensor<${shape}xf32>) -> tensor<${shape}xi64>
        return %0 : tensor<${shape}xi64>
      }`;
      expectSameBits(text);
    }
  });

  it('constant is a constant', () => {
    expectSameBits(`func.func @f() -> tensor<2xf32> {
      %0 = chlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
      return %0 : tensor<2xf32>
    }`);
  });
});
