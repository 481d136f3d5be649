/** Seeded ways to spoil a program of the language: what a hurried hand, a bad merge or a half-finished edit would do to it. */
import { mutate, Random } from './mutations.ts';

const encoder = new TextEncoder();

/** Words, numbers, strings, comments, signs and the blanks between them. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/\s+|[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"|\/\/[^\n]*|:=|\|>|->|\.{2,3}|[<>=!]=|\*\*|[^]/g) ?? [];
}

/** What means something to the language, and what must not. */
const strangers: readonly string[] = [
  '0', '-1', '1', '9007199254740993', '1e308', '0.5', '2.0', '100000000', '""', '"same"', 'true', 'inf', 'nan', '()', '[]', '{', '}', '(', ')', '[', ']', ',', '..',
  '...', 'new', ':=', '=', '->', '|>', '@', '*', '**', '/', '-', '<', '==', 'and', 'not', '&', '\n', 'if', 'else', 'while', 'for', 'in', 'by', 'let', 'var', 'fn', 'static',
  'inout', 'mut', 'export', 'param', 'state', 'model', 'type', 'use', 'f32', 'i32', 'u32', 'bool', 'int', 'f32[0]', 'f32[n]', 'f32[1000000000]', '[f32; 3]', 'n', 'n*n',
  'n-1', 'map', 'scan', 'grad', 'value_and_grad', 'zeros', 'params', 'tree.map', 'split', 'reshape', 'x', 'x[0]', 'x.shape', '(x, x)', '[x; n]', 'fn(x) = x',
  '0..100000000', '(a: 1)', 'call', 'nn', 'nn.Dense(3, 4)', 'key(0)', 'f64', 'tree', 'dtype', '...s', 'axis: 0', 'init: 0',
]; // prettier-ignore

type Words = readonly string[];
type Mutation = (pieces: string[], random: Random, words: Words) => void;

const place = (pieces: Words, random: Random): number => random.below(pieces.length);

/** Those that keep the form of a program are said several times: most mutants should be read. */
const alike: Mutation = (pieces, random, words) => {
  const at = wordPlace(pieces, random);
  const kind = kindOf(pieces[at] ?? '');
  for (let tries = 0; tries < 40; tries++) {
    const word = random.pick(random.below(2) === 0 ? words : strangers);
    if (kindOf(word) === kind) return void (pieces[at] = word);
  }
};

const ownWord: Mutation = (pieces, random) => {
  const at = wordPlace(pieces, random);
  const kind = kindOf(pieces[at] ?? '');
  const own = pieces.filter((piece) => kindOf(piece) === kind);
  if (own.length > 0) pieces[at] = random.pick(own);
};

const mutations: readonly Mutation[] = [
  alike,
  alike,
  alike,
  alike,
  ownWord,
  ownWord,
  ownWord,
  ownWord,
  (pieces, random) => void pieces.splice(place(pieces, random), 1),
  (pieces, random) => void pieces.splice(place(pieces, random), 1 + random.below(12)),
  (pieces, random, words) => void pieces.splice(place(pieces, random), 0, random.pick(words)),
  (pieces, random) => void (pieces[wordPlace(pieces, random)] = random.pick(strangers)),
  (pieces, random) => {
    const [a, b] = [wordPlace(pieces, random), wordPlace(pieces, random)];
    [pieces[a], pieces[b]] = [pieces[b] ?? '', pieces[a] ?? ''];
  },
  (pieces, random) => {
    const at = place(pieces, random);
    pieces.splice(at, 0, ...pieces.slice(at, at + 1 + random.below(20)));
  },
  // A line, moved or said twice.
  (pieces, random) => {
    const lines = pieces.join('').split('\n');
    const from = random.below(lines.length);
    const line = random.below(2) === 0 ? lines.splice(from, 1) : lines.slice(from, from + 1);
    lines.splice(random.below(lines.length + 1), 0, ...line);
    pieces.splice(0, pieces.length, ...piecesOf(lines.join('\n')));
  },
];

/** What may stand where the piece stands. */
function kindOf(piece: string): string {
  if (/^[A-Za-z_]/.test(piece)) return /^(?:[fiu]\d+|bool|int|float)$/.test(piece) ? 'type' : 'word';
  if (/^\d/.test(piece)) return 'number';
  if (/^(?:[-+*/@<>]|\*\*|[<>=!]=)$/.test(piece)) return 'infix';
  return piece.startsWith('"') ? 'string' : piece;
}

/** A place that is no blank, where a few tries find one. */
function wordPlace(pieces: readonly string[], random: Random): number {
  let at = place(pieces, random);
  for (let tries = 0; tries < 8 && /^\s/.test(pieces[at] ?? ''); tries++) at = place(pieces, random);
  return at;
}

/** One to three mutations, most of them of whole tokens; `words` are tokens of other programs. */
export function mutateProgram(text: string, words: Words, seed: number): Uint8Array {
  const random = new Random(seed);
  if (random.below(6) === 0) return mutate(encoder.encode(text), seed);
  const pieces = [...piecesOf(text)];
  for (let left = 1 + random.below(3); left > 0 && pieces.length > 0; left--)
    random.pick(mutations)(pieces, random, words);
  return encoder.encode(pieces.join(''));
}

const deep = (open: string, close: string, count = 20_000): string => `${open.repeat(count)}x${close.repeat(count)}`;

/** Programs that are absurd from the start. */
export const absurdPrograms: Readonly<Record<string, string>> = {
  'parentheses in parentheses': `fn f(x: f32) = ${deep('(', ')')}\n`,
  'lists in lists': `fn f(x: f32) = ${deep('[', ']')}\n`,
  'a long chain of signs': `fn f(x: f32) = ${'-'.repeat(50_000)}x\n`,
  'a long sum': `fn f(x: f32) = x${' + x'.repeat(20_000)}\n`,
  'a long pipe': `fn f(x: f32) = x${' |> sin'.repeat(20_000)}\n`,
  'blocks in blocks': `fn f(x: f32) {\n${'if x > 0 {\n'.repeat(5_000)}x\n${'}\n'.repeat(5_000)}}\n`,
  'members of members': `fn f(x: f32) = x${'.a'.repeat(20_000)}\n`,
  'a type in a type': `type A = ${deep('(a: ', ')')}\n`,
  'an endless loop': 'fn f(x: f32) {\n  var i = 0\n  while true { i := i + 1 }\n  x\n}\n',
  'a loop of a billion': 'fn f(x: f32) {\n  var y = x\n  for i in 0..1000000000 { y := y + 1 }\n  y\n}\n',
  'a list of a billion': 'let xs = [i for i in 0..1000000000]\nfn f(x: f32) = x + xs.length\n',
  'a repeat of a billion': 'let xs = [1.5; 1000000000]\nfn f(x: f32) = x + xs.length\n',
  'lists that double': `fn f(x: f32) {\n  var xs = [x]\n  for i in 0..64 { xs := [xs; 2] }\n  xs\n}\n`,
  'tuples that double': `let a0 = (1, 1)\n${Array.from({ length: 64 }, (_, i) => `let a${i + 1} = (a${i}, a${i})\n`).join('')}fn f(x: f32) = tree.map(fn(v) = x * v, a64)\n`,
  'records of tensors that double': `fn f(x: f32) {\n  var t = (x, x)\n  ${'t := (t, t)\n  '.repeat(64)}tree.map(fn(v) = v + 1, t)\n}\n`,
  'calls that double': `fn g0(x: f32) = x + 1\n${Array.from({ length: 64 }, (_, i) => `fn g${i + 1}(x: f32) = g${i}(g${i}(x))\n`).join('')}fn f(x: f32) = g64(x)\n`,
  'closures that double': 'fn twice(g) = fn(x) = g(g(x))\nfn f(x: f32) = twice(twice(twice(twice(twice(twice(fn(x) = x + 1))))))(x)\n',
  'a function given itself': 'fn w(g) = g(g)\nfn f(x: f32) = w(w)\n',
  'a closure given itself': 'fn f(x: f32) {\n  let w = fn(g) = g(g)\n  w(w)\n}\n',
  'types that double': `type T0[n] = (f32[n], f32[n])\n${Array.from({ length: 64 }, (_, i) => `type T${i + 1}[n] = (T${i}[n], T${i}[n])\n`).join('')}fn f(x: T64[3]) = x\n`,
  'a type of itself': 'type A = (a: A)\nfn f(x: A) = x\n',
  'models that double': `model M0() {\n  param w: f32 = 0\n}\n${Array.from({ length: 64 }, (_, i) => `model M${i + 1}() {\n  a: M${i}()\n  b: M${i}()\n}\n`).join('')}`,
  'numbers that square': `fn f(x: f32) {\n  var i = 10\n  ${'i := i * i\n  '.repeat(64)}x * i\n}\n`,
  'sizes that square': `fn f[n](x: f32[n]) = x[0]${' * n'.repeat(3_000)}\n`,
  'polynomials that grow': `fn f[a, b, c, d](x: f32[a, b, c, d]) = zeros(f32[${Array.from({ length: 40 }, () => '(a + b + c + d)').join(' * ')}])\n`,
  'a power of a size': 'fn f[n, m](x: f32[n, m]) = zeros(f32[(n + m + 1) ** 100000])\n',
  'a huge tensor': 'fn f() = zeros(f32[1000000000, 1000000000, 1000000000])\n',
  'a huge rank': `fn f(x: f32[${'1, '.repeat(20_000)}1]) = x + x\n`,
  'splits of a million': 'fn f(x: f32[10000000]) = split(x, 10000000, axis: 0)\n',
  'a string that doubles': `fn f(x: f32) {\n  var s = "ab"\n  for i in 0..64 { s := s + s }\n  x\n}\n`,
  'a long einsum': `fn f(x: f32[3]) = einsum("${'i,'.repeat(20_000)}i->i", x)\n`,
  'many mistakes': `fn f(x: f32) {\n${'  let a = y + 1\n'.repeat(20_000)}  x\n}\n`,
  'many functions': Array.from({ length: 5_000 }, (_, i) => `fn f${i}(x: f32) = x + ${i}\n`).join(''),
  'many names': `fn f(x: f32) {\n${Array.from({ length: 5_000 }, (_, i) => `  let a${i} = x + ${i}\n`).join('')}  x\n}\n`,
  'one name many times': `fn f(x: f32) {\n  var y = x\n${'  y := y * y + 1\n'.repeat(5_000)}  y\n}\n`,
  'branches after branches': `fn f(x: f32) {\n  var y = x\n${'  if y > 0 { y := y + 1 } else { y := y - 1 }\n'.repeat(500)}  y\n}\n`,
  'branches in branches': `fn f(x: f32) {\n  var y = x\n${'  if y > 0 {\n'.repeat(60)}  y := y + 1\n${'  }\n'.repeat(60)}  y\n}\n`,
  'loops in loops': `fn f(x: f32) {\n  var y = x\n${'  while y < 9 {\n'.repeat(60)}  y := y + 1\n${'  }\n'.repeat(60)}  y\n}\n`,
  'maps in maps': `fn f(x: f32[${'2, '.repeat(40)}2]) = ${'map(fn(x) = '.repeat(41)}x${', x)'.repeat(41)}\n`,
  'gradients of gradients': `fn f(x: f32) = ${'grad('.repeat(60)}fn(y: f32) = y * y${')'.repeat(60)}(x)\n`,
  'defaults that need each other': 'fn f(a: int = b, b: int = a) = a\nfn g(x: f32) = x + f()\n',
  'a very long name': `fn ${'x'.repeat(500_000)}(x: f32) = x\n`,
  'a very long number': `let k = ${'9'.repeat(500_000)}.${'3'.repeat(500_000)}\n`,
  'a very long string': `let s = "${'a'.repeat(500_000)}"\n`,
  'a very long line of mistakes': `${'$ '.repeat(100_000)}\n`,
  nothing: '',
  'only blanks': ' \n'.repeat(500_000),
  'only comments': '// x\n'.repeat(200_000),
  'only documentation': '/// x\n'.repeat(100_000),
}; // prettier-ignore
