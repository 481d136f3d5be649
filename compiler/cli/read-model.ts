/** Reads what a command is given as MODEL. */
import { readFileSync } from 'node:fs';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { loadModule } from '../driver/load-module.ts';
import { filesError } from '../driver/function-signature.ts';

/** The text of a model; `-` is standard input. Throws a DiagnosticError (E5010) for a kind of file that is not read yet. */
export function readSource(path: string): SourceFile {
  if (path.endsWith('.tess') || path.endsWith('.onnx')) {
    throw filesError('E5010', `${path}: ${path.slice(path.lastIndexOf('.'))} files are not read yet`, {
      kind: 'unsupported',
      hint: 'give StableHLO text, as `jax.jit(f).lower(...).as_text()` writes it, in a .mlir file',
    });
  }
  return path === '-' ? new SourceFile('<stdin>', readFileSync(0)) : new SourceFile(path, readFileSync(path));
}

export interface Model {
  readonly source: SourceFile;
  readonly sink: DiagnosticSink;
  /** Undefined when something is wrong with it. */
  readonly module: Operation | undefined;
}

export function readModel(path: string): Model {
  const source = readSource(path);
  const sink = new DiagnosticSink();
  return { source, sink, module: loadModule(source, sink) };
}
