import { enumeration } from '../../attribute-schema.ts';
import { compatibleDims, describeDim } from '../../dimension.ts';
import { dtypeInfo, isFloatDType } from '../../dtype.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { cos, floatFormats, isFloatFormatName, log, roundToFormat } from '../../numerics/index.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { elementKind, integers, tensorOf, tensorOfRank } from '../../type-constraints.ts';
import { elementText } from '../../types.ts';
import { floatSlots, storeFloats } from '../shared/float-values.ts';
import { RandomStream } from '../shared/random-stream.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';

const drawable = ['boolean', 'integer', 'unsigned', 'float'] as const;

/** Integers of `[a, b)`; `a` where that is empty. The bias of the remainder is below 2^-32 for ranges of 32 bits. */
function drawIntegers(stream: RandomStream, a: Tensor, b: Tensor, result: Tensor): void {
  const low = BigInt(a.values[0] ?? 0);
  const span = BigInt(b.values[0] ?? 0) - low;
  const isWide = dtypeInfo(result.dtype).bits === 64;
  for (let index = 0; index < result.size; index++) {
    const value = span > 0n ? low + (stream.nextBits() % span) : low;
    result.values[index] = isWide ? value : Number(value);
  }
}

/** Floats of `[a, b)`: a value that rounds up to `b` becomes `a`. */
function drawUniform(stream: RandomStream, a: Tensor, b: Tensor, result: Tensor): void {
  const [low, high] = [floatSlots(a)[0] ?? 0, floatSlots(b)[0] ?? 0];
  const { dtype } = result;
  const values = new Float64Array(result.size);
  for (let index = 0; index < values.length; index++) {
    const value = low + (high - low) * stream.nextFraction();
    const rounded = isFloatFormatName(dtype) ? roundToFormat(value, floatFormats[dtype]) : value;
    values[index] = rounded < high ? rounded : low;
  }
  storeFloats(values, result);
}

/** The transform of Box and Muller (1958), one value a pair. */
function drawNormal(stream: RandomStream, mean: Tensor, deviation: Tensor, result: Tensor): void {
  const [mu, sigma] = [floatSlots(mean)[0] ?? 0, floatSlots(deviation)[0] ?? 0];
  const values = new Float64Array(result.size);
  for (let index = 0; index < values.length; index++) {
    const radius = Math.sqrt(-2 * log(1 - stream.nextFraction()));
    values[index] = mu + sigma * radius * cos(2 * Math.PI * stream.nextFraction());
  }
  storeFloats(values, result);
}

export const rng = defineOp({
  name: 'stablehlo.rng',
  code: 'E2311',
  summary: 'Random numbers, uniform in [a, b) or normal with mean a and standard deviation b; reproducible.',
  spec: 'spec.md#rng',
  operands: [
    { name: 'a', type: tensorOfRank(0, drawable) },
    { name: 'b', type: tensorOfRank(0, drawable) },
    { name: 'shape', type: tensorOfRank(1, integers) },
  ],
  results: [{ name: 'result', type: tensorOf(drawable) }],
  attributes: { rng_distribution: enumeration('stablehlo', 'rng_distribution', ['UNIFORM', 'NORMAL']) },
  effects: 'effect',
  constraints: {
    C1: 'element_type(a) = element_type(b) = element_type(result)',
    C2: 'if rng_distribution = NORMAL, then is_float(a)',
    C3: 'shape(result) = shape',
  },
  assembly:
    '$a `,` $b `,` $shape `,` `distribution` `=` $rng_distribution attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const [a, b, shape] = [operandTensor(site, 0), operandTensor(site, 1), operandTensor(site, 2)];
    const result = resultTensor(site) ?? a;
    check.require(
      a.element === b.element && a.element === result.element,
      'C1',
      () => `${elementText(a.element)}, ${elementText(b.element)} and ${elementText(result.element)}`,
    );
    check.require(site.attrs.rng_distribution !== 'NORMAL' || elementKind(a.element) === 'float', 'C2', () =>
      elementText(a.element),
    );
    const rank = dimAt(shape.shape, 0);
    check.require(
      compatibleDims(rank, result.shape.length),
      'C3',
      () => `size(shape) is ${describeDim(rank)}, the rank of the result ${result.shape.length}`,
    );
  },
  evaluate(site, inputs, context) {
    const [a, b] = [tensorInput(inputs, 0), tensorInput(inputs, 1)];
    const shape = requireRuntimeShape(tensorInput(inputs, 2).integers(), requireResult(site), context);
    const result = context.allocate(a.dtype, shape);
    const stream = new RandomStream(context);
    if (!isFloatDType(a.dtype)) drawIntegers(stream, a, b, result);
    else if (site.attrs.rng_distribution === 'NORMAL') drawNormal(stream, a, b, result);
    else drawUniform(stream, a, b, result);
    return [result];
  },
});
