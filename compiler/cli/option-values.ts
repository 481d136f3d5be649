import { mostThreads } from '../../codegen/wasm/thread-pool.ts';
import { choicesFor, type DimensionChoice, type DimensionChoices, parseDimension } from '../driver/dimensions.ts';
import { UsageError } from './exit-code.ts';

/** For an option that may be given several times: `.option('--in <name=file>', '...', collectValues)`. */
export function collectValues(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** The values of `--dim`, by the name of the dimension. Throws a UsageError for one that is not written so, or is given twice. */
export function parseDimensions(values: readonly string[] = []): DimensionChoices {
  const choices = new Map<string, DimensionChoice>();
  for (const value of values) {
    const parsed = parseDimension(value);
    if (parsed === undefined)
      throw new UsageError(`--dim wants NAME=SIZE, NAME=..MAX, NAME=SIZE,SIZE or NAME=OTHER, not '${value}'`);
    const [name, choice] = parsed;
    if (choices.has(name)) throw new UsageError(`--dim is given twice for '${name}'`);
    choices.set(name, choice);
  }
  return choices;
}

/** The values of `--set`: compile-time parameters of a program of the language, by name. */
export function parseSettings(values: readonly string[] = []): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const value of values) {
    const [, name, text] = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(value) ?? [];
    if (name === undefined || text === undefined) throw new UsageError(`--set wants NAME=VALUE, not '${value}'`);
    if (settings.has(name)) throw new UsageError(`--set is given twice for '${name}'`);
    settings.set(name, text);
  }
  return settings;
}

/** The seed that parameters are made from where no file has them. */
export function parseSeed(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  if (!/^\d{1,19}$/.test(text)) throw new UsageError(`--seed wants a whole number, not '${text}'`);
  return BigInt(text);
}

/** A number of times, from 1 on. */
export function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${option} wants a whole number from 1 on, not '${text}'`);
  return Number(text);
}

export function parseThreads(text: string | undefined): number {
  if (text === undefined) return 1;
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > mostThreads) throw new UsageError(`--threads wants 1 to ${mostThreads}, not '${text}'`);
  return count;
}

/** As {@link parseDimensions}, where a function is run: one size each. */
export function parseSizes(values: readonly string[] | undefined, functionName = 'main'): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [name, choice] of choicesFor(parseDimensions(values), functionName)) {
    const [size, ...others] = choice.kind === 'sizes' ? choice.sizes : [];
    if (size === undefined || others.length > 0)
      throw new UsageError(`--dim wants NAME=SIZE here, one size for '${name}'`);
    sizes.set(name, size);
  }
  return sizes;
}
