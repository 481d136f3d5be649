import { describe, expect, it } from 'vitest';
import { layout } from '../../passes/layout.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

const image = 'tensor<1x8x10x10xf32>';
const last = 'tensor<1x8x10x10xf32, #tessera.tensor<order = [0, 2, 3, 1]>>';
const kernel = 'tensor<8x1x3x3xf32>';

function convolution(groups: number, types: string, padding = 1): string {
  const pad = `[[${padding}, ${padding}], [${padding}, ${padding}]]`;
  return `dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {pad = ${pad}}
    {batch_group_count = 1 : i64, feature_group_count = ${groups} : i64} : ${types}`;
}

/** 3x3, over the last two dimensions. */
function pool(operand: string, from: string, to: string, padding = 1): string {
  const edges = `[${padding}, ${padding}]`;
  return `"stablehlo.reduce_window"(${operand}, %zero) <{padding = dense<[[0, 0], [0, 0], ${edges}, ${edges}]> : tensor<4x2xi64>,
    window_dimensions = array<i64: 1, 1, 3, 3>}> ({
      ^bb0(%p: tensor<f32>, %q: tensor<f32>):
        %m = stablehlo.add %p, %q : tensor<f32>
        stablehlo.return %m : tensor<f32>
    }) : (${from}, tensor<f32>) -> ${to}`;
}

const zero = '%zero = stablehlo.constant dense<0.0> : tensor<f32>';

describe('layout', () => {
  it('runs a depthwise convolution along its features, with its weights in order and what follows in step', () => {
    expectRewrite(
      layout,
      inFunction(
        `(%x: ${image}, %b: tensor<8xf32>) -> ${image}`,
        `%w = stablehlo.constant dense<0.5> : ${kernel}
         %0 = stablehlo.convolution(%x, %w) ${convolution(8, `(${image}, ${kernel}) -> ${image}`)}
         %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<8xf32>) -> ${image}
         %2 = stablehlo.add %0, %1 : ${image}
         return %2 : ${image}`,
      ),
      inFunction(
        `(%x: ${image}, %b: tensor<8xf32>) -> ${image}`,
        `%x0 = "tessera.relayout"(%x) : (${image}) -> ${last}
         %w = "stablehlo.constant"() <{value = dense<0.5> : ${kernel}}> : () -> tensor<8x1x3x3xf32, #tessera.tensor<order = [2, 3, 1, 0]>>
         %0 = stablehlo.convolution(%x0, %w) ${convolution(8, `(${last}, tensor<8x1x3x3xf32, #tessera.tensor<order = [2, 3, 1, 0]>>) -> ${last}`)}
         %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<8xf32>) -> ${last}
         %2 = stablehlo.add %0, %1 : ${last}
         %3 = "tessera.relayout"(%2) : (${last}) -> ${image}
         return %3 : ${image}`,
      ),
    );
  });

  it('keeps a chain of windows and what lies between them in one order, and moves at its ends alone', () => {
    const outcome = runPass(
      layout,
      inFunction(
        `(%x: ${image}, %w: ${kernel}) -> ${image}`,
        `${zero}
         %0 = stablehlo.convolution(%x, %w) ${convolution(8, `(${image}, ${kernel}) -> ${image}`)}
         %1 = stablehlo.tanh %0 : ${image}
         %2 = stablehlo.slice %1 [0:1, 0:8, 0:10, 1:10] : (${image}) -> tensor<1x8x10x9xf32>
         %3 = stablehlo.pad %2, %zero, low = [0, 0, 0, 1], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<1x8x10x9xf32>, tensor<f32>) -> ${image}
         %4 = ${pool('%3', image, image)}
         return %4 : ${image}`,
      ),
    );
    // What enters, with the weights that enter, and what leaves.
    expect(outcome.text.match(/tessera.relayout/g)?.length).toBe(3);
    for (const name of ['stablehlo.tanh', 'stablehlo.slice', 'stablehlo.pad'])
      expect(outcome.text.split('\n').find((line) => line.includes(name))).toContain('order = [0, 2, 3, 1]');
    expect(outcome.text).toContain(`return %7 : ${image}`);
    expect(outcome.remarks[0]).toMatch(
      /reads its window in dimension order \[0, 2, 3, 1\]: \d+ bytes touched, \d+ less/,
    );
  });

  it('runs a convolution, its bias and its rectifier along features, and moves what enters and what leaves', () => {
    const lastWide = 'tensor<1x16x10x10xf32, #tessera.tensor<order = [0, 2, 3, 1]>>';
    const wide = 'tensor<1x16x10x10xf32>';
    const body = (x: string, type: string): string =>
      `%0 = stablehlo.convolution(${x}, %w) ${convolution(1, `(${x === '%x' ? image : last}, tensor<16x8x3x3xf32>) -> ${type}`)}
       %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<16xf32>) -> ${type}
       %2 = stablehlo.add %0, %1 : ${type}`;
    expectRewrite(
      layout,
      inFunction(
        `(%x: ${image}, %w: tensor<16x8x3x3xf32>, %b: tensor<16xf32>) -> ${wide}`,
        `${body('%x', wide)}
         return %2 : ${wide}`,
      ),
      inFunction(
        `(%x: ${image}, %w: tensor<16x8x3x3xf32>, %b: tensor<16xf32>) -> ${wide}`,
        `%x0 = "tessera.relayout"(%x) : (${image}) -> ${last}
         ${body('%x0', lastWide)}
         %3 = "tessera.relayout"(%2) : (${lastWide}) -> ${wide}
         return %3 : ${wide}`,
      ),
    );
  });

  it('leaves a convolution of single points, which is a product along any dimension, and one along features already', () => {
    const point = 'window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}';
    expectUnchanged(
      layout,
      inFunction(
        `(%x: ${image}, %w: tensor<8x8x1x1xf32>) -> ${image}`,
        `%0 = stablehlo.convolution(%x, %w) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], ${point} : (${image}, tensor<8x8x1x1xf32>) -> ${image}
         return %0 : ${image}`,
      ),
    );
    const type = 'tensor<1x10x10x8xf32>';
    expectUnchanged(
      layout,
      inFunction(
        `(%x: ${type}, %w: tensor<8x8x3x3xf32>) -> tensor<1x8x8x8xf32>`,
        `%0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[o, i, 0, 1]->[b, 0, 1, f], ${point} : (${type}, tensor<8x8x3x3xf32>) -> tensor<1x8x8x8xf32>
         return %0 : tensor<1x8x8x8xf32>`,
      ),
    );
  });

  it('keeps one order from convolution to convolution, through pooling and single points', () => {
    const { text } = runPass(
      layout,
      inFunction(
        `(%x: ${image}, %w: tensor<8x8x3x3xf32>, %v: tensor<8x8x1x1xf32>) -> tensor<1x8xf32>`,
        `${zero}
         %0 = stablehlo.convolution(%x, %w) ${convolution(1, `(${image}, tensor<8x8x3x3xf32>) -> ${image}`)}
         %1 = ${pool('%0', image, image)}
         %2 = stablehlo.convolution(%1, %v) ${convolution(1, `(${image}, tensor<8x8x1x1xf32>) -> ${image}`, 0)}
         %3 = stablehlo.convolution(%2, %w) ${convolution(1, `(${image}, tensor<8x8x3x3xf32>) -> ${image}`)}
         %4 = stablehlo.reduce(%3 init: %zero) applies stablehlo.add across dimensions = [2, 3] : (${image}, tensor<f32>) -> tensor<1x8xf32>
         return %4 : tensor<1x8xf32>`,
      ),
    );
    expect(text.match(/tessera.relayout/g)?.length).toBe(1);
    for (const name of ['convolution', 'reduce_window'])
      for (const line of text.split('\n').filter((each) => each.includes(`stablehlo.${name}(`)))
        expect(line).toContain(last);
  });

  it('lays out the weights of a depthwise convolution of images that are channel-last already', () => {
    const type = 'tensor<1x10x10x8xf32>';
    const { text } = runPass(
      layout,
      inFunction(
        `(%x: ${type}) -> ${type}`,
        `%w = stablehlo.constant dense<0.5> : ${kernel}
         %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[o, i, 0, 1]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}
           {batch_group_count = 1 : i64, feature_group_count = 8 : i64} : (${type}, ${kernel}) -> ${type}
         return %0 : ${type}`,
      ),
    );
    expect(text).toContain('tensor<8x1x3x3xf32, #tessera.tensor<order = [2, 3, 1, 0]>>');
    expect(text).not.toContain('tessera.relayout');
  });

  it('says why a window stays row-major: moving its operand would touch more than it saves', () => {
    const text = inFunction(
      `(%x: tensor<1x64x9x9xf32>) -> tensor<1x64x4x4xf32>`,
      `${zero}
       %0 = "stablehlo.reduce_window"(%x, %zero) <{window_dimensions = array<i64: 1, 1, 2, 2>, window_strides = array<i64: 1, 1, 2, 2>}> ({
         ^bb0(%p: tensor<f32>, %q: tensor<f32>):
           %m = stablehlo.add %p, %q : tensor<f32>
           stablehlo.return %m : tensor<f32>
       }) : (tensor<1x64x9x9xf32>, tensor<f32>) -> tensor<1x64x4x4xf32>
       return %0 : tensor<1x64x4x4xf32>`,
    );
    expectUnchanged(layout, text);
    expect(runPass(layout, text).remarks[0]).toContain('stays row-major: dimension order [0, 2, 3, 1] would touch');
  });

  it('finds nothing to do for windows that are channel-last already, and for padding along no lane', () => {
    const type = 'tensor<1x10x10x8xf32>';
    expectUnchanged(
      layout,
      inFunction(
        `(%x: ${type}) -> ${type}`,
        `${zero}
         %0 = "stablehlo.reduce_window"(%x, %zero) <{padding = dense<[[0, 0], [1, 1], [1, 1], [0, 0]]> : tensor<4x2xi64>,
           window_dimensions = array<i64: 1, 3, 3, 1>}> ({
             ^bb0(%p: tensor<f32>, %q: tensor<f32>):
               %m = stablehlo.add %p, %q : tensor<f32>
               stablehlo.return %m : tensor<f32>
           }) : (${type}, tensor<f32>) -> ${type}
         return %0 : ${type}`,
      ),
    );
  });

  it('leaves what a loop carries row-major, and lays out what is inside', () => {
    const { text } = runPass(
      layout,
      inFunction(
        `(%x: ${image}, %w: ${kernel}, %n: tensor<i32>) -> ${image}`,
        `%c = stablehlo.constant dense<1> : tensor<i32>
         ${zero}
         %r:2 = stablehlo.while(%i = %n, %y = %x) : tensor<i32>, ${image}
           cond {
             %p = stablehlo.compare GT, %i, %c : (tensor<i32>, tensor<i32>) -> tensor<i1>
             stablehlo.return %p : tensor<i1>
           } do {
             %j = stablehlo.subtract %i, %c : tensor<i32>
             %0 = stablehlo.convolution(%y, %w) ${convolution(8, `(${image}, ${kernel}) -> ${image}`)}
             %1 = ${pool('%0', image, image)}
             stablehlo.return %j, %1 : tensor<i32>, ${image}
           }
         return %r#1 : ${image}`,
      ),
    );
    const carried = text.split('\n').find((line) => line.includes('stablehlo.while'));
    expect(carried).not.toContain('order');
    expect(text).toContain('#tessera.tensor<order = [0, 2, 3, 1]>');
  });

  it('carries an order through transposes and dimensions of size 1', () => {
    const { text } = runPass(
      layout,
      inFunction(
        `(%x: ${image}, %w: ${kernel}) -> ${image}`,
        `${zero}
         %0 = stablehlo.convolution(%x, %w) ${convolution(8, `(${image}, ${kernel}) -> ${image}`)}
         %1 = stablehlo.reshape %0 : (${image}) -> tensor<8x10x10xf32>
         %2 = stablehlo.transpose %1, dims = [0, 2, 1] : (tensor<8x10x10xf32>) -> tensor<8x10x10xf32>
         %3 = stablehlo.reshape %2 : (tensor<8x10x10xf32>) -> ${image}
         %4 = ${pool('%3', image, image)}
         return %4 : ${image}`,
      ),
    );
    // The reshape gives the same memory another shape, and the transpose reads it in step.
    expect(text).toContain('stablehlo.transpose %3');
    expect(
      text.match(/tensor<8x10x10xf32, #tessera.tensor<order = \[[12], [12], 0\]>>/g)?.length,
    ).toBeGreaterThanOrEqual(2);
    expect(text.match(/tessera.relayout/g)?.length).toBe(3);
  });

  it('moves what a window would read many times through a transpose', () => {
    const type = 'tensor<1x10x10x8xf32>';
    const { text, remarks } = runPass(
      layout,
      inFunction(
        `(%x: ${image}) -> ${type}`,
        `%w = stablehlo.constant dense<0.5> : tensor<3x3x1x8xf32>
         %0 = stablehlo.transpose %x, dims = [0, 2, 3, 1] : (${image}) -> ${type}
         %1 = stablehlo.convolution(%0, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}
           {batch_group_count = 1 : i64, feature_group_count = 8 : i64} : (${type}, tensor<3x3x1x8xf32>) -> ${type}
         return %1 : ${type}`,
      ),
    );
    // Channel-last memory, of which the transpose is another name.
    expect(text).toContain(`"tessera.relayout"(%arg0) : (${image}) -> ${last}`);
    expect(text).toContain(`stablehlo.transpose %0, dims = [0, 2, 3, 1] : (${last}) -> ${type}`);
    expect(remarks[0]).toContain('reads its window in dimension order [0, 2, 3, 1]');
  });

  it('leaves a function alone in which someone has chosen an order', () => {
    expectUnchanged(
      layout,
      inFunction(
        `(%x: ${image}) -> ${image}`,
        `${zero}
         %0 = "tessera.relayout"(%x) : (${image}) -> tensor<1x8x10x10xf32, #tessera.tensor<order = [1, 0, 2, 3]>>
         %1 = ${pool('%0', 'tensor<1x8x10x10xf32, #tessera.tensor<order = [1, 0, 2, 3]>>', image)}
         return %1 : ${image}`,
      ),
    );
  });
});
