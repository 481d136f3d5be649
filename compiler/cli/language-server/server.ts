/** The language server: the protocol's messages to the editor's questions of compiler/dsl/editor and back. */
import {
  type CompletionItem,
  type Connection,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Analysis } from '../../dsl/editor/analysis.ts';
import { completionsAt } from '../../dsl/editor/completion.ts';
import { definitionAt, hoverAt, referencesAt } from '../../dsl/editor/hover.ts';
import { outlineOf } from '../../dsl/editor/outline.ts';
import { renamable, renameAt } from '../../dsl/editor/rename.ts';
import { offsetOf, type Position, positionOf, rangeOf } from '../../dsl/editor/text-positions.ts';
import { formatSource } from '../../dsl/format/format.ts';
import { packageVersion } from '../package-version.ts';
import { Analyses } from './analyses.ts';
import { completionItemOf, diagnosticOf, documentSymbolOf, locationOf, markdownOf } from './protocol-values.ts';
import { pathOf, Workspace } from './workspace.ts';

/** Milliseconds without a key before a file is looked at: a pause in typing, not a key. */
const defaultPause = 150;

interface DocumentPlace {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export class LanguageServer {
  readonly #connection: Connection;
  readonly #pause: number;
  readonly #workspace = new Workspace();
  readonly #analyses = new Analyses(this.#workspace);
  readonly #documents = new TextDocuments(TextDocument);
  /** Uri -> the diagnostics that the editor shows, as text. */
  readonly #published = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, { pause = defaultPause }: { readonly pause?: number } = {}) {
    this.#connection = connection;
    this.#pause = pause;
  }

  /** Answers until the editor says `exit`. */
  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onShutdown(() => clearTimeout(this.#timer));
    connection.onDidChangeWatchedFiles(() => {
      this.#analyses.forgetAll();
      this.#schedule();
    });
    this.#documents.onDidChangeContent(({ document }) => {
      this.#workspace.set(document);
      this.#analyses.forget(pathOf(document.uri));
      this.#schedule();
    });
    this.#documents.onDidClose(({ document }) => {
      const path = pathOf(document.uri);
      this.#workspace.delete(path);
      this.#analyses.close(path);
      this.#schedule();
    });
    this.#listenToQuestions();
    this.#documents.listen(connection);
    connection.listen();
  }

  #listenToQuestions(): void {
    const connection = this.#connection;
    connection.onHover((place) => this.#hover(place));
    connection.onDefinition((place) => {
      const { analysis, offset } = this.#at(place);
      const span = analysis && definitionAt(analysis, offset);
      return span && locationOf(span, this.#uriOf);
    });
    connection.onReferences((place) => {
      const { analysis, offset } = this.#at(place);
      return analysis && referencesAt(analysis, offset).map((span) => locationOf(span, this.#uriOf));
    });
    connection.onCompletion((place) => this.#complete(place));
    connection.onPrepareRename((place) => {
      const { analysis, offset } = this.#at(place);
      const found = analysis && renamable(analysis, offset);
      if (found?.kind === 'refused') throw refusal(found.reason);
      return found && { range: rangeOf(found.span), placeholder: found.symbol.name };
    });
    connection.onRenameRequest((params) => this.#rename(params, params.newName));
    connection.onDocumentSymbol(({ textDocument }) => {
      const analysis = this.#analyses.of(pathOf(textDocument.uri));
      return analysis && outlineOf(analysis.program.main.unit).map(documentSymbolOf);
    });
    connection.onDocumentFormatting(({ textDocument }) => this.#format(textDocument.uri));
  }

  #initialize({ workspaceFolders, rootUri }: InitializeParams): InitializeResult {
    const folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
    this.#workspace.folders = folders.filter((uri) => uri.startsWith('file:')).map(pathOf);
    return {
      serverInfo: { name: 'tessera', version: packageVersion() },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        completionProvider: { triggerCharacters: ['.'] },
        renameProvider: { prepareProvider: true },
        documentSymbolProvider: true,
        documentFormattingProvider: true,
      },
    };
  }

  readonly #uriOf = (path: string): string => this.#workspace.uriOf(path);

  #at({ textDocument, position }: DocumentPlace): { readonly analysis: Analysis | undefined; readonly offset: number } {
    const analysis = this.#analyses.of(pathOf(textDocument.uri));
    const offset = analysis === undefined ? 0 : offsetOf(analysis.program.main.unit.source, position);
    return { analysis, offset };
  }

  // ------------------------------------------------------------------------------------------------------- questions

  #hover(place: DocumentPlace): Hover | undefined {
    const { analysis, offset } = this.#at(place);
    if (analysis === undefined) return undefined;
    const found = hoverAt(analysis, offset, this.#analyses.lastGood(analysis.path));
    return found && { contents: markdownOf(found), range: rangeOf(found.span) };
  }

  #complete({ textDocument, position }: DocumentPlace): CompletionItem[] {
    const path = pathOf(textDocument.uri);
    const offset = offsetOf(this.#workspace.files.open(path), position);
    return completionsAt(path, offset, this.#workspace, this.#analyses.lastGood(path)).map(completionItemOf);
  }

  #rename({ textDocument, position }: DocumentPlace, newName: string): WorkspaceEdit {
    const path = pathOf(textDocument.uri);
    const offset = offsetOf(this.#workspace.files.open(path), position);
    const renaming = renameAt(path, offset, newName, this.#workspace, this.#workspace.programsAround(path));
    if (renaming.kind === 'refused') throw refusal(renaming.reason);
    const changes: Record<string, TextEdit[]> = {};
    for (const [file, spans] of renaming.edits) {
      changes[this.#uriOf(file)] = spans.map((span) => ({ range: rangeOf(span), newText: newName }));
    }
    return { changes };
  }

  /** The whole text anew; nothing for a file with syntax errors, which are shown anyway. */
  #format(uri: string): TextEdit[] | undefined {
    const source = this.#workspace.files.open(pathOf(uri));
    const text = formatSource(source, new DiagnosticSink());
    if (text === undefined) return undefined;
    const range = { start: { line: 0, character: 0 }, end: positionOf(source, source.end) };
    return [{ range, newText: text }];
  }

  // ----------------------------------------------------------------------------------------------------- diagnostics

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#publish();
      } catch (error) {
        this.#connection.console.error(`internal error (a bug in tessera): ${String(error)}`);
      }
    }, this.#pause);
  }

  #publish(): void {
    const found = new Map([...this.#analyses.diagnostics()].map(([path, all]) => [this.#uriOf(path), all]));
    for (const uri of this.#published.keys()) if (!found.has(uri)) found.set(uri, []);
    for (const [uri, all] of found) {
      const diagnostics = all.map((diagnostic) => diagnosticOf(diagnostic, this.#uriOf));
      const text = JSON.stringify(diagnostics);
      if ((this.#published.get(uri) ?? '[]') === text) continue;
      this.#published.set(uri, text);
      void this.#connection.sendDiagnostics({ uri, diagnostics });
    }
  }
}

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
