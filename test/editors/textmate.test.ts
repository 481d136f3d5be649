import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { words } from '../../compiler/dsl/syntax/tokens.ts';

const root = new URL('../../', import.meta.url);
const grammarFile = new URL('editors/vscode/syntaxes/tessera.tmLanguage.json', root);
const programs = ['compiler/dsl/library', 'samples', 'test/compiler/dsl/programs'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tess'))
    .map((name) => `${folder}/${name}`),
);

let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () =>
      Promise.resolve(textmate.parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile.pathname)),
  });
  const loaded = await registry.loadGrammar('source.tess');
  if (loaded === null) throw new Error('no grammar');
  grammar = loaded;
});

interface Piece {
  readonly text: string;
  readonly scope: string;
}

/** The pieces of a text that are not blank, with their innermost scopes. */
function pieces(text: string): Piece[] {
  let stack: textmate.StateStack = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex).trim(),
        scope: scopes.at(-1) ?? '',
      }))
      .filter((piece) => piece.text !== '');
  });
}

describe('the TextMate grammar', () => {
  it.each(programs)('knows every piece of %s but plain names', (path) => {
    const found = pieces(readFileSync(new URL(path, root), 'utf8'));
    const unknown = found.filter(({ text, scope }) => scope === 'source.tess' && !/^[\w\s]+$/.test(text));
    expect(unknown).toEqual([]);
    expect(found.filter(({ scope }) => scope.startsWith('invalid'))).toEqual([]);
  });

  it('tells the kinds of words apart', () => {
    const found = pieces(
      'export mut fn step[n](x: f32[n]) -> (loss: f32) = g(x, axis: 1) * 1e-5 // why\n/// doc\ntest "a \\n" { }',
    );
    const scopeOf = (text: string): string | undefined => found.find((piece) => piece.text === text)?.scope;
    expect(
      ['export', 'fn', 'step', 'x', 'f32', '->', 'g', 'axis', '1e-5', '// why', '/// doc', 'test', '\\n'].map(scopeOf),
    ).toEqual([
      'storage.modifier.tess',
      'keyword.declaration.tess',
      'entity.name.function.tess',
      'variable.parameter.tess',
      'support.type.tess',
      'keyword.operator.tess',
      'entity.name.function.call.tess',
      'variable.parameter.tess',
      'constant.numeric.float.tess',
      'comment.line.double-slash.tess',
      'comment.line.documentation.tess',
      'keyword.declaration.tess',
      'constant.character.escape.tess',
    ]);
  });

  it('mentions every word of the language', () => {
    const text = readFileSync(grammarFile, 'utf8');
    for (const word of words.keys()) expect(text).toMatch(new RegExp(`[(|b:]${word}\\b`));
  });
});
