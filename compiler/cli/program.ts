import { Command } from 'commander';
import type { CommandContext, RegisterCommand } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { packageVersion } from './package-version.ts';
import { reportError } from './report-error.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one command line (without `node` and the script's name) and gives the exit code. Never throws and never ends the
 * process, so that tests call it as it is.
 */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  commands: readonly RegisterCommand[],
): Promise<ExitCode> {
  const program = createProgram(terminal);
  let exitCode: ExitCode = exitCodes.done;
  const context: CommandContext = {
    terminal,
    action:
      (run) =>
      async (...args) => {
        exitCode = await run(...args);
      },
  };
  try {
    for (const register of commands) register(program, context);
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error, terminal, program.opts<{ verbose?: boolean }>().verbose === true);
  }
}

function createProgram(terminal: Terminal): Command {
  return new Command('tessera')
    .description('Compiles machine-learning models ahead of time.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--verbose', 'show a stack trace with an internal error')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 a diagnostic was reported, 2 wrong usage, 3 internal error (a bug in tessera).',
    )
    .showHelpAfterError('(--help shows the usage)')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
}
