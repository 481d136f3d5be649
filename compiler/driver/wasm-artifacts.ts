/** The files of a model compiled to WebAssembly: NAME.wasm, NAME.js, NAME.d.ts, and when asked NAME.relaxed.wasm and NAME.worker.js. */
import type { ScheduleSource } from '../../codegen/kernel/compile-kernel.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget, withThreads } from '../../codegen/kernel/target-info.ts';
import type { Plan } from '../../codegen/plan/plan.ts';
import { sharingLimits } from '../../codegen/plan/shared-work.ts';
import { emitVariants, type WasmModule } from '../../codegen/wasm/emit.ts';
import { abiVersion, type Signature, type SignatureSize, type SignatureValue } from '../../codegen/wasm/signature.ts';
import { type DiagnosticSink, invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { DType } from '../../ir/dtype.ts';
import type { Operation } from '../../ir/operation.ts';
import { planFunction } from './compile-module.ts';
import { loaderText, poolText, workerText } from './loader-text.ts';

export interface Artifact {
  readonly name: string;
  /** In pieces: a large module has a text that no string can hold. */
  readonly contents: readonly (string | Uint8Array)[];
}

export interface WasmArtifacts {
  readonly files: readonly Artifact[];
  /** What `NAME.wasm` holds. */
  readonly baseline: WasmModule;
  /** What each module was made of, the baseline's first. */
  readonly builds: readonly Build[];
}

/** The plans of a target: one a variant of the function. */
export interface Build {
  readonly target: TargetInfo;
  readonly plans: readonly Plan[];
}

export interface ArtifactOptions {
  /** Of the files. */
  readonly name: string;
  readonly functionName: string;
  /** A second module with relaxed SIMD, which the loader prefers where there is any. */
  readonly relaxed: boolean;
  /** Modules that several threads may run, and NAME.worker.js, which the others run. */
  readonly threads: boolean;
  readonly tuned?: ScheduleSource | undefined;
  readonly sink?: DiagnosticSink | undefined;
}

/** Deterministic. The modules are optimised: one, or one a variant of the function for certain sizes. */
export function wasmArtifacts(
  modules: readonly Operation[],
  { name, functionName, relaxed, threads, tuned, sink }: ArtifactOptions,
): WasmArtifacts {
  const build = (target: TargetInfo): Build => ({
    target,
    plans: modules.map((module) => planFunction(module, functionName, target, { tuned, sink })),
  });
  const targets = [wasmTarget, ...(relaxed ? [relaxedWasmTarget] : [])];
  const builds = targets.map((target) => build(threads ? withThreads(target) : target));
  const [baseline, second] = builds.map(({ plans, target }) =>
    emitVariants(plans, { relaxed: target.fma === 'relaxed', threads: threads ? sharingLimits : undefined }),
  );
  invariant(baseline !== undefined, 'there is always a baseline');
  const files: Artifact[] = [
    { name: `${name}.wasm`, contents: [baseline.bytes] },
    { name: `${name}.js`, contents: [loaderOf(name, baseline, second, { threads })] },
    { name: `${name}.d.ts`, contents: [declarationText(baseline, { threads })] },
  ];
  if (second !== undefined) files.push({ name: `${name}.relaxed.wasm`, contents: [second.bytes] });
  if (threads) files.push({ name: `${name}.worker.js`, contents: ['// Made by tessera.\n', workerText] });
  return { files, baseline, builds };
}

const placeholder = /const built = \/\* tessera:built \*\/ [^;]*;/;

function loaderOf(
  name: string,
  baseline: WasmModule,
  relaxed: WasmModule | undefined,
  { threads }: Pick<ArtifactOptions, 'threads'>,
): string {
  invariant(placeholder.test(loaderText), 'the loader has no place for what was built');
  const hashes = { baseline: baseline.signature.hash, relaxed: relaxed?.signature.hash ?? '' };
  const about = JSON.stringify({ abi: abiVersion, name, hashes });
  const pool = poolText.replace('export const', 'const').replaceAll('model.worker.js', `${name}.worker.js`);
  const built = threads ? `${pool}const built = { ...${about}, pool };` : `const built = ${about};`;
  return `// Made by tessera.\n${loaderText.replace(placeholder, () => built)}`;
}

const arrayNames: Readonly<Partial<Record<DType, string>>> = {
  i2: 'Int8Array', i4: 'Int8Array', i8: 'Int8Array', i16: 'Int16Array', i32: 'Int32Array', i64: 'BigInt64Array',
  ui16: 'Uint16Array', ui32: 'Uint32Array', ui64: 'BigUint64Array',
  bf16: 'Uint16Array', f16: 'Uint16Array | Float16Array', f32: 'Float32Array', f64: 'Float64Array',
  'complex<f32>': 'Float32Array', 'complex<f64>': 'Float64Array',
}; // prettier-ignore

function arrayName(dtype: DType): string {
  return arrayNames[dtype] ?? 'Uint8Array';
}

function sizeText(size: SignatureSize): string {
  if (typeof size === 'number' || typeof size === 'string') return String(size);
  const [op, lhs, rhs] = size;
  return `${op}(${sizeText(lhs)}, ${sizeText(rhs)})`;
}

function fields(signature: Signature, side: 'inputs' | 'outputs'): string {
  const variants = signature.variants ?? [signature];
  const lines = signature[side].map(({ name, dtype }, index) => {
    const array = arrayName(dtype);
    const type = side === 'inputs' ? `Input<${array}>` : array;
    const shapes = variants.map((variant) => shapeText(variant[side][index]));
    return `  /** ${dtype} ${[...new Set(shapes)].join(' or ')} */\n  ${fieldName(name)}: ${type};\n`;
  });
  return lines.join('');
}

function shapeText(value: SignatureValue | undefined): string {
  return `[${(value?.shape ?? []).map(sizeText).join(', ')}]`;
}

/** `blocks.0.weight` is no name that TypeScript takes as it is. */
function fieldName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

const readyText = '  /** Once they are there; a call need not wait. */\n  readonly ready: Promise<unknown>;\n';
const memoryText = `  /** The memory of an input, each open size at its bound: given to a call, it is not copied, and what is written there stays. */
  memoryOf<Name extends keyof Inputs>(name: Name): Extract<Inputs[Name], ArrayBufferView>;
`;
const optionsText =
  '\n  /** As many threads as there are cores, at most 8, unless given. */\n  options?: { threads?: number },';

function declarationText({ signature }: WasmModule, { threads }: Pick<ArtifactOptions, 'threads'>): string {
  const hasMemory = signature.variants === undefined && signature.inputs.length > 0;
  const usesHalf = [...signature.inputs, ...signature.outputs].some(({ dtype }) => dtype === 'f16');
  return `/** Elements in row-major order; with their shape where sizes are open. */
export type Input<T> = T | { data: T; shape: readonly number[] };
${usesHalf ? '\ndeclare global {\n  interface Float16Array extends ArrayBufferView {}\n}\n' : ''}
export interface Inputs {
${fields(signature, 'inputs')}}

export interface Outputs {
${fields(signature, 'outputs')}}

export declare class TesseraError extends Error {
  readonly code: string;
  readonly expected: unknown;
  readonly got: unknown;
}

export declare class Model {
  /** That a call uses. */
  readonly threads: number;
${threads ? readyText : ''}  /** Another instance, with memory of its own. */
  instantiate(): Model;
  predict(inputs: Inputs): Promise<Outputs>;
  predictSync(inputs: Inputs): Outputs;
  /** Writes into arrays of the right lengths; allocates nothing that grows with the data. */
  predictInto(inputs: Inputs, outputs: Partial<Outputs>): void;
${hasMemory ? memoryText : ''}}

/** \`source\` is the .wasm beside the .js unless given: a URL, a Response, bytes or a WebAssembly.Module. */
export declare function load(
  source?: URL | Response | ArrayBuffer | Uint8Array | WebAssembly.Module,${threads ? optionsText : ''}
): Promise<Model>;
`;
}
