/** The parameters of a model: what `tessera params` lists, and what weights are matched with. */
import type { DType } from '../../ir/dtype.ts';
import { storageBytes } from '../../ir/dtype.ts';
import { shapeSize } from '../../ir/evaluator/tensor.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';

export interface ModelParameter {
  /** The path of fields, which is its name in safetensors: `blocks.0.qkv.weight`. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** `state` is written by the model's own functions (running statistics), `param` by a training step at most. */
  readonly role: 'param' | 'state';
  /** Its value before any training, from a seed and its name. */
  readonly initial: (seed: bigint) => Tensor;
}

/** In the order of their declaration. */
export type ModelParameters = readonly ModelParameter[];

/** What a run takes where no value is given, by name. */
export function defaultsOf(parameters: ModelParameters, seed: bigint): ReadonlyMap<string, () => Tensor> {
  return new Map(parameters.map(({ name, initial }) => [name, () => initial(seed)]));
}

export interface ParameterTotals {
  readonly count: number;
  /** Elements of all of them. */
  readonly elements: number;
  readonly bytes: number;
}

export function parameterBytes({ dtype, shape }: Pick<ModelParameter, 'dtype' | 'shape'>): number {
  return shapeSize(shape) * storageBytes(dtype);
}

export function totalsOf(parameters: ModelParameters): ParameterTotals {
  const elements = parameters.reduce((sum, { shape }) => sum + shapeSize(shape), 0);
  return { count: parameters.length, elements, bytes: parameters.reduce((sum, each) => sum + parameterBytes(each), 0) };
}
