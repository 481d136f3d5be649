/** What a builtin or an operator sees of the place it stands at: where to make ops, how to complain, and how to call functions back. */
import type { Span } from '../../../ir/source.ts';
import type { LanguageCode } from '../diagnostics/catalog-language.ts';
import type { ArgumentValue } from './builtin.ts';
import type { ErrorDetail } from './language-error.ts';
import type { TensorOps } from './tensor-ops.ts';
import type { Value } from './values.ts';

export interface CallSite {
  readonly span: Span;
  /** Makes ops at the current insertion point, with this site's location. */
  readonly ops: TensorOps;
  fail(code: LanguageCode, message: string, detail?: ErrorDetail & { readonly span?: Span }): never;
  /** Calls a function value, builtin, dtype or instance: elaborates its body here. */
  call(callee: Value, args: readonly ArgumentValue[]): Value;
}
