/** Reads what a command is given as MODEL. */
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { splitSources } from '../../ir/text/parser.ts';
import { loadModule } from '../driver/load-module.ts';
import { filesError } from '../driver/function-signature.ts';
import { readFile } from './read-file.ts';

const hint = 'give StableHLO as text, as `jax.jit(f).lower(...).as_text()` writes it, in a .mlir file';

/** How MLIR's bytecode starts. */
const bytecodeMagic = [0x4d, 0x4c, 0xef, 0x52];

/** The text of a model; `-` is standard input. Throws a DiagnosticError (E5010, E5013) for what cannot be read. */
export function readSource(path: string): SourceFile {
  const kind = /\.(?:tess|onnx|pb|tflite|safetensors|npy|npz)$/.exec(path)?.[0];
  if (kind !== undefined) {
    throw filesError('E5010', `${path}: ${kind} files are not read as models`, { kind: 'unsupported', hint });
  }
  const bytes = readFile(path);
  if (bytecodeMagic.every((byte, index) => bytes[index] === byte)) {
    throw filesError('E5010', `${path}: MLIR bytecode is not read yet`, { kind: 'unsupported', hint });
  }
  return new SourceFile(path === '-' ? '<stdin>' : path, bytes);
}

export interface Model {
  readonly sink: DiagnosticSink;
  /** Undefined when something is wrong with it. */
  readonly module: Operation | undefined;
}

/** Reads and verifies; whatever is wrong with the file or the module is in the sink. */
export function readModel(path: string): Model {
  const sink = new DiagnosticSink();
  const source = trySource(path, sink);
  return { sink, module: source === undefined ? undefined : loadModule(source, sink) };
}

/** Reads and verifies all modules of a file. */
export function checkSources(path: string, { isSplit }: { readonly isSplit: boolean }, sink: DiagnosticSink): void {
  const source = trySource(path, sink);
  if (source === undefined) return;
  for (const part of isSplit ? splitSources(source) : [source]) loadModule(part, sink);
}

function trySource(path: string, sink: DiagnosticSink): SourceFile | undefined {
  try {
    return readSource(path);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    sink.report(error.diagnostic);
    return undefined;
  }
}
