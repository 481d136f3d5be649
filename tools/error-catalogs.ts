// Every catalog of error codes; a new one is a row here.
import { filesCatalog } from '../compiler/diagnostics/catalog-files.ts';
import { weightsCatalog } from '../compiler/diagnostics/catalog-weights.ts';
import { languageCatalog } from '../compiler/dsl/diagnostics/catalog-language.ts';
import { codegenCatalog } from '../codegen/diagnostics/catalog-codegen.ts';
import { evaluatorCatalog } from '../ir/diagnostics/catalog-evaluator.ts';
import { readerCatalog } from '../ir/diagnostics/catalog-reader.ts';
import { verifierCatalog } from '../ir/diagnostics/catalog-verifier.ts';
import { passesCatalog } from '../passes/diagnostics/catalog-passes.ts';
import type { CatalogPart } from './error-pages.ts';

export const catalogParts: readonly CatalogPart[] = [
  { heading: 'Reading text', entries: readerCatalog },
  { heading: 'Verifying any op', entries: verifierCatalog },
  { heading: 'Passes', entries: passesCatalog },
  { heading: 'Generating code', entries: codegenCatalog },
  { heading: 'Evaluating', entries: evaluatorCatalog },
  { heading: 'Files and commands', entries: filesCatalog },
  { heading: 'Programs of the language', entries: languageCatalog },
  { heading: 'Weights', entries: weightsCatalog },
];
