import type { RegisterCommand } from './command.ts';
import { registerCheck } from './commands/check.ts';
import { registerCompile } from './commands/compile.ts';
import { registerDiff } from './commands/diff.ts';
import { registerExplain } from './commands/explain.ts';
import { registerFmt } from './commands/fmt.ts';
import { registerLanguageServer } from './commands/language-server.ts';
import { registerNew } from './commands/new.ts';
import { registerOpt } from './commands/opt.ts';
import { registerParams } from './commands/params.ts';
import { registerProfile } from './commands/profile.ts';
import { registerRun } from './commands/run.ts';
import { registerTest } from './commands/test.ts';
import { registerTune } from './commands/tune.ts';

/** Every subcommand, in the order that `tessera --help` shows: one file each in `commands/`. */
export const commands: readonly RegisterCommand[] = [
  registerNew,
  registerCheck,
  registerCompile,
  registerOpt,
  registerRun,
  registerDiff,
  registerProfile,
  registerTune,
  registerTest,
  registerParams,
  registerFmt,
  registerExplain,
  registerLanguageServer,
];
