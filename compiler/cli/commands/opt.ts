/** `tessera opt FILE.mlir`: runs passes and prints the module. */
import { Option } from 'commander';
import { DiagnosticError, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../../ir/operation.ts';
import type { SourceFile } from '../../../ir/source.ts';
import { splitSources } from '../../../ir/text/parser.ts';
import { type PrintOptions, printModuleTo } from '../../../ir/text/printer.ts';
import { type PassInvocation, type PassReport, runPasses } from '../../../passes/pass-manager.ts';
import { parsePassList } from '../../../passes/pass-list.ts';
import { pipelineNames, pipelinePasses } from '../../../passes/pipeline.ts';
import { allPasses, passNames } from '../../../passes/registry.ts';
import { filesError } from '../../driver/function-signature.ts';
import { readSource } from '../../driver/load-model.ts';
import { loadModule } from '../../driver/load-module.ts';
import { isTess } from '../../driver/tess-model.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit-code.ts';
import { collectValues } from '../option-values.ts';
import { diskFiles } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { writeFilesAtomically } from '../write-file.ts';

interface OptOptions {
  readonly passes?: string;
  readonly pipeline?: string;
  readonly printAfter?: readonly string[];
  readonly split?: boolean;
  readonly locations?: boolean;
  readonly generic?: boolean;
  readonly remarks?: boolean;
  readonly timing?: boolean;
  readonly verifyEach: boolean;
  readonly output?: string;
}

export const registerOpt: RegisterCommand = (program, context) => {
  program
    .command('opt')
    .summary('run passes over a module and print it')
    .description(
      'Reads StableHLO, runs passes over it and prints the module. Without passes it reads, verifies and prints.',
    )
    .argument('<file>', 'a .mlir file; - reads standard input')
    .option('--passes <list>', 'passes to run in order: a,b{option=value},c')
    .addOption(new Option('--pipeline <name>', 'a named list of passes').choices(pipelineNames).conflicts('passes'))
    .option(
      '--print-after <pass>',
      'print the module to standard error after this pass, * for all (repeatable)',
      collectValues,
    )
    .option('--split', 'treat the parts between // ----- lines as modules of their own')
    .option('--locations', 'print loc(...) after each op')
    .option('--generic', 'print the generic form of every op')
    .option('--remarks', 'show what each pass gained, or why not')
    .option('--timing', 'show the time each pass took')
    .option('--no-verify-each', 'do not verify after each pass')
    .option('-o, --output <file>', 'write the module there')
    .addHelpText('after', () => passHelp())
    .action(context.action((path: string, options: OptOptions) => opt(path, options, context.terminal)));
};

function passHelp(): string {
  const width = Math.max(...passNames.map((name) => name.length));
  const lines = allPasses.map(({ name, summary, options }) => {
    const names = Object.entries(options).map(([key, value]) => `${key}=${value}`);
    return `  ${name.padEnd(width)}  ${summary}${names.length === 0 ? '' : ` {${names.join(',')}}`}`;
  });
  return `\nPasses:\n${lines.join('\n')}`;
}

function opt(path: string, options: OptOptions, terminal: Terminal): ExitCode {
  const invocations = choosePasses(options);
  for (const name of options.printAfter ?? []) {
    if (name !== '*' && !invocations.some(({ pass }) => pass.name === name)) {
      throw new UsageError(`--print-after ${name}: that pass is not run`);
    }
  }
  if (isTess(path))
    throw filesError('E5010', `${path}: opt reads StableHLO`, {
      hint: `\`tessera compile ${path} --emit stablehlo -o FILE.mlir\` writes that of a program`,
    });
  const source = readSource(path, diskFiles);
  const modules: Operation[] = [];
  let exitCode: ExitCode = exitCodes.done;
  for (const part of options.split === true ? splitSources(source) : [source]) {
    const sink = new DiagnosticSink();
    const module = transform(part, invocations, sink, options, terminal);
    if (module !== undefined) modules.push(module);
    const code = showDiagnostics(sink, terminal, { remarks: options.remarks === true });
    if (code !== exitCodes.done) exitCode = code;
  }
  if (exitCode === exitCodes.done) print(modules, options, terminal);
  return exitCode;
}

function choosePasses(options: OptOptions): readonly PassInvocation[] {
  if (options.pipeline !== undefined) return pipelinePasses(options.pipeline);
  if (options.passes === undefined) return [];
  const parsed = parsePassList(options.passes);
  if (parsed.kind === 'error') throw new UsageError(`--passes: ${parsed.message}`);
  return parsed.invocations;
}

function transform(
  source: SourceFile,
  invocations: readonly PassInvocation[],
  sink: DiagnosticSink,
  options: OptOptions,
  terminal: Terminal,
): Operation | undefined {
  const module = loadModule(source, sink);
  if (module === undefined) return undefined;
  try {
    const reports = runPasses(module, invocations, sink, {
      verifyEach: options.verifyEach,
      printAfter: new Set(options.printAfter ?? []),
      onPrint: (after, pass) => {
        terminal.err(`// after ${pass}\n`);
        printModuleTo(after, terminal.err, printOptions(options));
      },
      clock: () => performance.now(),
    });
    if (options.timing === true) showTiming(reports, terminal);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    sink.report(error.diagnostic);
  }
  return sink.hasErrors ? undefined : module;
}

function printOptions({ locations, generic }: OptOptions): PrintOptions {
  return { locations: locations === true, generic: generic === true };
}

function showTiming(reports: readonly PassReport[], terminal: Terminal): void {
  const width = Math.max(0, ...reports.map(({ pass }) => pass.length));
  for (const { pass, changed, milliseconds, operations } of reports) {
    terminal.err(
      `${pass.padEnd(width)}  ${milliseconds.toFixed(1).padStart(9)} ms  ${String(operations).padStart(8)} ops${changed ? '' : '  unchanged'}\n`,
    );
  }
}

function print(modules: readonly Operation[], options: OptOptions, terminal: Terminal): void {
  const printTo = (write: (chunk: string) => void): void => {
    for (const [index, module] of modules.entries()) {
      if (index > 0) write('// -----\n');
      printModuleTo(module, write, printOptions(options));
    }
  };
  if (options.output === undefined) printTo(terminal.out);
  else writeFilesAtomically([{ path: options.output, write: printTo }]);
}
