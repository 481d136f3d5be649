/** What is said of a model besides its text: the sizes it leaves open, and the settings of a program. */
import type { DimensionChoice, DimensionChoices } from '../driver/dimensions.ts';
import type { ProgramOptions } from '../driver/tess-model.ts';

/** One size; several, each compiled for, chosen by the shapes of a call; any size up to a bound; the same as another dimension's. */
export type DimensionSize = number | readonly number[] | { readonly max: number } | { readonly same: string };

export interface ModelOptions {
  /** The function: `main`, or the only public one, unless given. */
  readonly fn?: string;
  /** Sizes left open, by name (`n`) or for one function (`predict.n`). */
  readonly dims?: Readonly<Record<string, DimensionSize>>;
  /** Compile-time parameters of a program's model: `{ hidden: 256 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Weights of a program's model among the files: `weights.safetensors`, or the index of several. */
  readonly params?: string;
}

export function dimensionChoices(dims: Readonly<Record<string, DimensionSize>> = {}): DimensionChoices {
  return new Map(Object.entries(dims).map(([name, size]) => [name, dimensionChoice(size)]));
}

function dimensionChoice(size: DimensionSize): DimensionChoice {
  if (typeof size === 'number') return { kind: 'sizes', sizes: [size] };
  if ('max' in size) return { kind: 'open', max: size.max };
  return 'same' in size ? { kind: 'same', name: size.same } : { kind: 'sizes', sizes: size };
}

export function programOptions(options: ModelOptions): ProgramOptions {
  return { functionName: options.fn, dimensions: dimensionChoices(options.dims), settings: settingsOf(options) };
}

export function settingsOf({ settings = {} }: ModelOptions): ReadonlyMap<string, string> {
  return new Map(Object.entries(settings).map(([name, value]) => [name, String(value)]));
}
