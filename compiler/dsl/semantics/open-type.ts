/** Types as declarations write them, where binders may not be known yet: what arguments are matched against. */
import type { DType } from '../../../ir/dtype.ts';
import type { BinderSlot } from './binder-slot.ts';
import { type Dimension, dimensionText } from './dimension.ts';
import type { LanguageType } from './language-type.ts';
import { dtypeText, typeText } from './type-text.ts';

export type OpenDim = Dimension | BinderSlot;

export type OpenType =
  | { readonly kind: 'open-tensor'; readonly dtype: DType | BinderSlot; readonly dims: readonly OpenDim[] }
  | { readonly kind: 'slot'; readonly slot: BinderSlot }
  | { readonly kind: 'open-list'; readonly element: OpenType; readonly count: Dimension | undefined }
  | {
      readonly kind: 'open-tuple';
      readonly fields: readonly { readonly name: string | undefined; readonly type: OpenType }[];
    }
  | LanguageType;

export function isSlot(part: Dimension | DType | BinderSlot): part is BinderSlot {
  return typeof part === 'object' && 'variable' in part;
}

/** The type with what is known of its binders put in; undefined while some are open. */
export function closeType(type: OpenType): LanguageType | undefined {
  switch (type.kind) {
    case 'open-tensor':
      return closeTensor(type.dtype, type.dims);
    case 'slot':
      return solvedType(type.slot);
    case 'open-list': {
      const element = closeType(type.element);
      return element === undefined ? undefined : { kind: 'list', element, count: type.count };
    }
    case 'open-tuple': {
      const fields = type.fields.map(({ name, type: field }) => ({ name, type: closeType(field) }));
      return fields.every(
        (field): field is { name: string | undefined; type: LanguageType } => field.type !== undefined,
      )
        ? { kind: 'tuple', fields }
        : undefined;
    }
    case 'bool':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'int':
    case 'list':
    case 'model':
    case 'str':
    case 'tensor':
    case 'tree':
    case 'tuple':
    case 'type':
    case 'unknown':
      return type;
  }
}

function closeTensor(dtype: DType | BinderSlot, dims: readonly OpenDim[]): LanguageType | undefined {
  const solvedDType = isSlot(dtype) ? (dtype.solution?.kind === 'dtype' ? dtype.solution.dtype : undefined) : dtype;
  const solved: Dimension[] = [];
  for (const dim of dims) {
    const sizes = isSlot(dim) ? solvedDims(dim) : [dim];
    if (sizes === undefined) return undefined;
    solved.push(...sizes);
  }
  return solvedDType === undefined ? undefined : { kind: 'tensor', dtype: solvedDType, dims: solved };
}

/** The sizes a `...s` binder stands for. */
export function solvedDims(slot: BinderSlot): readonly Dimension[] | undefined {
  if (slot.solution?.kind !== 'list') return undefined;
  return slot.solution.elements.flatMap((element) => (element.kind === 'int' ? [element.value] : []));
}

function solvedType(slot: BinderSlot): LanguageType | undefined {
  const { solution } = slot;
  if (solution?.kind === 'type') return solution.type;
  return solution?.kind === 'dtype' ? { kind: 'tensor', dtype: solution.dtype, dims: [] } : undefined;
}

/** As the declaration wrote it. */
export function openTypeText(type: OpenType): string {
  switch (type.kind) {
    case 'open-tensor': {
      const dtype = isSlot(type.dtype) ? type.dtype.name : dtypeText(type.dtype);
      const dims = type.dims.map((dim) => (isSlot(dim) ? `...${dim.name}` : dimensionText(dim)));
      return dims.length === 0 ? dtype : `${dtype}[${dims.join(', ')}]`;
    }
    case 'slot':
      return type.slot.name;
    case 'open-list':
      return `[${openTypeText(type.element)}${type.count === undefined ? '' : `; ${dimensionText(type.count)}`}]`;
    case 'open-tuple':
      return `(${type.fields.map(({ name, type: field }) => (name === undefined ? '' : `${name}: `) + openTypeText(field)).join(', ')})`;
    case 'bool':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'int':
    case 'list':
    case 'model':
    case 'str':
    case 'tensor':
    case 'tree':
    case 'tuple':
    case 'type':
    case 'unknown':
      return typeText(type);
  }
}
