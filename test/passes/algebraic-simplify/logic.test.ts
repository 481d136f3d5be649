import { logicRules } from '../../../passes/algebraic-simplify/logic.ts';
import { testRules } from './rule-cases.ts';

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
const notX = `
  %0 = stablehlo.not %x : T
  return %0 : T`;

function besideNot(op: string): string {
  return `
    %0 = stablehlo.not %x : T
    %1 = stablehlo.${op} %0, %x : T
    return %1 : T`;
}

testRules('rules of logic', logicRules, {
  'not-not': {
    of: '16xi32',
    before: `
      %0 = stablehlo.not %x : T
      %1 = stablehlo.not %0 : T
      return %1 : T`,
    after: x,
    keeps: notX,
  },
  'and-or-itself': {
    of: '16xi32',
    before: `
      %0 = stablehlo.and %x, %x : T
      %1 = stablehlo.or %0, %0 : T
      return %1 : T`,
    after: x,
    keeps: `
      %0 = stablehlo.and %x, %y : T
      return %0 : T`,
  },
  'and-zero': {
    of: '16xi1',
    before: byConstant('and', 'false'),
    after: constant('false'),
    keeps: byConstant('and', 'true'),
  },
  'and-all-ones': {
    of: '16xi32',
    before: byConstant('and', '-1'),
    after: x,
    also: [
      { of: '16xui8', before: byConstant('and', '255'), after: x },
      { of: '16xi1', before: byConstant('and', 'true'), after: x },
      { of: '16xui64', before: byConstant('and', '18446744073709551615'), after: x },
    ],
    keeps: byConstant('and', '1'),
  },
  'and-opposite': {
    of: '16xi32',
    before: besideNot('and'),
    after: constant('0'),
    keeps: `
      %0 = stablehlo.not %y : T
      %1 = stablehlo.and %0, %x : T
      return %1 : T`,
  },
  'and-absorbs-or': {
    of: '16xi32',
    before: `
      %0 = stablehlo.or %y, %x : T
      %1 = stablehlo.and %x, %0 : T
      return %1 : T`,
    after: x,
    keeps: `
      %0 = stablehlo.xor %y, %x : T
      %1 = stablehlo.and %x, %0 : T
      return %1 : T`,
  },
  'or-zero': {
    of: '16xi32',
    before: byConstant('or', '0'),
    after: x,
    keeps: byConstant('or', '1'),
  },
  'or-all-ones': {
    of: '16xi1',
    before: byConstant('or', 'true'),
    after: constant('true'),
    also: [{ of: '16xui16', before: byConstant('or', '65535'), after: constant('65535') }],
    keeps: byConstant('or', 'false'),
  },
  'or-opposite': {
    of: '16xi1',
    before: besideNot('or'),
    after: constant('true'),
    also: [{ of: '16xi64', before: besideNot('or'), after: constant('-1') }],
    keeps: { of: '16xui32', text: besideNot('or') },
  },
  'or-absorbs-and': {
    of: '16xi32',
    before: `
      %0 = stablehlo.and %x, %y : T
      %1 = stablehlo.or %0, %x : T
      return %1 : T`,
    after: x,
    keeps: `
      %0 = stablehlo.and %y, %y : T
      %1 = stablehlo.or %0, %x : T
      return %1 : T`,
  },
  'xor-zero': {
    of: '16xi32',
    before: byConstant('xor', '0'),
    after: x,
    keeps: byConstant('xor', '1'),
  },
  'xor-itself': {
    of: '16xui32',
    before: `
      %0 = stablehlo.xor %x, %x : T
      return %0 : T`,
    after: constant('0'),
    keeps: `
      %0 = stablehlo.xor %x, %y : T
      return %0 : T`,
  },
  'xor-all-ones': {
    of: '16xi32',
    before: byConstant('xor', '-1'),
    after: notX,
    also: [{ of: '16xi1', before: byConstant('xor', 'true'), after: notX }],
    keeps: byConstant('xor', '2'),
  },
  'xor-cancel': {
    of: '16xi32',
    before: `
      %0 = stablehlo.xor %y, %x : T
      %1 = stablehlo.xor %0, %y : T
      return %1 : T`,
    after: x,
    keeps: `
      %0 = stablehlo.or %y, %x : T
      %1 = stablehlo.xor %0, %y : T
      return %1 : T`,
  },
  'shift-zero': {
    of: '16xi32',
    before: byConstant('shift_right_arithmetic', '0'),
    after: x,
    keeps: byConstant('shift_left', '1'),
  },
  'shift-past-width': {
    of: '16xi8',
    before: byConstant('shift_left', '8'),
    after: constant('0'),
    also: [{ of: '16xi64', before: byConstant('shift_right_logical', '64'), after: constant('0') }],
    keeps: [{ text: byConstant('shift_right_arithmetic', '8') }, { text: byConstant('shift_left', '7') }],
  },
});
