import { arrayOf, dictionary, optional, text, type } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { compatibleTypeLists, describeTypes, regionInputs } from '../shared/region-signature.ts';

export const func = defineOp({
  name: 'func.func',
  code: 'E2409',
  summary: 'A function: a symbol with a type, and a body unless it is only declared.',
  spec: 'tessera',
  operands: [],
  results: [],
  attributes: {
    sym_name: text(),
    function_type: type(),
    sym_visibility: optional(text()),
    arg_attrs: optional(arrayOf(dictionary())),
    res_attrs: optional(arrayOf(dictionary())),
  },
  regions: [{ name: 'body' }],
  traits: ['isolated', 'symbol'],
  effects: 'effect',
  constraints: {
    F1: 'function_type is a function type',
    F2: 'types(body arguments) = inputs(function_type)',
    F3: 'size(arg_attrs) = size(inputs(function_type))',
    F4: 'size(res_attrs) = size(results(function_type))',
    F5: 'a declaration is private',
  },
  assembly: 'custom<FuncOp>()',
  verify(site, check) {
    const {
      function_type: signature,
      arg_attrs: argAttrs,
      res_attrs: resAttrs,
      sym_visibility: visibility,
    } = site.attrs;
    if (signature.kind !== 'function') {
      check.require(false, 'F1', () => `it is ${signature.text}`);
      return;
    }
    const [body] = site.regions;
    if (body !== undefined) {
      const inputs = regionInputs(body);
      check.require(
        compatibleTypeLists(inputs, signature.inputs),
        'F2',
        () => `the body takes ${describeTypes(inputs)}, the type says ${describeTypes(signature.inputs)}`,
      );
    } else check.require(visibility === 'private', 'F5', () => `@${site.attrs.sym_name} has no body and is public`);
    const { inputs, results } = signature;
    check.require(
      argAttrs === undefined || argAttrs.length === inputs.length,
      'F3',
      () => `${argAttrs?.length} and ${inputs.length}`,
    );
    check.require(
      resAttrs === undefined || resAttrs.length === results.length,
      'F4',
      () => `${resAttrs?.length} and ${results.length}`,
    );
  },
  evaluate(_site, _inputs, context) {
    throw context.unsupported('a function inside a function');
  },
});
