// The pages under docs/errors, made from the catalogs and the ops' definitions: one page a code, and a list of all.
import { renderDiagnostic } from '../compiler/diagnostics/render.ts';
import type { CatalogEntry } from '../ir/diagnostics/catalog.ts';
import { DiagnosticSink } from '../ir/diagnostics/diagnostic.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import { SourceFile } from '../ir/source.ts';
import { parseModule } from '../ir/text/parser.ts';
import { verify } from '../ir/verifier.ts';

/** A catalog with the heading of its part of the list: `Reading text`. */
export interface CatalogPart {
  readonly heading: string;
  readonly entries: Readonly<Record<string, CatalogEntry>>;
  /** The language of the examples, and what is said about one; without it they are IR. */
  readonly examples?: ExampleLanguage;
}

export interface ExampleLanguage {
  readonly fence: string;
  readonly diagnose: (text: string, sink: DiagnosticSink) => void;
}

const irExamples: ExampleLanguage = {
  fence: 'mlir',
  diagnose: (text, sink) => {
    const parsed = parseModule(new SourceFile('example.mlir', text), sink);
    if (parsed !== undefined && !sink.hasErrors) verify(parsed.root, sink);
  },
};

const LIST = 'README.md';
const generated = '<!-- Made by npm run docs from the catalogs and the definitions of the ops; do not edit. -->';

/** File name -> text of every page. Throws when two entries have one code. */
export function errorPages(parts: readonly CatalogPart[], definitions: readonly OpDefinition[]): Map<string, string> {
  const pages = new Map<string, string>();
  const add = (code: string, text: string): void => {
    if (pages.has(`${code}.md`)) throw new Error(`${code} is used twice`);
    pages.set(`${code}.md`, text);
  };
  for (const { entries, examples } of parts)
    for (const [code, entry] of Object.entries(entries)) add(code, entryPage(code, entry, examples ?? irExamples));
  for (const definition of definitions) add(definition.code, opPage(definition));
  pages.set(LIST, listPage(parts, definitions));
  return pages;
}

function entryPage(code: string, entry: CatalogEntry, { fence, diagnose }: ExampleLanguage): string {
  const lines = [`# ${code}: ${entry.title}`, '', generated, '', entry.explanation, ''];
  if (entry.example !== undefined) {
    lines.push('## Example', '', ...fenced(fence, entry.example));
    const output = rendered(entry.example, diagnose);
    if (output !== '') lines.push('is reported as', '', ...fenced('text', output));
  }
  if (entry.corrected !== undefined) lines.push('## Put right', '', ...fenced(fence, entry.corrected));
  return `${lines.join('\n').trimEnd()}\n`;
}

function rendered(text: string, diagnose: ExampleLanguage['diagnose']): string {
  const sink = new DiagnosticSink();
  diagnose(text, sink);
  return sink.all.map((diagnostic) => renderDiagnostic(diagnostic)).join('');
}

function fenced(language: string, text: string): string[] {
  const lines = text.trimEnd().split('\n');
  return [`\`\`\`${language}`, ...lines.map(shortened), '```', ''];
}

/** Lines of hundreds of brackets say no more than their ends. */
function shortened(line: string): string {
  return line.length <= 240 ? line : `${line.slice(0, 80)} ... ${line.slice(-40)}`;
}

function opPage({ code, name, summary, spec, constraints }: OpDefinition): string {
  const lines = [`# ${code}: constraint of ${name}`, '', generated, '', summary, ''];
  const rows = Object.entries(constraints).map(([id, text]) => `| ${id} | ${escaped(text)} |`);
  if (rows.length === 0) lines.push('It has no constraints beyond the types of its operands and results.', '');
  else lines.push('The message cites one of these.', '', '| id | constraint |', '| --- | --- |', ...rows, '');
  lines.push(`Specified in ${spec === 'tessera' ? 'docs/ir.md' : `${spec} of StableHLO`}.`);
  return `${lines.join('\n')}\n`;
}

/** For a cell of a table. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function listPage(parts: readonly CatalogPart[], definitions: readonly OpDefinition[]): string {
  const lines = ['# Error codes', '', generated, ''];
  for (const { heading, entries } of parts) {
    lines.push(`## ${heading}`, '', '| code | |', '| --- | --- |');
    for (const [code, { title }] of sorted(Object.entries(entries))) lines.push(`| [${code}](${code}.md) | ${title} |`);
    lines.push('');
  }
  lines.push('## Constraints of one op', '', '| code | op |', '| --- | --- |');
  for (const [code, name] of sorted(definitions.map(({ code, name }) => [code, name] as const))) {
    lines.push(`| [${code}](${code}.md) | ${name} |`);
  }
  return `${lines.join('\n')}\n`;
}

function sorted<T>(rows: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
