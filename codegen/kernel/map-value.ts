/** One node of a value with other parts: what rewrites of structured kernels share. */
import type { Access, Guard, IndexExpr, ValueExpr } from './structured-kernel.ts';

export interface ValueParts {
  readonly value: (value: ValueExpr) => ValueExpr;
  readonly access: (access: Access) => Access;
  readonly index: (index: IndexExpr) => IndexExpr;
  readonly guard: (guard: Guard) => Guard;
}

/** The node with its parts mapped; a node without parts is itself. What the parts share stays shared when `parts` remember. */
export function mapValue(value: ValueExpr, parts: ValueParts): ValueExpr {
  switch (value.kind) {
    case 'constant':
    case 'accumulator':
    case 'element':
      return value;
    case 'load': {
      const otherwise = value.otherwise === undefined ? undefined : parts.value(value.otherwise);
      return { ...value, access: parts.access(value.access), otherwise };
    }
    case 'unary':
    case 'convert':
    case 'bitcast':
      return { ...value, operand: parts.value(value.operand) };
    case 'binary':
    case 'compare':
      return { ...value, lhs: parts.value(value.lhs), rhs: parts.value(value.rhs) };
    case 'select':
      return {
        ...value,
        predicate: parts.value(value.predicate),
        onTrue: parts.value(value.onTrue),
        onFalse: parts.value(value.onFalse),
      };
    case 'index':
      return { ...value, index: parts.index(value.index) };
    case 'guarded':
      return { ...value, guards: value.guards.map(parts.guard) };
    default:
      return value satisfies never;
  }
}
