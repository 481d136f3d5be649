/** Compiling in memory: what `tessera compile` does, without its files. */
import type { WasmModule } from '../../codegen/wasm/emit.ts';
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { Model } from '../../runtime/js/load.js';
import { compileFiles, type FilesRequest } from '../driver/compile-files.ts';
import { type CompiledModel, type EmitKind, emitKinds, nameOfModel } from '../driver/compile-model.ts';
import { dimensionChoices, type ModelOptions, settingsOf } from './model-options.ts';
import { filesOf, type ModelSource, weightsRequest } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface CompileOptions extends ModelOptions {
  /** Of the files: letters, digits, `_`, `-` and `.`. The model's unless given. */
  readonly name?: string;
  /** Makes constants of the parameters, drawn by this seed, where no file of weights (`params`) does; without either they are inputs. */
  readonly seed?: number | bigint;
  /** Compile a second module with relaxed SIMD, which the loader prefers where there is any. */
  readonly relaxed?: boolean;
  /** Convolutions as the sums they are, not by fewer multiplications: docs/numerics.md says where the results differ. */
  readonly directSums?: boolean;
  /** Compile for several threads, which the loader starts where memory can be shared. */
  readonly threads?: boolean;
}

/** A stage on the way to the module, as text: `tessera compile --emit`. */
export type StageKind = Exclude<EmitKind, 'wasm'>;

export interface StageOptions extends CompileOptions {
  readonly emit: StageKind;
}

/** A file to write, or to serve. */
export interface ArtifactFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Compilation extends Report {
  readonly ok: true;
  /** `NAME.wasm`, `NAME.js`, `NAME.d.ts`, and when asked `NAME.relaxed.wasm` and `NAME.worker.js`; the same bytes for the same source. */
  readonly artifacts: readonly ArtifactFile[];
  /** The module (without relaxed SIMD, on one thread) loaded here and now, through the loader that ships with it. */
  readonly instantiate: () => Promise<Model>;
}

export interface StageText extends Report {
  readonly ok: true;
  readonly artifacts: readonly [ArtifactFile];
}

/** Reads, checks and compiles a model. Never throws for what is wrong with it. */
export function compile(
  source: ModelSource,
  options?: CompileOptions & { readonly emit?: 'wasm' },
): Compilation | Failure;
export function compile(source: ModelSource, options: StageOptions): StageText | Failure;
export function compile(
  source: ModelSource,
  options: CompileOptions & { readonly emit?: EmitKind } = {},
): Compilation | StageText | Failure {
  const { sink, compiled } = compileFiles(requestOf(source, options));
  if (compiled === undefined || sink.hasErrors) return failureOf(sink);
  return compiled.wasm === undefined ? stageOf(compiled, sink) : compilationOf(compiled, compiled.wasm, sink);
}

function requestOf(source: ModelSource, options: CompileOptions & { readonly emit?: EmitKind }): FilesRequest {
  const { fn, name = nameOfModel(source.main), relaxed = false, directSums, threads, emit = 'wasm' } = options;
  const { dims, params, seed } = options;
  if (!emitKinds.includes(emit)) throw new TypeError(`emit: '${emit}' is none of ${emitKinds.join(', ')}`);
  return {
    path: source.main,
    files: filesOf(source),
    functionName: fn,
    dimensions: dimensionChoices(dims),
    settings: settingsOf(options),
    weights: { ...weightsRequest(source, params), seed: seed === undefined ? undefined : BigInt(seed) },
    emit,
    name,
    relaxed,
    directSums,
    threads,
  };
}

function compilationOf(
  { artifacts }: CompiledModel,
  { bytes, signature }: WasmModule,
  sink: DiagnosticSink,
): Compilation {
  return {
    ok: true,
    ...reportOf(sink),
    artifacts: artifacts.map(({ name, contents }) => ({ name, bytes: joined(contents) })),
    instantiate: async () => new Model(await WebAssembly.compile(bytes), signature),
  };
}

function stageOf({ artifacts }: CompiledModel, sink: DiagnosticSink): StageText {
  const contents = artifacts.flatMap((artifact) => artifact.contents);
  return { ok: true, ...reportOf(sink), artifacts: [{ name: artifacts[0]?.name ?? '', bytes: joined(contents) }] };
}

function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
