/** Programs written to exhaust the compiler: each ends soon, with a diagnostic. */
import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../../compiler/dsl/check-program.ts';
import { elaborateProgram } from '../../../compiler/dsl/elaborate.ts';
import { load } from './program.ts';

const repeat = (text: string, count: number): string => new Array<string>(count).fill(text).join('');

const programs: readonly (readonly [name: string, text: string, code: string])[] = [
  [
    'a function that is given itself',
    'export fn f(x: f32) -> f32 {\n  let g = fn(h, y) = h(h, y)\n  g(g, x)\n}\n',
    'E6505',
  ],
  [
    'two functions that call each other',
    'fn g(x: f32) -> f32 = h(x)\nfn h(x: f32) -> f32 = g(x)\nexport fn f(x: f32) -> f32 = g(x)\n',
    'E6502',
  ],
  ['a long list', 'export fn f(x: f32) -> f32 {\n  let xs = [1; 1000000000]\n  x\n}\n', 'E6501'],
  ['a long range', 'export fn f(x: f32) -> f32 {\n  let xs = [i for i in 0..1000000000]\n  x\n}\n', 'E6501'],
  [
    'a list that doubles',
    'export fn f(x: f32) -> f32 {\n  var xs = [1, 2]\n  for i in 0..60 { xs := xs + xs }\n  x\n}\n',
    'E6504',
  ],
  [
    'a string that doubles',
    'export fn f(x: f32) -> f32 {\n  var s = "ab"\n  for i in 0..60 { s := s + s }\n  x\n}\n',
    'E6504',
  ],
  [
    'loops in loops',
    'export fn f(x: f32) -> f32 {\n  var y = x\n  for i in 0..2000 {\n    for j in 0..2000 { y := y }\n  }\n  y\n}\n',
    'E6501',
  ],
  ['a loop without an end', 'export fn f(x: f32) -> f32 {\n  while true { }\n  x\n}\n', 'E6501'],
  [
    'a tree of calls',
    `fn a0(x) = x + 1\n${Array.from({ length: 40 }, (_, k) => `fn a${k + 1}(x) = a${k}(a${k}(x))\n`).join('')}export fn f(x: f32) -> f32 = a40(x)\n`,
    'E6501',
  ],
  [
    'a tree of loops at run time',
    `export fn f(n: i32) -> i32 {\n  var i = n\n${repeat('  while i < 10 {\n', 24)}i := i + 1\n${repeat('}\n', 24)}  i\n}\n`,
    'E6501',
  ],
  ['a type in itself', 'type A[n] = (f32[n], A[n + 1])\nexport fn f(x: A[1]) -> f32 = x.0\n', 'E6505'],
  ['a large power', 'let n = 10 ** 400\nexport fn f(x: f32[n]) -> f32 = sum(x)\n', 'E6321'],
  ['a large number', 'export fn f(x: f32[99999999999999999999]) -> f32 = sum(x)\n', 'E6321'],
  [
    'models in models',
    `model A0 {\n  param w: f32 = zeros\n}\n${Array.from({ length: 24 }, (_, k) => `model A${k + 1} {\n  a: A${k}()\n  b: A${k}()\n}\n`).join('')}export model M {\n  a: A24()\n  export fn f() -> f32 = 1\n}\n`,
    'E6501',
  ],
];

/** The codes of what the checker says and, where it says nothing, of what elaborating does. */
function codesOf(text: string): readonly string[] {
  const { program, sink } = load(text);
  if (program === undefined) return [];
  checkProgram(program, sink);
  if (!sink.hasErrors) elaborateProgram(program, { dims: new Map(), settings: new Map() }, sink);
  return sink.all.map(({ code }) => code);
}

describe('a program that would exhaust the compiler', () => {
  it.each(programs)(
    '%s: is refused, soon',
    (_, text, code) => {
      const start = performance.now();
      expect(codesOf(text)).toContain(code);
      expect(performance.now() - start).toBeLessThan(10_000);
    },
    30_000,
  );
});
