/** The codes of the verifier's checks that hold for every op. The constraints of one op have that op's own code. */
import type { CatalogEntry } from './catalog.ts';

function inFunction(body: string, signature = '(%arg0: tensor<2xf32>) -> tensor<2xf32>'): string {
  return `func.func @main${signature} {\n${body}\n}\n`;
}

export const verifierCatalog = {
  E2001: {
    title: 'wrong number of operands',
    explanation:
      'An op was given more or fewer operands than its definition has. The pretty form mostly makes this impossible; the generic form does not.',
    example: inFunction(
      '  %0 = "stablehlo.add"(%arg0) : (tensor<2xf32>) -> tensor<2xf32>\n  return %0 : tensor<2xf32>',
    ),
    corrected: inFunction(
      '  %0 = "stablehlo.add"(%arg0, %arg0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>\n  return %0 : tensor<2xf32>',
    ),
  },
  E2002: {
    title: 'operand of the wrong kind of type',
    explanation:
      'An operand has a type that the op does not take at all, for instance a float tensor where an integer tensor is needed.',
    example: inFunction('  %0 = stablehlo.popcnt %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>'),
    corrected: inFunction(
      '  %0 = stablehlo.popcnt %arg0 : tensor<2xi32>\n  return %0 : tensor<2xi32>',
      '(%arg0: tensor<2xi32>) -> tensor<2xi32>',
    ),
  },
  E2003: {
    title: 'wrong number of results',
    explanation: 'An op declares more or fewer results than its definition has.',
    example: inFunction(
      '  %0:2 = "stablehlo.add"(%arg0, %arg0) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)\n  return %0#0 : tensor<2xf32>',
    ),
    corrected: inFunction('  %0 = stablehlo.add %arg0, %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>'),
  },
  E2004: {
    title: 'result of the wrong kind of type',
    explanation: 'A result is declared with a type that the op cannot give at all.',
    example: inFunction(
      '  %0 = "stablehlo.is_finite"(%arg0) : (tensor<2xf32>) -> tensor<2xf32>\n  return %arg0 : tensor<2xf32>',
    ),
    corrected: inFunction(
      '  %0 = stablehlo.is_finite %arg0 : (tensor<2xf32>) -> tensor<2xi1>\n  return %arg0 : tensor<2xf32>',
    ),
  },
  E2005: {
    title: 'missing attribute',
    explanation: 'The op needs an attribute that was not given. The message names it and says what it must be.',
    example: inFunction(
      '  %0 = "stablehlo.concatenate"(%arg0, %arg0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>\n  return %arg0 : tensor<2xf32>',
    ),
    corrected: inFunction(
      '  %0 = "stablehlo.concatenate"(%arg0, %arg0) <{dimension = 0 : i64}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>\n  return %arg0 : tensor<2xf32>',
    ),
  },
  E2006: {
    title: 'attribute of the wrong kind',
    explanation:
      'An attribute is there, but not of the kind the op wants: a string for an integer, an i32 for an i64, a value outside an enumeration, or a number that cannot be represented exactly.',
    example: inFunction(
      '  %0 = "stablehlo.concatenate"(%arg0, %arg0) <{dimension = "x"}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>\n  return %arg0 : tensor<2xf32>',
    ),
    corrected: inFunction(
      '  %0 = "stablehlo.concatenate"(%arg0, %arg0) <{dimension = 0 : i64}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>\n  return %arg0 : tensor<2xf32>',
    ),
  },
  E2007: {
    title: 'wrong number of regions',
    explanation: 'An op has more or fewer regions than its definition.',
    example: inFunction(
      '  %0 = "stablehlo.negate"(%arg0) ({\n  }) : (tensor<2xf32>) -> tensor<2xf32>\n  return %0 : tensor<2xf32>',
    ),
    corrected: inFunction('  %0 = stablehlo.negate %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>'),
  },
  E2008: {
    title: 'result type disagrees with the operands',
    explanation:
      'The result types follow from operands and attributes, and those declared are others. The message shows both and the ids of the constraints in the StableHLO specification that tie them together.',
    example: inFunction(
      '  %0 = stablehlo.transpose %arg0, dims = [0] : (tensor<2xf32>) -> tensor<3xf32>\n  return %arg0 : tensor<2xf32>',
    ),
    corrected: inFunction(
      '  %0 = stablehlo.transpose %arg0, dims = [0] : (tensor<2xf32>) -> tensor<2xf32>\n  return %arg0 : tensor<2xf32>',
    ),
  },
  E2009: {
    title: 'value used where it is not defined',
    explanation:
      'A value is used before the op that defines it, or outside the region it is defined in. Text cannot say this (the reader reports it first); it points to a fault in a pass.',
  },
  E2010: {
    title: 'value from outside an isolated region',
    explanation:
      'Functions and fusions use only their own arguments and what is defined inside them. Pass the value as an argument. Text cannot say this (the reader reports it first, as E1201); it points to a fault in a pass.',
  },
  E2011: {
    title: 'missing terminator',
    explanation: 'The body of a function ends with `return`, that of any other region with `stablehlo.return`.',
    example:
      'func.func @main(%arg0: tensor<2xf32>) -> tensor<2xf32> {\n  %0 = stablehlo.negate %arg0 : tensor<2xf32>\n}\n',
    corrected: inFunction('  %0 = stablehlo.negate %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>'),
  },
  E2012: {
    title: 'terminator before the end',
    explanation: 'Ops after a `return` can never run.',
    example: inFunction(
      '  return %arg0 : tensor<2xf32>\n  %0 = stablehlo.negate %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>',
    ),
    corrected: inFunction('  %0 = stablehlo.negate %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>'),
  },
  E2013: {
    title: 'symbol defined twice',
    explanation: 'Two functions (or other symbols) of one module have the same name.',
    example: 'func.func @main() {\n  return\n}\nfunc.func @main() {\n  return\n}\n',
    corrected: 'func.func @main() {\n  return\n}\nfunc.func @other() {\n  return\n}\n',
  },
  E2014: {
    title: 'dimension order is not a permutation',
    explanation:
      'The `order` of a tensor type names each dimension exactly once, from major to minor. In text the reader reports it first, as E1413; this code points to a fault in a pass.',
  },
} as const satisfies Record<`E20${number}`, CatalogEntry>;

export type VerifierCode = keyof typeof verifierCatalog;
