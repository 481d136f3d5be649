/** What every command does first: the file that is given as MODEL to a verified module. */
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import type { SourceFile } from '../../ir/source.ts';
import { splitSources } from '../../ir/text/parser.ts';
import { filesError } from './function-signature.ts';
import { loadModule } from './load-module.ts';
import type { ModelFiles } from './model-files.ts';
import type { ModelParameters } from './model-parameters.ts';
import { checkTess, isTess, type ProgramOptions, readTess } from './tess-model.ts';

const hint = 'give StableHLO as text, as `jax.jit(f).lower(...).as_text()` writes it, in a .mlir file';

/** How MLIR's bytecode starts. */
const bytecodeMagic = [0x4d, 0x4c, 0xef, 0x52];

/** The text of a model. Throws a DiagnosticError (E5010, E5013) for what cannot be read. */
export function readSource(path: string, files: ModelFiles): SourceFile {
  const kind = /\.(?:onnx|pb|tflite|safetensors|npy|npz)$/.exec(path)?.[0];
  if (kind !== undefined) {
    throw filesError('E5010', `${path}: ${kind} files are not read as models`, { kind: 'unsupported', hint });
  }
  const source = files.open(path);
  if (bytecodeMagic.every((byte, index) => source.bytes[index] === byte)) {
    throw filesError('E5010', `${path}: MLIR bytecode is not read yet`, { kind: 'unsupported', hint });
  }
  return source;
}

export interface Model {
  readonly sink: DiagnosticSink;
  /** Undefined when something is wrong with it. */
  readonly module: Operation | undefined;
  /** Of a program of the language: its parameters and state, with what they start from. */
  readonly parameters?: ModelParameters | undefined;
}

/** Reads and verifies; whatever is wrong with the file or the module is in the sink. The options are for programs of the language. */
export function readModel(path: string, files: ModelFiles, options: ProgramOptions = {}): Model {
  const sink = new DiagnosticSink();
  if (isTess(path)) return { sink, module: undefined, ...tryTess(path, files, options, sink) };
  refuseSettings(options.settings, sink);
  const source = trySource(path, files, sink);
  return { sink, module: source === undefined ? undefined : loadModule(source, sink) };
}

/** As {@link readModel}, but for its functions, so that no size has to be known: the module is empty for a program. */
export function readParameters(path: string, files: ModelFiles, settings: ReadonlyMap<string, string>): Model {
  return readModel(path, files, { functionName: '', settings });
}

export interface CheckOptions {
  readonly files: ModelFiles;
  /** Parts between `// -----` lines are modules of their own. */
  readonly isSplit: boolean;
  /** Of a program: `--set`. */
  readonly settings?: ReadonlyMap<string, string> | undefined;
}

/** Reads and verifies all modules of a file. */
export function checkModel(path: string, { files, isSplit, settings = new Map() }: CheckOptions): DiagnosticSink {
  const sink = new DiagnosticSink();
  if (isTess(path)) {
    checkTess(path, files, settings, sink);
    return sink;
  }
  refuseSettings(settings, sink);
  const source = trySource(path, files, sink);
  if (source === undefined) return sink;
  for (const part of isSplit ? splitSources(source) : [source]) loadModule(part, sink);
  return sink;
}

function refuseSettings(settings: ReadonlyMap<string, string> | undefined, sink: DiagnosticSink): void {
  const [setting] = settings?.keys() ?? [];
  if (setting === undefined) return;
  const detail = { hint: 'a .mlir file has no compile-time parameters' };
  sink.report(filesError('E5008', `--set ${setting}: it is for programs of the language`, detail).diagnostic);
}

function tryTess(path: string, files: ModelFiles, options: ProgramOptions, sink: DiagnosticSink): Partial<Model> {
  try {
    return readTess(path, files, options, sink) ?? {};
  } catch (error) {
    sink.catch(error);
    return {};
  }
}

function trySource(path: string, files: ModelFiles, sink: DiagnosticSink): SourceFile | undefined {
  try {
    return readSource(path, files);
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
}
