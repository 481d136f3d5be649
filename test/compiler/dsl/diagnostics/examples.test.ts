import { describe, expect, it } from 'vitest';
import { languageCatalog } from '../../../../compiler/dsl/diagnostics/catalog-language.ts';
import { elaborateProgram } from '../../../../compiler/dsl/elaborate.ts';
import type { CatalogEntry } from '../../../../ir/diagnostics/catalog.ts';
import { check, load } from '../program.ts';

const entries: readonly (readonly [string, CatalogEntry])[] = Object.entries(languageCatalog);

/** Codes from checking the text and, where that finds nothing, from elaborating it. */
function codesOf(text: string): readonly string[] {
  const checked = check(text).all.map(({ code }) => code);
  if (checked.length > 0) return checked;
  const { program, sink } = load(text);
  const binders = ['n', 'm'].filter((name) => new RegExp(`export (?:mut )?fn \\w+\\[[^\\]]*\\b${name}\\b`).test(text));
  const request = { dims: new Map(binders.map((name) => [name, 3])), settings: new Map() };
  if (program !== undefined && !sink.hasErrors) elaborateProgram(program, request, sink);
  return sink.all.map(({ code }) => code);
}

describe('the examples on the pages of the language errors', () => {
  it.each(entries.filter(([, { example }]) => example !== undefined))(
    '%s: provokes its code',
    (code, { example = '' }) => {
      expect(codesOf(example)).toContain(code);
    },
  );

  it.each(entries.filter(([, { corrected }]) => corrected !== undefined))(
    '%s: put right, says nothing',
    (_, { corrected = '' }) => {
      expect(codesOf(corrected).filter((code) => code !== 'E6808')).toEqual([]);
    },
  );
});
