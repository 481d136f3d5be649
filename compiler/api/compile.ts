/** Compiling in memory: what `tessera compile` does, without its files. */
import type { WasmModule } from '../../codegen/wasm/emit.ts';
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { Model } from '../../runtime/js/load.js';
import {
  compileModel,
  type CompileRequest,
  type CompiledModel,
  type EmitKind,
  emitKinds,
  nameOfModel,
} from '../driver/compile-model.ts';
import { readModel } from '../driver/load-model.ts';
import { readWeights } from '../driver/weights.ts';
import { dimensionChoices, type ModelOptions, programOptions } from './model-options.ts';
import { filesOf, type ModelSource, weightsRequest } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface CompileOptions extends ModelOptions {
  /** Of the files: letters, digits, `_`, `-` and `.`. The model's unless given. */
  readonly name?: string;
  /** Compile a second module with relaxed SIMD, which the loader prefers where there is any. */
  readonly relaxed?: boolean;
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
  /** `NAME.wasm`, `NAME.js`, `NAME.d.ts`, and `NAME.relaxed.wasm` when asked; the same bytes for the same source. */
  readonly artifacts: readonly ArtifactFile[];
  /** The module (without relaxed SIMD) loaded here and now, through the loader that ships with it. */
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
  const request = requestOf(source, options);
  const { sink, module, parameters } = readModel(source.main, filesOf(source), programOptions(options));
  // The sizes of a program are bound when it is read.
  const dimensions = parameters === undefined ? dimensionChoices(options.dims) : new Map();
  const weights = readWeights(weightsRequest(source, options.params, parameters), sink);
  const compiled = module && weights && compileModel(module, { ...request, dimensions, weights }, sink);
  if (compiled === undefined || sink.hasErrors) return failureOf(sink);
  return compiled.wasm === undefined ? stageOf(compiled, sink) : compilationOf(compiled, compiled.wasm, sink);
}

function requestOf(
  { main }: ModelSource,
  { fn, name = nameOfModel(main), relaxed = false, emit = 'wasm' }: CompileOptions & { readonly emit?: EmitKind },
): CompileRequest {
  if (!emitKinds.includes(emit)) throw new TypeError(`emit: '${emit}' is none of ${emitKinds.join(', ')}`);
  return { functionName: fn, emit, name, relaxed };
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
