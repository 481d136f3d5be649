import { describe, expect, it } from 'vitest';
import { diagnosticsOf } from '../../../../compiler/dsl/editor/editor-diagnostics.ts';
import { outlineOf } from '../../../../compiler/dsl/editor/outline.ts';
import { offsetOf, positionOf } from '../../../../compiler/dsl/editor/text-positions.ts';
import { SourceFile } from '../../../../ir/source.ts';
import { analysed, layers, marked, net, placeOf } from './editing.ts';

function show(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  return [...diagnosticsOf(analysed(marked(text, others))).values()].flat().map(({ code, span, message, related }) => {
    const notes = related.map((note) => ` | ${placeOf(note.span)}: ${note.message}`).join('');
    return `${placeOf(span)}: ${code} ${message}${notes}`;
  });
}

describe('mistakes', () => {
  it('are none in a program that is right', () => {
    expect(show(net, { 'layers.tess': layers })).toEqual([]);
  });

  it('have their hint', () => {
    expect(show('fn f(x: f32) -> f32 = rellu(x)\n')).toEqual([
      'main.tess:1:23 rellu: E6101 there is no `rellu` here\nhint: did you mean `relu`?',
    ]);
  });

  it('are shown in the file they are in', () => {
    const [mistake] = show('use "./b.tess"\nfn f(x: f32) -> f32 = b.g(x)\n', { 'b.tess': 'fn g(x) = x.y\n' });
    expect(mistake).toMatch(/^b\.tess:1:13 y: E6102 .* \| main\.tess:2:23 b\.g\(x\): in `g`, called here$/s);
  });

  it('that show inside the library are at the call that led there', () => {
    const [mistake] = show('fn f(x: f32[3]) -> f32 = nn.mse(x, ones(f32[4]))\n');
    expect(mistake).toMatch(/^main\.tess:1:26 /);
  });
});

describe('the outline', () => {
  it('lists declarations and the members of models', () => {
    const [model, test] = outlineOf(analysed(marked(net, { 'layers.tess': layers })).program.main.unit);
    expect(model).toMatchObject({ name: 'Net', kind: 'model' });
    expect(model?.children.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'sub-model hidden',
      'sub-model head',
      'fn logits',
      'fn predict',
    ]);
    expect(test).toMatchObject({ name: 'adds up to 1', kind: 'test' });
  });
});

describe('places', () => {
  it('count UTF-16 units in lines, and bytes in files', () => {
    const source = new SourceFile('a', 'ab\nä𝛼b\n');
    expect(positionOf(source, 9)).toEqual({ line: 1, character: 3 });
    expect(offsetOf(source, { line: 1, character: 3 })).toBe(9);
    expect(offsetOf(source, { line: 1, character: 99 })).toBe(10);
    expect(offsetOf(source, { line: 9, character: 0 })).toBe(11);
  });
});
