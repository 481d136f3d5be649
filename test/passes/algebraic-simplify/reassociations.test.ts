import { reassociationRules } from '../../../passes/algebraic-simplify/reassociations.ts';
import { testRules } from './rule-cases.ts';

function chain(op: string, ...constants: readonly string[]): string {
  const lines = constants.flatMap((value, index) => [
    `%c${index} = stablehlo.constant dense<${value}> : T`,
    `%${index} = stablehlo.${op} ${index === 0 ? '%x' : `%${index - 1}`}, %c${index} : T`,
  ]);
  return `${lines.join('\n')}\nreturn %${constants.length - 1} : T`;
}

testRules('rules of reassociation', reassociationRules, {
  'constants-together': {
    of: '16xi32',
    before: chain('add', '3', '4', '5'),
    after: chain('add', '12'),
    also: [
      { of: '16xf32', before: chain('maximum', '1.0', '-0.0'), after: chain('maximum', '1.0') },
      { of: '16xi1', before: chain('multiply', 'true', 'false'), after: chain('multiply', 'false') },
      { of: '16xi8', before: chain('multiply', '100', '3'), after: chain('multiply', '44') },
    ],
    keeps: [
      { of: '16xf32', text: chain('add', '1.0', '2.0') },
      { of: '16xf32', text: chain('multiply', '1.0', '2.0') },
    ],
  },
  'subtract-constants-together': {
    of: '16xi8',
    before: chain('subtract', '100', '100'),
    after: chain('subtract', '-56'),
    also: [
      {
        before: `
          %a = stablehlo.constant dense<7> : T
          %b = stablehlo.constant dense<9> : T
          %0 = stablehlo.add %x, %a : T
          %1 = stablehlo.subtract %0, %b : T
          return %1 : T`,
        after: chain('add', '-2'),
      },
    ],
    keeps: { of: '16xf32', text: chain('subtract', '1.0', '2.0') },
  },
});
