/** What a user reads after common mistakes: one message for each, at its place, that says what to do. */
import { describe, expect, it } from 'vitest';
import { check } from '../program.ts';

function said(text: string): readonly string[] {
  return check(text).all.map(({ span, message, hint }) => {
    const { line, column } = span?.source.lineColumn(span.start) ?? {};
    return `${line}:${column} ${message} (${hint ?? ''})`;
  });
}

describe('messages', () => {
  it('are as many as the mistakes of a file', () => {
    const text =
      'fn f(x: f32) -> f32 {\n  let a = sofmax(x)\n  let b = x @ x\n  let c = reshape(x, (2, 3))\n  a + b + c\n}\n';
    expect(said(text)).toEqual([
      '2:11 there is no `sofmax` here (did you mean `softmax`?)',
      '3:11 `@` does not take `f32` and `f32` (it is for tensors of numbers of rank 1 or more; `*` multiplies element by element)',
      '4:22 `f32` has [1] elements, [2, 3] has [6] (one of the sizes may be -1)',
    ]);
  });

  it('go on after a part that takes too many steps', () => {
    const text =
      'let a = [i for i in 0..100000000]\nfn f(x: f32) {\n  while true { }\n  x\n}\nfn g(x: f32[2]) = x[2]\n';
    expect(check(text).all.map(({ code }) => code)).toEqual(['E6501', 'E6501', 'E6306']);
  });

  it('stand at the name of an argument, and at the word that is misspelt', () => {
    expect(said('use nn\nmodel M {\n  a: nn.Dense(3, out: 4)\n}\n')).toEqual([
      '3:18 `Dense` has no parameter `out` (it has `d`, `h`, `init`)',
    ]);
    expect(said('export modle M {\n}\n')).toEqual([
      '1:8 a declaration is missing before `modle` (did you mean `model`?)',
    ]);
    expect(said('fn f(x: f32[2]) = concat(x, x)\n')).toEqual([
      '1:29 `concat` takes fewer arguments (its signature is `concat(xs, axis: 0)`; `axis:` is given by name)',
    ]);
    expect(said('fn f(x: f32[2]) = x.sum() + x.T + x.shpe\n').slice(0, 2)).toEqual([
      '1:21 a tensor has no member `sum` (it is a function: `sum(x)`)',
      '1:31 a tensor has no member `T` (write `transpose(x)`)',
    ]);
  });

  it('are few where many brackets are left open, and tell of the end of the file', () => {
    expect(said('fn f(x: f32) = (x')).toEqual(['1:16 this `(` is never closed (the file ends without the `)`)']);
    expect(said(`fn f(x: f32) = ${'('.repeat(40)}x\n`)).toHaveLength(3);
  });

  it('tell of both sides of an operator', () => {
    expect(said('fn f(x: f32) -> f32 = foo(x) + bar(x)\n')).toEqual([
      '1:23 there is no `foo` here ()',
      '1:32 there is no `bar` here ()',
    ]);
  });

  it('name the field whose call does not fit', () => {
    const text = 'model M {\n  a: nn.Dense(5, 2)\n  fn f[n](x: f32[n, 3]) -> f32[n, 2] = a(x)\n}\n';
    expect(said(text)).toEqual([
      '3:42 `x` of `a` is `f32[...s, 5]`, but the argument is `f32[n, 3]` (axis 1 is 3, not 5)',
    ]);
  });

  it('say that a block without a value has none', () => {
    expect(said('fn f(x: f32) -> f32 {\n  let y = x\n}\n')).toEqual([
      '2:3 the result of `f` is a tensor `f32`, but the body is nothing: the empty tuple `()` (the value of a block is its last expression; an `if` without `else` has none)',
    ]);
  });

  it('say how a bool at run time is written', () => {
    expect(said('fn f(x: f32[3]) -> bool = any(x > 0)\n')).toEqual([
      '1:27 the result of `f` is `true` or `false`, known at compile time, but the body is a tensor `bool[]` (at run time its type is `bool[]`)',
    ]);
    expect(said('fn f(x: f32[3], c: bool[]) -> bool[] = c and any(x > 0)\n')).toEqual([]);
  });

  it('say that one size is worked out', () => {
    expect(said('fn f(x: f32[8]) -> f32[2, 4] = reshape(x, (-1, -1))\n')).toEqual([
      '1:43 only one of the sizes may be -1: it is worked out from the others ()',
    ]);
  });

  it('do not follow from a comparison that was refused', () => {
    expect(said('fn f(x: f32) -> bool[] = 0 < x < 1\n')).toEqual([
      '1:32 comparisons do not chain (write `0 < x and x < 1`)',
    ]);
  });

  it('say how a mask is made, and what a type is', () => {
    expect(said('fn f(x: f32[3]) = where(x, x, x)\nfn g(x: relu) = x\n')).toEqual([
      '1:25 `where` does not take `f32[3]` (it takes booleans; compare first: `x > 0`)',
      '2:9 a type is wanted here, and this is a function (a type is `f32[n, 3]`, `int`, `bool`, a tuple or list of types, or the name of a `type`)',
    ]);
  });

  it('tell a scalar from what has a first axis', () => {
    expect(said('fn f(x: f32) = split(x, 2)\n')).toEqual(['1:16 there is no axis 0: a scalar has no axes ()']);
    expect(said('fn f(x: f32) = concat([x, x])\n')).toEqual(['1:16 there is no axis 0: a scalar has no axes ()']);
  });
});
