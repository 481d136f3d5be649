import { enumeration } from '../../attribute-schema.ts';
import { compatibleDims, describeDim } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { integers, tensorOf, tensorOfRank } from '../../type-constraints.ts';
import { fillPhilox, fillThreefry } from '../shared/random-bits.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, staticResultShape, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';

const algorithms = ['DEFAULT', 'THREE_FRY', 'PHILOX'] as const;

/** DEFAULT is PHILOX, as on XLA's CPU back end. */
const stateSizes: Readonly<Record<(typeof algorithms)[number], readonly number[]>> = {
  DEFAULT: [2, 3],
  THREE_FRY: [2],
  PHILOX: [2, 3],
};

export const rngBitGenerator = defineOp({
  name: 'stablehlo.rng_bit_generator',
  code: 'E2312',
  summary: 'Uniformly random bits from a state, and the state after them; bit for bit those of XLA.',
  spec: 'spec.md#rng_bit_generator',
  operands: [{ name: 'initial_state', type: tensorOfRank(1, integers) }],
  results: [
    { name: 'output_state', type: tensorOfRank(1, integers) },
    { name: 'output', type: tensorOf(['integer', 'unsigned', 'float']) },
  ],
  attributes: { rng_algorithm: enumeration('stablehlo', 'rng_algorithm', algorithms) },
  constraints: {
    C1: 'type(initial_state) = type(output_state)',
    C2: 'size(initial_state) is 2 for THREE_FRY, 2 or 3 for PHILOX and DEFAULT',
  },
  resultConstraint: 'C1',
  assembly: '$initial_state `,` `algorithm` `=` $rng_algorithm attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const state = operandTensor(site, 0);
    const size = dimAt(state.shape, 0);
    const algorithm = site.attrs.rng_algorithm;
    const fits = stateSizes[algorithm].some((allowed) => compatibleDims(size, allowed));
    if (!check.require(fits, 'C2', () => `${describeDim(size)} for ${algorithm}`)) return undefined;
    const output = resultTensor(site, 1);
    return output === undefined ? undefined : [state, output];
  },
  evaluate(site, inputs, context) {
    const state = tensorInput(inputs, 0);
    const declared = requireResult(site, 1);
    const output = context.allocate(resultDType(declared, context), staticResultShape(declared, context));
    const newState = context.allocate(state.dtype, state.shape);
    const words = state.values;
    if (!(words instanceof BigUint64Array)) throw context.unsupported(`a state of ${state.dtype}; it must be ui64`);
    for (const [index, word] of advance(site.attrs.rng_algorithm, [...words], output).entries())
      newState.values[index] = word;
    return [newState, output];
  },
});

/** Fills the output; gives the new state. A Philox counter of one word has the key above it. */
function advance(
  algorithm: (typeof algorithms)[number],
  [key = 0n, low = 0n, high]: readonly bigint[],
  output: Parameters<typeof fillPhilox>[0],
): readonly bigint[] {
  if (algorithm === 'THREE_FRY') return fillThreefry(output, key, low);
  const counter = fillPhilox(output, key, ((high ?? key) << 64n) | low);
  const newLow = BigInt.asUintN(64, counter);
  return high === undefined ? [key, newLow] : [key, newLow, counter >> 64n];
}
