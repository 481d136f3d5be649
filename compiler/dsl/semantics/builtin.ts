/**
 * A function of the prelude that is written in TypeScript because the language cannot say it: it makes ops. One builtin is one entry of
 * a table in `builtins/`; what can be written in the language is in `library/prelude.tess` instead.
 *
 * The signature is data for calls, messages, hover and the reference: `sum(x, axes = all, keep = false)`. A parameter with a default
 * may be left out; `...xs` takes the rest; `name:` may only be given by name.
 */
import type { Span } from '../../../ir/source.ts';
import type { CallSite } from './call-site.ts';
import type { BoundArguments } from './bound-arguments.ts';
import type { Value } from './values.ts';

export interface BuiltinParameter {
  readonly name: string;
  /** Text of the default, for the reference; undefined when the argument is required. */
  readonly defaultText: string | undefined;
  readonly rest: boolean;
  readonly nameOnly: boolean;
}

export interface Builtin {
  readonly name: string;
  readonly signature: string;
  readonly parameters: readonly BuiltinParameter[];
  /** First sentence: what it gives; then shapes (`f32[n, d] -> f32[n]`), source. */
  readonly doc: string;
  readonly apply: (args: BoundArguments, site: CallSite) => Value;
}

/** An argument as the call wrote it. */
export interface ArgumentValue {
  readonly name: string | undefined;
  /** Where the name stands. */
  readonly nameSpan?: Span | undefined;
  readonly value: Value;
  readonly span: Span;
}
