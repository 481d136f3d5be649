/** The files of an editor: open ones as they are in it, all others as they are on the disk, and the library's. */
import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { SourceFile } from '../../../ir/source.ts';
import type { EditorFiles } from '../../dsl/editor/analysis.ts';
import { standardLibrary } from '../../dsl/standard-library.ts';
import { diskFiles } from '../read-file.ts';

/** The library's files are shipped beside the compiler, for people to look at. */
const libraryFolder = new URL('../../dsl/library/', import.meta.url);
const libraryPrefix = 'library/';

/** More files than this are not looked through for uses of a name. */
const mostPrograms = 2000;

export class Workspace implements EditorFiles {
  readonly library = standardLibrary;
  readonly files: EditorFiles['files'] = { open: (path) => this.#open(path) };
  readonly #documents = new Map<string, TextDocument>();
  readonly #sources = new Map<string, { readonly version: number; readonly source: SourceFile }>();
  folders: readonly string[] = [];

  /** A document that was opened or changed. */
  set(document: TextDocument): void {
    this.#documents.set(pathOf(document.uri), document);
  }

  delete(path: string): void {
    this.#documents.delete(path);
    this.#sources.delete(path);
  }

  get openPaths(): readonly string[] {
    return [...this.#documents.keys()];
  }

  #open(path: string): SourceFile {
    const document = this.#documents.get(path);
    if (document === undefined) return diskFiles.open(path);
    const known = this.#sources.get(path);
    if (known?.version === document.version) return known.source;
    const source = new SourceFile(path, document.getText());
    this.#sources.set(path, { version: document.version, source });
    return source;
  }

  /** What the editor calls the file. */
  uriOf(path: string): string {
    const document = this.#documents.get(path);
    if (document !== undefined) return document.uri;
    if (path.startsWith(libraryPrefix)) return new URL(path.slice(libraryPrefix.length), libraryFolder).href;
    return isAbsolute(path) ? pathToFileURL(path).href : path;
  }

  /** The programs that may use the file: open ones, and those in the folders that are open, or else in its own. */
  programsAround(path: string): readonly string[] {
    const found = new Set(this.openPaths);
    const folders = this.folders.length > 0 ? this.folders : [dirname(path)];
    for (const folder of folders) collectPrograms(folder, found);
    return [...found];
  }
}

export function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

/** In order of name, at any depth; folders that cannot be read have none. */
function collectPrograms(folder: string, found: Set<string>): void {
  for (const entry of entriesOf(folder)) {
    if (found.size >= mostPrograms) return;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collectPrograms(path, found);
    else if (entry.name.endsWith('.tess')) found.add(path);
  }
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
