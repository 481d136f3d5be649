/** How the suite's own interpreter takes arguments and prints results. */
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import { describeTensor } from '../../ir/evaluator/tensor-text.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { SourceFile } from '../../ir/source.ts';
import { parseAttribute } from '../../ir/text/parser.ts';

/** The tensors of `--args="[dense<1> : tensor<2xi32>, ...]"` in the lines that say how a file was run. */
export function interpreterArguments(runLines: readonly string[]): readonly Tensor[] {
  const text = runLines.map((line) => /--args="(\[dense.*\])"/.exec(line)?.[1]).find((found) => found !== undefined);
  if (text === undefined) return [];
  const attribute = parseAttribute(new SourceFile('--args', text), new DiagnosticSink());
  if (attribute?.kind !== 'array') return [];
  return attribute.elements.flatMap((element) => {
    const value = element.kind === 'dense' ? tensorOfConstant(element) : undefined;
    return value instanceof Tensor ? [value] : [];
  });
}

/** One block of lines a result. */
export function printResults(results: readonly RuntimeValue[]): string[] {
  return results.flatMap((value) => (value.kind === 'tensor' ? describeTensor(value).split('\n') : []));
}
