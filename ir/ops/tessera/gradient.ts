import { defineOp } from '../../op-definition.ts';
import { isFloatDType } from '../../dtype.ts';
import { anyTensor } from '../../type-constraints.ts';
import { hasDType, isTensor, type Type } from '../../types.ts';
import { compatibleTypeLists, describeTypes, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion } from '../shared/results.ts';

/**
 * Reverse mode: the body computes a scalar from values at which it is differentiated, its arguments, and from whatever it uses from
 * outside, which is constant. What the body gives after the scalar comes out as it is.
 */
export const gradient = defineOp({
  name: 'tessera.gradient',
  code: 'E2705',
  summary: 'The first result of the body, its gradient at each operand, then the other results of the body.',
  spec: 'tessera',
  operands: [{ name: 'at', type: anyTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: anyTensor, arity: 'variadic' }],
  regions: [{ name: 'body' }],
  effects: 'regions',
  constraints: {
    G1: 'types(body arguments) = types(at)',
    G2: 'the first result of the body is a scalar float',
    G3: 'the elements of at are floats',
    G4: 'types(results) = type(first body result), types(at...), types(other body results...)',
  },
  resultConstraint: 'G4',
  inferTypes(site, check) {
    const body = requireRegion(site);
    const inputs = regionInputs(body);
    const given = (): string => `the body takes ${describeTypes(inputs)}, at is ${describeTypes(site.operandTypes)}`;
    check.require(compatibleTypeLists(inputs, site.operandTypes), 'G1', given);
    const [value, ...others] = regionOutputs(body);
    const isScalar = isTensor(value) && value.shape.length === 0 && isFloat(value);
    if (!check.require(isScalar, 'G2', () => `it is ${value?.text ?? 'missing'}`) || value === undefined)
      return undefined;
    check.require(site.operandTypes.every(isFloat), 'G3', () => describeTypes(site.operandTypes));
    const results = [value, ...site.operandTypes, ...others];
    const isAsMany = site.op === undefined || results.length === site.resultTypes.length;
    const counts = (): string => `${results.length} values, and ${site.resultTypes.length} results`;
    return check.require(isAsMany, 'G4', counts) ? results : undefined;
  },
  evaluate(_site, _inputs, context) {
    throw context.unsupported('tessera.gradient before it is differentiated');
  },
});

function isFloat(type: Type): boolean {
  return isTensor(type) && hasDType(type) && isFloatDType(type.element);
}
