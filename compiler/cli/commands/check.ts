/** `tessera check MODEL`: diagnostics only. */
import type { RegisterCommand } from '../command.ts';
import { readModel } from '../read-model.ts';
import { showDiagnostics } from '../show-diagnostics.ts';

export const registerCheck: RegisterCommand = (program, context) => {
  program
    .command('check')
    .summary('report what is wrong with a model')
    .description('Reads and verifies a model and reports all that is wrong with it. Says nothing when all is well.')
    .argument('<model>', 'a .mlir file with StableHLO; - reads standard input')
    .option('--json', 'write the diagnostics as JSON to standard output')
    .action(
      context.action((path: string, options: { json?: boolean }) =>
        showDiagnostics(readModel(path).sink, context.terminal, options),
      ),
    );
};
