import { describe, expect, it } from 'vitest';
import { definitionAt, hoverAt } from '../../../../compiler/dsl/editor/hover.ts';
import { analysed, layers, marked, net, placeOf } from './editing.ts';

const files = { 'layers.tess': layers };

/** The net with the cursor right before the first `text`, or within it at its own mark. */
function at(text: string): ReturnType<typeof marked> {
  const plain = text.replace('¦', '');
  const index = net.indexOf(plain);
  if (index === -1) throw new Error(`no ${plain} in the net`);
  const inside = Math.max(text.indexOf('¦'), 0);
  return marked(`${net.slice(0, index + inside)}¦${net.slice(index + inside)}`, files);
}

function hover(text: string): string | undefined {
  const where = at(text);
  const found = hoverAt(analysed(where), where.offset);
  return found && [found.code, found.doc].filter((part) => part !== undefined).join(' -- ');
}

function definition(text: string): string | undefined {
  const where = at(text);
  const found = definitionAt(analysed(where), where.offset);
  return found && placeOf(found);
}

describe('hovering', () => {
  it.each([
    ['scores = logits', 'scores: f32[n, 10]'],
    ['¦scores, axis', 'scores: f32[n, 10]'],
    ['let ¦h = x', 'h: f32[n, 64]'],
    ['let ¦p = net', 'p: f32[2, 10]'],
    ['head: nn', 'head: Dense -- `x @ weight + bias`, on the last axis: `f32[...s, d] -> f32[...s, h]`.'],
    ['¦hidden |> relu', 'hidden: Layer -- A dense layer: `f32[n, d] -> f32[n, h]`.'],
    ['¦Layer(784', 'model Layer(d: int, h: int, rate: float = 0.5) -- A dense layer: `f32[n, d] -> f32[n, h]`.'],
    ['¦double(h)', 'fn double(x) -- Twice `x`.'],
    ['¦logits(x)', 'fn logits[n](x: f32[n, 784]) -> f32[n, 10]'],
    ['net.¦predict', 'export fn predict[n](x: f32[n, 784]) -> (probs: f32[n, 10])'],
    ['¦relu', 'fn relu(x) -- `max(x, 0)`, the rectified linear unit. Elementwise.'],
    ['n¦n.Dense', 'module nn -- Layers, losses, initialisers and optimisers.'],
  ])('over %s shows %s', (text, expected) => {
    expect(hover(text)).toBe(expected);
  });

  it('over an operator shows what it gives', () => {
    expect(hover('¦|> relu')).toBe('f32[n, 64]');
  });

  it('over a builtin shows its signature', () => {
    expect(hover('¦sum(p')).toMatch(/^fn sum\(x, /);
  });

  it('over a comment or nothing shows nothing', () => {
    const where = marked('// x + ¦1\nlet a = 1\n¦');
    expect(hoverAt(analysed(where), where.offset)).toBeUndefined();
  });

  it('goes on where the file has mistakes', () => {
    const where = marked(
      'fn f[n](x: f32[n, 10]) -> f32[n] {\n  let ¦y = 2 * x\n  let z = (y +\n  sum(z, axes: 1)\n}\n',
    );
    expect(hoverAt(analysed(where), where.offset)?.code).toBe('y: f32[n, 10]');
  });

  it('asks the last good look for what cannot be read', () => {
    const last = analysed(marked('fn f(x: f32[3]) -> f32[3] {\n  let y = 2 * x\n  y\n}\n'));
    const where = marked('fn f(x: f32[3]) -> f32[3] {\n  let y = 2 * (x + oops)\n  ¦y\n}\n');
    const now = analysed(where);
    expect(hoverAt(now, where.offset)?.code).toBeUndefined();
    expect(hoverAt(now, where.offset, last)?.code).toBe('y: f32[3]');
  });

  it('shows a function for all sizes, whoever calls it first', () => {
    const where = marked(
      'export fn g(x: f32[3, 4]) -> f32[3] = f(x)\nfn f[n, d](x: f32[n, d]) -> f32[n] {\n  let ¦y = sum(x, axes: 1)\n  y\n}\n',
    );
    expect(hoverAt(analysed(where), where.offset)?.code).toBe('y: f32[n]');
  });
});

describe('going to a definition', () => {
  it.each([
    ['¦scores, axis', 'main.tess:13:9 scores'],
    ['¦logits(x)', 'main.tess:7:6 logits'],
    ['net.¦predict', 'main.tess:12:13 predict'],
    ['¦hidden |> relu', 'main.tess:4:3 hidden'],
    ['¦Layer(784', 'layers.tess:4:7 Layer'],
    ['(¦Layer, double', 'layers.tess:4:7 Layer'],
    ['¦rate: 0.25', 'layers.tess:4:29 rate'],
    ['¦relu', 'library/prelude.tess:9:4 relu'],
    ['nn.¦Dense', 'library/nn/dense.tess:6:7 Dense'],
    ['¦sum(p', undefined],
  ])('of %s gives %s', (text, expected) => {
    expect(definition(text)).toBe(expected);
  });
});
