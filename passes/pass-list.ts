/** Reads what `--passes` says: `cse,constant-fold{limit=100},dce`. */
import { nearest } from '../ir/text/edit-distance.ts';
import type { Pass, PassOptions } from './pass.ts';
import type { PassInvocation } from './pass-manager.ts';
import { findPass, passNames } from './registry.ts';

export type ParsedPassList =
  | { readonly kind: 'passes'; readonly invocations: readonly PassInvocation[] }
  | { readonly kind: 'error'; readonly message: string };

/** Names and options are checked; the message of an error says what would be right. */
export function parsePassList(text: string): ParsedPassList {
  const invocations: PassInvocation[] = [];
  for (const item of splitOutsideBraces(text)) {
    const match = /^([\w-]+)(?:\{(.*)\})?$/s.exec(item.trim());
    if (match === null)
      return problem(`'${item.trim()}' is not a pass name with options in braces, such as cse or inline{limit=10}`);
    const [, name = '', options] = match;
    const pass = findPass(name);
    if (pass === undefined) return problem(`there is no pass '${name}'${suggestion(name, passNames)}`);
    const parsed = parseOptions(pass, options ?? '');
    if (typeof parsed === 'string') return problem(parsed);
    invocations.push({ pass, options: parsed });
  }
  return { kind: 'passes', invocations };
}

function problem(message: string): ParsedPassList {
  return { kind: 'error', message };
}

function suggestion(name: string, known: readonly string[]): string {
  const closest = nearest(name, known);
  return closest === undefined ? '' : `; did you mean '${closest}'?`;
}

function splitOutsideBraces(text: string): string[] {
  return text.split(/,(?![^{]*\})/);
}

/** The options, or what is wrong with them. */
function parseOptions(pass: Pass, text: string): PassOptions | string {
  const options: Record<string, number | boolean | string> = {};
  for (const item of text.split(',')) {
    if (item.trim() === '') continue;
    const [key = '', value] = item.split('=', 2).map((part) => part.trim());
    const known = pass.options[key];
    if (known === undefined) {
      const names = Object.keys(pass.options);
      return names.length === 0
        ? `${pass.name} has no options`
        : `${pass.name} has no option '${key}'${suggestion(key, names)} (it has ${names.join(', ')})`;
    }
    const parsed = parseOption(value ?? 'true', typeof known);
    if (parsed === undefined) return `${pass.name}: the option ${key} wants a ${typeof known}, not '${value ?? ''}'`;
    options[key] = parsed;
  }
  return options;
}

function parseOption(text: string, type: string): number | boolean | string | undefined {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (type !== 'number') return text;
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : undefined;
}
