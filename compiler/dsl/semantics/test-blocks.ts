/** `test "..." { }`: a function without arguments that gives, for each assertion, whether it holds. */
import { hashPath } from '../../parameters/path-key.ts';
import type { Span } from '../../../ir/source.ts';
import type { Test } from '../syntax/ast.ts';
import type { Assertion, Elaboration } from './elaboration.ts';
import type { BuiltFunction } from './function-builder.ts';
import { InlineBuilder } from './inline-builder.ts';
import { UnknownOperand } from './language-error.ts';
import type { Scope } from './scope.ts';

export interface BuiltTest {
  /** The text in quotes. */
  readonly name: string;
  readonly span: Span;
  /** Its results are those of the assertions in order: `holds`, and `difference` where there is one. */
  readonly fn: BuiltFunction;
  readonly assertions: readonly Assertion[];
}

/** Models in tests start from the values of this seed. */
const testSeed = 0n;

class TestBuilder extends InlineBuilder {
  override readonly assertions: Assertion[] = [];
}

/** Undefined where something is wrong, which has been reported. */
export function buildTest(el: Elaboration, test: Test, scope: Scope): BuiltTest | undefined {
  const key = (path: string) => el.ops.dense(Uint32Array.from(hashPath(testSeed, path)), 'ui32', [2]);
  const builder = new TestBuilder(el, 'test', key);
  const errors = el.sink.errorCount;
  el.writes.clear();
  el.inFunction(builder, () => el.guard(() => el.rules.runBlock(el, test.body, scope)));
  for (const { holds, difference } of builder.assertions) {
    builder.result(holds, 'holds', 'output', stop);
    if (difference !== undefined) builder.result(difference, 'difference', 'output', stop);
  }
  el.ops.origin = test.name.span;
  const fn = builder.finish(test.name.text, el.ops.location());
  for (const cell of el.writes.keys()) cell.value = undefined;
  if (el.sink.errorCount > errors) return undefined;
  return { name: test.name.text, span: test.name.span, fn, assertions: builder.assertions };
}

const stop = (): never => {
  throw new UnknownOperand();
};
