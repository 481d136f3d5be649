import type { RegisterCommand } from './command.ts';
import { registerCheck } from './commands/check.ts';
import { registerCompile } from './commands/compile.ts';
import { registerDiff } from './commands/diff.ts';
import { registerExplain } from './commands/explain.ts';
import { registerOpt } from './commands/opt.ts';
import { registerRun } from './commands/run.ts';

/** Every subcommand, in the order that `tessera --help` shows: one file each in `commands/`. */
export const commands: readonly RegisterCommand[] = [
  registerCheck,
  registerCompile,
  registerOpt,
  registerRun,
  registerDiff,
  registerExplain,
];
