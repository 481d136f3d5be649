/** `tessera run MODEL`: evaluates a function on arrays from .npy files. */
import { type Command, Option } from 'commander';
import { isTensor } from '../../../ir/types.ts';
import type { DimensionSizes, GivenInput } from '../../driver/bind-inputs.ts';
import { filesError } from '../../driver/function-signature.ts';
import { readModel } from '../../driver/load-model.ts';
import { type NamedResult, runModel, type RunRequest } from '../../driver/run-model.ts';
import { type RunTarget, runTargets } from '../../driver/run-target.ts';
import { tensorText } from '../../driver/tensor-text.ts';
import { portTypeText } from '../../driver/type-text.ts';
import { defaultsWith, readWeights } from '../../driver/weights.ts';
import { encodeNpy } from '../../files/npy.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, UsageError } from '../exit-code.ts';
import { nodeThreads } from '../node-threads.ts';
import { npyInput, splitNamedFile } from '../npy-input.ts';
import {
  collectValues,
  parseDimensions,
  parseSeed,
  parseSettings,
  parseSizes,
  parseThreads,
} from '../option-values.ts';
import { diskFiles, openBytes } from '../read-file.ts';
import { schedulesOf, schedulesOption } from '../read-schedules.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { type OutputFile, writeFilesAtomically } from '../write-file.ts';

interface RunOptions {
  readonly fn?: string;
  readonly in?: readonly string[];
  readonly out?: readonly string[];
  readonly dim?: readonly string[];
  readonly set?: readonly string[];
  readonly params?: string;
  readonly seed?: string;
  readonly threads?: string;
  readonly full?: boolean;
  readonly schedules?: string;
  readonly target: RunTarget;
}

/** Results of more elements than this are printed with their middle left out, unless `--full`. */
const shownElements = 1000;

export const registerRun: RegisterCommand = (program, context) => {
  program
    .command('run')
    .summary('run a function of a model on .npy files')
    .description(
      'Runs a function of a model. Inputs are named arg0, arg1, ... and results out0, out1, ... in their order. ' +
        'Results without an --out are printed.',
    )
    .argument('<model>', 'a .tess program, or a .mlir file with StableHLO; - reads StableHLO from standard input')
    .option('--fn <name>', 'the function to run (default: main, or the only public one)')
    .addOption(new Option('--target <name>', 'what runs it').choices(runTargets).default('reference'))
    .option('--in <name=file>', 'an input from an .npy file (repeatable); --NAME FILE is short for it', collectValues)
    .option('--out <name=file>', 'write a result to an .npy file (repeatable)', collectValues)
    .option('--dim <name=size>', 'the size of an open dimension, or FN.NAME=SIZE (repeatable)', collectValues)
    .option('--set <name=value>', 'a compile-time parameter of a program (repeatable)', collectValues)
    .option('--params <file>', 'the parameters, from a .safetensors file or the index of several')
    .option('--seed <number>', 'what parameters are made from that no file has (default: 0)')
    .option('--threads <number>', 'threads that a run on --target wasm uses (default: 1)')
    .option(...schedulesOption)
    .option('--full', `print results of more than ${shownElements} elements whole`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(
      context.action((_: string, options: RunOptions, command: Command) => {
        const { path, inputs } = splitArguments(command.args);
        return run(path, { ...options, in: [...(options.in ?? []), ...inputs] }, context.terminal);
      }),
    );
};

/** What is no option: the model, and `--x FILE` or `--x=FILE`, which mean `--in x=FILE` where no option has that name. */
function splitArguments(args: readonly string[]): { readonly path: string; readonly inputs: readonly string[] } {
  const inputs: string[] = [];
  const paths: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [, name, file] = /^--([A-Za-z_][\w.]*)(?:=(.*))?$/.exec(arg) ?? [];
    if (name === undefined) {
      if (arg.startsWith('-') && arg !== '-') throw new UsageError(`unknown option '${arg}'`);
      paths.push(arg);
      continue;
    }
    const value = file ?? args[++at];
    if (value === undefined || value.startsWith('--')) {
      throw new UsageError(`'${arg}' is neither an option nor, without a file after it, an input`);
    }
    inputs.push(`${name}=${value}`);
  }
  const [path, extra] = paths;
  if (path === undefined) throw new UsageError("missing required argument 'model'");
  if (extra !== undefined) throw new UsageError(`'${extra}' is one argument too many; inputs are given as --NAME FILE`);
  return { path, inputs };
}

function run(path: string, options: RunOptions, terminal: Terminal): ExitCode {
  const outputs = parsePairs('--out', options.out ?? []);
  checkDistinct([...outputs.values()]);
  const inputPaths = parsePairs('--in', options.in ?? []);
  const sizes = parseSizes(options.dim, options.fn);
  const inputs = new Map([...inputPaths].map(([name, file]) => [name, npyInput(file)]));
  const { fn: functionName, dim, set } = options;
  const asked = { functionName, dimensions: parseDimensions(dim), settings: parseSettings(set), inputs };
  const { sink, module, parameters } = readModel(path, diskFiles, asked);
  const request = requestOf(options, inputs, outputs, parameters === undefined ? sizes : new Map(), terminal);
  const seed = parseSeed(options.seed);
  const weights = readWeights({ path: options.params, parameters, open: openBytes }, sink);
  const defaults = defaultsWith(weights ?? new Map(), parameters, seed);
  const threads = parseThreads(options.threads);
  if (threads > 1 && options.target !== 'wasm') throw new UsageError('--threads wants --target wasm');
  const host = threads > 1 ? nodeThreads(threads) : undefined;
  const results = module && weights && runModel(module, { ...request, defaults, host }, sink);
  host?.end();
  if (results !== undefined) writeResults(results, outputs, { isFull: options.full === true }, terminal);
  return showDiagnostics(sink, terminal);
}

function requestOf(
  { fn, target, schedules }: RunOptions,
  inputs: ReadonlyMap<string, GivenInput>,
  outputs: ReadonlyMap<string, string>,
  sizes: DimensionSizes,
  terminal: Terminal,
): RunRequest {
  const evaluation = { host: { print: (line: string) => terminal.out(`${line}\n`) } };
  return {
    functionName: fn,
    inputs,
    sizes,
    outputs: [...outputs.keys()],
    target,
    evaluation,
    schedules: schedulesOf(schedules),
  };
}

function parsePairs(option: string, values: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const value of values) {
    const [name, path] = splitNamedFile(option, value);
    if (pairs.has(name)) throw new UsageError(`${option} is given twice for '${name}'`);
    pairs.set(name, path);
  }
  return pairs;
}

function checkDistinct(paths: readonly string[]): void {
  for (const [index, path] of paths.entries()) {
    if (paths.indexOf(path) !== index) throw new UsageError(`--out: two results cannot both be written to ${path}`);
  }
}

/** Files are written only once all results are known to be writable. */
function writeResults(
  results: readonly NamedResult[],
  outputs: ReadonlyMap<string, string>,
  { isFull }: { readonly isFull: boolean },
  terminal: Terminal,
): void {
  const files: OutputFile[] = [];
  let text = '';
  for (const result of results) {
    const { name, value } = result;
    const path = outputs.get(name);
    if (path === undefined) text += resultText(result, isFull ? Infinity : shownElements);
    else if (value?.kind === 'tensor') {
      const bytes = encodeNpy(value);
      files.push({ path, write: (chunk) => chunk(bytes) });
    } else throw filesError('E5012', `the result ${name} is ${portTypeText(result)}, which no .npy file holds`);
  }
  writeFilesAtomically(files);
  terminal.out(text);
}

function resultText({ name, value, type, role }: NamedResult, limit: number): string {
  if (value?.kind !== 'tensor') return `${name}: ${type.text}\n`;
  // What is declared may leave sizes open; what is computed does not know that its integers are quantised.
  const shown = isTensor(type) && typeof type.element !== 'string' ? type : value.type;
  const note = value.size > limit ? `  (${value.size} elements; --full prints them all)` : '';
  return `${name}: ${portTypeText({ type: shown, role })}${note}\n${tensorText(value, { limit })}\n`;
}
