/**
 * A program: a file of the language, the files that it uses and, as far as they are asked for, those of the standard library. Paths of
 * `use` are relative to the file that says them. The library is parsed once for each host, whatever uses it.
 */
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../ir/source.ts';
import type { SourceUnit, Use } from './syntax/ast.ts';
import { libraryPrefix } from './library-prefix.ts';
import { parseSource } from './syntax/parser.ts';

/** Where a program's own files are read from. */
export interface ProgramFiles {
  /** Throws a DiagnosticError that says why a file cannot be read. */
  open(path: string): SourceFile;
}

/** The standard library: `prelude.tess`, `nn.tess`, `nn/losses.tess`. */
export interface LibraryFiles {
  read(path: string): string | undefined;
}

export interface ProgramUnit {
  readonly unit: SourceUnit;
  readonly isLibrary: boolean;
  /** What each `use` reads; undefined where nothing could be, which has been reported. Library files are read when first asked for. */
  readonly uses: ReadonlyMap<Use, () => ProgramUnit | undefined>;
}

export interface Program {
  readonly main: ProgramUnit;
  /** All of the user's files, the main one first. */
  readonly units: readonly ProgramUnit[];
  /** Items that every file sees. */
  readonly prelude: ProgramUnit | undefined;
  /** `nn`, `nn.losses`; undefined when there is none. */
  library(path: readonly string[]): ProgramUnit | undefined;
}

/** Undefined when the main file cannot be read; what is wrong with any file is in the sink. */
export function loadProgram(
  path: string,
  files: ProgramFiles,
  library: LibraryFiles,
  sink: DiagnosticSink,
): Program | undefined {
  const loader = new Loader(files, libraryOf(library), sink);
  let source: SourceFile;
  try {
    source = files.open(path);
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
  const main = loader.load(path, source);
  return {
    main,
    units: [...loader.units.values()],
    prelude: loader.library.unit(['prelude']),
    library: (names) => loader.library.unit(names),
  };
}

class Loader {
  readonly library: Library;
  readonly units = new Map<string, ProgramUnit>();
  readonly #files: ProgramFiles;
  readonly #sink: DiagnosticSink;
  /** Paths being read, from the main file inwards. */
  readonly #open: string[] = [];

  constructor(files: ProgramFiles, library: Library, sink: DiagnosticSink) {
    this.#files = files;
    this.library = library;
    this.#sink = sink;
  }

  load(path: string, source: SourceFile): ProgramUnit {
    const uses = new Map<Use, () => ProgramUnit | undefined>();
    const unit = parseSource(source, this.#sink);
    const made: ProgramUnit = { unit, isLibrary: false, uses };
    this.units.set(path, made);
    this.#open.push(path);
    for (const use of unit.uses) {
      const used = use.target.kind === 'library' ? this.#libraryUnit(use) : this.#fileUnit(path, use.target);
      uses.set(use, () => used);
    }
    this.#open.pop();
    return made;
  }

  #libraryUnit(use: Use): ProgramUnit | undefined {
    if (use.target.kind !== 'library') return undefined;
    const names = use.target.path.map((name) => name.text);
    const unit = this.library.unit(names);
    if (unit === undefined) {
      this.#sink.report({
        code: 'E6104',
        span: use.target.path[0]?.span ?? use.span,
        message: `the library has no module \`${names.join('.')}\``,
        hint: `a file of your own is used by its path: \`use "./${names.join('/')}.tess"\``,
      });
    }
    return unit;
  }

  #fileUnit(from: string, target: Extract<Use['target'], { readonly kind: 'file' }>): ProgramUnit | undefined {
    const path = resolvePath(from, target.path);
    const known = this.units.get(path);
    if (this.#open.includes(path)) {
      const cycle = [...this.#open.slice(this.#open.indexOf(path)), path];
      this.#sink.report({
        code: 'E6106',
        span: target.span,
        message: `this file is used while it is read: ${cycle.join(' uses ')}`,
        hint: 'move what both need into a third file',
      });
      return undefined;
    }
    if (known !== undefined) return known;
    try {
      return this.load(path, this.#files.open(path));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.#sink.report({
        code: 'E6105',
        span: target.span,
        message: `\`${target.path}\` cannot be read: ${error.diagnostic.message}`,
        hint: error.diagnostic.hint ?? 'paths are relative to the file that says `use`',
      });
      return undefined;
    }
  }
}

/** `./b.tess` said by `models/a.tess` is `models/b.tess`. */
export function resolvePath(from: string, path: string): string {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return path;
  const folder = from.replace(/[^/\\]*$/, '');
  const parts: string[] = [];
  for (const part of `${folder}${path}`.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

// ------------------------------------------------------------------------------------------------------------- library

const libraries = new WeakMap<LibraryFiles, Library>();

function libraryOf(files: LibraryFiles): Library {
  const known = libraries.get(files);
  if (known !== undefined) return known;
  const library = new Library(files);
  libraries.set(files, library);
  return library;
}

class Library {
  readonly #files: LibraryFiles;
  readonly #units = new Map<string, ProgramUnit | undefined>();

  constructor(files: LibraryFiles) {
    this.#files = files;
  }

  unit(names: readonly string[]): ProgramUnit | undefined {
    return this.#read(`${names.join('/')}.tess`);
  }

  #read(path: string): ProgramUnit | undefined {
    if (this.#units.has(path)) return this.#units.get(path);
    const text = this.#files.read(path);
    const unit = text === undefined ? undefined : this.#parse(path, text);
    this.#units.set(path, unit);
    return unit;
  }

  #parse(path: string, text: string): ProgramUnit {
    const sink = new DiagnosticSink();
    const unit = parseSource(new SourceFile(`${libraryPrefix}${path}`, text), sink);
    const [mistake] = sink.all;
    if (mistake !== undefined) throw new DiagnosticError(mistake);
    const uses = new Map<Use, () => ProgramUnit | undefined>();
    for (const use of unit.uses) {
      const { target } = use;
      const next =
        target.kind === 'file'
          ? resolvePath(path, target.path)
          : `${target.path.map((name) => name.text).join('/')}.tess`;
      uses.set(use, () => this.#read(next));
    }
    return { unit, isLibrary: true, uses };
  }
}
