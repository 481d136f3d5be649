/** What a name of the assembly notation stands for in one definition. */
import type { AttributeCodec } from '../attribute-schema.ts';

/** `group` and `index` are positions among the definition's operands, results or regions. */
export type FormatTarget =
  | { readonly kind: 'operand'; readonly group: number }
  | { readonly kind: 'operands' }
  | { readonly kind: 'operand-types'; readonly group: number }
  | { readonly kind: 'all-operand-types' }
  | { readonly kind: 'result-types'; readonly group: number }
  | { readonly kind: 'all-result-types' }
  | { readonly kind: 'attribute'; readonly name: string; readonly codec: AttributeCodec<unknown> }
  | { readonly kind: 'region'; readonly index: number }
  | { readonly kind: 'regions' };

export type AttributeTarget = FormatTarget & { readonly kind: 'attribute' };
