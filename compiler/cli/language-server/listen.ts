/** A server on two streams. */
import { createConnection, ProposedFeatures, type WatchDog } from 'vscode-languageserver';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { LanguageServer } from './server.ts';

/** Milliseconds for what an editor said before it closed its stream: messages are taken one by one. */
const lastWords = 500;

/** Settles when the editor says `exit` or leaves; false when it left without saying `shutdown` first. */
export function listenOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  options: { readonly pause?: number } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const watchDog: WatchDog = {
      shutdownReceived: false,
      initialize: () => undefined,
      exit: (code) => {
        resolve(code === 0);
      },
    };
    input.on('end', () => {
      setTimeout(() => {
        resolve(watchDog.shutdownReceived);
      }, lastWords);
    });
    const connection = createConnection(
      (logger) => createProtocolConnection(new StreamMessageReader(input), new StreamMessageWriter(output), logger),
      watchDog,
      ProposedFeatures.all,
    );
    new LanguageServer(connection, options).listen();
  });
}
