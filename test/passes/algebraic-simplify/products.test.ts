import { productRules } from '../../../passes/algebraic-simplify/products.ts';
import { testRules } from './rule-cases.ts';

/** `%0 = op(%x, dense<value>)`, in a function of type T. */
function byConstant(op: string, value: string): string {
  return `
    %c = stablehlo.constant dense<${value}> : T
    %0 = stablehlo.${op} %x, %c : T
    return %0 : T`;
}

function constant(value: string): string {
  return `
    %0 = stablehlo.constant dense<${value}> : T
    return %0 : T`;
}

const x = 'return %x : T';
const negated = `
  %0 = stablehlo.negate %x : T
  return %0 : T`;

testRules('rules of products', productRules, {
  'multiply-one': {
    of: '16xf32',
    before: byConstant('multiply', '1.0'),
    after: x,
    also: [
      { of: '16xbf16', before: byConstant('multiply', '1.0'), after: x },
      { of: '16xi1', before: byConstant('multiply', 'true'), after: x },
      { of: '16xui64', before: byConstant('multiply', '1'), after: x },
    ],
    keeps: [
      { text: byConstant('multiply', '1.5') },
      { of: '16xcomplex<f32>', text: byConstant('multiply', '(1.0, 0.0)') },
    ],
  },
  'multiply-zero': {
    of: '16xi8',
    before: byConstant('multiply', '0'),
    after: constant('0'),
    keeps: { of: '16xf32', text: byConstant('multiply', '0.0') },
  },
  'multiply-minus-one': {
    of: '16xf16',
    before: byConstant('multiply', '-1.0'),
    after: negated,
    also: [{ of: '16xi32', before: byConstant('multiply', '-1'), after: negated }],
    keeps: byConstant('multiply', '-2.0'),
  },
  'product-of-negated': {
    of: '16xf32',
    before: `
      %0 = stablehlo.negate %x : T
      %1 = stablehlo.negate %y : T
      %2 = stablehlo.divide %0, %1 : T
      return %2 : T`,
    after: `
      %0 = stablehlo.divide %x, %y : T
      return %0 : T`,
    also: [
      {
        of: '16xi8',
        before: `
          %0 = stablehlo.negate %x : T
          %1 = stablehlo.negate %y : T
          %2 = stablehlo.multiply %0, %1 : T
          return %2 : T`,
        after: `
          %0 = stablehlo.multiply %x, %y : T
          return %0 : T`,
      },
    ],
    keeps: {
      of: '16xi8',
      text: `
        %0 = stablehlo.negate %x : T
        %1 = stablehlo.negate %y : T
        %2 = stablehlo.divide %0, %1 : T
        return %2 : T`,
    },
  },
  'divide-one': {
    of: '16xf64',
    before: byConstant('divide', '1.0'),
    after: x,
    also: [{ of: '16xi16', before: byConstant('divide', '1'), after: x }],
    keeps: `
      %c = stablehlo.constant dense<1.0> : T
      %0 = stablehlo.divide %c, %x : T
      return %0 : T`,
  },
  'divide-minus-one': {
    of: '16xf32',
    before: byConstant('divide', '-1.0'),
    after: negated,
    keeps: { of: '16xi32', text: byConstant('divide', '-1') },
  },
  'divide-power-of-two': {
    of: '16xf32',
    before: byConstant('divide', '4.0'),
    after: `
      %c = stablehlo.constant dense<2.5e-01> : T
      %0 = stablehlo.multiply %x, %c : T
      return %0 : T`,
    also: [
      {
        of: '16xf16',
        before: byConstant('divide', '-0.5'),
        after: `
          %c = stablehlo.constant dense<-2.0> : T
          %0 = stablehlo.multiply %x, %c : T
          return %0 : T`,
      },
    ],
    keeps: [
      { text: byConstant('divide', '3.0') },
      { text: byConstant('divide', '0.0') },
      // 2^127, whose inverse is subnormal.
      { text: byConstant('divide', '0x7F000000') },
      { of: '16xi32', text: byConstant('divide', '4') },
    ],
  },
  'remainder-one': {
    of: '16xi32',
    before: byConstant('remainder', '1'),
    after: constant('0'),
    also: [{ before: byConstant('remainder', '-1'), after: constant('0') }],
    keeps: { of: '16xf32', text: byConstant('remainder', '1.0') },
  },
  'power-zero': {
    of: '16xf32',
    before: byConstant('power', '0.0'),
    after: constant('1.0'),
    also: [{ of: '16xi32', before: byConstant('power', '0'), after: constant('1') }],
    keeps: byConstant('power', '0.5'),
  },
  'power-one': {
    of: '16xf64',
    before: byConstant('power', '1.0'),
    after: x,
    also: [{ of: '16xi8', before: byConstant('power', '1'), after: x }],
    keeps: byConstant('power', '-1.0'),
  },
  'power-two': {
    of: '64xf32',
    before: byConstant('power', '2.0'),
    after: `
      %0 = stablehlo.multiply %x, %x : T
      return %0 : T`,
    also: [
      {
        of: '16xi16',
        before: byConstant('power', '2'),
        after: `
          %0 = stablehlo.multiply %x, %x : T
          return %0 : T`,
      },
    ],
    keeps: [{ of: '16xf64', text: byConstant('power', '2.0') }, { text: byConstant('power', '3.0') }],
  },
});
