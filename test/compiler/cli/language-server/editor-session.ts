/** An editor for tests: a language server in this process, spoken to over two streams. */
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { listenOn } from '../../../../compiler/cli/language-server/listen.ts';

export class EditorSession {
  readonly connection: ProtocolConnection;
  /** Whether the server ended as it should. */
  readonly ended: Promise<boolean>;
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  #waiting: {
    readonly uri: string;
    readonly isMet: (found: readonly Diagnostic[]) => boolean;
    readonly met: () => void;
  }[] = [];

  constructor() {
    const [toServer, toEditor] = [new PassThrough(), new PassThrough()];
    this.ended = listenOn(toServer, toEditor, { pause: 1 });
    this.connection = createProtocolConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#diagnostics.set(params.uri, params.diagnostics);
      this.#waiting = this.#waiting.filter(({ uri, isMet, met }) => {
        if (uri !== params.uri || !isMet(params.diagnostics)) return true;
        met();
        return false;
      });
    });
    this.connection.listen();
  }

  async start(folder: string): Promise<unknown> {
    const uri = pathToFileURL(folder).href;
    const result = await this.ask('initialize', {
      processId: null,
      rootUri: uri,
      capabilities: {},
      workspaceFolders: [{ uri, name: 'work' }],
    });
    await this.tell('initialized', {});
    return result;
  }

  ask(method: string, params?: unknown): Promise<unknown> {
    return this.connection.sendRequest(method, params);
  }

  tell(method: string, params?: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  open(uri: string, text: string): Promise<void> {
    return this.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'tess', version: 1, text } });
  }

  change(uri: string, version: number, start: Position, end: Position, text: string): Promise<void> {
    return this.tell('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start, end }, text }],
    });
  }

  /** The diagnostics of a file, once they are so. */
  async diagnostics(uri: string, isMet: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    const now = this.#diagnostics.get(uri);
    if (now === undefined || !isMet(now)) {
      await new Promise<void>((met) => this.#waiting.push({ uri, isMet, met }));
    }
    return this.#diagnostics.get(uri) ?? [];
  }

  async close(): Promise<boolean> {
    await this.ask('shutdown');
    await this.tell('exit');
    return this.ended;
  }
}

/** Where a text is first found in a source, and `after` units further. */
export function positionIn(source: string, text: string, after = 0): Position {
  const lines = source.slice(0, source.indexOf(text) + after).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
