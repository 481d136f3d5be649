/** E14xx to E18xx: types, attributes, constants, locations, aliases and resources. */
import type { CatalogEntry } from './catalog.ts';
import { withAttribute, withBody, withLocation, withType } from './reader-examples.ts';

export const dataCatalog = {
  E1401: {
    title: 'unknown type',
    explanation: 'No builtin type has this name. Types of other dialects start with `!`.',
    example: withType('tensr<2xf32>'),
    corrected: withType('tensor<2xf32>'),
  },
  E1402: {
    title: 'bad dimension',
    explanation: 'A dimension is a whole number below 2^53, or `?` where it is not known.',
    example: withType('tensor<99999999999999999999xf32>'),
    corrected: withType('tensor<?xf32>'),
  },
  E1403: {
    title: 'no element type',
    explanation:
      'The elements of a tensor are integers, floats, complex or quantised numbers, not tensors, tuples or tokens.',
    example: withType('tensor<2x!stablehlo.token>'),
    corrected: withType('!stablehlo.token'),
  },
  E1404: {
    title: 'undefined type alias',
    explanation:
      'A name after `!` without a dot stands for a type that is defined elsewhere in the file: `!t = tensor<4xf32>`.',
    example: `!row = tensor<4xf32>\n${withType('!rwo')}`,
    corrected: `!row = tensor<4xf32>\n${withType('!row')}`,
  },
  E1405: {
    title: 'unsupported element type',
    explanation:
      'MLIR has this type, StableHLO has no tensors of it: integers of odd widths, explicitly signed ones (`si8` is written `i8`), `f80`, complex integers.',
    example: withType('tensor<2xsi8>'),
    corrected: withType('tensor<2xi8>'),
  },
  E1406: {
    title: 'as many bounds as dimensions',
    explanation: 'The encoding of a tensor type says something of each dimension: one bound or one name for each.',
    example: withType('tensor<?x4xf32, #stablehlo.bounds<8>>'),
    corrected: withType('tensor<?x4xf32, #stablehlo.bounds<8, ?>>'),
  },
  E1407: {
    title: 'bound of a known size',
    explanation:
      'Only a dimension `?` takes a bound or a name. In `#stablehlo.bounds` the others have `?`, in `#tessera.tensor` `_`.',
    example: withType('tensor<?x4xf32, #stablehlo.bounds<8, 4>>'),
    corrected: withType('tensor<?x4xf32, #stablehlo.bounds<8, ?>>'),
  },
  E1408: {
    title: 'bad storage type',
    explanation:
      'A quantised element is stored as `i2`, `i4`, `i8`, `i16`, `i32` or, unsigned, as `u2`, `u4`, `u8`, `u16`, `u32`.',
    example: withType('tensor<2x!quant.uniform<f8:f32, 0.1>>'),
    corrected: withType('tensor<2x!quant.uniform<i8:f32, 0.1>>'),
  },
  E1409: {
    title: 'bad storage range',
    explanation:
      'The range after the storage type must lie within that of the type, and its first number must not exceed the second.',
    example: withType('tensor<2x!quant.uniform<i8<-200:100>:f32, 0.1>>'),
    corrected: withType('tensor<2x!quant.uniform<i8<-100:100>:f32, 0.1>>'),
  },
  E1410: {
    title: 'bad expressed type',
    explanation: 'A quantised element stands for a float: `f32`, `f16`, `bf16` or `f64`.',
    example: withType('tensor<2x!quant.uniform<i8:i32, 0.1>>'),
    corrected: withType('tensor<2x!quant.uniform<i8:f32, 0.1>>'),
  },
  E1411: {
    title: 'bad scale',
    explanation: 'Each scale is a finite number above 0, and there is at least one.',
    example: withType('tensor<2x!quant.uniform<i8:f32, 0.0>>'),
    corrected: withType('tensor<2x!quant.uniform<i8:f32, 0.1>>'),
  },
  E1412: {
    title: 'negative axis',
    explanation: 'The quantised dimension and the sizes of blocks are counted from 0.',
    example: withType('tensor<2x!quant.uniform<i8:f32:-1, {0.1}>>'),
    corrected: withType('tensor<2x!quant.uniform<i8:f32:0, {0.1, 0.2}>>'),
  },
  E1413: {
    title: 'bad dimension order',
    explanation: 'The `order` of a tensor lists each dimension once, major to minor.',
    example: withType('tensor<2x4xf32, #tessera.tensor<order = [0, 0]>>'),
    corrected: withType('tensor<2x4xf32, #tessera.tensor<order = [1, 0]>>'),
  },
  E1414: {
    title: 'bad parts of a complex number',
    explanation: 'The parts of a complex number are floats: `complex<f32>` or `complex<f64>`.',
    example: withType('tensor<2xcomplex<tensor<f32>>>'),
    corrected: withType('tensor<2xcomplex<f32>>'),
  },
  E1415: {
    title: 'zero point out of range',
    explanation: 'The zero point is a value of the storage type, within its range if one is given.',
    example: withType('tensor<2x!quant.uniform<i8:f32, 0.1:200>>'),
    corrected: withType('tensor<2x!quant.uniform<u8:f32, 0.1:200>>'),
  },
  E1416: {
    title: 'scales nested unevenly',
    explanation:
      'The scales of blocks are nested as the tensor is, one level a dimension: as many in each list of a level.',
    example: withType('tensor<4x4x!quant.uniform<i8:f32:{0:2, 1:2}, {{0.1, 0.2}, {0.3}}>>'),
    corrected: withType('tensor<4x4x!quant.uniform<i8:f32:{0:2, 1:2}, {{0.1, 0.2}, {0.3, 0.4}}>>'),
  },
  E1501: {
    title: 'unknown attribute',
    explanation:
      'A bare word is no attribute unless it is a builtin one or a type. Strings need quotes, symbols `@`, aliases `#`.',
    example: withAttribute('ture'),
    corrected: withAttribute('true'),
  },
  E1502: {
    title: 'undefined attribute alias',
    explanation:
      'A name after `#` without a dot stands for an attribute that is defined elsewhere in the file: `#a = 1 : i32`.',
    example: `#width = 4 : i64\n${withAttribute('#widht')}`,
    corrected: `#width = 4 : i64\n${withAttribute('#width')}`,
  },
  E1503: {
    title: 'alias defined twice',
    explanation: 'Each alias has one definition in a file.',
    example: `#a = 1 : i64\n#a = 2 : i64\n${withAttribute('#a')}`,
    corrected: `#a = 1 : i64\n#b = 2 : i64\n${withAttribute('#a')}`,
  },
  E1504: {
    title: 'integer out of range',
    explanation:
      'The number does not fit its type. A signless type takes what fits it as signed or as unsigned: `i8` goes from -128 to 255, and 255 is -1.',
    example: withAttribute('300 : i8'),
    corrected: withAttribute('300 : i16'),
  },
  E1505: {
    title: 'number of another kind',
    explanation:
      'A float needs a decimal point, an integer must not have one. Hexadecimal digits for a float type are its bits.',
    example: withAttribute('1 : f32'),
    corrected: withAttribute('1.0 : f32'),
  },
  E1506: {
    title: 'negative unsigned number',
    explanation: 'The types `ui2` to `ui64` have no negative values.',
    example: withAttribute('-1 : ui8'),
    corrected: withAttribute('255 : ui8'),
  },
  E1507: {
    title: 'too many bits for a float',
    explanation: 'Hexadecimal digits for a float type are its bits, and there are more of them than the type has.',
    example: withAttribute('0x7F8000000 : f32'),
    corrected: withAttribute('0x7F800000 : f32'),
  },
  E1508: {
    title: 'attribute given twice',
    explanation: 'A dictionary has each name once.',
    example: withAttribute('{a = 1, a = 2}'),
    corrected: withAttribute('{a = 1, b = 2}'),
  },
  E1509: {
    title: 'bad type of a short array',
    explanation: '`array<...>` holds booleans, integers of 8 to 64 bits, or floats.',
    example: withAttribute('array<i4: 1, 2>'),
    corrected: withAttribute('array<i8: 1, 2>'),
  },
  E1510: {
    title: 'unknown field',
    explanation: 'The structured attribute has no field of this name.',
    example: withAttribute('#stablehlo.gather<ofset_dims = [0]>'),
    corrected: withAttribute('#stablehlo.gather<offset_dims = [0]>'),
  },
  E1511: {
    title: 'field given twice',
    explanation: 'A structured attribute has each field once.',
    example: withAttribute('#stablehlo.gather<offset_dims = [0], offset_dims = [1]>'),
    corrected: withAttribute('#stablehlo.gather<offset_dims = [0, 1]>'),
  },
  E1512: {
    title: 'bad dimension numbers of a convolution',
    explanation:
      'Each list names every dimension once: batch `b` and feature `f` (in the kernel: input `i` and output `o`), and the spatial dimensions 0, 1, ...',
    example: withAttribute('#stablehlo.conv<[b, 0, 0, f]x[0, 1, i, o]->[b, 0, 1, f]>'),
    corrected: withAttribute('#stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>'),
  },
  E1513: {
    title: 'field missing',
    explanation: 'The structured attribute has a field that cannot be left out.',
    example: withAttribute('#stablehlo.channel_handle<handle = 1>'),
    corrected: withAttribute('#stablehlo.channel_handle<handle = 1, type = 0>'),
  },
  E1514: {
    title: 'unknown value of an enumeration',
    explanation: 'The hint lists the values that there are.',
    example: withAttribute('#stablehlo<comparison_direction LESS>'),
    corrected: withAttribute('#stablehlo<comparison_direction LT>'),
  },
  E1601: {
    title: 'bad type of a constant',
    explanation: 'The type of `dense<...>` is a ranked tensor whose sizes are known.',
    example: withAttribute('dense<1.0> : tensor<?xf32>'),
    corrected: withAttribute('dense<1.0> : tensor<4xf32>'),
  },
  E1602: {
    title: 'constant nested in another way than its type',
    explanation: 'The lists of a constant are nested as deep as its type has dimensions.',
    example: withAttribute('dense<[1, 2]> : tensor<1x2xi32>'),
    corrected: withAttribute('dense<[[1, 2]]> : tensor<1x2xi32>'),
  },
  E1603: {
    title: 'constant of another size than its type',
    explanation:
      'Each list has as many elements as the dimension of the type. One element without brackets stands for all.',
    example: withAttribute('dense<[1, 2, 3]> : tensor<2xi32>'),
    corrected: withAttribute('dense<[1, 2, 3]> : tensor<3xi32>'),
  },
  E1604: {
    title: 'element of another kind than the type',
    explanation:
      '`true` and `false` are elements of `i1` only, fractions of floats only, pairs of complex numbers only.',
    example: withAttribute('dense<1.5> : tensor<2xi32>'),
    corrected: withAttribute('dense<1.5> : tensor<2xf32>'),
  },
  E1606: {
    title: 'bad hexadecimal elements',
    explanation: 'Raw elements are a string of `0x` and two digits for each byte.',
    example: withAttribute('dense<"0x0102030"> : tensor<4xi8>'),
    corrected: withAttribute('dense<"0x01020304"> : tensor<4xi8>'),
  },
  E1607: {
    title: 'hexadecimal elements of another size than the type',
    explanation:
      'Raw elements are little-endian, one after the other; those of 1, 2 or 4 bits take a byte each. The bytes of one element stand for all.',
    example: withAttribute('dense<"0x010203"> : tensor<4xi8>'),
    corrected: withAttribute('dense<"0x01020304"> : tensor<4xi8>'),
  },
  E1608: {
    title: 'complex element without its pair',
    explanation: 'An element of a complex type is its real and its imaginary part in parentheses.',
    example: withAttribute('dense<1.0> : tensor<complex<f32>>'),
    corrected: withAttribute('dense<(1.0, 0.0)> : tensor<complex<f32>>'),
  },
  E1701: {
    title: 'unknown location',
    explanation:
      'A location is `"file":line:column`, a name in quotes, `callsite(... at ...)`, `fused[...]`, `unknown` or an alias.',
    example: withLocation('loc(fusd["a":1:2])'),
    corrected: withLocation('loc(fused["a":1:2])'),
  },
  E1702: {
    title: 'undefined location alias',
    explanation:
      'The location stands for an alias that the file does not define. Aliases may be defined after their use: `#loc = loc("a":1:2)`.',
    example: withLocation('loc(#loc)'),
    corrected: withLocation('loc(#loc)', '#loc = loc("a":1:2)'),
  },
  E1703: {
    title: 'alias defined in terms of itself',
    explanation: 'The value of an alias uses the alias, directly or through others.',
    example: withLocation('loc(#loc)', '#loc = loc(callsite(#loc at "a":1:2))'),
    corrected: withLocation('loc(#loc)', '#loc = loc("a":1:2)'),
  },
  E1704: {
    title: 'negative line or column',
    explanation: 'Lines and columns are counted from 1; 0 means unknown.',
    example: withLocation('loc("a":-1:2)'),
    corrected: withLocation('loc("a":1:2)'),
  },
  E1705: {
    title: 'alias of another kind than a location',
    explanation: 'Inside `loc(...)` only an alias of a location may stand.',
    example: withLocation('loc(#loc)', '#loc = 1 : i32'),
    corrected: withLocation('loc(#loc)', '#loc = loc("a":1:2)'),
  },
  E1801: {
    title: 'unknown section of the metadata',
    explanation: 'Between `{-#` and `#-}` stand `dialect_resources` and `external_resources`.',
    example: '{-#\n  dialect_resource: {}\n#-}\n',
  },
  E1802: {
    title: 'bad resource',
    explanation:
      'A resource is a string of `0x` and two digits for each byte; the first four bytes are the alignment, little-endian.',
    example: '{-#\n  dialect_resources: {builtin: {w: "0x04"}}\n#-}\n',
    corrected: '{-#\n  dialect_resources: {builtin: {w: "0x0400000001020304"}}\n#-}\n',
  },
  E1803: {
    title: 'resource declared twice',
    explanation: 'Each resource has one declaration in a file.',
    example: '{-#\n  dialect_resources: {builtin: {w: "0x0400000001", w: "0x0400000002"}}\n#-}\n',
    corrected: '{-#\n  dialect_resources: {builtin: {w: "0x0400000001", v: "0x0400000002"}}\n#-}\n',
  },
  E1804: {
    title: 'resource of another size than its type',
    explanation: 'A `dense_resource` constant needs a resource with as many bytes as its elements take.',
    example:
      withBody('%0 = stablehlo.constant dense_resource<w> : tensor<2xf32>', 'return %0 : tensor<2xf32>') +
      '{-#\n  dialect_resources: {builtin: {w: "0x040000000000803F"}}\n#-}\n',
    corrected:
      withBody('%0 = stablehlo.constant dense_resource<w> : tensor<2xf32>', 'return %0 : tensor<2xf32>') +
      '{-#\n  dialect_resources: {builtin: {w: "0x040000000000803F0000803F"}}\n#-}\n',
  },
  E1805: {
    title: 'bad alignment of a resource',
    explanation: 'The first four bytes of a resource are its alignment, a power of two.',
    example: '{-#\n  dialect_resources: {builtin: {w: "0x0300000001"}}\n#-}\n',
    corrected: '{-#\n  dialect_resources: {builtin: {w: "0x0400000001"}}\n#-}\n',
  },
  E1806: {
    title: 'dot in the name of an alias',
    explanation: "Names with a dot after `#` and `!` are other dialects' attributes and types, so an alias has none.",
    example: `#my.width = 4 : i64\n`,
    corrected: `#my_width = 4 : i64\n`,
  },
} as const satisfies Record<`E1${number}`, CatalogEntry>;
