// docs/ops.md, made from the definitions: every op, what it gives, and where its constraints are.
import type { OpDefinition, ValueSpec } from '../ir/op-definition.ts';

const generated = "<!-- Made by npm run docs from the ops' definitions; do not edit. -->";

const dialects: Readonly<Record<string, string>> = {
  stablehlo:
    'The specification is [docs/spec.md](https://github.com/openxla/stablehlo/blob/main/docs/spec.md) of StableHLO.',
  chlo: 'Ops above StableHLO; the pass [expand-chlo](passes.md#expand-chlo) expands them.',
  func: 'Functions.',
  builtin: 'The module.',
  check: "What StableHLO's own tests compare with.",
  interpreter: "What StableHLO's own tests run processes with.",
  sdy: 'Shardy, which JAX writes beside StableHLO. Carried along, without effect on values.',
  tessera: 'Our own.',
};

export function opPage(definitions: readonly OpDefinition[]): string {
  const lines = [
    '# Ops',
    '',
    generated,
    '',
    `${definitions.length} ops. The code leads to the constraints of the op.`,
    '',
  ];
  const present = new Set(definitions.map(dialectOf));
  const order = [...Object.keys(dialects), ...[...present].sort()];
  for (const dialect of new Set(order.filter((name) => present.has(name)))) {
    const own = definitions.filter((definition) => dialectOf(definition) === dialect);
    lines.push(`## ${dialect}`, '', dialects[dialect] ?? '', '');
    lines.push('| op | takes | gives | code | |', '| --- | --- | --- | --- | --- |');
    for (const definition of own.toSorted((a, b) => (a.name < b.name ? -1 : 1))) lines.push(row(definition));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function row({ name, code, summary, operands, results }: OpDefinition): string {
  const cells = [`\`${name}\``, values(operands), values(results), `[${code}](errors/${code}.md)`, escaped(summary)];
  return `| ${cells.join(' | ')} |`;
}

function values(specs: readonly ValueSpec[]): string {
  return specs.map(({ name, arity }) => `${name}${suffix(arity)}`).join(', ');
}

function suffix(arity: ValueSpec['arity']): string {
  return arity === 'variadic' ? '...' : arity === 'optional' ? '?' : '';
}

function dialectOf({ name }: OpDefinition): string {
  return name.slice(0, name.indexOf('.'));
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
