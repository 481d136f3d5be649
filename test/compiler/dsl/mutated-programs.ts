/** Programs with random mistakes: the samples, their tokens dropped, doubled, exchanged. */
import { readdirSync, readFileSync } from 'node:fs';
import { checkProgram } from '../../../compiler/dsl/check-program.ts';
import { elaborateProgram } from '../../../compiler/dsl/elaborate.ts';
import { load } from './program.ts';

const folders = ['samples', 'test/compiler/dsl/programs'];

const programs = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
  .filter((path) => path.endsWith('.tess'))
  .toSorted()
  .map((path) => readFileSync(path, 'utf8'));

const token = /\s+|[A-Za-z_]\w*|\d[\w.]*|"[^"]*"|\/\/[^\n]*|:=|\|>|->|\.\.\.?|[<>=!]=|\*\*|./gs;
const tokens = programs.map((text) => text.match(token) ?? []);
const pool = tokens.flat().filter((text) => !/^\s|^\/\//.test(text));

/** Whole numbers below a bound, from a seed. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One to three tokens of a program changed. */
export function mutatedProgram(random: (below: number) => number): string {
  const list: string[] = [...(tokens[random(tokens.length)] ?? [])];
  const count = 1 + random(3);
  for (let step = 0; step < count; step++) {
    const at = random(list.length);
    const other = pool[random(pool.length)] ?? '';
    const change = random(4);
    if (change === 0) list.splice(at, 1);
    else if (change === 1) list.splice(at, 0, other);
    else if (change === 2) list[at] = other;
    else {
      const from = random(list.length);
      [list[at], list[from]] = [list[from] ?? '', list[at] ?? ''];
    }
  }
  return list.join('');
}

export interface Reading {
  readonly time: number;
  readonly codes: readonly string[];
}

/** Checks a program, and elaborates it where the checker finds nothing. Throws what is no diagnostic. */
export function readProgram(text: string): Reading {
  const start = performance.now();
  const { program, sink } = load(text);
  if (program !== undefined) {
    checkProgram(program, sink);
    if (!sink.hasErrors) {
      const binders = ['n', 'm', 't', 'p', 'c', 'k', 'h', 'w'].filter((name) =>
        new RegExp(`fn \\w+\\[[^\\]]*\\b${name}\\b`).test(text),
      );
      elaborateProgram(program, { dims: new Map(binders.map((name) => [name, 2])), settings: new Map() }, sink);
    }
  }
  return { time: performance.now() - start, codes: sink.all.map(({ code }) => code) };
}
