/** Operands that say where or how much, rather than hold data. */
import { isStaticDim } from '../../dimension.ts';
import { elementKind, integers, type TypeConstraint } from '../../type-constraints.ts';
import { isTensor, type Type } from '../../types.ts';

function isIntegerTensor(type: Type, rank: number): boolean {
  return isTensor(type) && type.shape.length === rank && integers.includes(elementKind(type.element));
}

/** A start index, or a size. */
export const scalarInteger: TypeConstraint = Object.freeze({
  describe: '0-dimensional tensor of integer type',
  accepts: (type: Type) => isIntegerTensor(type, 0),
});

/** One number a dimension: how many there are is known, so that ranks are. */
export const integerList: TypeConstraint = Object.freeze({
  describe: 'statically shaped 1-dimensional tensor of integer type',
  accepts: (type: Type) => isIntegerTensor(type, 1) && isTensor(type) && type.shape.every(isStaticDim),
});
