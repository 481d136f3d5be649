/** `while`: at run time where its condition is a tensor, unrolled where it is known at compile time. */
import type { While } from '../syntax/ast.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import { runTimeLoop } from './run-time-loop.ts';
import type { Scope } from './scope.ts';
import { describeKind } from './type-text.ts';
import type { TensorValue, Value } from './values.ts';

export function runWhile(el: Elaboration, loop: While, scope: Scope): void {
  const first = tryCondition(el, loop, scope);
  if (first.kind === 'tensor') {
    runTimeLoop(el, {
      span: loop.condition.span,
      kind: 'loop',
      carried: [],
      condition: () => asPredicate(el, el.evaluate(loop.condition, scope), loop),
      turn: () => {
        el.rules.runBlock(el, loop.body, scope);
        return [];
      },
    });
  } else runUnrolled(el, loop, scope);
}

/** The condition on entry, without its ops. */
function tryCondition(el: Elaboration, loop: While, scope: Scope): Value {
  const holder: { value: Value } = { value: { kind: 'unknown' } };
  const trial = el.trial(loop.condition.span, () => {
    holder.value = el.evaluate(loop.condition, scope);
  });
  return holder.value.kind === 'unknown' ? el.giveUp(trial) : holder.value;
}

function asPredicate(el: Elaboration, value: Value, loop: While): TensorValue {
  if (value.kind === 'tensor' && value.dtype === 'i1' && value.dims.length === 0) return value;
  return wrongCondition(el, value, loop);
}

function wrongCondition(el: Elaboration, value: Value, loop: While): never {
  if (value.kind === 'unknown') throw new UnknownOperand();
  return el.fail('E6210', loop.condition.span, `the condition of \`while\` is a bool, not ${describeKind(value)}`, {
    hint:
      value.kind === 'tensor' && value.dims.length > 0 ? '`any(...)` or `all(...)` makes one bool of many' : undefined,
  });
}

function runUnrolled(el: Elaboration, loop: While, scope: Scope): void {
  for (;;) {
    const value = el.evaluate(loop.condition, scope);
    if (value.kind !== 'bool') wrongCondition(el, value, loop);
    if (value.value === undefined) throw new UnknownOperand();
    if (!value.value) return;
    el.burn(loop.condition.span, 10);
    el.rules.runBlock(el, loop.body, scope);
  }
}
