import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  /**
   * Turns a function that *returns* its exit code into a commander action:
   * `program.command('check').argument('<model>').action(context.action(async (model: string) => exitCodes.done))`.
   */
  readonly action: <Args extends readonly unknown[]>(
    run: (...args: Args) => ExitCode | Promise<ExitCode>,
  ) => (...args: Args) => Promise<void>;
}

/** One file of `commands/` exports one of these; `commands.ts` lists them. */
export type RegisterCommand = (program: Command, context: CommandContext) => void;
