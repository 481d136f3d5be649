/** Maker of chlo's `broadcast_*` ops: the op of the same name after implicit broadcasting of its operands. */
import { i64List, optional } from '../../attribute-schema.ts';
import type { DiagnosticCode } from '../../diagnostics/codes.ts';
import { defineOp, type ConstraintCheck, type OpDefinition } from '../../op-definition.ts';
import { operandTensor, type OpSite } from '../../op-site.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { tensorType, type Type } from '../../types.ts';
import type { NoAttributes } from './elementwise.ts';
import { broadcastTogether, implicitBroadcastConstraints, inferBroadcast } from './implicit-broadcast.ts';
import { tensorInputs } from './runtime-tensors.ts';

export const broadcastAttributes = { broadcast_dimensions: optional(i64List()) };

export const broadcastBinaryConstraints = {
  ...implicitBroadcastConstraints,
  C3: 'element_type(lhs) = element_type(rhs)',
} as const;

export const broadcastAssembly = '$lhs `,` $rhs attr-dict `:` `(` type($lhs) `,` type($rhs) `)` `->` type(results)';

/** Both operand types stretched to their common shape; reports C1 to C3 and gives undefined then. */
export function stretchedOperands(
  site: OpSite,
  dims: readonly number[] | undefined,
  check: ConstraintCheck,
): readonly Type[] | undefined {
  const lhs = operandTensor(site, 0);
  const rhs = operandTensor(site, 1);
  const describe = (): string => `lhs is ${lhs.text}, rhs is ${rhs.text}`;
  if (!check.require(elementsCompatible(lhs.element, rhs.element), 'C3', describe)) return undefined;
  const shape = inferBroadcast([lhs.shape, rhs.shape], dims, check);
  return shape === undefined ? undefined : [tensorType(shape, lhs.element), tensorType(shape, rhs.element)];
}

/** `base` with implicit broadcasting. */
export function broadcastBinary<const N extends string>(init: {
  readonly name: N;
  readonly code: DiagnosticCode;
  readonly base: OpDefinition<string, NoAttributes>;
}): OpDefinition<N, typeof broadcastAttributes> {
  const { name, code, base } = init;
  const [lhs, rhs] = base.operands;
  return defineOp<N, typeof broadcastAttributes>({
    name,
    code,
    summary: `${base.summary} The operands are stretched to a common shape first.`,
    spec: `chlo.md#${name.replace('chlo.', 'chlo')}`,
    operands: [lhs, rhs].flatMap((spec, index) =>
      spec === undefined ? [] : [{ ...spec, name: index === 0 ? 'lhs' : 'rhs' }],
    ),
    results: base.results,
    attributes: broadcastAttributes,
    traits: base.traits.has('commutative') ? ['commutative'] : [],
    constraints: broadcastBinaryConstraints,
    resultConstraint: 'C1, C2',
    assembly: broadcastAssembly,
    inferTypes(site, check) {
      const operandTypes = stretchedOperands(site, site.attrs.broadcast_dimensions, check);
      return operandTypes === undefined ? undefined : base.inferTypes?.({ ...site, operandTypes }, check);
    },
    evaluate(site, inputs, context) {
      const stretched = broadcastTogether(tensorInputs(inputs), site.attrs.broadcast_dimensions, context);
      return base.evaluate(site, stretched, context);
    },
  });
}
