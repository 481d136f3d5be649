import { describe, expect, it } from 'vitest';
import { type Completion, completionsAt } from '../../../../compiler/dsl/editor/completion.ts';
import { analysed, layers, marked, net } from './editing.ts';

const files = { 'layers.tess': layers };

function complete(text: string): readonly Completion[] {
  const { editor, offset } = marked(text, files);
  return completionsAt('main.tess', offset, editor);
}

const labels = (text: string): readonly string[] => complete(text).map(({ label }) => label);

describe('completing', () => {
  it('offers the names in scope, and not those of other scopes or of later lines', () => {
    const found = labels(net.replace('head(double(h))', 'head(double(¦h))'));
    expect(found).toEqual(
      expect.arrayContaining(['h', 'x', 'n', 'hidden', 'logits', 'Net', 'Layer', 'relu', 'sum', 'f32', 'nn']),
    );
    expect(found).not.toContain('scores');
    expect(labels('fn f(x: f32) -> f32 {\n  let a = ¦\n  let b = 2 * a\n  b\n}\n')).not.toContain('b');
  });

  it('offers what a model has after its point, with types', () => {
    const found = complete(net.replace('head(double(h))', 'head.¦'));
    expect(found.find(({ label }) => label === 'weight')?.kind).toBe('param');
    expect(found.find(({ label }) => label === 'call')?.detail).toBe('fn call[...s](x: f32[...s, d]) -> f32[...s, h]');
    expect(found.map(({ label }) => label)).toEqual(expect.arrayContaining(['bias', 'params', 'state']));
  });

  it('offers the layers of `nn` with their documentation', () => {
    const dense = complete(net.replace('nn.Dense(64, 10)', 'nn.¦')).find(({ label }) => label === 'Dense');
    expect(dense).toMatchObject({ kind: 'model', detail: 'model Dense(d: int, h: int, init = glorot)' });
    expect(dense?.doc).toContain('on the last axis');
  });

  it('offers the fields of a record', () => {
    const found = complete(net.replace('ones(f32[2, 784])).probs', 'ones(f32[2, 784])).¦'));
    expect(found).toEqual([{ label: 'probs', kind: 'field', detail: 'f32[2, 10]', doc: undefined }]);
  });

  it('offers the names of arguments that are not given yet', () => {
    const found = complete(net.replace('rate: 0.25', '¦'));
    expect(found.filter(({ kind }) => kind === 'argument').map(({ detail }) => detail)).toEqual([
      'd: int',
      'h: int',
      'rate: float = 0.5',
    ]);
    const given = complete(net.replace('axis: 1', 'axis: 1, ¦'));
    const names = given.filter(({ kind }) => kind === 'argument').map(({ label }) => label);
    expect(names).not.toContain('axis:');
  });

  it('asks the last good look where the line cannot be read', () => {
    const broken = marked(net.replace('let scores = logits(x)', 'let scores = ) x.¦'), files);
    const last = analysed(marked(net, files));
    expect(completionsAt('main.tess', broken.offset, broken.editor, last).map(({ label }) => label)).toEqual([
      'shape',
      'rank',
      'dtype',
    ]);
  });

  it('offers nothing in a comment, in a string, and for a name that is being given', () => {
    expect(labels('// a com¦')).toEqual([]);
    expect(labels('fn f(x: f32) -> f32 = x\ntest "ad¦" {\n}\n')).toEqual([]);
    expect(labels('fn f(x: f32) -> f32 {\n  let a¦ = x\n  x\n}\n')).toEqual([]);
  });

  it('offers words of the language where a declaration may begin', () => {
    expect(labels('fn f(x: f32) -> f32 = x\n\n¦')).toEqual(expect.arrayContaining(['fn', 'model', 'export']));
  });
});
