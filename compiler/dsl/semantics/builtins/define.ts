/** How a builtin is written: its signature as text, its documentation, and what it does. */
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin, BuiltinParameter } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import type { Value } from '../values.ts';

/** `name(x, axis = all, keep: = false, ...xs)`: `=` gives the default, `:` before it says "by name only", `...` takes the rest. */
export function builtin(
  signature: string,
  doc: string,
  apply: (args: BoundArguments, site: CallSite) => Value,
): Builtin {
  const open = signature.indexOf('(');
  const parameters = signature.slice(open + 1, signature.lastIndexOf(')'));
  return {
    name: signature.slice(0, open),
    // The mark of parameters given by name is how calls write them.
    signature: signature.replaceAll(': = ', ': '),
    parameters: splitParameters(parameters).map(parseParameter),
    doc,
    apply,
  };
}

/** Commas within brackets belong to a default. */
function splitParameters(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(' || character === '[') depth++;
    if (character === ')' || character === ']') depth--;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

function parseParameter(text: string): BuiltinParameter {
  const [head = '', defaultText] = text.split(' = ');
  const rest = head.startsWith('...');
  const nameOnly = head.endsWith(':');
  const name = head.slice(rest ? 3 : 0, nameOnly ? -1 : undefined);
  return { name, defaultText, rest, nameOnly };
}
