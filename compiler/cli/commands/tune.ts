/** `tessera tune MODEL`: a table of schedules that are faster on this machine. */
import { cpus } from 'node:os';
import { existsSync } from 'node:fs';
import { type ScheduleTable, tableText } from '../../../codegen/kernel/tuning/schedule-table.ts';
import { nameOfModel } from '../../driver/compile-model.ts';
import { prepareFunction } from '../../driver/profile/prepared-function.ts';
import { tuneFunction, type TuneResult } from '../../driver/tune/tune-function.ts';
import type { RegisterCommand } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { addFunctionOptions, type FunctionOptions, functionRequest, wantsRelaxed } from '../function-options.ts';
import { parseCount } from '../option-values.ts';
import { withOptimisedCode } from '../optimised-code.ts';
import { readSchedules } from '../read-schedules.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import { progressOn, type Terminal } from '../terminal.ts';
import { writeFilesAtomically } from '../write-file.ts';

interface TuneCommandOptions extends FunctionOptions {
  readonly time: string;
  readonly output?: string;
}

export const registerTune: RegisterCommand = (program, context) => {
  const command = program
    .command('tune')
    .summary('find faster schedules for the kernels of a function')
    .description(
      'Runs the kernels of a function here under other schedules than the ones chosen from the target alone, and writes those that are ' +
        'faster to a table for `compile --schedules`. Entries of other kernels that the file has are kept.',
    );
  addFunctionOptions(command)
    .option('--time <seconds>', 'how long it may take, about', '60')
    .option('-o, --output <file>', "the table (default: the model's name and .schedules.json)")
    .action(context.action((path: string, options: TuneCommandOptions) => tune(path, options, context.terminal)));
};

function tune(path: string, options: TuneCommandOptions, terminal: Terminal): ExitCode {
  const seconds = parseCount('--time', options.time);
  const relaxed = wantsRelaxed(options.relaxed);
  const output = options.output ?? `${nameOfModel(path)}.schedules.json`;
  const before = existsSync(output) ? readSchedules(output) : undefined;
  const { sink, prepared } = prepareFunction(functionRequest(path, options));
  if (prepared === undefined) return showDiagnostics(sink, terminal);
  try {
    const progress = progressOn(terminal);
    const result = withOptimisedCode(() => tuneFunction(prepared, { relaxed, seconds, onProgress: progress }));
    progress('');
    const table = merged(before, result);
    writeFilesAtomically([{ path: output, write: (chunk) => chunk(tableText(table)) }]);
    terminal.out(summary(result, output));
  } catch (error) {
    sink.catch(error);
  }
  return showDiagnostics(sink, terminal);
}

function merged(before: ScheduleTable | undefined, { entries, triedKeys }: TuneResult): ScheduleTable {
  const kept = [...(before?.entries ?? [])].filter(([key]) => !triedKeys.has(key));
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    entries: new Map([...kept, ...entries]),
  };
}

function summary({ entries, kernels, triedKeys }: TuneResult, output: string): string {
  const lines = [...entries.values()].map(({ kernel, gain }) => `${kernel}: ${gain.toFixed(2)}x\n`);
  const left = kernels > triedKeys.size ? `; no time for ${kernels - triedKeys.size}` : '';
  return `${lines.join('')}${entries.size} of ${triedKeys.size} kernels have a faster schedule${left}: ${output}\n`;
}
