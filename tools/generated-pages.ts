// Every document, and the two modules, that are made from the sources, by path.
import { definitions } from '../ir/ops/registry.ts';
import { allPasses } from '../passes/registry.ts';
import { catalogParts } from './error-catalogs.ts';
import { errorPages } from './error-pages.ts';
import { grammarDiagrams } from './grammar-diagrams.ts';
import { libraryModule } from './library-module.ts';
import { nnPage, preludePage } from './library-page.ts';
import { loaderModule } from './loader-module.ts';
import { opPage } from './op-page.ts';
import { passPage } from './pass-page.ts';
import { readFiles } from './source-files.ts';

/** Folders that hold generated pages alone: what else lies there is stale. */
export const generatedFolders = ['docs/errors', 'docs/grammar'] as const;

const loaderPath = 'compiler/driver/loader-text.ts';
/** What of runtime/js is which constant there. */
const loaderTexts: ReadonlyMap<string, string> = new Map([
  ['loaderText', 'runtime/js/load.js'],
  ['poolText', 'runtime/js/pool.js'],
  ['workerText', 'runtime/js/worker.js'],
]);
const libraryFolder = 'compiler/dsl/library';
const libraryPath = 'compiler/dsl/library-texts.ts';

/** Path -> text. Run at the repository's root. */
export function generatedPages(): ReadonlyMap<string, string> {
  const sources = readFiles('.', ['passes'], /^passes\/[\w-]+\.ts$/);
  const pages = new Map<string, string>();
  for (const [name, text] of errorPages(catalogParts, definitions)) pages.set(`docs/errors/${name}`, text);
  for (const [name, svg] of grammarDiagrams()) pages.set(`docs/grammar/${name}`, svg);
  pages.set('docs/ops.md', opPage(definitions));
  pages.set(
    'docs/passes.md',
    passPage(allPasses, (name) => sources.get(`passes/${name}.ts`) ?? ''),
  );
  const runtime = readFiles('.', ['runtime/js'], /\.js$/);
  const texts = [...loaderTexts].flatMap(([name, path]): [string, string][] => [[name, runtime.get(path) ?? '']]);
  pages.set(loaderPath, loaderModule(new Map(texts)));
  const library = readFiles('.', [libraryFolder], /\.tess$/);
  const relative = [...library].map(([path, text]): [string, string] => [path.slice(libraryFolder.length + 1), text]);
  pages.set(libraryPath, libraryModule(new Map(relative)));
  pages.set('docs/nn.md', nnPage(new Map(relative)));
  pages.set('docs/prelude.md', preludePage(new Map(relative)));
  return pages;
}

/** Path -> what is there now, of the pages and of all that lies in their folders. */
export function presentPages(): ReadonlyMap<string, string> {
  return new Map([
    ...readFiles('.', generatedFolders, /\.(?:md|svg)$/),
    ...readFiles('.', ['docs'], /^docs\/(?:ops|passes|nn|prelude)\.md$/),
    ...readFiles('.', ['compiler/driver'], /loader-text\.ts$/),
    ...readFiles('.', ['compiler/dsl'], /library-texts\.ts$/),
  ]);
}
