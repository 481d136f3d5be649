// The import order as data: which top-level folder may import which, where Node's API may be used, and which packages
// may be used where. check-imports.ts enforces it; docs/architecture.md explains it.

/** Folder -> the other folders it may import. The product is these folders; nothing in it imports from elsewhere. */
export const mayImport: ReadonlyMap<string, readonly string[]> = new Map([
  ['compiler', ['codegen', 'passes', 'ir']],
  ['codegen', ['ir']],
  ['passes', ['ir']],
  ['ir', []],
  ['runtime', []],
]);

/** What ships beside a compiled model may be run by these folders as well: a program that compiles can load what it compiled. */
export const runtimeFolders: readonly string[] = ['compiler/api'];

/** The only folders where files, processes, native libraries and terminals live; all else also runs in a browser. */
export const nodeFolders: readonly string[] = ['compiler/cli', 'codegen/llvm/toolchain'];

/** Package -> the folders that may import it. A package that is not listed may be imported nowhere in the product. */
export const packageFolders: ReadonlyMap<string, readonly string[]> = new Map([
  ['chevrotain', ['compiler/dsl/syntax']],
  ['commander', ['compiler/cli']],
  ['picocolors', ['compiler/cli']],
  ['binaryen', ['codegen/wasm']],
  ['vscode-languageserver', ['compiler/cli/language-server']],
  ['vscode-languageserver-textdocument', ['compiler/cli/language-server']],
]);
