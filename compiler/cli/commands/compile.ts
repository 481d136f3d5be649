/** `tessera compile MODEL`: what a target runs, or any stage on the way to it. */
import { Option } from 'commander';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { planKernels } from '../../../codegen/plan/plan.ts';
import { planText } from '../../../codegen/plan/plan-text.ts';
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../../ir/operation.ts';
import { printModuleTo } from '../../../ir/text/printer.ts';
import { optimise, planFunction } from '../../driver/compile-module.ts';
import { findFunction } from '../../driver/function-signature.ts';
import type { RegisterCommand } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { readModel } from '../read-model.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { writeFilesAtomically } from '../write-file.ts';

interface CompileOptions {
  readonly fn?: string;
  readonly emit: EmitKind;
  readonly output?: string;
  readonly remarks?: boolean;
}

/** Each is text. */
const emitters = {
  stablehlo: (module: Operation, _name: string, write: (chunk: string) => void) => printModuleTo(module, write),
  plan: (module: Operation, name: string, write: (chunk: string) => void) =>
    write(planText(planFunction(module, name, wasmTarget))),
  kernel: (module: Operation, name: string, write: (chunk: string) => void) => {
    for (const kernel of planKernels(planFunction(module, name, wasmTarget))) write(`${loopKernelText(kernel)}\n`);
  },
} as const;

type EmitKind = keyof typeof emitters;

export const registerCompile: RegisterCommand = (program, context) => {
  program
    .command('compile')
    .summary('compile a function of a model, or show a stage of that')
    .description('Compiles a function: optimises its module, makes kernels of it and plans its memory.')
    .argument('<model>', 'a .mlir file with StableHLO; - reads standard input')
    .option('--fn <name>', 'the function to compile (default: main, or the only public one)')
    .addOption(new Option('--emit <kind>', 'what to write').choices(Object.keys(emitters)).makeOptionMandatory())
    .option('-o, --output <file>', 'write it there')
    .option('--remarks', 'show what each pass gained, or why not')
    .action(context.action((path: string, options: CompileOptions) => compile(path, options, context.terminal)));
};

function compile(path: string, options: CompileOptions, terminal: Terminal): ExitCode {
  const { sink, module } = readModel(path);
  if (module !== undefined) emit(module, sink, options, terminal);
  return showDiagnostics(sink, terminal, { remarks: options.remarks === true });
}

function emit(module: Operation, sink: DiagnosticSink, options: CompileOptions, terminal: Terminal): void {
  const { name } = findFunction(module, options.fn);
  optimise(module, sink);
  const chunks: string[] = [];
  emitters[options.emit](module, name, (chunk) => chunks.push(chunk));
  const { output } = options;
  if (output === undefined) chunks.forEach(terminal.out);
  else writeFilesAtomically([{ path: output, write: (write) => chunks.forEach(write) }]);
}
