import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse, type EditorFiles } from '../../../../compiler/dsl/editor/analysis.ts';
import { definitionAt } from '../../../../compiler/dsl/editor/hover.ts';
import { renameAt } from '../../../../compiler/dsl/editor/rename.ts';
import { standardLibrary } from '../../../../compiler/dsl/standard-library.ts';
import { SourceFile } from '../../../../ir/source.ts';

const programs = readdirSync('samples', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tess'))
  .map((file) => `samples/${file}`);

const editor: EditorFiles = {
  files: { open: (path) => new SourceFile(path, readFileSync(path)) },
  library: standardLibrary,
};

describe('every sample', () => {
  it.each(programs)('%s: every name but fields of records and the compiler itself has a definition', (path) => {
    const analysis = analyse(path, editor);
    if (analysis === undefined) throw new Error(path);
    const { names, program, known } = analysis;
    const builtIn = new Set(['params', 'state', 'shape', 'rank', 'dtype', 'length']);
    const lost = names.referencesOf(program.main).filter(({ kind, name, span, symbol }) => {
      const isBuiltIn = ['builtin', 'dtype', 'type', 'float', undefined].includes(known.valueAt(span)?.kind);
      if (symbol !== undefined || kind === 'argument' || isBuiltIn || builtIn.has(name)) return false;
      return definitionAt(analysis, span.start) === undefined;
    });
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  it.each(programs)('%s: every declaration but `call` can be renamed', (path) => {
    const analysis = analyse(path, editor);
    if (analysis === undefined) throw new Error(path);
    const declared = analysis.names.referencesOf(analysis.program.main).filter(({ kind }) => kind === 'definition');
    const some = declared.filter(({ symbol }) => symbol?.kind !== 'module' && symbol?.name !== 'call').slice(0, 12);
    for (const { span, name } of some) {
      const renaming = renameAt(path, span.start, 'renamed_here', editor, [path]);
      expect(renaming.kind === 'refused' ? `${name}: ${renaming.reason}` : 'edits').toBe('edits');
    }
  });
});
