import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CompletionItem, DocumentSymbol, Hover, Location, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TemporaryFolder } from '../run-cli.ts';
import { EditorSession, positionIn } from './editor-session.ts';

const layers = `/// A dense layer: \`f32[n, d] -> f32[n, h]\`.
model Layer(d: int, h: int) {
  param weight: f32[d, h] = nn.glorot
  fn call[n](x: f32[n, d]) -> f32[n, h] = x @ weight
}
`;

const net = `use "./layers.tess" (Layer)

export model Net {
  hidden: Layer(784, 32)
  head: Layer(32, 10)

  export fn predict(x: f32[64, 784]) -> (probs: f32[64, 10]) {
    let scores = x |> hidden |> relu |> head
    (probs: softmax(scores, axis: 1))
  }
}
`;

const folder = new TemporaryFolder();
const layersUri = pathToFileURL(folder.file('layers.tess', layers)).href;
const netUri = pathToFileURL(folder.file('net.tess', net)).href;

const at = (text: string, after = 0) => ({ textDocument: { uri: netUri }, position: positionIn(net, text, after) });

describe('an editor session', () => {
  it('answers from initialize to exit', async () => {
    const editor = new EditorSession();
    expect(await editor.start(folder.path)).toMatchObject({
      serverInfo: { name: 'tessera' },
      capabilities: { hoverProvider: true, renameProvider: { prepareProvider: true } },
    });
    await editor.open(netUri, net);

    const hover = (await editor.ask('textDocument/hover', at('scores'))) as Hover;
    expect(hover.contents).toEqual({ kind: 'markdown', value: '```tess\nscores: f32[64, 10]\n```' });

    const definition = (await editor.ask('textDocument/definition', at('Layer(784'))) as Location;
    expect(definition).toEqual({
      uri: layersUri,
      range: { start: { line: 1, character: 6 }, end: { line: 1, character: 11 } },
    });

    const library = (await editor.ask('textDocument/definition', at('relu'))) as Location;
    const { line, character } = library.range.start;
    expect(readFileSync(fileURLToPath(library.uri), 'utf8').split('\n')[line]?.slice(character)).toMatch(/^relu\(x\)/);

    const completions = (await editor.ask('textDocument/completion', at('scores, axis'))) as CompletionItem[];
    expect(completions.find(({ label }) => label === 'scores')).toMatchObject({ detail: 'scores: f32[64, 10]' });

    const references = (await editor.ask('textDocument/references', { ...at('Layer(784'), context: {} })) as Location[];
    expect(references.map(({ uri }) => uri)).toEqual([netUri, netUri, netUri, layersUri]);

    const outline = (await editor.ask('textDocument/documentSymbol', {
      textDocument: { uri: netUri },
    })) as DocumentSymbol[];
    expect(outline.map(({ name, children }) => [name, children?.map((child) => child.name)])).toEqual([
      ['Net', ['hidden', 'head', 'predict']],
    ]);
    expect(await editor.close()).toBe(true);
  });

  it('renames in both files, the one that is not open included', async () => {
    const editor = new EditorSession();
    await editor.start(folder.path);
    await editor.open(layersUri, layers);
    const where = { textDocument: { uri: layersUri }, position: positionIn(layers, 'Layer') };
    expect(await editor.ask('textDocument/prepareRename', where)).toMatchObject({ placeholder: 'Layer' });
    const { changes } = (await editor.ask('textDocument/rename', { ...where, newName: 'Linear' })) as WorkspaceEdit;
    expect(applied(layers, changes?.[layersUri])).toBe(layers.replaceAll('Layer', 'Linear'));
    expect(applied(net, changes?.[netUri])).toBe(net.replaceAll('Layer', 'Linear'));
    await expect(editor.ask('textDocument/rename', { ...where, newName: 'fn' })).rejects.toThrow(
      'a word of the language',
    );
    expect(await editor.close()).toBe(true);
  });

  it('shows mistakes while they are there, in every file of the program', async () => {
    const editor = new EditorSession();
    await editor.start(folder.path);
    await editor.open(netUri, net);
    const end = positionIn(net, 'softmax', 7);
    await editor.change(netUri, 2, positionIn(net, 'softmax'), end, 'softmx');
    const [mistake] = await editor.diagnostics(netUri, (found) => found.length > 0);
    expect(mistake).toMatchObject({
      code: 'E6101',
      severity: 1,
      source: 'tessera',
      range: { start: positionIn(net, 'softmax'), end: positionIn(net, 'softmax', 6) },
      message: 'there is no `softmx` here\nhint: did you mean `softmax`?',
    });
    // A look at what is still right, in a file that is not.
    const hover = (await editor.ask('textDocument/hover', at('scores'))) as Hover;
    expect(hover.contents).toMatchObject({ value: expect.stringContaining('f32[64, 10]') as string });
    await editor.change(netUri, 3, positionIn(net, 'softmax'), positionIn(net, 'softmax', 6), 'softmax');
    expect(await editor.diagnostics(netUri, (found) => found.length === 0)).toEqual([]);

    await editor.open(layersUri, layers);
    await editor.change(layersUri, 2, positionIn(layers, 'h: int'), positionIn(layers, 'h: int', 1), 'k');
    await editor.diagnostics(layersUri, (found) => found.length > 0);
    await editor.tell('textDocument/didClose', { textDocument: { uri: layersUri } });
    expect(await editor.diagnostics(layersUri, (found) => found.length === 0)).toEqual([]);
    expect(await editor.close()).toBe(true);
  });

  it('lays a file out, and leaves one with syntax errors alone', async () => {
    const editor = new EditorSession();
    await editor.start(folder.path);
    const uri = pathToFileURL(folder.file('rough.tess', '')).href;
    await editor.open(uri, 'fn  f( x:f32 )->f32=x+1');
    const options = { textDocument: { uri }, options: { tabSize: 2, insertSpaces: true } };
    const edits = (await editor.ask('textDocument/formatting', options)) as TextEdit[];
    expect(edits.map(({ newText }) => newText)).toEqual(['fn f(x: f32) -> f32 = x + 1\n']);
    await editor.change(uri, 2, { line: 0, character: 0 }, { line: 0, character: 2 }, 'fn fn');
    expect(await editor.ask('textDocument/formatting', options)).toBeNull();
    expect(await editor.close()).toBe(true);
  });

  it('says that an editor left without a word', async () => {
    const editor = new EditorSession();
    await editor.start(folder.path);
    await editor.tell('exit');
    expect(await editor.ended).toBe(false);
  });
});

function applied(text: string, edits: readonly TextEdit[] = []): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: TextEdit['range']['start']): number =>
    lines.slice(0, line).reduce((sum, before) => sum + before.length + 1, character);
  let result = text;
  for (const { range, newText } of edits.toReversed()) {
    result = result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end));
  }
  return result;
}
