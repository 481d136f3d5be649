import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TessParser } from '../../../../compiler/dsl/syntax/parser.ts';
import { parseExpression, parseRight } from './parse-text.ts';

const folder = new URL('../programs/', import.meta.url);

describe('the grammar', () => {
  it('is free of ambiguities and left recursion', () => {
    expect(() => new TessParser({ skipValidations: false })).not.toThrow();
  });
});

describe('the parser', () => {
  it.each(readdirSync(folder))('reads %s', (name) => {
    const { items } = parseRight(readFileSync(new URL(name, folder), 'utf8'), name);
    expect(items.length).toBeGreaterThan(0);
  });

  it.each([
    ['a + b * c', '(+ a (* b c))'],
    ['a - b - c', '(- (- a b) c)'],
    ['-a ** 2', '(- (** a 2))'],
    ['2 ** -x ** y', '(** 2 (- (** x y)))'],
    ['a ** b ** c', '(** a (** b c))'],
    ['not a == b and c or d', '(or (and (not (== a b)) c) d)'],
    ['x |> f(a) |> g', '(|> (|> x (call f a)) g)'],
    ['0..n - 1 by 2', '(.. 0 (- n 1) 2)'],
    ['a @ b + c', '(+ (@ a b) c)'],
    ['t.0.1', '(. (. t 0) 1)'],
    ['-x.y(1)', '(- (call (. x y) 1))'],
  ])('reads %s as %s', (text, tree) => {
    expect(parseExpression(text)).toBe(tree);
  });
});
