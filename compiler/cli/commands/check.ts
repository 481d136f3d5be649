/** `tessera check MODEL`: diagnostics only. */
import { checkModel } from '../../driver/load-model.ts';
import type { RegisterCommand } from '../command.ts';
import { collectValues, parseSettings } from '../option-values.ts';
import { diskFiles } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';

interface CheckOptions {
  readonly split?: boolean;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

export const registerCheck: RegisterCommand = (program, context) => {
  program
    .command('check')
    .summary('report what is wrong with a model')
    .description('Reads and verifies a model and reports all that is wrong with it. Says nothing when all is well.')
    .argument('<model>', 'a .tess program, or a .mlir file with StableHLO; - reads StableHLO from standard input')
    .option('--split', 'treat the parts between // ----- lines as modules of their own')
    .option('--set <name=value>', 'a compile-time parameter of a program, else all values (repeatable)', collectValues)
    .option('--json', 'write the diagnostics as JSON to standard output')
    .action(
      context.action((path: string, options: CheckOptions) => {
        const sink = checkModel(path, {
          files: diskFiles,
          isSplit: options.split === true,
          settings: parseSettings(options.set),
        });
        return showDiagnostics(sink, context.terminal, options);
      }),
    );
};
