/** E10xx to E13xx and E19xx: tokens, operations, values, regions and the pretty forms. */
import type { CatalogEntry } from './catalog.ts';
import { withAttribute, withBody } from './reader-examples.ts';

const returnArgument = 'return %a : tensor<2xf32>';

export const syntaxCatalog = {
  E1001: {
    title: 'unexpected character',
    explanation:
      'A character starts no token of the language. Text in other alphabets belongs in strings and comments.',
    example: withBody('%0 = stablehlo.abs ~%a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
  },
  E1002: {
    title: 'string without an end',
    explanation: 'A string ends on the line it starts on. A line break inside it is written `\\n`.',
    example: withAttribute('"abc'),
    corrected: withAttribute('"abc"'),
  },
  E1003: {
    title: 'unknown escape',
    explanation:
      'In a string a backslash stands before another backslash, a quote, `n`, `t`, or two hexadecimal digits that give one byte.',
    example: withAttribute('"C:\\q"'),
    corrected: withAttribute('"C:\\\\q"'),
  },
  E1004: {
    title: 'name missing after its sigil',
    explanation:
      'After `%` (value), `@` (symbol), `^` (block), `!` (type) and `#` (attribute) a name follows at once: a letter or one of `$._-` and then letters, digits and those; or digits alone. Other symbol names are quoted: `@"two words"`.',
    example: withBody('% = stablehlo.abs %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
  },
  E1005: {
    title: 'nested too deeply',
    explanation:
      'Regions, attributes, types and locations may be nested 256 levels deep in all. Text beyond that is nearly always damaged or hostile.',
    example: withAttribute(`${'['.repeat(300)}${']'.repeat(300)}`),
  },
  E1006: {
    title: 'unexpected token',
    explanation:
      'Something else has to stand here. The message says what was expected and what was found; the mistake is often just before the caret.',
    example: withBody('%0 = stablehlo.add %a %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.add %a, %a : tensor<2xf32>', returnArgument),
  },
  E1007: {
    title: 'the text ends too early',
    explanation: 'A bracket is still open at the end of the text. The note shows where it was opened.',
    example: `func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {\n  ${returnArgument}\n`,
    corrected: withBody(returnArgument),
  },
  E1008: {
    title: 'brackets do not match',
    explanation:
      "The text of another dialect's attribute or type is kept as it is, but its brackets have to match, so that its end can be found.",
    example: withAttribute('#other.attr<[1, 2>'),
    corrected: withAttribute('#other.attr<[1, 2]>'),
  },
  E1009: {
    title: 'number too large',
    explanation: 'Indices, sizes and line numbers must be below 2^53 in magnitude.',
    example: withAttribute('#stablehlo.channel_handle<handle = 99999999999999999999, type = 0>'),
    corrected: withAttribute('#stablehlo.channel_handle<handle = 1, type = 0>'),
  },
  E1101: {
    title: 'unknown operation',
    explanation:
      'No dialect that Tessera knows has an operation of this name. It reads StableHLO, chlo, func, check and interpreter.',
    example: withBody('%0 = stablehlo.subtrac %a, %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.subtract %a, %a : tensor<2xf32>', returnArgument),
  },
  E1102: {
    title: 'operation without its dialect',
    explanation:
      'The name of an operation starts with its dialect, as in `stablehlo.add`. Only `module`, and `call` and `return` inside a function, go without.',
    example: withBody('%0 = add %a, %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.add %a, %a : tensor<2xf32>', returnArgument),
  },
  E1103: {
    title: 'operands and operand types differ in number',
    explanation: 'In the generic form the type after the colon lists one type for each operand.',
    example: withBody('%0 = "stablehlo.add"(%a, %a) : (tensor<2xf32>) -> tensor<2xf32>', returnArgument),
    corrected: withBody(
      '%0 = "stablehlo.add"(%a, %a) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>',
      returnArgument,
    ),
  },
  E1104: {
    title: 'wrong number of results named',
    explanation:
      'The names left of `=` must cover all results: `%0 = ` names one, `%0:2 = ` two under one name, `%a, %b = ` two.',
    example: withBody('%0:2 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
  },
  E1105: {
    title: 'successor blocks',
    explanation:
      'A region has one block, so no operation can branch to another. Use `stablehlo.if`, `stablehlo.case` or `stablehlo.while`.',
    example: withBody('"func.return"(%a)[^bb1] : (tensor<2xf32>) -> ()'),
  },
  E1107: {
    title: 'property given again as attribute',
    explanation: 'In the generic form an attribute stands either in `<{...}>` or in `{...}`, not in both.',
    example: withBody(
      '%0 = "stablehlo.iota"() <{iota_dimension = 0 : i64}> {iota_dimension = 0 : i64} : () -> tensor<2xf32>',
      returnArgument,
    ),
    corrected: withBody('%0 = "stablehlo.iota"() <{iota_dimension = 0 : i64}> : () -> tensor<2xf32>', returnArgument),
  },
  E1108: {
    title: 'operation without a pretty form',
    explanation: 'This operation can only be written in the generic form, with its name in quotes.',
    example: withBody('%0 = stablehlo.all_gather %a : tensor<2xf32>', returnArgument),
  },
  E1109: {
    title: 'operands and types differ in number',
    explanation: 'The pretty form of this operation lists the types of its operands, one for each.',
    example: withBody('stablehlo.custom_call @f(%a) : () -> ()', returnArgument),
    corrected: withBody('stablehlo.custom_call @f(%a) : (tensor<2xf32>) -> ()', returnArgument),
  },
  E1201: {
    title: 'undefined value',
    explanation:
      'No operation before this one in the region, or around it, defines the name. Values outside of a function cannot be used in it, nor values of one region in its neighbour.',
    example: withBody('%sum = stablehlo.add %a, %a : tensor<2xf32>', 'return %sun : tensor<2xf32>'),
    corrected: withBody('%sum = stablehlo.add %a, %a : tensor<2xf32>', 'return %sum : tensor<2xf32>'),
  },
  E1202: {
    title: 'value used before its definition',
    explanation: 'An operation can only use the results of operations that stand before it.',
    example: withBody(
      '%1 = stablehlo.abs %0 : tensor<2xf32>',
      '%0 = stablehlo.negate %a : tensor<2xf32>',
      'return %1 : tensor<2xf32>',
    ),
    corrected: withBody(
      '%0 = stablehlo.negate %a : tensor<2xf32>',
      '%1 = stablehlo.abs %0 : tensor<2xf32>',
      'return %1 : tensor<2xf32>',
    ),
  },
  E1203: {
    title: 'value defined twice',
    explanation: 'A name stands for one value as long as it is visible, in nested regions too.',
    example: withBody('%a = stablehlo.abs %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%b = stablehlo.abs %a : tensor<2xf32>', returnArgument),
  },
  E1204: {
    title: 'no such result',
    explanation: 'After `%name#` stands the number of a result, counted from 0.',
    example: withBody('%0 = stablehlo.abs %a : tensor<2xf32>', 'return %0#1 : tensor<2xf32>'),
    corrected: withBody('%0 = stablehlo.abs %a : tensor<2xf32>', 'return %0 : tensor<2xf32>'),
  },
  E1205: {
    title: 'value of another type',
    explanation:
      'The operation says that its operand has one type, but the value was defined with another. The note shows the definition.',
    example: withBody('%0 = stablehlo.abs %a : tensor<3xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
  },
  E1206: {
    title: 'bad number of results under one name',
    explanation: 'In `%name:n =` the number is at least 1 and at most 2^20.',
    example: withBody('%0:0 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0:1 = stablehlo.abs %a : tensor<2xf32>', returnArgument),
  },
  E1301: {
    title: 'more than one block',
    explanation:
      'A region has exactly one block. Control flow between blocks has to be raised to `stablehlo.if`, `stablehlo.case` or `stablehlo.while` before.',
    example: withBody(returnArgument, '^bb1:', returnArgument),
    corrected: withBody(returnArgument),
  },
  E1302: {
    title: 'block arguments declared twice',
    explanation: 'The operation already declares the arguments of this block; its label must not do so again.',
    example: withBody('^bb0(%b: tensor<2xf32>):', returnArgument),
    corrected: withBody(returnArgument),
  },
  E1303: {
    title: 'closing brace without an opening one',
    explanation: 'A `}` at the end of the module closes nothing.',
    example: `${withBody(returnArgument)}}\n`,
    corrected: withBody(returnArgument),
  },
  E1902: {
    title: 'attribute given twice in a pretty form',
    explanation: 'What the pretty form of an operation already says must not stand in its dictionary again.',
    example: withBody('%0 = stablehlo.iota dim = 0 {iota_dimension = 0 : i64} : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.iota dim = 0 : tensor<2xf32>', returnArgument),
  },
  E1903: {
    title: 'type of another kind',
    explanation:
      'The pretty form derives the types of operands or results from this type, which must be of a certain kind.',
    example: withBody('%0 = stablehlo.complex %a, %a : tensor<2xf32>', returnArgument),
    corrected: withBody('%0 = stablehlo.complex %a, %a : tensor<2xcomplex<f32>>', returnArgument),
  },
  E1904: {
    title: 'padding is not a list of pairs',
    explanation: 'In a window, `pad` is a list with one pair for each dimension: how much is added before and after.',
    example: withBody(
      '%0 = stablehlo.convolution(%a, %a) dim_numbers = [b, f]x[i, o]->[b, f], window = {pad = [[1, 2, 3]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>',
      returnArgument,
    ),
  },
  E1905: {
    title: 'constant tensor expected',
    explanation: 'Here a constant with its type stands, such as `dense<1> : tensor<2xi32>`.',
    example: withBody('%0 = stablehlo.constant 1.0 : f32', returnArgument),
    corrected: withBody('%0 = stablehlo.constant dense<1.0> : tensor<f32>', returnArgument),
  },
  E1906: {
    title: 'loop values and types differ in number',
    explanation: 'A `stablehlo.while` lists one type for each value that it carries.',
    example: withBody(
      '%0 = stablehlo.while(%i = %a) : tensor<2xf32>, tensor<2xf32>',
      'cond {',
      '  %c = stablehlo.constant dense<false> : tensor<i1>',
      '  stablehlo.return %c : tensor<i1>',
      '} do {',
      '  stablehlo.return %i : tensor<2xf32>',
      '}',
      returnArgument,
    ),
  },
  E1907: {
    title: 'operation that cannot be applied',
    explanation:
      'The short form `applies OP` of a reduction takes a commutative operation of two operands and one result.',
    example: withBody(
      '%c = stablehlo.constant dense<0.0> : tensor<f32>',
      '%0 = stablehlo.reduce(%a init: %c) applies stablehlo.abs across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>',
      returnArgument,
    ),
    corrected: withBody(
      '%c = stablehlo.constant dense<0.0> : tensor<f32>',
      '%0 = stablehlo.reduce(%a init: %c) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>',
      returnArgument,
    ),
  },
  E1908: {
    title: 'function arguments without names',
    explanation: 'A function with a body names its arguments: `%arg0: T`. Only a declaration lists bare types.',
    example: `func.func @f(tensor<2xf32>) {\n  return\n}\n`,
    corrected: `func.func @f(%a: tensor<2xf32>) {\n  return\n}\n`,
  },
} as const satisfies Record<`E1${number}`, CatalogEntry>;
