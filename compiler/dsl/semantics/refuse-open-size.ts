/** Sizes that are left open until the call, where the compiler needs a number. */
import type { Span } from '../../../ir/source.ts';
import type { DimensionVariable } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';

/** Without a variable all that are open are named. */
export function refuseOpenSize(el: Elaboration, span: Span, variable?: DimensionVariable): never {
  const variables = variable === undefined ? el.ops.openVariables : [variable];
  const names = variables.map(({ name }) => `\`${name}\``).join(' and ');
  const options = variables.map(({ name, max }) => `--dim ${name}=${max ?? 64}`).join(' ');
  const isOne = variables.length === 1;
  const message = isOne
    ? `${names} is left open, but its number is needed here`
    : `${names} are left open, but their numbers are needed here`;
  return el.fail('E6802', span, message, {
    hint: `give ${isOne ? 'it one size' : 'them one size each'}: \`${options}\``,
  });
}
