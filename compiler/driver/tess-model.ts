/** A `.tess` file to a verified module: loaded with what it uses, elaborated for the sizes and settings that are given. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { DimSymbol } from '../../ir/dimension.ts';
import { dimSymbol } from '../../ir/dimension.ts';
import type { DType } from '../../ir/dtype.ts';
import type { Operation } from '../../ir/operation.ts';
import { verify } from '../../ir/verifier.ts';
import { checkProgram } from '../dsl/check-program.ts';
import { elaborateProgram, type SizeChoice } from '../dsl/elaborate.ts';
import { inferDimensions } from '../dsl/infer-dimensions.ts';
import { loadProgram, type Program } from '../dsl/load-program.ts';
import { programParameters } from '../dsl/program-parameters.ts';
import { standardLibrary } from '../dsl/standard-library.ts';
import { checkNames, type GivenInput } from './bind-inputs.ts';
import { type DimensionChoices } from './dimensions.ts';
import { filesError } from './function-signature.ts';
import type { ModelFiles } from './model-files.ts';
import type { ModelParameters } from './model-parameters.ts';

/** What is asked of a program beyond its text. */
export interface ProgramOptions {
  /** The only function to make; all exported ones unless given. */
  readonly functionName?: string | undefined;
  readonly dimensions?: DimensionChoices | undefined;
  /** `--set hidden=256` */
  readonly settings?: ReadonlyMap<string, string> | undefined;
  /** Arrays that a function is called with: their shapes say what its binders are. */
  readonly inputs?: ReadonlyMap<string, GivenInput> | undefined;
}

export interface TessModel {
  readonly module: Operation;
  readonly parameters: ModelParameters;
}

export function isTess(path: string): boolean {
  return path.endsWith('.tess');
}

/** Undefined when something is wrong with it; what, is in the sink. */
export function readTess(
  path: string,
  files: ModelFiles,
  options: ProgramOptions,
  sink: DiagnosticSink,
): TessModel | undefined {
  const program = loadProgram(path, files, standardLibrary, sink);
  if (program === undefined || sink.hasErrors) return undefined;
  const settings = options.settings ?? new Map<string, string>();
  const dims = new Map([...inferred(program, options, settings, sink), ...chosen(options.dimensions ?? new Map())]);
  if (sink.hasErrors) return undefined;
  const elaborated = elaborateProgram(program, { dims, settings, only: options.functionName }, sink);
  if (elaborated === undefined) return undefined;
  verify(elaborated.module, sink);
  return sink.hasErrors ? undefined : { module: elaborated.module, parameters: programParameters(elaborated) };
}

function chosen(choices: DimensionChoices): ReadonlyMap<string, SizeChoice> {
  const sizes = new Map<string, SizeChoice>();
  for (const [name, choice] of choices) {
    if (choice.kind === 'open') sizes.set(name, { max: choice.max });
    else if (choice.kind === 'same')
      throw filesError('E5011', `--dim ${name}=${choice.name}: binders of the language have names of their own`);
    else if (choice.sizes[0] !== undefined) sizes.set(name, choice.sizes[0]);
  }
  return sizes;
}

function inferred(
  program: Program,
  { inputs, functionName, dimensions }: ProgramOptions,
  settings: ReadonlyMap<string, string>,
  sink: DiagnosticSink,
): ReadonlyMap<string, number> {
  if (inputs === undefined || inputs.size === 0) return new Map();
  const wrongRanks: string[] = [];
  const shapeOf = (name: string, dtype: DType, rank: number): readonly number[] | undefined => {
    const given = inputs.get(name);
    const shape = given?.read(
      dtype,
      Array.from({ length: rank }, (): DimSymbol => dimSymbol('')),
    ).shape;
    if (given === undefined || shape?.length === rank) return shape;
    wrongRanks.push(`${given.place}: the array is [${shape?.join(', ')}], but ${name} has ${rank} axes`);
    return undefined;
  };
  const found = inferDimensions(program, functionName, settings, shapeOf, sink);
  if (found.inputs !== undefined) checkNames('input', [...inputs.keys()], found.inputs, sink);
  const choices = [...(dimensions?.keys() ?? [])].map((name) => name.slice(name.indexOf('.') + 1));
  // An array without a shape is one row of elements; with all sizes given that is enough.
  const isOpen = found.open.some((name) => !choices.includes(name));
  for (const message of isOpen ? wrongRanks : []) sink.report(filesError('E5006', message).diagnostic);
  return found.sizes;
}

/** Whatever is wrong with a program, for all sizes, is in the sink. */
export function checkTess(
  path: string,
  files: ModelFiles,
  settings: ReadonlyMap<string, string>,
  sink: DiagnosticSink,
): void {
  const program = loadProgram(path, files, standardLibrary, sink);
  if (program !== undefined) checkProgram(program, sink, { settings });
}
