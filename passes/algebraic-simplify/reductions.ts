/** Rules of reduce, map, sort and iota. */
import { iota } from '../../ir/ops/stablehlo/iota.ts';
import { map } from '../../ir/ops/stablehlo/map.ts';
import { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import { reshape } from '../../ir/ops/stablehlo/reshape.ts';
import { sort } from '../../ir/ops/stablehlo/sort.ts';
import type { Value } from '../../ir/operation.ts';
import { elementKind, staticTensor } from '../match.ts';
import { hasDType } from '../../ir/types.ts';
import { movesData, rule, type RuleSite } from '../rewrite-rule.ts';
import { applyElementwise, broadcastScalar, isElementwiseRegion } from './region-body.ts';

/** A value under another shape of as many elements. */
function reshaped(site: Pick<RuleSite, 'make'>, value: Value, type: Value['type']): Value {
  return value.type === type ? value : site.make(reshape, [value], {}, { resultTypes: [type] });
}

export const reductionRules = [
  rule(reduce, {
    name: 'reduce-size-one',
    equation: 'reduce<d, f>(x, init) = f(init, reshape(x)), where the axes d have size 1, or there are none',
    floatingPoint: 'exact: f is applied once, to the same operands',
    rewrite(site) {
      const { op, attrs, rewriter } = site;
      const count = op.results.length;
      const inputs = op.operands.slice(0, count);
      const shapes = inputs.map((input) => staticTensor(input.type)?.shape);
      const isOnce = shapes.every(
        (shape) => shape !== undefined && attrs.dimensions.every((axis) => shape[axis] === 1),
      );
      const isPlain = op.results.every(
        ({ type }, index) => elementKind(type) !== undefined && elementKind(inputs[index]?.type ?? type) !== undefined,
      );
      if (!isOnce || !isPlain || !isElementwiseRegion(op.region())) return undefined;
      const isPromoted = op.results.some(({ type }, index) => {
        const [from, to] = [staticTensor(inputs[index]?.type), staticTensor(type)];
        return from === undefined || to === undefined || from.element !== to.element;
      });
      const shape = staticTensor(op.result().type)?.shape;
      if (isPromoted || shape === undefined) return undefined;
      const inits = op.operands.slice(count).map((init) => broadcastScalar(init, op, rewriter, shape));
      const values = inputs.map((input, index) => reshaped(site, input, op.result(index).type));
      return applyElementwise(op.region(), op, rewriter, [...inits, ...values], shape);
    },
  }),
  rule(map, {
    name: 'map-elementwise',
    equation: 'map<f>(x, y) = f(x, y), where f is made of elementwise ops',
    floatingPoint: 'exact: the same ops on the same elements',
    rewrite({ op, rewriter }) {
      const result = staticTensor(op.result().type);
      const isPlain = op.operands.every((value) => staticTensor(value.type) !== undefined && isOfDType(value));
      if (result === undefined || !isPlain || !isElementwiseRegion(op.region())) return undefined;
      return applyElementwise(op.region(), op, rewriter, op.operands, result.shape);
    },
  }),
  rule(sort, {
    name: 'sort-size-one',
    equation: 'sort<d>(x) = x, where axis d has at most one element',
    floatingPoint: movesData,
    rewrite({ op, attrs }) {
      const shape = staticTensor(op.operand(0).type)?.shape;
      if (shape === undefined) return undefined;
      const axis = attrs.dimension < 0 ? attrs.dimension + shape.length : attrs.dimension;
      return (shape[axis] ?? 1) <= 1 ? op.operands : undefined;
    },
  }),
  rule(iota, {
    name: 'iota-size-one',
    equation: 'iota<d>() = 0, where axis d has at most one element',
    floatingPoint: 'exact',
    rewrite({ op, attrs, splat }) {
      const size = staticTensor(op.result().type)?.shape[attrs.iota_dimension];
      const kind = elementKind(op.result().type);
      return size !== undefined && size <= 1 && kind !== undefined && kind !== 'complex' ? splat(0) : undefined;
    },
  }),
];

function isOfDType(value: Value): boolean {
  return value.type.kind === 'tensor' && hasDType(value.type);
}
