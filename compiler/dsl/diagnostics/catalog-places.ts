/** E64xx: state, places and what is written when. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

const counter = (declaration: string): string =>
  `export model Counter {\n  state count: f32 = zeros\n  ${declaration} {\n    count := count + x\n    count\n  }\n}\n`;

export const placesCatalog = {
  E6401: {
    title: 'an exported function writes without saying so',
    explanation:
      'An exported function that writes parameters or state must be declared `mut`, as its caller has to keep what it writes. What a function writes is found at each call, so an argument such as `train: false` may take the write away. The message shows the way from the exported function to the field.',
    example: counter('export fn add(x: f32) -> f32'),
    corrected: counter('export mut fn add(x: f32) -> f32'),
  },
  E6402: {
    title: 'written, but not a variable',
    explanation:
      'A `let`, a parameter or a loop variable keeps its value. Declare what changes with `var`, and a parameter that the caller sees changing as `inout`.',
    example: 'fn f(x: f32) {\n  let y = x\n  y := y + 1\n  y\n}\n',
    corrected: 'fn f(x: f32) {\n  var y = x\n  y := y + 1\n  y\n}\n',
  },
  E6403: {
    title: 'not a place',
    explanation:
      'To the left of `:=`, and after `&`, stands a `var`, an `inout` parameter or a field of a model, or a part of one: a member or `[...]`.',
    example: 'fn g(x: f32) = x\nfn f(x: f32) {\n  g := x\n  x\n}\n',
    corrected: 'fn g(x: f32) = x\nfn f(x: f32) {\n  var y = g(x)\n  y := x\n  y\n}\n',
  },
  E6404: {
    title: 'written inside `map`',
    explanation:
      'The calls that `map` makes have no order, so none of them may write what is outside. `scan` carries a value from one step to the next.',
    example:
      'fn f(xs: f32[4]) {\n  var s = f32(0)\n  let ys = map(fn(x) {\n    s := s + x\n    x\n  }, xs)\n  ys + s\n}\n',
    corrected: 'fn f(xs: f32[4]) {\n  let (s, ys) = scan(xs, init: f32(0), fn(s, x) = (s + x, x))\n  ys + s\n}\n',
  },
  E6405: {
    title: 'an `inout` parameter is given no place',
    explanation: 'The function writes this argument: `&x` before a `var` or a field says that the caller knows.',
    example: 'fn g(inout y: f32) {\n  y := y + 1\n}\nfn f(x: f32) {\n  var y = x\n  g(y)\n  y\n}\n',
    corrected: 'fn g(inout y: f32) {\n  y := y + 1\n}\nfn f(x: f32) {\n  var y = x\n  g(&y)\n  y\n}\n',
  },
  E6406: {
    title: 'a place where none is taken',
    explanation: '`&` stands before an argument for an `inout` parameter, and nowhere else.',
    example: 'fn f(x: f32) {\n  var y = x\n  sin(&y)\n}\n',
    corrected: 'fn f(x: f32) {\n  var y = x\n  sin(y)\n}\n',
  },
  E6407: {
    title: 'two `inout` arguments may be one place',
    explanation:
      "Both would be written, and the order is nobody's to choose. Give two variables, or different fields of one.",
    example: 'fn g(inout a: f32, inout b: f32) {\n  a := b\n}\nfn f(x: f32) {\n  var y = x\n  g(&y, &y)\n  y\n}\n',
    corrected:
      'fn g(inout a: f32, inout b: f32) {\n  a := b\n}\nfn f(x: f32) {\n  var y = x\n  var z = x\n  g(&y, &z)\n  y\n}\n',
  },
  E6408: {
    title: 'a value changes its type in a loop',
    explanation: 'What a loop carries at run time has one type in all turns: dtype, shape, fields and lengths.',
    example: 'fn f(x: f32[2]) {\n  var y = x\n  while sum(y) < 10 { y := concat([y, x], axis: 0) }\n  sum(y)\n}\n',
    corrected: 'fn f(x: f32[2]) {\n  var y = x\n  while sum(y) < 10 { y := y + x }\n  sum(y)\n}\n',
  },
  E6409: {
    title: 'a compile-time value changes at run time',
    explanation:
      'A number, bool, string or function is known at compile time; a loop or an `if` that is decided at run time cannot change it. Start from a tensor: `i32(0)`.',
    example: 'fn f(x: f32) {\n  var n = 0\n  if x > 0 { n := 1 }\n  x + n\n}\n',
    corrected: 'fn f(x: f32) {\n  var n = f32(0)\n  if x > 0 { n := 1 }\n  x + n\n}\n',
  },
  E6410: {
    title: 'another tree is written',
    explanation: 'What is written to `params` or `state` has the same fields, all the way down.',
    example: 'model M {\n  param a: f32 = zeros\n  mut fn f() {\n    params := (b: f32(1))\n  }\n}\n',
    corrected: 'model M {\n  param a: f32 = zeros\n  mut fn f() {\n    params := (a: f32(1))\n  }\n}\n',
  },
  E6411: {
    title: 'a condition that writes',
    explanation: 'The condition of a `while` at run time is asked before each turn and changes nothing.',
    example:
      'fn g(inout n: i32) -> bool[] {\n  n := n + 1\n  n < 3\n}\nfn f(n: i32) {\n  var m = n\n  while g(&m) { }\n  m\n}\n',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
