import { bool, i64, optional } from '../../attribute-schema.ts';
import { compatibleDims, type Dim, dynamicDim, isStaticDim, mergeDims } from '../../dimension.ts';
import type { RuntimeValue } from '../../evaluator/runtime-value.ts';
import { type ConstraintCheck, defineOp } from '../../op-definition.ts';
import { resultTensor, type OpSite } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { isTensor, tensorType, type Type } from '../../types.ts';
import {
  describeSignature,
  describeTypes,
  compatibleTypeLists,
  regionInputs,
  regionOutputs,
} from '../shared/region-signature.ts';
import { asTensor } from '../shared/runtime-tensors.ts';
import { segmentSizes } from '../shared/segments.ts';
import { dimAt } from '../shared/shapes.ts';
import { sliceAt, storeAt } from '../shared/axis-slices.ts';

const attributes = {
  dimension: i64(),
  is_associative: optional(bool()),
  is_reverse: optional(bool()),
  /** inputs, inits. */
  operandSegmentSizes: segmentSizes(2),
  /** outputs, carries. */
  resultSegmentSizes: segmentSizes(2),
  scan_dim_size: optional(i64()),
};

type Site = OpSite<typeof attributes>;

function inputCount(site: Site): number {
  return site.attrs.operandSegmentSizes[0] ?? 0;
}

/** C1 and C2: the size that all inputs have along the dimension; undefined when a constraint does not hold. */
function scannedSize(site: Site, check: ConstraintCheck): Dim | undefined {
  const { dimension, scan_dim_size: given } = site.attrs;
  let size: Dim = given ?? dynamicDim;
  for (const [index, type] of site.operandTypes.slice(0, inputCount(site)).entries()) {
    const shape = isTensor(type) ? type.shape : [];
    const isAxis = dimension >= 0 && dimension < shape.length;
    const describe = (): string => `dimension = ${dimension}, input ${index} is ${type.text}`;
    if (!check.require(isAxis, 'C1', describe)) return undefined;
    const own = dimAt(shape, dimension);
    if (!check.require(compatibleDims(size, own), 'C2', describe)) return undefined;
    size = mergeDims(size, own);
  }
  return size;
}

function withoutAxis(type: Type, axis: number): Type {
  return isTensor(type) ? tensorType(type.shape.toSpliced(axis, 1), type.element) : type;
}

function withAxis(type: Type, axis: number, size: Dim): Type {
  return isTensor(type) ? tensorType(type.shape.toSpliced(axis, 0, size), type.element) : type;
}

function inferTypes(site: Site, check: ConstraintCheck): readonly Type[] | undefined {
  const { dimension, operandSegmentSizes: operands, resultSegmentSizes: results } = site.attrs;
  const [body] = site.regions;
  const count = inputCount(site);
  const fits = site.operandTypes.length === count + (operands[1] ?? 0) && operands[1] === results[1];
  const describe = (): string => `${operands.join(' and ')} operands, ${results.join(' and ')} results`;
  if (!check.require(fits && count + (results[0] ?? 0) > 0, 'C3', describe)) return undefined;
  const size = scannedSize(site, check);
  if (size === undefined || body === undefined) return undefined;
  const inits = site.operandTypes.slice(count);
  const parameters = [...site.operandTypes.slice(0, count).map((type) => withoutAxis(type, dimension)), ...inits];
  const outputs = regionOutputs(body);
  const describeBody = (): string =>
    `body is ${describeSignature(body)}, the operands are ${describeTypes(site.operandTypes)}`;
  if (!check.require(compatibleTypeLists(regionInputs(body), parameters), 'C4', describeBody)) return undefined;
  const outputCount = results[0] ?? 0;
  const carriesFit = compatibleTypeLists(outputs.slice(outputCount), inits);
  if (!check.require(carriesFit, 'C5', describeBody)) return undefined;
  const canStack = outputs
    .slice(0, outputCount)
    .every((type) => isTensor(type) && dimension <= type.shape.length && dimension >= 0);
  if (!check.require(canStack, 'C1', describeBody)) return undefined;
  return [...outputs.slice(0, outputCount).map((type) => withAxis(type, dimension, size)), ...inits];
}

export const scan = defineOp({
  name: 'chlo.scan',
  code: 'E2646',
  summary:
    'The body applied to each slice of the inputs along a dimension in turn, handing on the carries; its other results, stacked.',
  spec: 'chlo.md#chloscan',
  operands: [{ name: 'operands', type: anyTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: anyTensor, arity: 'variadic' }],
  attributes,
  regions: [{ name: 'body' }],
  effects: 'regions',
  constraints: {
    C1: '0 <= dimension < rank(inputs...), and rank(outputs...)',
    C2: 'dim(inputs..., dimension) = scan_dim_size, all equal',
    C3: 'as many carries as inits, and at least one input or output',
    C4: 'body takes a slice of each input, without the dimension, and a carry of the type of each init',
    C5: 'body gives slices of the outputs and carries of the types of the inits',
    C6: 'type(results...) = the slices with the dimension put in, and type(inits...)',
  },
  resultConstraint: 'C6',
  assembly: 'custom<ScanOp>()',
  inferTypes,
  *evaluate(site, inputs, context) {
    const [body] = site.regions;
    const { dimension, is_reverse: isReverse = false } = site.attrs;
    const count = inputCount(site);
    const outputCount = site.attrs.resultSegmentSizes[0] ?? 0;
    const scanned = inputs.slice(0, count).map(asTensor);
    let carries: readonly RuntimeValue[] = inputs.slice(count);
    const size = scanned[0]?.shape[dimension] ?? site.attrs.scan_dim_size ?? declaredSize(site);
    if (size === undefined || body === undefined) throw context.unsupported('a scan of unknown size');
    const outputs = site.resultTypes.slice(0, outputCount).map((type) => {
      const shape = isTensor(type) ? type.shape : [];
      if (
        !isTensor(type) ||
        typeof type.element !== 'string' ||
        !shape.every((dim, axis) => axis === dimension || isStaticDim(dim))
      )
        throw context.unsupported(`a scan with outputs of type ${type.text}`);
      return context.allocate(
        type.element,
        shape.map((dim, axis) => (axis === dimension || !isStaticDim(dim) ? size : dim)),
      );
    });
    for (let step = 0; step < size; step++) {
      const at = isReverse ? size - 1 - step : step;
      const slices = scanned.map((tensor) => sliceAt(tensor, dimension, at, context));
      const results: readonly RuntimeValue[] = yield* context.run(body, [...slices, ...carries]);
      for (const [index, output] of outputs.entries()) storeAt(asTensor(results[index]), output, dimension, at);
      carries = results.slice(outputCount);
    }
    return [...outputs, ...carries];
  },
});

function declaredSize(site: Site): number | undefined {
  const dim = resultTensor(site, 0)?.shape[site.attrs.dimension];
  return typeof dim === 'number' ? dim : undefined;
}
