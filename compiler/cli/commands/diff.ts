/** `tessera diff MODEL`: runs every target, and names the first op on which one differs. */
import { DiagnosticError, type DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Dim, DimSymbol } from '../../../ir/dimension.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import type { Operation } from '../../../ir/operation.ts';
import { isTensor } from '../../../ir/types.ts';
import { parsePassList } from '../../../passes/pass-list.ts';
import { runPasses } from '../../../passes/pass-manager.ts';
import { bindInputs, checkNamesGiven, type DimensionSizes, type GivenInput } from '../../driver/bind-inputs.ts';
import { findDifferences, sampleTensor } from '../../driver/diff-targets.ts';
import { nameOfDim } from '../../driver/dimensions.ts';
import { filesError, findFunction, type FunctionSignature, type NamedType } from '../../driver/function-signature.ts';
import { readModel } from '../../driver/load-model.ts';
import { withDefaults } from '../../driver/run-model.ts';
import { type RunTarget, runTargets } from '../../driver/run-target.ts';
import type { ProgramOptions } from '../../driver/tess-model.ts';
import { defaultsWith, readWeights } from '../../driver/weights.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, UsageError } from '../exit-code.ts';
import { npyInput } from '../npy-input.ts';
import { collectValues, parseDimensions, parseSeed, parseSettings, parseSizes } from '../option-values.ts';
import { diskFiles, openBytes } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';

interface DiffOptions {
  readonly fn?: string;
  readonly targets: string;
  readonly in?: readonly string[];
  readonly dim?: readonly string[];
  readonly set?: readonly string[];
  readonly params?: string;
  readonly seed?: string;
}

export const registerDiff: RegisterCommand = (program, context) => {
  program
    .command('diff')
    .summary('run a function on several targets and compare')
    .description(
      'Runs a function on every target, on the files given or on numbers made up, and names the first op whose result ' +
        'differs from that of the first target. Floats may differ by roundings.',
    )
    .argument('<model>', 'a .tess program, or a .mlir file with StableHLO')
    .option('--fn <name>', 'the function to run (default: main, or the only public one)')
    .option('--targets <names>', `which, with commas between: ${runTargets.join(', ')}`, runTargets.join(','))
    .option('--in <name=file>', 'an input from an .npy file (repeatable)', collectValues)
    .option('--dim <name=size>', 'the size of an open dimension, or FN.NAME=SIZE (repeatable)', collectValues)
    .option('--set <name=value>', 'a compile-time parameter of a program (repeatable)', collectValues)
    .option('--params <file>', 'the parameters, from a .safetensors file or the index of several')
    .option('--seed <number>', 'what parameters are made from that no file has (default: 0)')
    .action(context.action((path: string, options: DiffOptions) => diff(path, options, context.terminal)));
};

function parseTargets(text: string): readonly RunTarget[] {
  const names = text.split(',');
  const targets = runTargets.filter((target) => names.includes(target));
  const unknown = names.find((name) => !runTargets.some((target) => target === name));
  if (unknown !== undefined) throw new UsageError(`--targets has '${unknown}'; there are ${runTargets.join(', ')}`);
  if (targets.length < 2) throw new UsageError('--targets wants two at least');
  return names.flatMap((name) => targets.filter((target) => target === name));
}

function diff(path: string, options: DiffOptions, terminal: Terminal): ExitCode {
  const targets = parseTargets(options.targets);
  const { fn: functionName, dim, set, in: pairs = [] } = options;
  const files = new Map(pairs.map(splitPair));
  const asked = {
    functionName,
    dimensions: parseDimensions(dim),
    settings: parseSettings(set),
    inputs: new Map([...files].map(([name, file]) => [name, npyInput(file)])),
  };
  const { sink, module, parameters } = readModel(path, diskFiles, asked);
  if (module === undefined) return showDiagnostics(sink, terminal);
  // A program is made for its sizes; nothing is left open.
  const sizes = parameters === undefined ? parseSizes(dim, functionName) : new Map<string, number>();
  const weights = readWeights({ path: options.params, parameters, open: openBytes }, sink);
  if (weights === undefined) return showDiagnostics(sink, terminal);
  const defaults = defaultsWith(weights, parameters, parseSeed(options.seed));
  const signature = findFunction(module, functionName);
  const inputs = makeInputs(signature, withDefaults(signature, asked.inputs, defaults), sizes, sink);
  if (inputs === undefined) return showDiagnostics(sink, terminal);
  const read = (): FreshModel => readInlined(path, asked);
  const differences = findDifferences({ read, inputs, targets });
  for (const { target, op, detail } of differences)
    sink.report({
      code: 'E5015',
      message:
        op === undefined
          ? `on ${target} the results differ from those on ${targets[0] ?? ''}, though no op does on its own: ${detail}`
          : `${op.name}: on ${target} the result differs from that on ${targets[0] ?? ''}: ${detail}`,
      span: op?.span,
      location: op?.location,
    });
  if (differences.length === 0) terminal.out(`no difference between ${targets.join(', ')}\n`);
  return showDiagnostics(sink, terminal);
}

interface FreshModel {
  readonly module: Operation;
  readonly signature: FunctionSignature;
}

/** Read anew, so that each run may change it. */
function readInlined(path: string, asked: ProgramOptions): FreshModel {
  const { sink, module } = readModel(path, diskFiles, asked);
  const [error] = sink.all.filter(({ severity }) => severity === 'error');
  if (module === undefined) throw new DiagnosticError(error ?? { code: 'E5013', message: `${path} has changed` });
  const passes = parsePassList('inline');
  if (passes.kind === 'passes') runPasses(module, passes.invocations, sink);
  return { module, signature: findFunction(module, asked.functionName) };
}

/** Arrays from the files given, and made-up ones of sizes that fit those. Undefined, with errors in the sink, when one does not fit. */
function makeInputs(
  signature: FunctionSignature,
  files: ReadonlyMap<string, GivenInput>,
  sizes: DimensionSizes,
  sink: DiagnosticSink,
): readonly Tensor[] | undefined {
  checkNamesGiven(signature, { inputs: [...files.keys()], outputs: [], sizes }, sink);
  if (sink.hasErrors) return undefined;
  const given = new Map(files);
  // The sizes of the files first: what is made up fits them.
  if (bindInputs(signature, given, sizes, sink) === undefined) return undefined;
  for (const [index, input] of signature.inputs.entries()) {
    const { shape } = tensorType(signature.name, input);
    const size = (dim: Dim, axis: number): number =>
      typeof dim === 'number' ? dim : (sizes.get(nameOfDim(dim, input.name, axis)) ?? sizeOf(dim));
    const read = (dtype: Tensor['dtype']): Tensor => sampleTensor(dtype, shape.map(size), index);
    if (!given.has(input.name)) given.set(input.name, { place: 'an array made up', read });
  }
  const values = bindInputs(signature, given, sizes, sink);
  return values?.filter((value): value is Tensor => value.kind === 'tensor');
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  if (at <= 0) throw new UsageError(`--in wants NAME=FILE, not '${pair}'`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function tensorType(name: string, input: NamedType): { dtype: Tensor['dtype']; shape: readonly Dim[] } {
  const { type } = input;
  if (isTensor(type) && typeof type.element === 'string') return { dtype: type.element, shape: type.shape };
  throw filesError(
    'E5012',
    `the argument ${input.name} of @${name} is ${type.text}, for which no numbers can be made up`,
    {
      kind: 'unsupported',
    },
  );
}

/** Open sizes are small, and not a multiple of a vector. */
function sizeOf({ max = 5 }: DimSymbol): number {
  return Math.min(max, 5);
}
