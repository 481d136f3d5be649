/** The `test` blocks of a program's main file, each as a module of one function. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { unknownLocation } from '../../ir/location.ts';
import type { Operation } from '../../ir/operation.ts';
import { moduleOp } from '../../ir/ops/builtin/module.ts';
import type { Program } from './load-program.ts';
import { newElaboration } from './semantics/elaborator.ts';
import { FileScopes } from './semantics/file-scope.ts';
import { moduleOf } from './semantics/function-builder.ts';
import { type BuiltTest, buildTest } from './semantics/test-blocks.ts';

export interface ElaboratedTest {
  /** The text in quotes. */
  readonly name: string;
  /** Undefined where the test is wrong, which has been reported. */
  readonly built: BuiltTest | undefined;
  readonly module: Operation;
}

/** The tests in order. */
export function elaborateTests(program: Program, sink: DiagnosticSink): readonly ElaboratedTest[] {
  const { main } = program;
  const el = newElaboration({ sink, origin: main.unit.span, isGeneric: false });
  const scope = new FileScopes(el, program).of(main);
  return main.unit.items.flatMap((item) => {
    if (item.kind !== 'test') return [];
    const built = buildTest(el, item, scope);
    const module = moduleOf(built === undefined ? [] : [built.fn], moduleOp, unknownLocation);
    return [{ name: item.name.text, built, module }];
  });
}
