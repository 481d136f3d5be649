/** Options of commands that run a compiled function here: which, for what sizes, on what. */
import type { Command } from 'commander';
import type { GivenInput } from '../driver/bind-inputs.ts';
import { filesError } from '../driver/function-signature.ts';
import { hasRelaxedSimd } from '../driver/profile/measured-peak.ts';
import type { FunctionRequest } from '../driver/profile/prepared-function.ts';
import { UsageError } from './exit-code.ts';
import { npyInput, splitNamedFile } from './npy-input.ts';
import { collectValues, parseDimensions, parseSeed, parseSettings } from './option-values.ts';
import { diskFiles, openBytes } from './read-file.ts';

export interface FunctionOptions {
  readonly fn?: string;
  readonly in?: readonly string[];
  readonly dim?: readonly string[];
  readonly set?: readonly string[];
  readonly params?: string;
  readonly seed?: string;
  readonly relaxed?: boolean;
}

export function addFunctionOptions(command: Command): Command {
  return command
    .argument('<model>', 'a .tess program, or a .mlir file with StableHLO; - reads StableHLO from standard input')
    .option('--fn <name>', 'the function (default: main, or the only public one)')
    .option('--in <name=file>', 'an input from an .npy file (repeatable); others are made up', collectValues)
    .option(
      '--dim <name=size>',
      'the size of an open dimension, NAME=..64 for one left open (repeatable)',
      collectValues,
    )
    .option('--set <name=value>', 'a compile-time parameter of a program (repeatable)', collectValues)
    .option('--params <file>', 'weights for the parameters, from .safetensors: folded and packed into the module')
    .option('--seed <number>', 'what parameters are made from that no file has (default: 0)')
    .option('--relaxed', 'with relaxed SIMD (default: where this engine has it)')
    .option('--no-relaxed', 'without');
}

function namedInput(pair: string): readonly [string, GivenInput] {
  const [name, path] = splitNamedFile('--in', pair);
  return [name, npyInput(path)];
}

export function functionRequest(path: string, options: FunctionOptions): FunctionRequest {
  const { fn, in: pairs = [], dim, set, params, seed } = options;
  const dimensions = parseDimensions(dim);
  for (const [name, choice] of dimensions)
    if (choice.kind === 'sizes' && choice.sizes.length > 1)
      throw new UsageError(`--dim wants one size here, not several for '${name}'`);
  return {
    path,
    files: diskFiles,
    functionName: fn,
    dimensions,
    settings: parseSettings(set),
    weights: { path: params, open: openBytes },
    inputs: new Map(pairs.map(namedInput)),
    seed: parseSeed(seed),
  };
}

/** As asked; else what the engine has. */
export function wantsRelaxed(asked: boolean | undefined): boolean {
  if (asked === true && !hasRelaxedSimd())
    throw filesError('E5021', 'this engine has no relaxed SIMD', {
      kind: 'unsupported',
      hint: 'Node 22 or newer has it; without --relaxed the baseline is measured here',
    });
  return asked ?? hasRelaxedSimd();
}
