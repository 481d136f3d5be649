import { comparisonRules } from '../../../passes/algebraic-simplify/comparisons.ts';
import { testRules } from './rule-cases.ts';

const i32 = '(%x: tensor<16xi32>, %y: tensor<16xi32>) -> tensor<16xi1>';
const f32 = '(%x: tensor<16xf32>, %y: tensor<16xf32>) -> tensor<16xi1>';

function compare(direction: string, rhs: string, dtype: string, type = ''): string {
  const operand = `tensor<16x${dtype}>`;
  return `
    %0 = stablehlo.compare ${direction}, %x, ${rhs}${type === '' ? '' : `, ${type}`} : (${operand}, ${operand}) -> tensor<16xi1>`;
}

function compareConstant(direction: string, value: string, dtype: string): string {
  return `
    %c = stablehlo.constant dense<${value}> : tensor<16x${dtype}>
    ${compare(direction, '%c', dtype)}
    return %0 : tensor<16xi1>`;
}

function constant(value: boolean): string {
  return `
    %0 = stablehlo.constant dense<${value}> : tensor<16xi1>
    return %0 : tensor<16xi1>`;
}

const result = 'return %0 : tensor<16xi1>';

testRules('rules of comparisons', comparisonRules, {
  'compare-itself': {
    signature: i32,
    before: compare('LE', '%x', 'i32') + result,
    after: constant(true),
    also: [
      { signature: f32, before: compare('LT', '%x', 'f32') + result, after: constant(false) },
      { signature: f32, before: compare('EQ', '%x', 'f32', 'TOTALORDER') + result, after: constant(true) },
    ],
    keeps: [
      { signature: f32, text: compare('EQ', '%x', 'f32') + result },
      { signature: f32, text: compare('NE', '%x', 'f32') + result },
      { text: compare('EQ', '%y', 'i32') + result },
    ],
  },
  'compare-at-limit': {
    signature: '(%x: tensor<16xui32>) -> tensor<16xi1>',
    before: compareConstant('LT', '0', 'ui32'),
    after: constant(false),
    also: [
      {
        signature: '(%x: tensor<16xi8>) -> tensor<16xi1>',
        before: compareConstant('LE', '127', 'i8'),
        after: constant(true),
      },
    ],
    keeps: [
      { text: compareConstant('LE', '0', 'ui32') },
      { signature: i32, text: compareConstant('LT', '0', 'i32') },
      { signature: f32, text: compareConstant('LE', '0x7F800000', 'f32') },
    ],
  },
  'compare-boolean': {
    signature: '(%x: tensor<16xi1>) -> tensor<16xi1>',
    before: compareConstant('EQ', 'true', 'i1'),
    after: 'return %x : tensor<16xi1>',
    also: [
      {
        before: compareConstant('NE', 'true', 'i1'),
        after: `
          %0 = stablehlo.not %x : tensor<16xi1>
          return %0 : tensor<16xi1>`,
      },
    ],
    keeps: compareConstant('GT', 'false', 'i1'),
  },
  'not-compare': {
    signature: i32,
    before: `${compare('LT', '%y', 'i32')}
      %1 = stablehlo.not %0 : tensor<16xi1>
      return %1 : tensor<16xi1>`,
    after: compare('GE', '%y', 'i32') + result,
    also: [
      {
        signature: f32,
        before: `${compare('EQ', '%y', 'f32', 'FLOAT')}
          %1 = stablehlo.not %0 : tensor<16xi1>
          return %1 : tensor<16xi1>`,
        after: compare('NE', '%y', 'f32', 'FLOAT') + result,
      },
    ],
    keeps: {
      signature: f32,
      text: `${compare('LT', '%y', 'f32')}
        %1 = stablehlo.not %0 : tensor<16xi1>
        return %1 : tensor<16xi1>`,
    },
  },
});
