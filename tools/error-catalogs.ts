// Every catalog of error codes; a new one is a row here.
import { syntaxCatalog } from '../compiler/dsl/diagnostics/catalog-syntax.ts';
import { parseSource } from '../compiler/dsl/syntax/parser.ts';
import { noSuchFile } from '../compiler/driver/model-files.ts';
import { checkTess, readTess } from '../compiler/driver/tess-model.ts';
import { filesCatalog } from '../compiler/diagnostics/catalog-files.ts';
import { weightsCatalog } from '../compiler/diagnostics/catalog-weights.ts';
import { languageCatalog } from '../compiler/dsl/diagnostics/catalog-language.ts';
import { codegenCatalog } from '../codegen/diagnostics/catalog-codegen.ts';
import { evaluatorCatalog } from '../ir/diagnostics/catalog-evaluator.ts';
import { SourceFile } from '../ir/source.ts';
import { readerCatalog } from '../ir/diagnostics/catalog-reader.ts';
import { verifierCatalog } from '../ir/diagnostics/catalog-verifier.ts';
import { passesCatalog } from '../passes/diagnostics/catalog-passes.ts';
import type { CatalogPart, ExampleLanguage } from './error-pages.ts';

/** The text alone; what it means is not looked at. */
const syntaxExamples: ExampleLanguage = {
  fence: 'tess',
  diagnose: (text, sink) => void parseSource(new SourceFile('example.tess', text), sink),
};

/** A whole program, checked for all sizes; what that does not find, compiling it does. */
const programExamples: ExampleLanguage = {
  fence: 'tess',
  diagnose: (text, sink) => {
    const path = 'example.tess';
    const open = (asked: string): SourceFile => {
      if (asked !== path) throw noSuchFile(asked, [path]);
      return new SourceFile(path, text);
    };
    checkTess(path, { open }, new Map(), sink);
    if (!sink.hasErrors) readTess(path, { open }, {}, sink);
  },
};

export const catalogParts: readonly CatalogPart[] = [
  { heading: 'Reading text', entries: readerCatalog },
  { heading: 'Verifying any op', entries: verifierCatalog },
  { heading: 'Passes', entries: passesCatalog },
  { heading: 'Generating code', entries: codegenCatalog },
  { heading: 'Evaluating', entries: evaluatorCatalog },
  { heading: 'Files and commands', entries: filesCatalog },
  { heading: 'The text of a program (.tess)', entries: syntaxCatalog, examples: syntaxExamples },
  { heading: 'Programs of the language', entries: languageCatalog, examples: programExamples },
  { heading: 'Weights', entries: weightsCatalog },
];
