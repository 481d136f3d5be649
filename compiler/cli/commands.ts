import type { RegisterCommand } from './command.ts';

/** Every subcommand, in the order that `tessera --help` shows: one file each in `commands/`. */
export const commands: readonly RegisterCommand[] = [];
