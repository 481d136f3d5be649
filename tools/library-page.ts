// docs/nn.md and docs/prelude.md, made from the docstrings of the library and the tables of builtins.
import { builtinFamilies } from '../compiler/dsl/semantics/builtins/registry.ts';
import type { Fn, Item, Model, Parameter, SourceUnit } from '../compiler/dsl/syntax/ast.ts';
import { parseSource } from '../compiler/dsl/syntax/parser.ts';
import { DiagnosticSink, InvariantError } from '../ir/diagnostics/diagnostic.ts';
import { SourceFile, type Span } from '../ir/source.ts';

const generated = '<!-- Made by npm run docs from the library; do not edit. -->';

/** The text of docs/nn.md; `files` are the library's files by path, such as `nn/dense.tess`. */
export function nnPage(files: ReadonlyMap<string, string>): string {
  const lines = [
    '# nn',
    '',
    generated,
    '',
    'The standard library, written in the language itself: `use nn`, then `nn.Dense(64, 10)`. A model is made once, as a field of another',
    'model, and called like a function. Shapes are written `f32[n, t, d]`; `...s` stands for any number of axes. Images are channels last.',
    '',
  ];
  for (const [path, text] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!path.startsWith('nn/')) continue;
    lines.push(...fileSection(parsed(path, text), path.slice(3, -'.tess'.length)));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The text of docs/prelude.md. */
export function preludePage(files: ReadonlyMap<string, string>): string {
  const lines = [
    '# The prelude',
    '',
    generated,
    '',
    'What is in scope in every file. Parameters behind a `:` are given by name; `...` takes any number of arguments.',
    '',
  ];
  for (const { title, builtins } of builtinFamilies) {
    lines.push(`## ${title}`, '', '| function | |', '| --- | --- |');
    for (const { signature, doc } of builtins) lines.push(row(signature, doc));
    lines.push('');
  }
  const text = files.get('prelude.tess');
  if (text === undefined) throw new InvariantError('the library has no prelude.tess');
  const unit = parsed('prelude.tess', text);
  lines.push('## Written in the language', '', '| function | |', '| --- | --- |');
  for (const item of unit.items) {
    if (item.kind === 'fn') lines.push(row(fnSignature(item), item.doc ?? ''));
    if (item.kind === 'let-item') lines.push(row(item.name.text, item.doc ?? ''));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function parsed(path: string, text: string): SourceUnit {
  const sink = new DiagnosticSink();
  const unit = parseSource(new SourceFile(path, text), sink);
  if (sink.hasErrors) throw new InvariantError(`${path}: ${sink.all[0]?.message ?? 'cannot be read'}`);
  return unit;
}

function fileSection(unit: SourceUnit, name: string): string[] {
  const title = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  const lines = [`## ${title}`, '', ...(unit.doc === undefined ? [] : [joined(unit.doc), ''])];
  for (const item of unit.items) lines.push(...itemSection(item));
  return lines;
}

function itemSection(item: Item): string[] {
  if (item.kind === 'fn') return entry(fnSignature(item), item.doc, []);
  if (item.kind === 'type') return entry(spanText(item.span), item.doc, []);
  return item.kind === 'model' ? entry(modelSignature(item), item.doc, modelMembers(item)) : [];
}

function entry(signature: string, doc: string | undefined, members: readonly string[]): string[] {
  if (doc === undefined) throw new InvariantError(`${signature} has no documentation`);
  return [`### \`${signature}\``, '', joined(doc), '', ...(members.length === 0 ? [] : [...members, ''])];
}

/** Parameters, state and functions besides `call`, as a list. */
function modelMembers(model: Model): string[] {
  return model.members.flatMap((member) => {
    switch (member.kind) {
      case 'param':
        return [`* parameter \`${member.name.text}: ${spanText(member.type.span)}\``];
      case 'state':
        return [
          `* state \`${member.name.text}: ${member.type === undefined ? 'u32[2]' : spanText(member.type.span)}\``,
        ];
      case 'fn':
        return member.doc === undefined ? [] : [`* \`${fnSignature(member)}\`: ${joined(member.doc)}`];
      case 'sub-model':
      case 'let-item':
      case 'export-binding':
      case 'error':
        return [];
    }
  });
}

function fnSignature(fn: Fn): string {
  const binders = fn.binders.length === 0 ? '' : `[${fn.binders.map((binder) => spanText(binder.span)).join(', ')}]`;
  const result = fn.result === undefined ? '' : ` -> ${spanText(fn.result.span)}`;
  return `${fn.name.text}${binders}(${parameters(fn.parameters)})${result}`;
}

function modelSignature(model: Model): string {
  return `${model.name.text}(${parameters(model.parameters)})`;
}

function parameters(all: readonly Parameter[]): string {
  return all.map((parameter) => spanText(parameter.span)).join(', ');
}

function spanText({ source, start, end }: Span): string {
  return joined(new TextDecoder().decode(source.bytes.subarray(start, end)));
}

/** On one line. */
function joined(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

function row(signature: string, doc: string): string {
  return `| \`${signature.replaceAll('|', '\\|')}\` | ${joined(doc).replaceAll('|', '\\|')} |`;
}
