// @ts-check
// The loader of a compiled model: `tessera compile` writes it beside NAME.wasm, with the hashes of that module filled in.
// No dependencies, no eval, no fetch of anything but the module itself.

/** @typedef {number | string | readonly [op: string, lhs: Size, rhs: Size]} Size */
/** @typedef {{ name: string, dtype: string, shape: readonly Size[], address: number, donatedTo?: string }} Value */
/**
 * @typedef {{ run: string, symbols: readonly { name: string, max: number }[], inputs: readonly Value[], outputs: readonly Value[] }} Variant
 */
/**
 * What a module says of itself; its variants where it has several: the first whose shapes are those of a call takes it. `threads`: it takes
 * a memory of so many pages, and more for the stack of each further thread.
 * @typedef {Variant & { abi: number, hash: string, name: string, variants?: readonly Variant[], threads?: { pages: number, stackPages: number } }} Signature
 */
/** @typedef {Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array} Elements */
/** @typedef {Elements | { data: Elements, shape: readonly number[] }} Input */
/** @typedef {new (buffer: ArrayBufferLike | number, at?: number, length?: number) => Elements} ElementsClass */

/** @type {{ abi: number, name: string, hashes: { baseline: string, relaxed: string }, pool?: typeof import('./pool.js').pool }} */
const built = /* tessera:built */ { abi: 2, name: 'model', hashes: { baseline: '', relaxed: '' } };

/** What is wrong with a call or a module: `code` for programs, the message for people. */
export class TesseraError extends Error {
  /** @param {string} code @param {string} message @param {unknown} [expected] @param {unknown} [got] */
  constructor(code, message, expected, got) {
    super(message);
    this.name = 'TesseraError';
    this.code = code;
    this.expected = expected;
    this.got = got;
  }
}

/** @type {Readonly<Record<string, ElementsClass>>} */
const arrays = {
  i1: Uint8Array, i2: Int8Array, i4: Int8Array, i8: Int8Array, i16: Int16Array, i32: Int32Array, i64: BigInt64Array,
  ui2: Uint8Array, ui4: Uint8Array, ui8: Uint8Array, ui16: Uint16Array, ui32: Uint32Array, ui64: BigUint64Array,
  f16: /** @type {Record<string, ElementsClass>} */ (/** @type {unknown} */ (globalThis))['Float16Array'] ?? Uint16Array,
  bf16: Uint16Array, f32: Float32Array, f64: Float64Array,
  'complex<f32>': Float32Array, 'complex<f64>': Float64Array,
}; // prettier-ignore

/** @param {string} dtype */
const arrayOf = (dtype) => arrays[dtype] ?? Uint8Array;
/** @param {string} dtype */
const slotsOf = (dtype) => (dtype.startsWith('complex') ? 2 : 1);

/** A module of one function that adds with relaxed SIMD: engines that do not know it refuse it. */
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
]);

/** @param {Size} size @param {ReadonlyMap<string, number>} symbols @returns {number} */
function sizeOf(size, symbols) {
  if (typeof size === 'number') return size;
  if (typeof size === 'string') return symbols.get(size) ?? 0;
  const [op, lhs, rhs] = size;
  const a = sizeOf(lhs, symbols);
  const b = sizeOf(rhs, symbols);
  if (op === 'add') return a + b;
  if (op === 'multiply') return a * b;
  if (op === 'floor-divide') return Math.floor(a / b);
  if (op === 'ceil-divide') return Math.ceil(a / b);
  if (op === 'modulo') return a - b * Math.floor(a / b);
  return op === 'minimum' ? Math.min(a, b) : Math.max(a, b);
}

/** @param {URL} url @returns {Promise<Uint8Array>} */
async function bytesOfUrl(url) {
  if (url.protocol === 'file:') {
    // Node's fetch refuses files. Not an import, which bundlers for browsers would try to resolve.
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    return readFile(url);
  }
  if (url.protocol === 'data:') {
    const [, base64 = ''] = url.href.split(';base64,');
    return Uint8Array.from(atob(decodeURIComponent(base64)), (character) => character.charCodeAt(0));
  }
  return bytesOfResponse(await fetch(url));
}

/** @param {Response} response */
async function bytesOfResponse(response) {
  if (!response.ok) throw new TesseraError('not-found', `${response.url}: HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {unknown} source @returns {Promise<Uint8Array>} */
async function bytesOf(source) {
  if (source instanceof URL) return bytesOfUrl(source);
  if (typeof Response !== 'undefined' && source instanceof Response) return bytesOfResponse(source);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TesseraError('bad-source', 'a source is a URL, a Response, bytes or a WebAssembly.Module');
}

/** @param {WebAssembly.Module} module @returns {Signature} */
function signatureOf(module) {
  const [section] = WebAssembly.Module.customSections(module, 'tessera');
  if (section === undefined) throw new TesseraError('not-a-model', 'the module was not compiled by tessera');
  /** @type {Signature} */
  const signature = JSON.parse(new TextDecoder().decode(section));
  if (signature.abi !== built.abi)
    throw new TesseraError('abi', 'the module and its loader are of different versions', built.abi, signature.abi);
  const hashes = Object.values(built.hashes).filter((hash) => hash !== '');
  if (!hashes.includes(signature.hash))
    throw new TesseraError(
      'stale',
      `${built.name}.wasm and ${built.name}.js are of different builds`,
      hashes,
      signature.hash,
    );
  return signature;
}

/** @type {typeof Symbol.dispose} */
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** A loaded model; one call at a time. */
export class Model {
  #module;
  #signature;
  #threads;
  /** @type {import('./pool.js').Workers | undefined} */
  #workers;
  /** @type {ArrayBuffer} */
  #buffer;
  /** @type {Readonly<Record<string, unknown>>} */
  #exports;

  /** @param {WebAssembly.Module} module @param {Signature} signature @param {number} [threads] */
  constructor(module, signature, threads = 1) {
    this.#module = module;
    this.#signature = signature;
    this.#threads = threads;
    const { pages = 0, stackPages = 0 } = signature.threads ?? {};
    const all = pages + (threads - 1) * stackPages;
    const memory = pages && new WebAssembly.Memory({ initial: all, maximum: all, shared: threads > 1 });
    this.#exports = new WebAssembly.Instance(module, { tessera: { memory } }).exports;
    this.#buffer = /** @type {WebAssembly.Memory} */ (this.#exports['memory']).buffer;
    if (threads > 1) this.#workers = built.pool?.start(this, module, this.#exports, threads);
    else /** @type {((threads: number, mayWait: number) => void) | undefined} */ (this.#exports['start'])?.(1, 0);
  }

  /** Threads that a call uses. */
  get threads() {
    return this.#threads;
  }

  /** Once they are there. A call need not wait for them. @returns {Promise<unknown>} */
  get ready() {
    return Promise.resolve(this.#workers?.ready).catch(({ message }) => {
      throw new TesseraError('no-worker', `${built.name}.worker.js does not run: ${message}`);
    });
  }

  get inputs() {
    return this.#signature.inputs.map(({ name, dtype, shape, donatedTo }) => ({ name, dtype, shape, donatedTo }));
  }

  get outputs() {
    return this.#signature.outputs.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  }

  /** Another instance of the same module, with memory of its own. */
  instantiate() {
    return new Model(this.#module, this.#signature, this.#threads);
  }

  /** @param {Readonly<Record<string, Input>>} inputs @returns {Promise<Record<string, Elements>>} */
  async predict(inputs) {
    return this.predictSync(inputs);
  }

  /** Fresh arrays, by the names of the outputs. @param {Readonly<Record<string, Input>>} inputs */
  predictSync(inputs) {
    const { variant, sizes } = this.#call(inputs);
    /** @type {Record<string, Elements>} */
    const results = {};
    for (const output of variant.outputs) results[output.name] = this.#view(output, sizes).slice();
    return results;
  }

  /**
   * Writes into the arrays given; allocates nothing that grows with the data.
   * @param {Readonly<Record<string, Input>>} inputs @param {Readonly<Record<string, Elements>>} outputs
   */
  predictInto(inputs, outputs) {
    const { variant, sizes } = this.#call(inputs);
    for (const output of variant.outputs) {
      const target = outputs[output.name];
      if (target === undefined) continue;
      const view = this.#view(output, sizes);
      checkArray(output, target, view.length);
      /** @type {{ set(values: Elements): void }} */ (target).set(view);
    }
  }

  /**
   * The memory of an input, each open size at its bound. Given to a call, it or `{ data, shape }` of its first elements, it is not copied; what is
   * written there stays. Not of a model of several variants, which lie over each other. @param {string} name
   */
  memoryOf(name) {
    const { inputs, symbols, variants } = this.#signature;
    const input = inputs.find((each) => each.name === name);
    if (input === undefined || variants !== undefined)
      throw new TesseraError(
        'no-memory',
        `no input ${name} has memory of its own`,
        inputs.map((each) => each.name),
        name,
      );
    if (this.#exports['memory'] === undefined) throw new TesseraError('disposed', 'the model was disposed of');
    return this.#view(input, new Map(symbols.map(({ name: symbol, max }) => [symbol, max])));
  }

  [dispose]() {
    this.#workers?.stop();
    this.#buffer = new ArrayBuffer(0);
    this.#exports = {};
  }

  /** @param {Readonly<Record<string, Input>>} inputs */
  #call(inputs) {
    const { variant, sizes } = chosen(this.#signature, inputs);
    const run = /** @type {((...sizes: number[]) => void) | undefined} */ (this.#exports[variant.run]);
    if (run === undefined) throw new TesseraError('disposed', 'the model was disposed of');
    for (const input of variant.inputs) {
      const { data } = given(inputs, input);
      const isThere = data.buffer === this.#buffer && data.byteOffset === input.address;
      if (!isThere) /** @type {{ set(values: Elements): void }} */ (this.#view(input, sizes)).set(data);
    }
    try {
      run(...variant.symbols.map(({ name }) => sizes.get(name) ?? 0));
    } catch (error) {
      if (this.#workers === undefined) throw error;
      // What its threads do now, nobody knows.
      this[dispose]();
      throw new TesseraError('failed', `a thread stopped, and the model was disposed of: ${String(error)}`);
    }
    return { variant, sizes };
  }

  /** @param {Value} value @param {ReadonlyMap<string, number>} symbols */
  #view({ dtype, shape, address }, symbols) {
    const count = shape.reduce(
      (/** @type {number} */ product, size) => product * sizeOf(size, symbols),
      slotsOf(dtype),
    );
    return new (arrayOf(dtype))(this.#buffer, address, count);
  }
}

/** @param {Readonly<Record<string, Input>>} inputs @param {Value} value */
function given(inputs, { name, dtype }) {
  const input = inputs[name];
  if (input === undefined)
    throw new TesseraError('missing-input', `the input ${name} is missing`, name, Object.keys(inputs));
  const data = 'data' in input ? input.data : input;
  if (!ArrayBuffer.isView(data))
    throw new TesseraError('wrong-dtype', `${name} wants a typed array`, arrayOf(dtype).name, typeof data);
  return { data, shape: 'data' in input ? input.shape : undefined };
}

/** @param {Value} value @param {Elements} array @param {number} length */
function checkArray({ name, dtype }, array, length) {
  const wanted = arrayOf(dtype);
  if (!(array instanceof wanted))
    throw new TesseraError(
      'wrong-dtype',
      `${name} is ${dtype}: it wants a ${wanted.name}`,
      wanted.name,
      array.constructor.name,
    );
  if (array.length !== length)
    throw new TesseraError('wrong-length', `${name} has ${length} elements, not ${array.length}`, length, array.length);
}

/**
 * The variant that takes these inputs, and its open sizes. @param {Signature} signature @param {Readonly<Record<string, Input>>} inputs
 * @returns {{ variant: Variant, sizes: ReadonlyMap<string, number> }}
 */
function chosen(signature, inputs) {
  const { variants } = signature;
  if (variants === undefined) return { variant: signature, sizes: checkedSizes(signature, inputs) };
  for (const variant of variants) {
    try {
      return { variant, sizes: checkedSizes(variant, inputs) };
    } catch (error) {
      if (!(error instanceof TesseraError) || !isAboutSizes(error)) throw error;
    }
  }
  const expected = variants.map((variant) => variant.inputs.map(({ shape }) => shape));
  const got = signature.inputs.map((input) => given(inputs, input)).map(({ data, shape }) => shape ?? [data.length]);
  throw new TesseraError('no-variant', 'the model was not compiled for inputs of these shapes', expected, got);
}

/** @param {TesseraError} error */
const isAboutSizes = ({ code }) => ['wrong-shape', 'wrong-length', 'unknown-size', 'too-large'].includes(code);

/** The open sizes, once every input is known to be of them. @param {Variant} variant @param {Readonly<Record<string, Input>>} inputs */
function checkedSizes(variant, inputs) {
  const sizes = symbolsOf(variant, inputs);
  for (const input of variant.inputs) {
    const { data, shape } = given(inputs, input);
    const wanted = input.shape.map((size) => sizeOf(size, sizes));
    if (shape !== undefined && (shape.length !== wanted.length || wanted.some((size, axis) => size !== shape[axis])))
      throw new TesseraError(
        'wrong-shape',
        `${input.name} is [${wanted.join(', ')}] here, not [${shape.join(', ')}]`,
        wanted,
        shape,
      );
    const length = wanted.reduce((product, size) => product * size, slotsOf(input.dtype));
    checkArray(input, data, length);
  }
  return sizes;
}

/**
 * The sizes that inputs leave open: from the shapes given, or from the length of an array; each from what it is the only unknown of, and linear in.
 * @param {Variant} variant @param {Readonly<Record<string, Input>>} inputs
 */
function symbolsOf({ symbols, inputs: wanted, outputs }, inputs) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const known = wanted.flatMap((value) => {
    const { data, shape } = given(inputs, value);
    /** @type {Size} */
    const length = value.shape.reduce((product, size) => ['multiply', product, size], slotsOf(value.dtype));
    return shape === undefined ? [{ size: length, actual: data.length }] : value.shape.map((size, axis) => ({ size, actual: shape[axis] ?? 0 })); // prettier-ignore
  });
  for (const _ of symbols) for (const { size, actual } of known) solve(size, actual, sizes);
  for (const { name, max } of symbols) {
    const size = sizes.get(name);
    if (size === undefined)
      throw new TesseraError(
        'unknown-size',
        `the size ${name} does not follow from the inputs: give { data, shape }`,
        name,
      );
    if (size > max) throw new TesseraError('too-large', `the size ${name} is ${size}, but at most ${max}`, max, size);
  }
  for (const { name, shape } of [...wanted, ...outputs]) {
    const actual = shape.map((size) => sizeOf(size, sizes));
    if (actual.some((size) => size < 0))
      throw new TesseraError(
        'wrong-shape',
        `the inputs are too small: ${name} would be [${actual.join(', ')}]`,
        0,
        actual,
      );
  }
  return sizes;
}

/** @param {Size} size @param {number} actual @param {Map<string, number>} sizes */
function solve(size, actual, sizes) {
  const [name, ...others] = unknownsOf(size, sizes);
  if (name === undefined || others.length > 0) return;
  const [zero = 0, one = 0, two = 0] = [0, 1, 2].map((value) => sizeOf(size, new Map([...sizes, [name, value]])));
  if (two - one !== one - zero) return;
  sizes.set(name, one === zero ? 0 : Math.floor((actual - zero) / (one - zero)));
}

/** @param {Size} size @param {ReadonlyMap<string, number>} sizes @returns {ReadonlySet<string>} */
function unknownsOf(size, sizes) {
  if (typeof size === 'number') return new Set();
  if (typeof size === 'string') return new Set(sizes.has(size) ? [] : [size]);
  return new Set(size.slice(1).flatMap((part) => [...unknownsOf(part, sizes)]));
}

/**
 * @param {URL | Response | ArrayBuffer | Uint8Array | WebAssembly.Module} [source] NAME.wasm beside this file unless given
 * @param {{ threads?: number }} [options] of a model compiled with --threads; as many as there are cores unless given
 * @returns {Promise<Model>}
 */
export async function load(source, { threads } = {}) {
  const isRelaxed = source === undefined && built.hashes.relaxed !== '' && WebAssembly.validate(relaxedProbe);
  const file = `./${built.name}${isRelaxed ? '.relaxed' : ''}.wasm`;
  if (source instanceof WebAssembly.Module) return new Model(source, signatureOf(source));
  const bytes = await bytesOf(source ?? new URL(file, import.meta.url));
  const { pool } = built;
  const count = pool?.count(threads) ?? 1;
  const module = await (pool && count > 1 ? pool.compileShared(bytes) : WebAssembly.compile(bytes));
  const model = new Model(module, signatureOf(module), count);
  await model.ready;
  return model;
}
