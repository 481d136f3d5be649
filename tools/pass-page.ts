// docs/passes.md, made from the passes: the comment at the head of each file, its options, the pipelines, the rules.
import { algebraicRules, structuralRules } from '../passes/algebraic-simplify/rules.ts';
import type { Pass } from '../passes/pass.ts';
import { pipelineNames, pipelinePasses } from '../passes/pipeline.ts';
import type { RewriteRule } from '../passes/rewrite-rule.ts';

const generated = '<!-- Made by npm run docs from the headers of the passes; do not edit. -->';

/** The text of the page; `readSource` gives the text of a pass's file. */
export function passPage(passes: readonly Pass[], readSource: (name: string) => string): string {
  const lines = [
    '# Passes',
    '',
    generated,
    '',
    'A pass takes a verified module and leaves a verified module of the same meaning. `tessera opt --passes a,b{option=value}`',
    'runs them one by one, `--pipeline NAME` in a fixed order; `--print-after`, `--timing` and `--remarks` show what they do.',
    '',
    '## Pipelines',
    '',
    ...pipelineNames.flatMap((name) => [`* \`${name}\`: ${pipelineText(name)}`]),
    '',
    'Passes in brackets run again, together, until none of them changes anything.',
    '',
  ];
  for (const pass of passes) lines.push(...passSection(pass, readSource(pass.name)));
  lines.push(...rulesSection());
  return `${lines.join('\n').trimEnd()}\n`;
}

function pipelineText(name: string): string {
  const parts: string[] = [];
  let group: string[] | undefined;
  let current: object | undefined;
  for (const { pass, group: repeated } of pipelinePasses(name)) {
    if (repeated === undefined || repeated !== current) {
      if (group !== undefined) parts.push(`[${group.join(', ')}]`);
      group = repeated === undefined ? undefined : [];
      current = repeated;
    }
    if (group === undefined) parts.push(pass.name);
    else group.push(pass.name);
  }
  if (group !== undefined) parts.push(`[${group.join(', ')}]`);
  return parts.join(', ');
}

function passSection({ name, summary, options }: Pass, source: string): string[] {
  const lines = [`## ${name}`, '', `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`, '', ...header(source)];
  const rows = Object.entries(options).map(([key, value]) => `\`${key}=${value}\``);
  if (rows.length > 0) lines.push(`Options, with what they are by default: ${rows.join(', ')}.`, '');
  return lines;
}

/** The comment at the head of a file as Markdown: what is indented in it is IR text. */
function header(source: string): string[] {
  const [, comment = ''] = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source) ?? [];
  const lines: string[] = [];
  let isCode = false;
  for (const line of comment.split('\n').map((text) => text.replace(/^ \* ?/, ''))) {
    const isIndented = line.startsWith('    ');
    if (isIndented !== isCode && line.trim() !== '') {
      if (isIndented) lines.push('```mlir');
      else lines.splice(lines.findLastIndex((text) => text.trim() !== '') + 1, 0, '```');
      isCode = isIndented;
    }
    lines.push(isCode ? line.slice(4) : line);
  }
  if (isCode) lines.push('```');
  return [...lines, ''];
}

function rulesSection(): string[] {
  return [
    '## The rules of algebraic-simplify',
    '',
    'Each holds bit by bit under the condition in the last column. Those of the second table belong to `canonicalize` too.',
    '',
    ...ruleTable(algebraicRules.filter((rule) => !structuralRules.includes(rule))),
    ...ruleTable(structuralRules),
  ];
}

function ruleTable(rules: readonly RewriteRule[]): string[] {
  const rows = rules.map(
    ({ name, equation, floatingPoint }) => `| ${name} | ${codeCell(equation)} | ${escaped(floatingPoint)} |`,
  );
  return ['| rule | equation | in floating point |', '| --- | --- | --- |', ...rows, ''];
}

function codeCell(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
