/** Sizes that are left open until the call, where the compiler needs a number. */
import type { Span } from '../../../ir/source.ts';
import type { DimensionVariable } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';

export function refuseOpenSize(el: Elaboration, { name, max }: DimensionVariable, span: Span): never {
  return el.fail('E6802', span, `\`${name}\` is left open, but its number is needed here`, {
    hint: `give it one size: \`--dim ${name}=${max ?? 64}\``,
  });
}
