import {
  anyAttribute,
  arrayOf,
  bool,
  elements,
  i32,
  i64,
  i64List,
  optional,
  struct,
  symbol,
  text,
  withDefault,
} from '../../attribute-schema.ts';
import { defineOp, type ConstraintCheck } from '../../op-definition.ts';
import { anyValue } from '../../type-constraints.ts';
import { isTensor, type Type } from '../../types.ts';
import { customCallTargets } from '../shared/custom-call-targets.ts';

const outputOperandAlias = struct('stablehlo', 'output_operand_alias', {
  output_tuple_indices: i64List(),
  operand_index: i64(),
  operand_tuple_indices: i64List(),
});

function checkLayouts(
  layouts: readonly { readonly type: Type }[] | undefined,
  types: readonly Type[],
  check: ConstraintCheck,
  id: string,
): void {
  if (layouts === undefined) return;
  if (!check.require(layouts.length === types.length, id, () => `${layouts.length} layouts, ${types.length} values`))
    return;
  for (const [index, layout] of layouts.entries()) {
    const type = types[index];
    if (!isTensor(type) || !isTensor(layout.type)) continue;
    const { shape } = layout.type;
    check.require(
      shape.length === 1 && shape[0] === type.shape.length,
      id,
      () => `layout ${index} is a ${layout.type.text}, the value ${type.text}`,
    );
  }
}

export const customCall = defineOp({
  name: 'stablehlo.custom_call',
  code: 'E2420',
  summary: 'What an operation known only by its target name gives.',
  spec: 'spec.md#custom_call',
  operands: [{ name: 'inputs', type: anyValue, arity: 'variadic' }],
  results: [{ name: 'results', type: anyValue, arity: 'variadic' }],
  attributes: {
    call_target_name: text(),
    has_side_effect: withDefault(bool(), false),
    backend_config: optional(anyAttribute()),
    api_version: withDefault(i32(), 1),
    called_computations: optional(arrayOf(symbol())),
    operand_layouts: optional(arrayOf(elements())),
    result_layouts: optional(arrayOf(elements())),
    output_operand_aliases: optional(arrayOf(outputOperandAlias)),
  },
  effects: (site) => (site.attrs.has_side_effect ? 'effect' : 'pure'),
  constraints: {
    V1: 'operand_layouts and result_layouts are given together',
    V2: 'operand_layouts holds a minor-to-major order for each operand',
    V3: 'result_layouts holds a minor-to-major order for each result',
    V4: 'backend_config is a string, or a dictionary when api_version = 4',
  },
  assembly:
    'custom<CustomCallTarget>($call_target_name) `(` $inputs `)` attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const { operand_layouts: operands, result_layouts: results, backend_config: config } = site.attrs;
    const paired = (operands === undefined) === (results === undefined);
    check.require(paired, 'V1', () => `only ${operands === undefined ? 'result' : 'operand'}_layouts is there`);
    checkLayouts(operands, site.operandTypes, check, 'V2');
    const [only] = site.resultTypes;
    const isTuple = site.resultTypes.length === 1 && only?.kind === 'tuple';
    checkLayouts(results, isTuple ? only.elements : site.resultTypes, check, 'V3');
    const kind = site.attrs.api_version === 4 ? 'dictionary' : 'string';
    check.require(
      config === undefined || config.kind === kind || config.kind === 'string',
      'V4',
      () => `it is a ${config?.kind}, api_version is ${site.attrs.api_version}`,
    );
  },
  evaluate(site, inputs, context) {
    const target = customCallTargets.get(site.attrs.call_target_name);
    if (target === undefined) throw context.unsupported(`the custom call @${site.attrs.call_target_name}`);
    return target(inputs, context);
  },
});
