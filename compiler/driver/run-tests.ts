/** Runs the tests of a program: what `tessera test` does with one file. */
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import type { Assertion } from '../dsl/semantics/elaboration.ts';
import type { BuiltTest } from '../dsl/semantics/test-blocks.ts';
import { elaborateTests, type ElaboratedTest } from '../dsl/elaborate-tests.ts';
import { loadProgram } from '../dsl/load-program.ts';
import { standardLibrary } from '../dsl/standard-library.ts';
import type { ModelFiles } from './model-files.ts';
import { type RunTarget, runOnTarget } from './run-target.ts';

export interface TestResult {
  /** The text in quotes. */
  readonly name: string;
  readonly isPassed: boolean;
  /** Milliseconds, elaboration apart. */
  readonly time: number;
}

export interface TestedFile {
  readonly results: readonly TestResult[];
  /** What is wrong with the file, and the assertions that do not hold (E6814). */
  readonly sink: DiagnosticSink;
}

export function testFile(path: string, files: ModelFiles, target: RunTarget): TestedFile {
  const sink = new DiagnosticSink();
  const program = loadProgram(path, files, standardLibrary, sink);
  if (program === undefined || sink.hasErrors) return { results: [], sink };
  const tests = elaborateTests(program, sink);
  return { results: tests.map((test) => runTest(test, target, sink)), sink };
}

function runTest({ name, built, module }: ElaboratedTest, target: RunTarget, sink: DiagnosticSink): TestResult {
  if (built === undefined) return { name, isPassed: false, time: 0 };
  const before = sink.errorCount;
  const start = performance.now();
  try {
    const values = runOnTarget({ module, functionName: built.fn.name, inputs: [], target, sink });
    reportFailures(built, values, sink);
  } catch (error) {
    sink.catch(error);
  }
  return { name, isPassed: sink.errorCount === before, time: performance.now() - start };
}

function reportFailures({ assertions, name }: BuiltTest, values: readonly RuntimeValue[], sink: DiagnosticSink): void {
  let index = 0;
  for (const assertion of assertions) {
    const holds = numberOf(values[index++]);
    const difference = assertion.difference === undefined ? undefined : numberOf(values[index++]);
    if (holds === 1) continue;
    sink.report({
      code: 'E6814',
      span: assertion.span,
      message: failureText(assertion, difference),
      notes: [{ message: `in the test "${name}"` }],
    });
  }
}

function failureText({ message }: Assertion, difference: number | undefined): string {
  const what = message ?? (difference === undefined ? 'the condition does not hold' : 'the values are not close');
  return difference === undefined ? what : `${what}: they differ by up to ${difference.toPrecision(4)}`;
}

function numberOf(value: RuntimeValue | undefined): number {
  return value?.kind === 'tensor' ? Number(value.values[0] ?? NaN) : NaN;
}
