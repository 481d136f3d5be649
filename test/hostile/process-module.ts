/** Everything Tessera does with a module, on text that may be anything. */
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { symbolName, SymbolTable } from '../../ir/symbol-table.ts';
import { parseModule } from '../../ir/text/parser.ts';
import { printModule } from '../../ir/text/printer.ts';
import { hasDType, isStaticTensor } from '../../ir/types.ts';
import { verify } from '../../ir/verifier.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelinePasses } from '../../passes/pipeline.ts';

export type Outcome = 'rejected' | 'evaluated' | 'stopped' | 'not evaluated';

/** Small, so that a test of 20,000 modules ends: real use allows more. */
const limits = { maxSteps: 20_000, maxBytes: 16 << 20 };

/** Reads, verifies, prints, simplifies and evaluates. A DiagnosticError is an answer; whatever else is thrown is a bug. */
export function processModule(bytes: Uint8Array): Outcome {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('hostile.mlir', bytes), sink);
  if (parsed !== undefined) verify(parsed.root, sink, parsed.unread);
  if (parsed === undefined || sink.hasErrors) {
    if (!sink.hasErrors) throw new Error('rejected without a diagnostic');
    return 'rejected';
  }
  printModule(parsed.root);
  return guarded(() => {
    runPasses(parsed.root, pipelinePasses('simplify'), sink);
    return evaluate(parsed.root);
  });
}

function guarded(run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    if (error instanceof DiagnosticError) return 'stopped';
    throw error;
  }
}

function evaluate(module: Operation): Outcome {
  const func = new SymbolTable(module).functions().find(({ regions }) => regions.length > 0);
  const name = func === undefined ? undefined : symbolName(func);
  if (func === undefined || name === undefined) return 'not evaluated';
  const inputs: RuntimeValue[] = [];
  for (const { type } of func.region().block.arguments) {
    if (type.kind === 'token') inputs.push({ kind: 'token' });
    else if (isStaticTensor(type) && hasDType(type) && type.shape.every((size) => Number(size) < 4096)) {
      const shape = type.shape.map(Number);
      if (shape.reduce((size, dim) => size * dim, 1) > 1 << 16) return 'not evaluated';
      inputs.push(Tensor.zeros(type.element, shape));
    } else return 'not evaluated';
  }
  evaluateFunction(module, name, inputs, limits);
  return 'evaluated';
}
