/** `tessera compile MODEL`: the files that a target runs, or any stage on the way to them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { compileFiles } from '../../driver/compile-files.ts';
import { type EmitKind, emitKinds, nameOfModel } from '../../driver/compile-model.ts';
import { filesError } from '../../driver/function-signature.ts';
import type { Artifact } from '../../driver/wasm-artifacts.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, UsageError } from '../exit-code.ts';
import { collectValues, parseDimensions, parseSeed, parseSettings } from '../option-values.ts';
import { describeFileError } from '../file-error.ts';
import { diskFiles, openBytes } from '../read-file.ts';
import { schedulesOf, schedulesOption } from '../read-schedules.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import { progressOn, type Terminal } from '../terminal.ts';
import { type OutputFile, writeFilesAtomically } from '../write-file.ts';

interface CompileOptions {
  readonly params?: string;
  readonly seed?: string;
  readonly fn?: string;
  readonly emit: EmitKind;
  readonly name?: string;
  readonly dim?: readonly string[];
  readonly set?: readonly string[];
  readonly relaxed?: boolean;
  readonly directSums?: boolean;
  readonly threads?: boolean;
  readonly output?: string;
  readonly remarks?: boolean;
  readonly schedules?: string;
}

export const registerCompile: RegisterCommand = (program, context) => {
  program
    .command('compile')
    .summary('compile a function of a model, or show a stage of that')
    .description(
      'Compiles a function: optimises its module, makes kernels of it, plans its memory, and writes NAME.wasm with a ' +
        'loader NAME.js and its types NAME.d.ts. Stages on the way are printed, or written to a file.',
    )
    .argument('<model>', 'a .tess program, or a .mlir file with StableHLO; - reads StableHLO from standard input')
    .option('--fn <name>', 'the function to compile (default: main, or the only public one)')
    .addOption(new Option('--target <name>', 'what to compile for').choices(['wasm']).default('wasm'))
    .addOption(new Option('--emit <kind>', 'what to write').choices(emitKinds).default('wasm'))
    .option('--name <name>', "of the files written (default: the model's)")
    .option(
      '--dim <name=size>',
      'an open size: NAME=64, NAME=..64 for any up to 64, NAME=1,8 for variants, NAME=OTHER for the same as another; FN.NAME for one function (repeatable)',
      collectValues,
    )
    .option('--set <name=value>', 'a compile-time parameter of a program (repeatable)', collectValues)
    .option('--params <file>', 'weights for the parameters, from .safetensors: folded and packed into the module')
    .option('--seed <number>', 'without --params: constants drawn by this seed, where parameters would be inputs')
    .option('--relaxed', 'write NAME.relaxed.wasm too, faster where there is relaxed SIMD')
    .option('--direct-sums', 'convolutions as the sums they are, not by fewer multiplications')
    .option('--threads', 'compile for several threads, with NAME.worker.js beside the loader')
    .option(...schedulesOption)
    .option('-o, --output <path>', 'the folder to write to; for a stage, the file')
    .option('--remarks', 'show what each pass gained, or why not')
    .action(context.action((path: string, options: CompileOptions) => compile(path, options, context.terminal)));
};

function compile(path: string, options: CompileOptions, terminal: Terminal): ExitCode {
  if (options.name !== undefined && !/^[\w.-]+$/.test(options.name)) {
    throw new UsageError(`--name wants letters, digits, '_', '-' and '.', not '${options.name}'`);
  }
  const dimensions = parseDimensions(options.dim);
  const isOne = [...dimensions.values()].every((choice) => choice.kind !== 'sizes' || choice.sizes.length === 1);
  if (path === '-' && !isOne) throw new UsageError('several sizes want a model in a file, not -');
  const onProgress = progressOn(terminal);
  const { fn, emit, name = nameOfModel(path), relaxed = false, directSums, threads, params, seed } = options;
  const { sink, compiled } = compileFiles({
    path,
    files: diskFiles,
    functionName: fn,
    dimensions,
    settings: parseSettings(options.set),
    weights: { path: params, seed: seed === undefined ? undefined : parseSeed(seed), open: openBytes },
    emit,
    name,
    relaxed,
    directSums,
    threads,
    schedules: schedulesOf(options.schedules),
    onProgress,
  });
  onProgress('');
  if (compiled !== undefined) write(compiled.artifacts, options, terminal);
  return showDiagnostics(sink, terminal, { remarks: options.remarks === true });
}

/** The files of a target go to a folder, a stage to the terminal or a file. */
function write(artifacts: readonly Artifact[], { emit, output }: CompileOptions, terminal: Terminal): void {
  if (emit === 'wasm') {
    const folder = output ?? '.';
    createFolder(folder);
    writeFilesAtomically(artifacts.map((artifact) => fileOf(join(folder, artifact.name), artifact)));
    if (terminal.isInteractive) artifacts.forEach((artifact) => terminal.err(sizeLine(folder, artifact)));
  } else if (output === undefined) artifacts.forEach(({ contents }) => contents.forEach(terminal.out));
  else writeFilesAtomically(artifacts.map((artifact) => fileOf(output, artifact)));
}

/** `out/net.wasm  12.3 KB`. */
function sizeLine(folder: string, { name, contents }: Artifact): string {
  const bytes = contents.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const unit = [1e9, 1e6, 1e3].findIndex((size) => bytes >= size);
  const text =
    unit === -1 ? `${bytes} bytes` : `${(bytes / (1e9 / 1e3 ** unit)).toFixed(1)} ${['GB', 'MB', 'KB'][unit]}`;
  return `${join(folder, name)}  ${text}\n`;
}

function fileOf(path: string, { contents }: Artifact): OutputFile {
  return { path, write: (chunk) => contents.forEach((piece) => chunk(piece)) };
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = describeFileError(error);
    throw reason === undefined
      ? error
      : filesError('E5014', `${folder}: ${reason}`, { hint: '-o names the folder to write to' });
  }
}
