/** The rules of the language put together. */
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Span } from '../../../ir/source.ts';
import { builtins } from './builtins/registry.ts';
import { call, callFunction } from './calls.ts';
import { forgetDimensions } from './dimension.ts';
import { Elaboration, type NameRecorder, type Rules } from './elaboration.ts';
import { evaluate } from './expressions.ts';
import { instantiate } from './models.ts';
import { runBlock } from './statements.ts';
import { evaluateType } from './type-expressions.ts';

const rules: Rules = {
  evaluate,
  evaluateType,
  runBlock,
  call,
  callFunction,
  instantiate,
  builtin: (name) => {
    const builtin = builtins.get(name);
    return builtin === undefined ? undefined : { kind: 'builtin', builtin };
  },
};

export function newElaboration(init: {
  readonly sink: DiagnosticSink;
  readonly origin: Span;
  readonly isGeneric: boolean;
  readonly recorder?: NameRecorder | undefined;
}): Elaboration {
  forgetDimensions();
  return new Elaboration({ ...init, rules });
}
