import { describe, expect, it } from 'vitest';
import { equalOperations } from '../../../ir/equality.ts';
import { printAttribute, printModule, printModuleTo } from '../../../ir/text/printer.ts';
import { printedLines } from './op-lines.ts';
import { readModule } from './read.ts';

/** Prints as it is written. */
const stable: readonly (readonly [name: string, lines: string])[] = [
  ['an elementwise op of one type', '%0 = stablehlo.add %arg0, %arg1 : tensor<4x8xf32>'],
  [
    'an elementwise op of several types',
    '%0 = stablehlo.add %arg0, %arg8 : (tensor<4x8xf32>, tensor<?x8xf32>) -> tensor<4x8xf32>',
  ],
  ['a unary op with discardable attributes', '%0 = stablehlo.abs %arg0 {a.b, c.d = "e\\0A"} : tensor<4x8xf32>'],
  [
    'a comparison without its type',
    '%0 = stablehlo.compare LT, %arg0, %arg1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xi1>',
  ],
  [
    'a comparison with its type',
    '%0 = stablehlo.compare LT, %arg0, %arg1, TOTALORDER : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xi1>',
  ],
  ['a select', '%0 = stablehlo.select %arg5, %arg0, %arg1 : tensor<i1>, tensor<4x8xf32>'],
  [
    'a select of several types',
    '%0 = stablehlo.select %arg5, %arg0, %arg8 : (tensor<i1>, tensor<4x8xf32>, tensor<?x8xf32>) -> tensor<4x8xf32>',
  ],
  ['a complex number of its parts', '%0 = stablehlo.complex %arg0, %arg1 : tensor<4x8xcomplex<f32>>'],
  ['a permutation', '%0 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<4x8xf32>) -> tensor<8x4xf32>'],
  ['slice ranges', '%0 = stablehlo.slice %arg0 [0:2, 1:8:3] : (tensor<4x8xf32>) -> tensor<2x3xf32>'],
  [
    'operands before an attribute',
    '%0 = stablehlo.concatenate %arg0, %arg1, dim = 0 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>',
  ],
  [
    'start indices and sizes',
    '%0 = stablehlo.dynamic_slice %arg0, %arg4, %arg4, sizes = [1, 2] : (tensor<4x8xf32>, tensor<i32>, tensor<i32>) -> tensor<1x2xf32>',
  ],
  ['sizes without start indices', '%0 = stablehlo.dynamic_slice %arg2,  sizes = [] : (tensor<f32>) -> tensor<f32>'],
  [
    'dot dimension numbers without a batch',
    '%0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [0] x [0] : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>',
  ],
  [
    'dot dimension numbers with a batch and precisions',
    '%0 = stablehlo.dot_general %arg0, %arg1, batching_dims = [0] x [0], contracting_dims = [1] x [1], precision = [DEFAULT, HIGHEST] : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4xf32>',
  ],
  [
    'a dot algorithm',
    '%0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x4xf32>',
  ],
  ['a format', '%0 = stablehlo.reduce_precision %arg0, format = e5m10 : tensor<4x8xf32>'],
  [
    'a call target',
    '%0 = stablehlo.custom_call @"a b"(%arg0) {api_version = 2 : i32, has_side_effect = true} : (tensor<4x8xf32>) -> tensor<4x8xf32>',
  ],
  ['an op without operands', 'stablehlo.custom_call @foo() : () -> ()'],
  ['tuple types', '%0 = stablehlo.tuple %arg0, %arg4 : tuple<tensor<4x8xf32>, tensor<i32>>'],
  ['an empty tuple', '%0 = stablehlo.tuple  : tuple<>'],
  ['no token', '%0 = stablehlo.after_all  : !stablehlo.token'],
  ['tokens', '%0 = stablehlo.after_all %arg7, %arg7 : !stablehlo.token'],
  ['pairs of types', '%0:2 = stablehlo.optimization_barrier %arg0, %arg4 : tensor<4x8xf32>, tensor<i32>'],
  ['a barrier of nothing', 'stablehlo.optimization_barrier()'],
  ['a call', '%0 = call @callee(%arg0) {a.b} : (tensor<4x8xf32>) -> tensor<4x8xf32>'],
  ['a constant with attributes', '%c = stablehlo.constant {a.b = 1 : i8} dense<[1, 2]> : tensor<2xi32>'],
  [
    'named results',
    '%values, %indices = chlo.top_k(%arg0, k = 2) : tensor<4x8xf32> -> (tensor<4x2xf32>, tensor<4x2xi32>)',
  ],
  [
    'a reduction by one op',
    '%0 = stablehlo.reduce(%arg0 init: %arg2) applies stablehlo.maximum across dimensions = [0, 1] {a.b} : (tensor<4x8xf32>, tensor<f32>) -> tensor<f32>',
  ],
  [
    'a reduction of two inputs',
    `%0:2 = stablehlo.reduce(%arg0 init: %arg2), (%arg3 init: %arg4) across dimensions = [1] : (tensor<4x8xf32>, tensor<4x8xi32>, tensor<f32>, tensor<i32>) -> (tensor<4xf32>, tensor<4xi32>)
 reducer(%arg9: tensor<f32>, %arg11: tensor<f32>) (%arg10: tensor<i32>, %arg12: tensor<i32>)  {
  stablehlo.return %arg9, %arg12 : tensor<f32>, tensor<i32>
}`,
  ],
  [
    'a reduction whose op takes the arguments the other way round',
    `%0 = stablehlo.reduce(%arg0 init: %arg2) across dimensions = [1] : (tensor<4x8xf32>, tensor<f32>) -> tensor<4xf32>
 reducer(%arg9: tensor<f32>, %arg10: tensor<f32>)  {
  %1 = stablehlo.add %arg10, %arg9 : tensor<f32>
  stablehlo.return %1 : tensor<f32>
}`,
  ],
  [
    'a loop',
    `%0:2 = stablehlo.while(%iterArg = %arg4, %iterArg_0 = %arg0) : tensor<i32>, tensor<4x8xf32> attributes {a.b}
cond {
  %1 = stablehlo.compare LT, %iterArg, %iterArg : (tensor<i32>, tensor<i32>) -> tensor<i1>
  stablehlo.return %1 : tensor<i1>
} do {
  %1 = func.call @callee(%iterArg_0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  stablehlo.return %iterArg, %1 : tensor<i32>, tensor<4x8xf32>
}`,
  ],
  [
    'a generic op with regions and attributes',
    `%0 = "stablehlo.if"(%arg5) ({
  stablehlo.return %arg0 : tensor<4x8xf32>
}, {
  stablehlo.return %arg1 : tensor<4x8xf32>
}) {a.b} : (tensor<i1>) -> tensor<4x8xf32>`,
  ],
  [
    'a generic op whose region has arguments',
    `%0 = "stablehlo.map"(%arg0) <{dimensions = array<i64: 0, 1>}> ({
^bb0(%arg9: tensor<f32>):
  stablehlo.return %arg9 : tensor<f32>
}) : (tensor<4x8xf32>) -> tensor<4x8xf32>`,
  ],
  [
    'a scan',
    `%0:2 = chlo.scan(%arg0) inits (%arg2) dimension=0  attributes {is_reverse = true} {
^bb0(%input: tensor<8xf32>, %carry: tensor<f32>):
  stablehlo.return %input, %carry : tensor<8xf32>, tensor<f32>
} : (tensor<4x8xf32>, tensor<f32>) -> (tensor<4x8xf32>, tensor<f32>)`,
  ],
];

describe('the pretty form', () => {
  it.each(stable)('prints %s as MLIR writes it', (_name, lines) => {
    const source = `func.func @main(%arg0: tensor<4x8xf32>, %arg1: tensor<4x8xf32>, %arg2: tensor<f32>, %arg3: tensor<4x8xi32>, %arg4: tensor<i32>, %arg5: tensor<i1>, %arg6: tensor<4x8xcomplex<f32>>, %arg7: !stablehlo.token, %arg8: tensor<?x8xf32>) {`;
    const body = lines.replaceAll(/^/gm, '    ');
    const text = `module {\n  ${source}\n${body}\n    return\n  }\n}\n`;
    expect(printModule(readModule(text))).toBe(text);
  });

  it('leaves out attributes that have their default value', () => {
    expect(
      printedLines(
        '%0 = stablehlo.custom_call @f(%f) {api_version = 1 : i32, has_side_effect = false} : (tensor<4x8xf32>) -> ()'.replace(
          '%0 = ',
          '',
        ),
      ),
    ).toBe('stablehlo.custom_call @f(%arg0) : (tensor<4x8xf32>) -> ()');
  });

  it('prints an op that its short form cannot say in the generic form', () => {
    const transposed =
      '%0 = "stablehlo.transpose"(%f) {permutation = dense<[1, 0]> : tensor<2xi64>} : (tensor<4x8xf32>) -> tensor<8x4xf32>';
    expect(printedLines(transposed)).toBe(
      '%0 = "stablehlo.transpose"(%arg0) <{permutation = dense<[1, 0]> : tensor<2xi64>}> : (tensor<4x8xf32>) -> tensor<8x4xf32>',
    );
  });

  it.each([
    ['of another type', 'window_strides = array<i32: 1, 1>'],
    ['that JavaScript does not hold exactly', 'window_strides = array<i64: 9007199254740993, 1>'],
    ['of more rows than dimensions', 'padding = dense<0> : tensor<1000000000x2xi64>'],
  ])('prints a window with numbers %s in the generic form', (_name, window) => {
    const numbers = '#stablehlo.conv<[b, f]x[i, o]->[b, f]>';
    const line = `%0 = "stablehlo.convolution"(%f, %g) <{batch_group_count = 1 : i64, dimension_numbers = ${numbers}, feature_group_count = 1 : i64, ${window}}> : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>`;
    expect(printedLines(line)).toBe(line.replace('%f, %g', '%arg0, %arg1'));
  });

  it('prints an op without a required attribute in the generic form', () => {
    expect(printedLines('%0 = "stablehlo.transpose"(%f) : (tensor<4x8xf32>) -> tensor<8x4xf32>')).toBe(
      '%0 = "stablehlo.transpose"(%arg0) : (tensor<4x8xf32>) -> tensor<8x4xf32>',
    );
  });
});

describe('functions and modules', () => {
  it.each([
    ['a nested module', 'module @outer attributes {a.b = 1 : i32} {\n  module @"in ner" {\n  }\n}\n'],
    [
      'a declaration',
      'module {\n  func.func private @f(tensor<4xf32> {a.b}, i32) -> (tensor<4xf32>, tensor<i1> {c.d = 2 : i8}) attributes {e.f}\n}\n',
    ],
    [
      'visibility and results with attributes',
      'module {\n  func.func public @f(%arg0: tensor<f32> {a.b = "c"}, %arg1: tensor<f32>) -> (tensor<f32> {d.e}) {\n    return %arg0 : tensor<f32>\n  }\n}\n',
    ],
    ['a function type as a result', 'module {\n  func.func private @f() -> ((i32) -> i32)\n}\n'],
  ])('print %s', (_name, text) => {
    expect(printModule(readModule(text))).toBe(text);
  });
});

describe('the generic form on request', () => {
  const text = `module @m {
  func.func private @f(tensor<4xf32>)
  func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> attributes {a.b} {
    %0 = stablehlo.reverse %arg0, dims = [0] {c.d} : tensor<4xf32>
    return %0 : tensor<4xf32>
  }
}`;

  it('separates inherent attributes from the others', () => {
    expect(printModule(readModule(text), { generic: true })).toBe(`"builtin.module"() <{sym_name = "m"}> ({
  "func.func"() <{function_type = (tensor<4xf32>) -> (), sym_name = "f", sym_visibility = "private"}> ({
  }) : () -> ()
  "func.func"() <{function_type = (tensor<4xf32>) -> tensor<4xf32>, sym_name = "main"}> ({
  ^bb0(%arg0: tensor<4xf32>):
    %0 = "stablehlo.reverse"(%arg0) <{dimensions = array<i64: 0>}> {c.d} : (tensor<4xf32>) -> tensor<4xf32>
    "func.return"(%0) : (tensor<4xf32>) -> ()
  }) {a.b} : () -> ()
}) : () -> ()
`);
  });

  it('reads back to the same module', () => {
    const module = readModule(text);
    expect(equalOperations(readModule(printModule(module, { generic: true })), module)).toBe(true);
  });
});

describe('locations on request', () => {
  const text = `module {
  func.func private @f() loc("a.mlir":3:4)
  func.func private @g() loc(fused<"m">["x"("y.mlir":1:2), callsite("c" at unknown)])
  func.func private @h() loc("a.mlir":3:4 to 5:6)
  func.func private @i() loc("a.mlir":3:4)
} loc(unknown)
`;

  it('print behind each op', () => {
    expect(printModule(readModule(text), { locations: true })).toBe(text);
  });

  it('print as aliases, each location once', () => {
    const printed = printModule(readModule(text), { locations: true, locationAliases: true });
    expect(printed.match(/loc\(#loc1\)/g)).toHaveLength(2);
    expect(printed).toContain('\n#loc1 = loc("a.mlir":3:4)\n');
    expect(equalOperations(readModule(printed), readModule(text), { locations: true })).toBe(true);
  });
});

describe('resources', () => {
  const text = `module {
  func.func @main() {
    %c = stablehlo.constant dense_resource<a> : tensor<2xi8>
    %c_0 = stablehlo.constant dense_resource<a> : tensor<2xi8>
    return
  }
}

{-#
  dialect_resources: {
    builtin: {
      a: "0x0100000005FF"
    }
  }
#-}
`;

  it('print once, behind the module', () => {
    expect(printModule(readModule(text))).toBe(text);
  });

  it('with one key and other payloads print under another key', () => {
    const root = readModule(text);
    const other = readModule(text.replace('05FF', '0607'));
    const constant = root.region().block.first?.region().block.first;
    const value = other.region().block.first?.region().block.first?.attribute('value');
    constant?.setAttribute('value', value);
    const printed = printModule(root);
    expect(printed).toContain('a: "0x010000000607",\n      a_1: "0x0100000005FF"');
    expect(printed).toContain('dense_resource<a_1>');
  });
});

describe('printModuleTo', () => {
  it('hands on chunks that make up the whole text', () => {
    const body = Array.from({ length: 3000 }, (_, index) => `%${index} = stablehlo.abs %f : tensor<4x8xf32>`).join(
      '\n',
    );
    const module = readModule(`func.func @f(%f: tensor<4x8xf32>) {\n${body}\nreturn\n}`);
    const chunks: string[] = [];
    printModuleTo(module, (chunk) => chunks.push(chunk));
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.join('')).toBe(printModule(module));
  });
});

describe('printAttribute', () => {
  it('prints one attribute', () => {
    const value = readModule('func.func @f() {\n%0 = stablehlo.constant dense<1> : tensor<2xi8>\nreturn\n}')
      .region()
      .block.first?.region()
      .block.first?.attribute('value');
    expect(value === undefined ? '' : printAttribute(value)).toBe('dense<1> : tensor<2xi8>');
  });
});
