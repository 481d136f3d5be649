import { reassociationRules } from '../../../passes/algebraic-simplify/reassociations.ts';
import { testRules } from './rule-cases.ts';

function chain(op: string, ...constants: readonly string[]): string {
  const lines = constants.flatMap((value, index) => [
    `%c${index} = stablehlo.constant dense<${value}> : T`,
    `%${index} = stablehlo.${op} ${index === 0 ? '%x' : `%${index - 1}`}, %c${index} : T`,
  ]);
  return `${lines.join('\n')}\nreturn %${constants.length - 1} : T`;
}

function together(op: string, inner: string, left: string, right: string): string {
  return `
    %a = stablehlo.constant dense<${left}> : T
    %b = stablehlo.constant dense<${right}> : T
    %0 = stablehlo.${inner} %a, %b : T
    %1 = stablehlo.${op} %x, %0 : T
    return %1 : T`;
}

testRules('rules of reassociation', reassociationRules, {
  'constants-together': {
    of: '16xi32',
    before: chain('add', '3', '4'),
    after: together('add', 'add', '3', '4'),
    also: [
      { of: '16xf32', before: chain('maximum', '1.0', '-0.0'), after: together('maximum', 'maximum', '1.0', '-0.0') },
      {
        of: '16xi1',
        before: chain('multiply', 'true', 'false'),
        after: together('multiply', 'multiply', 'true', 'false'),
      },
    ],
    keeps: [
      { of: '16xf32', text: chain('add', '1.0', '2.0') },
      { of: '16xf32', text: chain('multiply', '1.0', '2.0') },
    ],
  },
  'subtract-constants-together': {
    of: '16xi8',
    before: chain('subtract', '100', '100'),
    after: together('subtract', 'add', '100', '100'),
    also: [
      {
        before: `
          %a = stablehlo.constant dense<7> : T
          %b = stablehlo.constant dense<9> : T
          %0 = stablehlo.add %x, %a : T
          %1 = stablehlo.subtract %0, %b : T
          return %1 : T`,
        after: together('add', 'subtract', '7', '9'),
      },
    ],
    keeps: { of: '16xf32', text: chain('subtract', '1.0', '2.0') },
  },
});
