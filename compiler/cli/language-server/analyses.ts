/** The latest looks at the files that are open, and what was last said about them. */
import { type Analysis, analyse } from '../../dsl/editor/analysis.ts';
import { diagnosticsOf, type EditorDiagnostic } from '../../dsl/editor/editor-diagnostics.ts';
import type { Workspace } from './workspace.ts';

export class Analyses {
  readonly #workspace: Workspace;
  readonly #current = new Map<string, Analysis | undefined>();
  /** Looks that found no mistake. */
  readonly #good = new Map<string, Analysis>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  of(path: string): Analysis | undefined {
    if (this.#current.has(path)) return this.#current.get(path);
    const analysis = analyse(path, this.#workspace);
    this.#current.set(path, analysis);
    if (analysis?.diagnostics.some(({ severity }) => severity === 'error') === false) this.#good.set(path, analysis);
    return analysis;
  }

  lastGood(path: string): Analysis | undefined {
    return this.#good.get(path);
  }

  /** A file changed: every look at a program that reads it, or that lacks a file, is out of date. */
  forget(path: string): void {
    for (const [main, analysis] of this.#current) {
      const reads = analysis?.program.units.some(({ unit }) => unit.source.name === path) !== false;
      const lacksFile = analysis?.diagnostics.some(({ code }) => code === 'E6105') === true;
      if (main === path || reads || lacksFile) this.#current.delete(main);
    }
  }

  forgetAll(): void {
    this.#current.clear();
  }

  close(path: string): void {
    this.forget(path);
    this.#current.delete(path);
    this.#good.delete(path);
  }

  /** Path -> what is wrong there; a mistake that several programs meet is there once. */
  diagnostics(): ReadonlyMap<string, readonly EditorDiagnostic[]> {
    const all = new Map<string, Map<string, EditorDiagnostic>>();
    for (const main of this.#workspace.openPaths) {
      const analysis = this.of(main);
      if (analysis === undefined) continue;
      for (const [path, found] of diagnosticsOf(analysis)) {
        const here = all.get(path) ?? new Map<string, EditorDiagnostic>();
        all.set(path, here);
        for (const diagnostic of found) {
          const { code, span } = diagnostic;
          const key = `${code} ${span.start} ${span.end}`;
          if (!here.has(key)) here.set(key, diagnostic);
        }
      }
    }
    return new Map([...all].map(([path, found]) => [path, [...found.values()]]));
  }
}
