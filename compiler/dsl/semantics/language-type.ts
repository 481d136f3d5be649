/** The types of the language, as annotations say them and messages print them. */
import type { DType } from '../../../ir/dtype.ts';
import type { Dimension } from './dimension.ts';

export type LanguageType =
  | { readonly kind: 'tensor'; readonly dtype: DType; readonly dims: readonly Dimension[] }
  | { readonly kind: 'int' }
  | { readonly kind: 'float' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'str' }
  | { readonly kind: 'dtype' }
  | { readonly kind: 'type' }
  /** Any tensor, tuple, record, list or tree of tensors. */
  | { readonly kind: 'tree' }
  | { readonly kind: 'list'; readonly element: LanguageType; readonly count: Dimension | undefined }
  | {
      readonly kind: 'tuple';
      readonly fields: readonly { readonly name: string | undefined; readonly type: LanguageType }[];
    }
  | { readonly kind: 'fn'; readonly parameters: readonly LanguageType[]; readonly result: LanguageType }
  | { readonly kind: 'model'; readonly name: string }
  /** After a mistake that was reported. */
  | { readonly kind: 'unknown' };
