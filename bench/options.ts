/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export interface Options {
  /** Rows whose name has one of these in it; all where there are none. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly threads: number;
  readonly baseline: boolean;
  readonly json: string | undefined;
  readonly list: boolean;
  readonly markdown: string | undefined;
  readonly help: boolean;
  /** Of the process of one row, which the first process starts. */
  readonly row: string | undefined;
}

export const usage = `npm run bench -- [options]
  --only A,B        rows with A or B in their names
  --list            names of rows
  --rounds N        9 unless given
  --threads N       ours, beside ours on one thread, and the peers' that have threads in Node
  --baseline        our module without relaxed SIMD
  --node own        on this machine's Node, not on the Node 24 of the package 'node'
  --json FILE       writes the figures
  --markdown FILE   prints the figures of such a file as a table, all or those of --only, and measures nothing`;

/** Throws a TypeError for what it does not know. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '9' },
      threads: { type: 'string', default: '1' },
      baseline: { type: 'boolean', default: false },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      markdown: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
      row: { type: 'string' },
    },
  });
  return {
    ...values,
    // Names have commas too, with a space after them.
    only: values.only.split(/,(?! )/).filter((part) => part !== ''),
    rounds: countOf('rounds', values.rounds),
    threads: countOf('threads', values.threads),
    json: values.json,
    markdown: values.markdown,
    row: values.row,
  };
}

function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new TypeError(`--${option} wants a positive number, not '${text}'`);
}

export function isChosen(name: string, { only }: Pick<Options, 'only'>): boolean {
  return only.length === 0 || only.some((part) => name.includes(part));
}
