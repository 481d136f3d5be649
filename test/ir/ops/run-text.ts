/** Short programs in text, for tests of ops: what they compute, and what the verifier says of them. */
import { DiagnosticError, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { dtypeInfo } from '../../../ir/dtype.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../../ir/evaluator/runtime-value.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import type { Operation } from '../../../ir/operation.ts';
import { floatSlots } from '../../../ir/ops/shared/float-values.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { verify } from '../../../ir/verifier.ts';

function load(text: string, sink: DiagnosticSink): Operation | undefined {
  const parsed = parseModule(new SourceFile('test.mlir', text), sink);
  if (parsed !== undefined && !sink.hasErrors) verify(parsed.root, sink);
  return sink.hasErrors ? undefined : parsed?.root;
}

/** The results of `@main`, which takes no inputs; throws what is wrong with the program. */
export function run(text: string, inputs: readonly RuntimeValue[] = []): Tensor[] {
  const sink = new DiagnosticSink();
  const module = load(text, sink);
  const [first] = sink.all;
  if (module === undefined) throw first === undefined ? new Error('nothing was read') : new DiagnosticError(first);
  return evaluateFunction(module, 'main', inputs).filter((value) => value instanceof Tensor);
}

/** The elements of a tensor as numbers, complex ones as consecutive pairs; 64-bit integers as bigints. */
export function elementsOf(tensor: Tensor | undefined): (number | bigint)[] {
  if (tensor === undefined) throw new Error('there is no such result');
  const { kind } = dtypeInfo(tensor.dtype);
  const values: Iterable<number | bigint> = kind === 'float' || kind === 'complex' ? floatSlots(tensor) : tensor.values;
  return [...values];
}

/** The elements of each result of `@main`. */
export function values(text: string, inputs: readonly RuntimeValue[] = []): (number | bigint)[][] {
  return run(text, inputs).map(elementsOf);
}

/** What reader and verifier report, one line a diagnostic: `E2307 dot_general C9: ...`. */
export function problems(text: string): string[] {
  const sink = new DiagnosticSink();
  load(text, sink);
  return sink.all.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`);
}

/** `@main` around one op, whose operands are arguments of the given types, `%0`, `%1`, and so on. */
export function opText(
  op: string,
  attributes: string,
  operands: readonly string[],
  results: readonly string[],
): string {
  const parameters = operands.map((type, index) => `%arg${index}: ${type}`).join(', ');
  const names = operands.map((_, index) => `%arg${index}`).join(', ');
  const types = results.length === 1 ? results[0] : `(${results.join(', ')})`;
  const count = results.length === 1 ? '' : `:${results.length}`;
  return `func.func @main(${parameters}) {
  %result${count} = "${op}"(${names}) {${attributes}} : (${operands.join(', ')}) -> ${types}
  return
}`;
}
