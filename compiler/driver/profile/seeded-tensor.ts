/** Made-up arguments: the same for the same seed on every machine. */
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { encodeFloat, floatFormats, isFloatFormatName } from '../../../ir/numerics/index.ts';

/** Floats within [-1, 1); integers from 0 to 99, or what their type holds; booleans of either kind. */
export function seededTensor(dtype: DType, shape: readonly number[], seed: number): Tensor {
  const { kind } = dtypeInfo(dtype);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = allocateElements(dtype, size);
  const next = generator(seed);
  for (let index = 0; index < values.length; index += 1) {
    const random = next();
    if (kind === 'boolean') values[index] = random < 0.5 ? 0 : 1;
    else if (kind === 'float' || kind === 'complex') writeFloat(values, index, dtype, 2 * random - 1);
    else writeInteger(values, index, Math.floor(random * mostInteger(dtype)));
  }
  return new Tensor(dtype, shape, values);
}

function mostInteger(dtype: DType): number {
  return dtype === 'i2' || dtype === 'ui2' ? 2 : dtype === 'i4' || dtype === 'ui4' ? 8 : 100;
}

function writeFloat(values: ElementsArray, index: number, dtype: DType, value: number): void {
  const isStored = values instanceof Float32Array || values instanceof Float64Array;
  if (isStored || !isFloatFormatName(dtype)) values[index] = value;
  else values[index] = encodeFloat(value, floatFormats[dtype]);
}

function writeInteger(values: ElementsArray, index: number, value: number): void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = BigInt(value);
  else values[index] = value;
}

/** Park and Miller's minimal standard generator (1988), in [0, 1). */
function generator(seed: number): () => number {
  let state = (seed * 48_271) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
