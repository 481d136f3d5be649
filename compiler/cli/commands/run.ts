/** `tessera run MODEL`: evaluates a function on arrays from .npy files. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { constantOfTensor } from '../../../ir/evaluator/constant-value.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../../ir/evaluator/runtime-value.ts';
import { printAttribute } from '../../../ir/text/printer.ts';
import { bindInputs, checkNames, type DimensionSizes, type InputFile } from '../../driver/bind-inputs.ts';
import { filesError, findFunction, type FunctionSignature } from '../../driver/function-signature.ts';
import { decodeNpy, encodeNpy } from '../../files/npy.ts';
import type { RegisterCommand } from '../command.ts';
import { exitCodes, UsageError } from '../exit-code.ts';
import { readModel } from '../read-model.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { writeFileAtomically } from '../write-file.ts';

interface RunOptions {
  readonly fn?: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly dim: readonly string[];
  readonly full?: boolean;
}

/** Results of more elements than this are printed with the middle left out, unless `--full`. */
const shownElements = 1000;

export const registerRun: RegisterCommand = (program, context) => {
  program
    .command('run')
    .summary('run a function of a model on .npy files')
    .description(
      'Runs a function of a model. Inputs are named arg0, arg1, ... and results out0, out1, ... in their order;\n' +
        '--arg0 FILE is short for --in arg0=FILE. Results without an --out are printed.',
    )
    .argument('<model>', 'a .mlir file with StableHLO; - reads standard input')
    .option('--fn <name>', 'the function to run (default: main, or the only public one)')
    .addOption(new Option('--target <name>', 'what runs it').choices(['reference']).default('reference'))
    .option('--in <name=file>', 'an input, from an .npy file (repeatable)', collect, [])
    .option('--out <name=file>', 'write a result to an .npy file (repeatable)', collect, [])
    .option('--dim <name=size>', 'the size of a named dimension (repeatable)', collect, [])
    .option('--full', `print results of more than ${shownElements} elements whole`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(
      context.action((path: string, options: RunOptions, command: Command) => {
        const inputs = [...options.in, ...shorthandInputs(command.args.slice(1))];
        return run(path, { ...options, in: inputs }, context.terminal);
      }),
    );
};

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** `--x FILE` and `--x=FILE`, where no option has that name, mean `--in x=FILE`. */
function shorthandInputs(rest: readonly string[]): string[] {
  const inputs: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const [, name, file] = /^--([\w.]+)(?:=(.*))?$/.exec(rest[at] ?? '') ?? [];
    const value = file ?? rest[++at];
    if (name === undefined || value === undefined || value.startsWith('--')) {
      throw new UsageError(
        `'${rest[at - (file === undefined ? 1 : 0)] ?? ''}' is neither an option nor --NAME FILE for an input`,
      );
    }
    inputs.push(`${name}=${value}`);
  }
  return inputs;
}

function run(path: string, options: RunOptions, terminal: Terminal): (typeof exitCodes)[keyof typeof exitCodes] {
  const outputs = parsePairs('--out', options.out);
  const dims = parseDims(options.dim);
  const inputPaths = parsePairs('--in', options.in);
  const { sink, module } = readModel(path);
  if (module === undefined) return showDiagnostics(sink, terminal);
  const signature = findFunction(module, options.fn);
  checkNames('output', [...outputs.keys()], signature.outputs);
  const inputs = bindInputs(signature, readInputs(inputPaths), dims);
  const results = evaluateFunction(module, signature.name, inputs, {
    host: { print: (line) => terminal.out(`${line}\n`) },
  });
  writeResults(signature, results, outputs, options.full === true, terminal);
  return showDiagnostics(sink, terminal);
}

function parsePairs(option: string, values: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf('=');
    if (at <= 0 || at === value.length - 1) throw new UsageError(`${option} wants NAME=FILE, not '${value}'`);
    const name = value.slice(0, at);
    if (pairs.has(name)) throw new UsageError(`${option} is given twice for '${name}'`);
    pairs.set(name, value.slice(at + 1));
  }
  return pairs;
}

function parseDims(values: readonly string[]): DimensionSizes {
  return new Map(
    values.map((value) => {
      const match = /^([A-Za-z_]\w*)=(\d{1,15})$/.exec(value);
      if (match === null) throw new UsageError(`--dim wants NAME=SIZE, not '${value}'`);
      return [match[1] ?? '', Number(match[2])];
    }),
  );
}

function readInputs(paths: ReadonlyMap<string, string>): Map<string, InputFile> {
  return new Map([...paths].map(([name, path]) => [name, { path, file: decodeNpy(readFileSync(path), path) }]));
}

/** Files are written only once all results are known to be writable. */
function writeResults(
  signature: FunctionSignature,
  results: readonly RuntimeValue[],
  outputs: ReadonlyMap<string, string>,
  isFull: boolean,
  terminal: Terminal,
): void {
  const files: (readonly [path: string, bytes: Uint8Array])[] = [];
  let text = '';
  for (const [index, { name, type }] of signature.outputs.entries()) {
    const value = results[index];
    const path = outputs.get(name);
    if (value?.kind !== 'tensor') {
      if (path !== undefined) throw filesError('E5012', `the result ${name} is ${type.text}, which no .npy file holds`);
      text += `${name}: ${type.text}\n`;
    } else if (path !== undefined) files.push([path, encodeNpy(value)]);
    else if (value.size > shownElements && !isFull)
      text += `${name}: ${value.type.text}, ${value.size} elements; --full prints them, --out ${name}=FILE.npy writes them\n`;
    else text += `${name} = ${printAttribute(constantOfTensor(value))}\n`;
  }
  for (const [path, bytes] of files) writeFileAtomically(path, (write) => write(bytes));
  terminal.out(text);
}
