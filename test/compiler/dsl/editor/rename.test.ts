import { describe, expect, it } from 'vitest';
import { renameAt } from '../../../../compiler/dsl/editor/rename.ts';
import { layers, marked, net, placeOf } from './editing.ts';

function rename(
  text: string,
  newName: string,
  others: Readonly<Record<string, string>> = {},
): readonly string[] | string {
  const { editor, offset } = marked(text, others);
  const renaming = renameAt('main.tess', offset, newName, editor, ['main.tess', ...Object.keys(others)]);
  if (renaming.kind === 'refused') return renaming.reason;
  return [...renaming.edits.values()].flat().map(placeOf);
}

const inNet = (text: string): string => {
  const plain = text.replace('¦', '');
  return net.replace(plain, text);
};

describe('renaming', () => {
  it('changes a local where it is meant', () => {
    expect(rename(inNet('let ¦scores = logits'), 'z', { 'layers.tess': layers })).toEqual([
      'main.tess:13:9 scores',
      'main.tess:14:21 scores',
    ]);
  });

  it('changes a function in the files that use it', () => {
    expect(rename(inNet('head(¦double(h))'), 'twice', { 'layers.tess': layers })).toEqual([
      'main.tess:1:29 double',
      'main.tess:9:10 double',
      'layers.tess:10:4 double',
    ]);
  });

  it('starts from the declaration as well, whoever uses it', () => {
    const found = rename(layers.replace('fn double', 'fn ¦double'), 'twice', {
      'net.tess': net.replace('./layers.tess', './main.tess'),
      'other.tess': 'use "./main.tess" as layers\n\nfn f(x) = layers.double(x)\n',
      'foreign.tess': 'fn double(x) = x + x\n',
    });
    expect(found).toEqual(
      expect.arrayContaining(['main.tess:10:4 double', 'net.tess:9:10 double', 'other.tess:3:18 double']),
    );
    expect(found).toHaveLength(4);
  });

  it('changes a parameter where it is given by name', () => {
    expect(rename(inNet('¦rate: 0.25'), 'factor', { 'layers.tess': layers })).toEqual([
      'main.tess:4:26 rate',
      'layers.tess:4:29 rate',
      'layers.tess:6:43 rate',
    ]);
  });

  it('changes the fields of a model through its instances', () => {
    const text =
      'model A {\n  param ¦w: f32 = ones\n}\n\nexport model B {\n  a: A()\n  export fn f(x: f32) -> f32 = x * a.w\n}\n';
    expect(rename(text, 'scale')).toEqual(['main.tess:2:9 w', 'main.tess:7:38 w']);
  });

  it('counts in UTF-8', () => {
    expect(rename('// größer\nfn ¦f(x: f32) -> f32 = x // ≥\ntest "ä" { assert(f(1) == 1) }\n', 'g')).toEqual([
      'main.tess:2:4 f',
      'main.tess:3:20 f',
    ]);
  });

  it.each([
    ['fn f(x: f32) -> f32 = ¦relu(x)\n', 'r', '`relu` belongs to the library'],
    ['fn f(x: f32) -> f32 = ¦exp(x)\n', 'r', '`exp` is no declaration of this program and cannot be renamed'],
    [
      'use "./b.tess"\n\nfn f(x: f32) -> f32 = ¦b.g(x)\n',
      'r',
      '`b` is named after its file: write `use ... as` another name',
    ],
    ['fn f(x: f32) -> f32 = ¦x\n', 'fn', '`fn` is a word of the language'],
    ['fn f(x: f32) -> f32 = ¦x\n', '2x', '`2x` is not a name'],
    [
      'fn f(¦x: f32) -> f32 {\n  let y = 2.0\n  x * y\n}\n',
      'y',
      'main.tess:3: with that name, `x` here would mean something else',
    ],
    ['fn ¦f(x: f32) -> f32 = x\nfn g(x: f32) -> f32 = x\n', 'g', '`g` would not do: `g` is defined twice'],
    ['fn f(¦x: f32) -> f32 = relu(x)\n', 'relu', '`relu` would not do: a tensor `f32` cannot be called'],
    [
      'model A {\n  param ¦w: f32 = ones\n}\n\nfn f(m) = m.w\n',
      'v',
      'main.tess:5: it is not known whether this `w` is the same',
    ],
    [
      'fn f(x: f32) -> (y: f32) = (y: x)\nfn g(x: f32) -> f32 = f(x).¦y\n',
      'z',
      '`y` is the field of a record, which its type names too, and cannot be renamed',
    ],
    ['¦// nothing\n', 'z', 'there is no name here'],
  ])('refuses %j to %s', (text, newName, reason) => {
    expect(rename(text, newName, { 'b.tess': 'fn g(x) = x\n' })).toBe(reason);
  });
});
