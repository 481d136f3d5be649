/** What load.js exports, for the compiler's own programs: a model's .d.ts says more, with its inputs and outputs by name. */

export type Elements =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Row-major elements; with their shape where sizes are open. */
export type Input = Elements | { readonly data: Elements; readonly shape: readonly number[] };

/** A size: a number, the name of an open one, or an operation on two sizes. */
export type Size = number | string | readonly [op: string, lhs: Size, rhs: Size];

export interface Value {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly Size[];
}

/** One way to call the model's function. */
export interface SignatureVariant {
  readonly run: string;
  readonly symbols: readonly { readonly name: string; readonly max: number }[];
  readonly inputs: readonly (Value & { readonly address: number })[];
  readonly outputs: readonly (Value & { readonly address: number })[];
}

export interface Signature extends SignatureVariant {
  readonly abi: number;
  readonly hash: string;
  readonly name: string;
  readonly variants?: readonly SignatureVariant[];
  readonly threads?: { readonly pages: number; readonly stackPages: number };
}

/** What is wrong with a call or a module: `code` for programs, the message for people. */
export declare class TesseraError extends Error {
  readonly code: string;
  readonly expected: unknown;
  readonly got: unknown;
  constructor(code: string, message: string, expected?: unknown, got?: unknown);
}

/** A loaded model; one call at a time. */
export declare class Model {
  /** Of a WebAssembly.Module. */
  constructor(module: object, signature: Signature, threads?: number);
  /** Threads that a call uses. */
  get threads(): number;
  /** Once they are there, or a TesseraError where they cannot be. */
  get ready(): Promise<unknown>;
  get inputs(): readonly Value[];
  get outputs(): readonly Value[];
  /** Another instance of the same module, with memory of its own. */
  instantiate(): Model;
  predict(inputs: Readonly<Record<string, Input>>): Promise<Record<string, Elements>>;
  /** Fresh arrays, by the names of the outputs. Throws a TesseraError for inputs that do not fit. */
  predictSync(inputs: Readonly<Record<string, Input>>): Record<string, Elements>;
  /** Writes into the arrays given; allocates nothing that grows with the data. */
  predictInto(inputs: Readonly<Record<string, Input>>, outputs: Readonly<Record<string, Elements>>): void;
  /** The memory of an input, each open size at its bound: given to a call, it is not copied, and what is written there stays. */
  memoryOf(name: string): Elements;
}

/** `source`: a URL, a Response, bytes or a WebAssembly.Module; NAME.wasm beside the loader unless given. */
export declare function load(source?: unknown, options?: { readonly threads?: number }): Promise<Model>;
