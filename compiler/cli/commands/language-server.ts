/** `tessera language-server --stdio`: what editors start. */
import { Option } from 'commander';
import type { RegisterCommand } from '../command.ts';
import { exitCodes, UsageError } from '../exit-code.ts';

interface LanguageServerOptions {
  readonly stdio?: boolean;
}

export const registerLanguageServer: RegisterCommand = (program, context) => {
  program
    .command('language-server')
    .summary('answer an editor')
    .description(
      'Answers the questions of an editor about .tess files, in the language server protocol: mistakes, types, definitions, completion, renaming, layout. Editors start it; it ends when they say so.',
    )
    .option('--stdio', 'speak over standard input and output')
    // Editors add it on their own; the streams end when they do.
    .addOption(new Option('--clientProcessId <id>').hideHelp())
    .action(
      context.action(async ({ stdio }: LanguageServerOptions) => {
        if (stdio !== true) throw new UsageError('an editor speaks to the server over its streams: say --stdio');
        const { listenOn } = await import('../language-server/listen.ts');
        const isProper = await listenOn(process.stdin, process.stdout);
        process.stdin.destroy();
        return isProper ? exitCodes.done : exitCodes.diagnostics;
      }),
    );
};
