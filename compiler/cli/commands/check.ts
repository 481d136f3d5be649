/** `tessera check MODEL`: diagnostics only. */
import { showDiagnostics } from '../show-diagnostics.ts';
import { readModel } from '../read-model.ts';
import type { RegisterCommand } from '../command.ts';

export const registerCheck: RegisterCommand = (program, context) => {
  program
    .command('check')
    .summary('report what is wrong with a model')
    .description('Reads and verifies a model and reports all that is wrong with it.')
    .argument('<model>', 'a .mlir file with StableHLO; - reads standard input')
    .option('--json', 'write the diagnostics as JSON to standard output')
    .action(
      context.action((path: string, options: { json?: boolean }) => {
        const { sink } = readModel(path);
        return showDiagnostics(sink, context.terminal, options);
      }),
    );
};
