/** What is said of a model besides its text: the sizes it leaves open, and the settings of a program. */
import type { DimensionChoice, DimensionChoices } from '../driver/dimensions.ts';
import type { ProgramOptions } from '../driver/tess-model.ts';

/** One size; any size up to a bound; the same as another dimension's. */
export type DimensionSize = number | { readonly max: number } | { readonly same: string };

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
  return { kind: 'same', name: size.same };
}

export function programOptions({ fn, dims, settings = {} }: ModelOptions): ProgramOptions {
  const texts = Object.entries(settings).map(([name, value]): [string, string] => [name, String(value)]);
  return { functionName: fn, dimensions: dimensionChoices(dims), settings: new Map(texts) };
}
