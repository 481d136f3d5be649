/** Named predicates over types, for operand and result specs. Their descriptions are what a message says was expected. */
import { dtypeInfo, type DTypeKind } from './dtype.ts';
import { type ElementType, isTensor, type Type } from './types.ts';

export interface TypeConstraint {
  /** `tensor of integer or float`: completes "must be". */
  readonly describe: string;
  accepts(type: Type): boolean;
}

/** What an element may be: a dtype kind, or `quantized`. */
export type ElementKind = DTypeKind | 'quantized';

export const anyElement: readonly ElementKind[] = ['boolean', 'integer', 'unsigned', 'float', 'complex', 'quantized'];
export const integers: readonly ElementKind[] = ['integer', 'unsigned'];
export const numbers: readonly ElementKind[] = ['integer', 'unsigned', 'float', 'complex'];

export function elementKind(element: ElementType): ElementKind {
  return typeof element === 'string' ? dtypeInfo(element).kind : 'quantized';
}

function describeKinds(kinds: readonly ElementKind[]): string {
  if (kinds.length === anyElement.length) return 'tensor';
  const names = kinds.map((kind) =>
    kind === 'integer' ? 'signed integer' : kind === 'unsigned' ? 'unsigned integer' : kind,
  );
  const last = names.at(-1) ?? '';
  return `tensor of ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last}`;
}

/** A ranked tensor whose elements are of these kinds. */
export function tensorOf(kinds: readonly ElementKind[] = anyElement): TypeConstraint {
  return Object.freeze({
    describe: describeKinds(kinds),
    accepts: (type: Type) => isTensor(type) && kinds.includes(elementKind(type.element)),
  });
}

export function tensorOfRank(rank: number, kinds: readonly ElementKind[] = anyElement): TypeConstraint {
  return Object.freeze({
    describe: `${rank}-dimensional ${describeKinds(kinds)}`,
    accepts: (type: Type) => isTensor(type) && type.shape.length === rank && kinds.includes(elementKind(type.element)),
  });
}

export const anyTensor: TypeConstraint = tensorOf();

export const token: TypeConstraint = Object.freeze({
  describe: 'token',
  accepts: (type: Type) => type.kind === 'token',
});

export const tuple: TypeConstraint = Object.freeze({
  describe: 'tuple',
  accepts: (type: Type) => type.kind === 'tuple',
});

export const future: TypeConstraint = Object.freeze({
  describe: 'future',
  accepts: (type: Type) => type.kind === 'future',
});

/** Any type a value may have. */
export const anyValue: TypeConstraint = Object.freeze({
  describe: 'tensor, token, tuple or future',
  accepts: (type: Type) => ['tensor', 'token', 'tuple', 'future'].includes(type.kind),
});

export function either(...constraints: readonly TypeConstraint[]): TypeConstraint {
  return Object.freeze({
    describe: constraints.map((constraint) => constraint.describe).join(' or '),
    accepts: (type: Type) => constraints.some((constraint) => constraint.accepts(type)),
  });
}
