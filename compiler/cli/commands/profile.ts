/** `tessera profile MODEL`: where the time of a function goes. */
import { profileFunction } from '../../driver/profile/profile-model.ts';
import { profileJson, profileText, traceJson } from '../../driver/profile/profile-text.ts';
import { prepareFunction } from '../../driver/profile/prepared-function.ts';
import type { RegisterCommand } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { addFunctionOptions, functionRequest, type FunctionOptions, wantsRelaxed } from '../function-options.ts';
import { withOptimisedCode } from '../optimised-code.ts';
import { parseCount } from '../option-values.ts';
import { schedulesOf, schedulesOption } from '../read-schedules.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { type OutputFile, writeFilesAtomically } from '../write-file.ts';

interface ProfileCommandOptions extends FunctionOptions {
  readonly rounds: string;
  readonly json?: string;
  readonly trace?: string;
  readonly schedules?: string;
}

export const registerProfile: RegisterCommand = (program, context) => {
  const command = program
    .command('profile')
    .summary('time every kernel of a function')
    .description(
      'Compiles a function to WebAssembly, runs it here on arrays from files or made up, and shows for each kernel its time, ' +
        'what it computed and moved in it, the share of what the machine can do, what was predicted, and the source lines it comes from.',
    );
  addFunctionOptions(command)
    .option('--rounds <number>', 'calls that are timed, after those that let the engine warm up', '30')
    .option(...schedulesOption)
    .option('--json <file>', 'write the profile as JSON')
    .option('--trace <file>', 'write one call as a trace for Perfetto or chrome://tracing')
    .action(context.action((path: string, options: ProfileCommandOptions) => profile(path, options, context.terminal)));
};

function profile(path: string, options: ProfileCommandOptions, terminal: Terminal): ExitCode {
  const rounds = parseCount('--rounds', options.rounds);
  const relaxed = wantsRelaxed(options.relaxed);
  const schedules = schedulesOf(options.schedules);
  const request = functionRequest(path, options);
  const { sink, prepared } = prepareFunction(request);
  if (prepared === undefined) return showDiagnostics(sink, terminal);
  try {
    const asked = { relaxed, rounds, schedules };
    const found = withOptimisedCode(() => profileFunction(prepared, request, asked, sink));
    if (found !== undefined) {
      writeFilesAtomically([
        ...fileOf(options.json, () => profileJson(found)),
        ...fileOf(options.trace, () => traceJson(found)),
      ]);
      terminal.out(profileText(found));
    }
  } catch (error) {
    sink.catch(error);
  }
  return showDiagnostics(sink, terminal);
}

function fileOf(path: string | undefined, contents: () => string): readonly OutputFile[] {
  return path === undefined ? [] : [{ path, write: (chunk) => chunk(contents()) }];
}
