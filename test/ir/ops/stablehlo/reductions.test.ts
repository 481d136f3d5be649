import { describe, expect, it } from 'vitest';
import { evaluateBody, failureOf, problemsOfOp, reducer, valuesOf } from '../module-text.ts';

const matrix = '%a = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>';
const zero = '%z = stablehlo.constant dense<0> : tensor<i32>';

function reduceOp(body: string, dims: string, types: string, operands = '%a, %z'): string {
  return `%r = "stablehlo.reduce"(${operands}) ${body} {dimensions = array<i64${dims === '' ? '' : `: ${dims}`}>} : ${types}`;
}

describe('reduce', () => {
  const add = reducer('add', 'tensor<i32>');

  it.each([
    ['1', 'tensor<2xi32>', [6, 15]],
    ['0', 'tensor<3xi32>', [5, 7, 9]],
    ['1, 0', 'tensor<i32>', [21]],
    ['', 'tensor<2x3xi32>', [1, 2, 3, 4, 5, 6]],
  ])('adds along [%s]', (dims, result, expected) => {
    expect(valuesOf(result, matrix, zero, reduceOp(add, dims, `(tensor<2x3xi32>, tensor<i32>) -> ${result}`))).toEqual(
      expected,
    );
  });

  it('of nothing is the initial value', () => {
    expect(
      valuesOf(
        'tensor<2xi32>',
        '%a = stablehlo.constant dense<> : tensor<2x0xi32>',
        '%z = stablehlo.constant dense<7> : tensor<i32>',
        reduceOp(add, '1', '(tensor<2x0xi32>, tensor<i32>) -> tensor<2xi32>'),
      ),
    ).toEqual([7, 7]);
  });

  it('goes from the initial value through the elements in order, alone or many at once', () => {
    const sub = reducer('subtract', 'tensor<i32>');
    expect(
      valuesOf('tensor<2xi32>', matrix, zero, reduceOp(sub, '1', '(tensor<2x3xi32>, tensor<i32>) -> tensor<2xi32>')),
    ).toEqual([-6, -15]);
    const wide = '%a = stablehlo.iota dim = 1 : tensor<3x6xi32>';
    const digits = `({
      ^bb0(%x: tensor<i32>, %y: tensor<i32>):
        %d = stablehlo.add %x, %x : tensor<i32>
        %s = stablehlo.add %d, %y : tensor<i32>
        stablehlo.return %s : tensor<i32>
      })`;
    expect(
      valuesOf('tensor<6xi32>', wide, zero, reduceOp(digits, '0', '(tensor<3x6xi32>, tensor<i32>) -> tensor<6xi32>')),
    ).toEqual([0, 7, 14, 21, 28, 35]);
  });

  it('combines long rows as a tree', () => {
    const ones = '%a = stablehlo.constant dense<1.0> : tensor<5001xbf16>';
    const start = '%z = stablehlo.constant dense<0.0> : tensor<bf16>';
    const text = reduceOp(reducer('add', 'tensor<bf16>'), '0', '(tensor<5001xbf16>, tensor<bf16>) -> tensor<bf16>');
    // 4992 and 5024 are the neighbours in bf16; one by one, the sum would stop at 256.
    expect(valuesOf('tensor<bf16>', ones, start, text)).toEqual([0x459c]);
    const count = '%a = stablehlo.iota dim = 0 : tensor<5001x2xi64>';
    const none = '%z = stablehlo.constant dense<1> : tensor<i64>';
    const sum = reduceOp(reducer('add', 'tensor<i64>'), '0', '(tensor<5001x2xi64>, tensor<i64>) -> tensor<2xi64>');
    expect(valuesOf('tensor<2xi64>', count, none, sum)).toEqual([12502501n, 12502501n]);
  });

  it('reduces several inputs together, as argmax does', () => {
    const [best, where] = evaluateBody(
      'tensor<2xi32> and tensor<2xi64>',
      '%a = stablehlo.constant dense<[[3, 9, 1], [4, 2, 4]]> : tensor<2x3xi32>',
      '%i = stablehlo.iota dim = 1 : tensor<2x3xi64>',
      '%z = stablehlo.constant dense<-1> : tensor<i32>',
      '%n = stablehlo.constant dense<-1> : tensor<i64>',
      `%r:2 = "stablehlo.reduce"(%a, %i, %z, %n) ({
        ^bb0(%x: tensor<i32>, %xi: tensor<i64>, %y: tensor<i32>, %yi: tensor<i64>):
          %p = stablehlo.compare GE, %x, %y : (tensor<i32>, tensor<i32>) -> tensor<i1>
          %v = stablehlo.select %p, %x, %y : tensor<i1>, tensor<i32>
          %k = stablehlo.select %p, %xi, %yi : tensor<i1>, tensor<i64>
          stablehlo.return %v, %k : tensor<i32>, tensor<i64>
        }) {dimensions = array<i64: 1>} : (tensor<2x3xi32>, tensor<2x3xi64>, tensor<i32>, tensor<i64>) -> (tensor<2xi32>, tensor<2xi64>)`,
    );
    expect([...(best?.values ?? [])]).toEqual([9, 4]);
    expect([...(where?.values ?? [])]).toEqual([1n, 0n]);
  });

  it('works in the wider type of its body', () => {
    const narrow = '%a = stablehlo.constant dense<100> : tensor<4xi8>';
    const start = '%z = stablehlo.constant dense<0> : tensor<i8>';
    expect(
      valuesOf('tensor<i32>', narrow, start, reduceOp(add, '0', '(tensor<4xi8>, tensor<i8>) -> tensor<i32>')),
    ).toEqual([400]);
  });

  it('may use values from around its body', () => {
    const body = `({
      ^bb0(%x: tensor<i32>, %y: tensor<i32>):
        %s = stablehlo.add %x, %y : tensor<i32>
        %t = stablehlo.add %s, %ten : tensor<i32>
        stablehlo.return %t : tensor<i32>
      })`;
    expect(
      valuesOf(
        'tensor<3xi32>',
        matrix,
        zero,
        '%ten = stablehlo.constant dense<10> : tensor<i32>',
        reduceOp(body, '0', '(tensor<2x3xi32>, tensor<i32>) -> tensor<3xi32>'),
      ),
    ).toEqual([25, 27, 29]);
  });

  it.each([
    ['C2', '0', 'tensor<i64>', add, 'tensor<3xi32>'],
    ['C4', '2', 'tensor<i32>', add, 'tensor<3xi32>'],
    ['C5', '0, 0', 'tensor<i32>', add, 'tensor<3xi32>'],
    ['C6', '0', 'tensor<i32>', reducer('add', 'tensor<i16>'), 'tensor<3xi16>'],
    ['C6', '0', 'tensor<i32>', reducer('add', 'tensor<f32>'), 'tensor<3xf32>'],
    ['C7, C8', '0', 'tensor<i32>', add, 'tensor<2xi32>'],
    ['C7, C8', '0', 'tensor<i32>', reducer('add', 'tensor<i64>'), 'tensor<3xi32>'],
  ])('violates %s', (id, dims, init, body, result) => {
    const op = reduceOp(body, dims, `(tensor<2x3xi32>, ${init}) -> ${result}`);
    expect(problemsOfOp(`%a: tensor<2x3xi32>, %z: ${init}`, op).join()).toContain(`reduce ${id}`);
  });

  it('wants inputs of one shape (C1), at least one (C3)', () => {
    const body = `({
      ^bb0(%x: tensor<i32>, %y: tensor<i32>, %u: tensor<i32>, %v: tensor<i32>):
        stablehlo.return %x, %y : tensor<i32>, tensor<i32>
      })`;
    const op = `%r:2 = "stablehlo.reduce"(%a, %b, %z, %z) ${body} {dimensions = array<i64: 0>} : (tensor<2xi32>, tensor<3xi32>, tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)`;
    expect(problemsOfOp('%a: tensor<2xi32>, %b: tensor<3xi32>, %z: tensor<i32>', op).join()).toContain('reduce C1');
    expect(
      problemsOfOp('', '"stablehlo.reduce"() ({ stablehlo.return }) {dimensions = array<i64>} : () -> ()').join(),
    ).toContain('reduce C3');
  });

  it('reads and verifies the short forms', () => {
    expect(
      valuesOf(
        'tensor<2xi32>',
        matrix,
        zero,
        '%r = stablehlo.reduce(%a init: %z) applies stablehlo.maximum across dimensions = [1] : (tensor<2x3xi32>, tensor<i32>) -> tensor<2xi32>',
      ),
    ).toEqual([3, 6]);
  });
});

function windowOp(attributes: string, types: string, body = reducer('add', 'tensor<i32>')): string {
  return `%r = "stablehlo.reduce_window"(%a, %z) ${body} {${attributes}} : ${types}`;
}

describe('reduce_window', () => {
  const line = '%a = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>';

  it.each([
    ['window_dimensions = array<i64: 2>', [3, 5, 7]],
    ['window_dimensions = array<i64: 2>, window_strides = array<i64: 2>', [3, 7]],
    ['window_dimensions = array<i64: 2>, window_dilations = array<i64: 2>', [4, 6]],
    ['window_dimensions = array<i64: 2>, base_dilations = array<i64: 2>', [1, 2, 2, 3, 3, 4]],
    ['window_dimensions = array<i64: 2>, padding = dense<[[1, -1]]> : tensor<1x2xi64>', [1, 3, 5]],
    ['window_dimensions = array<i64: 4>, padding = dense<[[3, 0]]> : tensor<1x2xi64>', [1, 3, 6, 10]],
    ['window_dimensions = array<i64: 5>', []],
  ])('%s', (attributes, expected) => {
    const result = `tensor<${expected.length}xi32>`;
    expect(valuesOf(result, line, zero, windowOp(attributes, `(tensor<4xi32>, tensor<i32>) -> ${result}`))).toEqual(
      expected,
    );
  });

  const growing = 'window_dimensions = array<i64: 4>, padding = dense<[[3, 0]]> : tensor<1x2xi64>';
  const shrinking = 'window_dimensions = array<i64: 6>, padding = dense<[[0, 5]]> : tensor<1x2xi64>';
  const types = '(tensor<4xi32>, tensor<i32>) -> tensor<4xi32>';

  it.each([
    // One step an element where padding changes nothing, and the order is that of the windows or does not matter.
    [growing, 'add', 0, [1, 3, 6, 10]],
    [shrinking, 'add', 0, [10, 9, 7, 4]],
    [growing, 'subtract', 0, [-1, -3, -6, -10]],
    [shrinking, 'multiply', 1, [24, 24, 12, 4]],
    // Window by window otherwise.
    [growing, 'add', 1, [5, 6, 8, 11]],
    [shrinking, 'subtract', 0, [-10, -9, -7, -4]],
    [shrinking, 'subtract', 1, [-11, -11, -10, -8]],
  ])('of all elements up to each: %s, %s from %i', (attributes, op, initial, expected) => {
    const start = `%z = stablehlo.constant dense<${initial}> : tensor<i32>`;
    const body = reducer(op, 'tensor<i32>');
    expect(valuesOf('tensor<4xi32>', line, start, windowOp(attributes, types, body))).toEqual(expected);
  });

  it('pads with the initial value', () => {
    const ten = '%z = stablehlo.constant dense<10> : tensor<i32>';
    const attributes =
      'window_dimensions = array<i64: 2>, window_strides = array<i64: 2>, padding = dense<1> : tensor<1x2xi64>';
    expect(
      valuesOf('tensor<3xi32>', line, ten, windowOp(attributes, '(tensor<4xi32>, tensor<i32>) -> tensor<3xi32>')),
    ).toEqual([21, 15, 24]);
  });

  it('goes through each window in order', () => {
    const square = '%a = stablehlo.iota dim = 1 : tensor<3x3xi32>';
    const body = reducer('subtract', 'tensor<i32>');
    const attributes = 'window_dimensions = array<i64: 2, 2>';
    expect(
      valuesOf(
        'tensor<2x2xi32>',
        square,
        zero,
        windowOp(attributes, '(tensor<3x3xi32>, tensor<i32>) -> tensor<2x2xi32>', body),
      ),
    ).toEqual([-2, -6, -2, -6]);
  });

  it.each([
    ['C4', 'window_dimensions = array<i64: 1, 1>'],
    ['C5', 'window_dimensions = array<i64: 0>'],
    ['C6', 'window_dimensions = array<i64: 1>, window_strides = array<i64: 1, 1>'],
    ['C7', 'window_dimensions = array<i64: 1>, window_strides = array<i64: 0>'],
    ['C8', 'window_dimensions = array<i64: 1>, base_dilations = array<i64: 1, 1>'],
    ['C9', 'window_dimensions = array<i64: 1>, base_dilations = array<i64: 0>'],
    ['C10', 'window_dimensions = array<i64: 1>, window_dilations = array<i64: 1, 1>'],
    ['C11', 'window_dimensions = array<i64: 1>, window_dilations = array<i64: -1>'],
    ['C12', 'window_dimensions = array<i64: 1>, padding = dense<0> : tensor<2x2xi64>'],
    ['C12', 'window_dimensions = array<i64: 1>, padding = dense<0> : tensor<1x1xi64>'],
    ['C14, C15, C16', 'window_dimensions = array<i64: 2>'],
  ])('violates %s', (id, attributes) => {
    const op = windowOp(attributes, '(tensor<4xi32>, tensor<i32>) -> tensor<4xi32>');
    expect(problemsOfOp('%a: tensor<4xi32>, %z: tensor<i32>', op).join()).toContain(`reduce_window ${id}`);
  });

  it('wants a reducer that fits (C13)', () => {
    const op = windowOp(
      'window_dimensions = array<i64: 1>',
      '(tensor<4xi32>, tensor<i32>) -> tensor<4xi32>',
      reducer('add', 'tensor<4xi32>'),
    );
    expect(problemsOfOp('%a: tensor<4xi32>, %z: tensor<i32>', op).join()).toContain('reduce_window C13');
  });
});

describe('select_and_scatter', () => {
  const select =
    '{\n^bb0(%x: tensor<i32>, %y: tensor<i32>):\n  %p = stablehlo.compare GE, %x, %y : (tensor<i32>, tensor<i32>) -> tensor<i1>\n  stablehlo.return %p : tensor<i1>\n}';
  const scatter = reducer('add', 'tensor<i32>').slice(1, -1);
  const op = (attributes: string, types: string): string =>
    `%r = "stablehlo.select_and_scatter"(%a, %s, %z) (${select}, ${scatter}) {${attributes}} : ${types}`;

  it('adds each source element to where its window is greatest', () => {
    expect(
      valuesOf(
        'tensor<4x2xi32>',
        '%a = stablehlo.constant dense<[[1, 5], [2, 5], [3, 6], [4, 4]]> : tensor<4x2xi32>',
        '%s = stablehlo.constant dense<[[5, 6], [7, 8]]> : tensor<2x2xi32>',
        zero,
        op(
          'window_dimensions = array<i64: 3, 1>, window_strides = array<i64: 2, 1>, padding = dense<[[0, 1], [0, 0]]> : tensor<2x2xi64>',
          '(tensor<4x2xi32>, tensor<2x2xi32>, tensor<i32>) -> tensor<4x2xi32>',
        ),
      ),
    ).toEqual([0, 0, 0, 0, 5, 14, 7, 0]);
  });

  it('starts every place at the initial value, and gives padding no part', () => {
    expect(
      valuesOf(
        'tensor<2xi32>',
        '%a = stablehlo.constant dense<[-3, -4]> : tensor<2xi32>',
        '%s = stablehlo.constant dense<[1, 2]> : tensor<2xi32>',
        '%z = stablehlo.constant dense<10> : tensor<i32>',
        op(
          'window_dimensions = array<i64: 2>, window_strides = array<i64: 2>, padding = dense<1> : tensor<1x2xi64>',
          '(tensor<2xi32>, tensor<2xi32>, tensor<i32>) -> tensor<2xi32>',
        ),
      ),
    ).toEqual([11, 12]);
  });

  it.each([
    ['C1', 'tensor<3xi64>', 'tensor<i32>', 'window_dimensions = array<i64: 2>'],
    ['C2', 'tensor<2xi32>', 'tensor<i32>', 'window_dimensions = array<i64: 2>'],
    ['C3', 'tensor<3xi32>', 'tensor<i64>', 'window_dimensions = array<i64: 2>'],
    ['C4', 'tensor<3xi32>', 'tensor<i32>', 'window_dimensions = array<i64: 2, 1>'],
    ['C5', 'tensor<3xi32>', 'tensor<i32>', 'window_dimensions = array<i64: 0>'],
    ['C6', 'tensor<3xi32>', 'tensor<i32>', 'window_strides = array<i64: 2, 1>'],
    ['C7', 'tensor<3xi32>', 'tensor<i32>', 'window_strides = array<i64: 0>'],
    ['C8', 'tensor<3xi32>', 'tensor<i32>', 'padding = dense<0> : tensor<2x2xi64>'],
  ])('violates %s', (id, source, init, attributes) => {
    const text = op(attributes, `(tensor<4xi32>, ${source}, ${init}) -> tensor<4xi32>`);
    expect(problemsOfOp(`%a: tensor<4xi32>, %s: ${source}, %z: ${init}`, text).join()).toContain(
      `select_and_scatter ${id}`,
    );
  });

  it('wants a predicate (C9) and a combiner (C10)', () => {
    const args = '%a: tensor<4xi32>, %s: tensor<3xi32>, %z: tensor<i32>';
    const right = op(
      'window_dimensions = array<i64: 2>',
      '(tensor<4xi32>, tensor<3xi32>, tensor<i32>) -> tensor<4xi32>',
    );
    expect(problemsOfOp(args, right)).toEqual([]);
    expect(problemsOfOp(args, right.replace(select, scatter)).join()).toContain('select_and_scatter C9');
    expect(problemsOfOp(args, right.replace(scatter, select)).join()).toContain('select_and_scatter C10');
  });
});

describe('map', () => {
  it('applies a scalar function at each index', () => {
    const op = `%r = "stablehlo.map"(%a, %a) ${reducer('multiply', 'tensor<i32>')} {dimensions = array<i64: 0, 1>} : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>`;
    expect(valuesOf('tensor<2x3xi32>', matrix, op)).toEqual([1, 4, 9, 16, 25, 36]);
  });

  it('applies functions with constants, and such as pass an argument on', () => {
    const body = `({
      ^bb0(%x: tensor<i32>):
        %c = stablehlo.constant dense<3> : tensor<i32>
        %y = stablehlo.add %x, %c : tensor<i32>
        stablehlo.return %y : tensor<i32>
      })`;
    const op = (region: string): string =>
      `%r = "stablehlo.map"(%a) ${region} {dimensions = array<i64: 0, 1>} : (tensor<2x3xi32>) -> tensor<2x3xi32>`;
    expect(valuesOf('tensor<2x3xi32>', matrix, op(body))).toEqual([4, 5, 6, 7, 8, 9]);
    const identity = '({\n^bb0(%x: tensor<i32>):\n  stablehlo.return %x : tensor<i32>\n})';
    expect(valuesOf('tensor<2x3xi32>', matrix, op(identity))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('wants all dimensions in order (C3) and a fitting computation (C4)', () => {
    const op = (dims: string, type: string): string =>
      `%r = "stablehlo.map"(%a, %a) ${reducer('add', type)} {dimensions = array<i64: ${dims}>} : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>`;
    expect(problemsOfOp('%a: tensor<2x3xi32>', op('1, 0', 'tensor<i32>')).join()).toContain('map C3');
    expect(problemsOfOp('%a: tensor<2x3xi32>', op('0, 1', 'tensor<i64>')).join()).toContain('map C4');
  });
});

describe('regions over quantised elements', () => {
  const quantised = 'tensor<!quant.uniform<i8:f32, 0.5:1>>';
  const list = quantised.replace('<', '<4x');
  const inputs = [
    '%f = stablehlo.constant dense<[1.0, 2.5, -3.0, 0.5]> : tensor<4xf32>',
    `%a = stablehlo.uniform_quantize %f : (tensor<4xf32>) -> ${list}`,
    '%g = stablehlo.constant dense<0.0> : tensor<f32>',
    `%z = stablehlo.uniform_quantize %g : (tensor<f32>) -> ${quantised}`,
  ];

  it('compute on what the integers stand for', () => {
    const op = reduceOp(reducer('add', quantised), '0', `(${list}, ${quantised}) -> ${quantised}`).replace('%r', '%q');
    const back = `%r = stablehlo.uniform_dequantize %q : (${quantised}) -> tensor<f32>`;
    expect(valuesOf('tensor<f32>', ...inputs, op, back)).toEqual([1]);
  });

  it('are unsupported where the scale would change on the way', () => {
    const wider = 'tensor<!quant.uniform<i32:f32, 0.25>>';
    const op = reduceOp(reducer('add', wider), '0', `(${list}, ${quantised}) -> ${wider}`).replace('%r', '%q');
    const back = `%r = stablehlo.uniform_dequantize %q : (${wider}) -> tensor<f32>`;
    expect(failureOf('tensor<f32>', ...inputs, op, back)).toMatch(/^E4006/);
  });
});
