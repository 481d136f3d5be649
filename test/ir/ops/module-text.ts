/** Tests of ops written as text: values out, or messages. */
import { DiagnosticError, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { asTensor } from '../../../ir/ops/shared/runtime-tensors.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { verify } from '../../../ir/verifier.ts';

function load(text: string): { readonly sink: DiagnosticSink; readonly parsed: ReturnType<typeof parseModule> } {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('test.mlir', text), sink);
  if (parsed !== undefined && !sink.hasErrors) verify(parsed.root, sink);
  return { sink, parsed };
}

/** Messages of parsing and verifying a module; none when it is right. */
export function problemsOf(text: string): string[] {
  return load(text).sink.all.map(({ code, message }) => `${code} ${message}`);
}

/** As `problemsOf`, of one op over arguments `%a: A, %b: B, ...`. */
export function problemsOfOp(args: string, ...lines: readonly string[]): string[] {
  return problemsOf(`func.func @main(${args}) {\n${lines.join('\n')}\n  func.return\n}`);
}

/**
 * Results of evaluating a body without inputs: the lines of a function, whose `result` types are given and which ends by returning
 * `%r` or, for several, `%r:2` in full.
 */
export function evaluateBody(result: string, ...lines: readonly string[]): Tensor[] {
  const results = result.split(' and ');
  const returned = results.length === 1 ? '%r' : results.map((_, index) => `%r#${index}`).join(', ');
  const text = `func.func @main() -> (${results.join(', ')}) {\n${lines.join('\n')}\n  func.return ${returned} : ${results.join(', ')}\n}`;
  const { sink, parsed } = load(text);
  if (parsed === undefined || sink.hasErrors) throw new Error(sink.all.map(({ message }) => message).join('\n'));
  return evaluateFunction(parsed.root, 'main', []).map(asTensor);
}

/** The elements of the only result. */
export function valuesOf(result: string, ...lines: readonly string[]): (number | bigint)[] {
  const [tensor] = evaluateBody(result, ...lines);
  return tensor === undefined ? [] : [...tensor.values];
}

/** The code and message of the diagnostic an evaluation ends with. */
export function failureOf(result: string, ...lines: readonly string[]): string {
  try {
    evaluateBody(result, ...lines);
  } catch (error) {
    if (error instanceof DiagnosticError) return `${error.diagnostic.code} ${error.diagnostic.message}`;
    throw error;
  }
  return 'none';
}

/** Region text of a reducer over scalars of `type`: `add`, `maximum`, ... */
export function reducer(op: string, type: string): string {
  return `({\n^bb0(%lhs: ${type}, %rhs: ${type}):\n  %out = stablehlo.${op} %lhs, %rhs : ${type}\n  stablehlo.return %out : ${type}\n})`;
}
