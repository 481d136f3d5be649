/** `tessera compile MODEL`: the files that a target runs, or any stage on the way to them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { Option } from 'commander';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { planKernels } from '../../../codegen/plan/plan.ts';
import { planText } from '../../../codegen/plan/plan-text.ts';
import { emitWat } from '../../../codegen/wasm/emit.ts';
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../../ir/operation.ts';
import { printModuleTo } from '../../../ir/text/printer.ts';
import { optimise, planFunction } from '../../driver/compile-module.ts';
import { filesError, findFunction } from '../../driver/function-signature.ts';
import { readModel } from '../../driver/load-model.ts';
import { wasmArtifacts } from '../../driver/wasm-artifacts.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, UsageError } from '../exit-code.ts';
import { describeFileError } from '../file-error.ts';
import { packageFile } from '../package-file.ts';
import { diskFiles } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { type OutputFile, writeFilesAtomically } from '../write-file.ts';

interface CompileOptions {
  readonly fn?: string;
  readonly emit: EmitKind;
  readonly name?: string;
  readonly relaxed?: boolean;
  readonly output?: string;
  readonly remarks?: boolean;
}

type Write = (chunk: string) => void;

/** Stages as text. */
const stages = {
  stablehlo: (module: Operation, _name: string, write: Write) => printModuleTo(module, write),
  plan: (module: Operation, name: string, write: Write) => write(planText(planFunction(module, name, wasmTarget))),
  kernel: (module: Operation, name: string, write: Write) => {
    for (const kernel of planKernels(planFunction(module, name, wasmTarget))) write(`${loopKernelText(kernel)}\n`);
  },
  wat: (module: Operation, name: string, write: Write) =>
    write(emitWat(planFunction(module, name, wasmTarget), { relaxed: false })),
} as const;

type EmitKind = keyof typeof stages | 'wasm';

const emitKinds: readonly EmitKind[] = ['wasm', 'wat', 'kernel', 'plan', 'stablehlo'];

export const registerCompile: RegisterCommand = (program, context) => {
  program
    .command('compile')
    .summary('compile a function of a model, or show a stage of that')
    .description(
      'Compiles a function: optimises its module, makes kernels of it, plans its memory, and writes NAME.wasm with a ' +
        'loader NAME.js and its types NAME.d.ts. Stages on the way are printed, or written to a file.',
    )
    .argument('<model>', 'a .mlir file with StableHLO; - reads standard input')
    .option('--fn <name>', 'the function to compile (default: main, or the only public one)')
    .addOption(new Option('--target <name>', 'what to compile for').choices(['wasm']).default('wasm'))
    .addOption(new Option('--emit <kind>', 'what to write').choices(emitKinds).default('wasm'))
    .option('--name <name>', "of the files written (default: the model's)")
    .option('--relaxed', 'write NAME.relaxed.wasm too, faster where there is relaxed SIMD')
    .option('-o, --output <path>', 'the folder to write to; for a stage, the file')
    .option('--remarks', 'show what each pass gained, or why not')
    .action(context.action((path: string, options: CompileOptions) => compile(path, options, context.terminal)));
};

function compile(path: string, options: CompileOptions, terminal: Terminal): ExitCode {
  const fileName = options.name ?? nameOfModel(path);
  const { sink, module } = readModel(path, diskFiles);
  if (module !== undefined) emit(module, fileName, sink, options, terminal);
  return showDiagnostics(sink, terminal, { remarks: options.remarks === true });
}

/** `models/net.mlir` -> `net`. */
function nameOfModel(path: string): string {
  return path === '-' ? 'model' : basename(path, extname(path));
}

function emit(
  module: Operation,
  fileName: string,
  sink: DiagnosticSink,
  options: CompileOptions,
  terminal: Terminal,
): void {
  const { name } = findFunction(module, options.fn);
  optimise(module, sink);
  if (options.emit === 'wasm') {
    emitModule(module, name, fileName, options);
    return;
  }
  const chunks: string[] = [];
  stages[options.emit](module, name, (chunk) => chunks.push(chunk));
  const { output } = options;
  if (output === undefined) chunks.forEach(terminal.out);
  else writeFilesAtomically([{ path: output, write: (write) => chunks.forEach(write) }]);
}

function emitModule(module: Operation, functionName: string, name: string, options: CompileOptions): void {
  if (!/^[\w.-]+$/.test(name)) throw new UsageError(`--name wants letters, digits, '_', '-' and '.', not '${name}'`);
  const loader = readFileSync(packageFile('runtime/js/load.js'), 'utf8');
  const artifacts = wasmArtifacts(module, { name, functionName, relaxed: options.relaxed === true, loader });
  const folder = options.output ?? '.';
  createFolder(folder);
  const files: OutputFile[] = artifacts.map((artifact) => ({
    path: join(folder, artifact.name),
    write: (write) => write(artifact.contents),
  }));
  writeFilesAtomically(files);
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = describeFileError(error);
    throw reason === undefined ? error : filesError('E5014', `${folder}: ${reason}`);
  }
}
