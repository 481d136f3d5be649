/** What ships beside a compiled model. Made from runtime/js by `npm run docs`: change those files, not this one. */

export const loaderText = `const built = /* tessera:built */ { abi: 2, name: 'model', hashes: { baseline: '', relaxed: '' } };
export class TesseraError extends Error {
  constructor(code, message, expected, got) {
    super(message);
    this.name = 'TesseraError';
    this.code = code;
    this.expected = expected;
    this.got = got;
  }
}
const arrays = {
  i1: Uint8Array, i2: Int8Array, i4: Int8Array, i8: Int8Array, i16: Int16Array, i32: Int32Array, i64: BigInt64Array,
  ui2: Uint8Array, ui4: Uint8Array, ui8: Uint8Array, ui16: Uint16Array, ui32: Uint32Array, ui64: BigUint64Array,
  f16: ((globalThis))['Float16Array'] ?? Uint16Array,
  bf16: Uint16Array, f32: Float32Array, f64: Float64Array,
  'complex<f32>': Float32Array, 'complex<f64>': Float64Array,
}; // prettier-ignore
const arrayOf = (dtype) => arrays[dtype] ?? Uint8Array;
const slotsOf = (dtype) => (dtype.startsWith('complex') ? 2 : 1);
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
]);
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
async function bytesOfUrl(url) {
  if (url.protocol === 'file:') {
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    return readFile(url);
  }
  if (url.protocol === 'data:') {
    const [, base64 = ''] = url.href.split(';base64,');
    return Uint8Array.from(atob(decodeURIComponent(base64)), (character) => character.charCodeAt(0));
  }
  return bytesOfResponse(await fetch(url));
}
async function bytesOfResponse(response) {
  if (!response.ok) throw new TesseraError('not-found', \`\${response.url}: HTTP status \${response.status}\`);
  return new Uint8Array(await response.arrayBuffer());
}
async function bytesOf(source) {
  if (source instanceof URL) return bytesOfUrl(source);
  if (typeof Response !== 'undefined' && source instanceof Response) return bytesOfResponse(source);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TesseraError('bad-source', 'a source is a URL, a Response, bytes or a WebAssembly.Module');
}
function signatureOf(module) {
  const [section] = WebAssembly.Module.customSections(module, 'tessera');
  if (section === undefined) throw new TesseraError('not-a-model', 'the module was not compiled by tessera');
  const signature = JSON.parse(new TextDecoder().decode(section));
  if (signature.abi !== built.abi)
    throw new TesseraError('abi', 'the module and its loader are of different versions', built.abi, signature.abi);
  const hashes = Object.values(built.hashes).filter((hash) => hash !== '');
  if (!hashes.includes(signature.hash))
    throw new TesseraError(
      'stale',
      \`\${built.name}.wasm and \${built.name}.js are of different builds\`,
      hashes,
      signature.hash,
    );
  return signature;
}
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
export class Model {
  #module;
  #signature;
  #threads;
  #workers;
  #buffer;
  #exports;
  constructor(module, signature, threads = 1) {
    this.#module = module;
    this.#signature = signature;
    this.#threads = threads;
    const { pages = 0, stackPages = 0 } = signature.threads ?? {};
    const all = pages + (threads - 1) * stackPages;
    const memory = pages && new WebAssembly.Memory({ initial: all, maximum: all, shared: threads > 1 });
    this.#exports = new WebAssembly.Instance(module, { tessera: { memory } }).exports;
    this.#buffer = (this.#exports['memory']).buffer;
    if (threads > 1) this.#workers = built.pool?.start(this, module, this.#exports, threads);
    else (this.#exports['start'])?.(1, 0);
  }
  get threads() {
    return this.#threads;
  }
  get ready() {
    return Promise.resolve(this.#workers?.ready).catch(({ message }) => {
      throw new TesseraError('no-worker', \`\${built.name}.worker.js does not run: \${message}\`);
    });
  }
  get inputs() {
    return this.#signature.inputs.map(({ name, dtype, shape, donatedTo }) => ({ name, dtype, shape, donatedTo }));
  }
  get outputs() {
    return this.#signature.outputs.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  }
  instantiate() {
    return new Model(this.#module, this.#signature, this.#threads);
  }
  async predict(inputs) {
    return this.predictSync(inputs);
  }
  predictSync(inputs) {
    const { variant, sizes } = this.#call(inputs);
    const results = {};
    for (const output of variant.outputs) results[output.name] = this.#view(output, sizes).slice();
    return results;
  }
  predictInto(inputs, outputs) {
    const { variant, sizes } = this.#call(inputs);
    for (const output of variant.outputs) {
      const target = outputs[output.name];
      if (target === undefined) continue;
      const view = this.#view(output, sizes);
      checkArray(output, target, view.length);
      (target).set(view);
    }
  }
  memoryOf(name) {
    const { inputs, symbols, variants } = this.#signature;
    const input = inputs.find((each) => each.name === name);
    if (input === undefined || variants !== undefined)
      throw new TesseraError(
        'no-memory',
        \`no input \${name} has memory of its own\`,
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
  #call(inputs) {
    const { variant, sizes } = chosen(this.#signature, inputs);
    const run = (this.#exports[variant.run]);
    if (run === undefined) throw new TesseraError('disposed', 'the model was disposed of');
    for (const input of variant.inputs) {
      const { data } = given(inputs, input);
      const isThere = data.buffer === this.#buffer && data.byteOffset === input.address;
      if (!isThere) (this.#view(input, sizes)).set(data);
    }
    try {
      run(...variant.symbols.map(({ name }) => sizes.get(name) ?? 0));
    } catch (error) {
      if (this.#workers === undefined) throw error;
      this[dispose]();
      throw new TesseraError('failed', \`a thread stopped, and the model was disposed of: \${String(error)}\`);
    }
    return { variant, sizes };
  }
  #view({ dtype, shape, address }, symbols) {
    const count = shape.reduce(
      (product, size) => product * sizeOf(size, symbols),
      slotsOf(dtype),
    );
    return new (arrayOf(dtype))(this.#buffer, address, count);
  }
}
function given(inputs, { name, dtype }) {
  const input = inputs[name];
  if (input === undefined)
    throw new TesseraError('missing-input', \`the input \${name} is missing\`, name, Object.keys(inputs));
  const data = 'data' in input ? input.data : input;
  if (!ArrayBuffer.isView(data))
    throw new TesseraError('wrong-dtype', \`\${name} wants a typed array\`, arrayOf(dtype).name, typeof data);
  return { data, shape: 'data' in input ? input.shape : undefined };
}
function checkArray({ name, dtype }, array, length) {
  const wanted = arrayOf(dtype);
  if (!(array instanceof wanted))
    throw new TesseraError(
      'wrong-dtype',
      \`\${name} is \${dtype}: it wants a \${wanted.name}\`,
      wanted.name,
      array.constructor.name,
    );
  if (array.length !== length)
    throw new TesseraError('wrong-length', \`\${name} has \${length} elements, not \${array.length}\`, length, array.length);
}
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
const isAboutSizes = ({ code }) => ['wrong-shape', 'wrong-length', 'unknown-size', 'too-large'].includes(code);
function checkedSizes(variant, inputs) {
  const sizes = symbolsOf(variant, inputs);
  for (const input of variant.inputs) {
    const { data, shape } = given(inputs, input);
    const wanted = input.shape.map((size) => sizeOf(size, sizes));
    if (shape !== undefined && (shape.length !== wanted.length || wanted.some((size, axis) => size !== shape[axis])))
      throw new TesseraError(
        'wrong-shape',
        \`\${input.name} is [\${wanted.join(', ')}] here, not [\${shape.join(', ')}]\`,
        wanted,
        shape,
      );
    const length = wanted.reduce((product, size) => product * size, slotsOf(input.dtype));
    checkArray(input, data, length);
  }
  return sizes;
}
function symbolsOf({ symbols, inputs: wanted, outputs }, inputs) {
  const sizes = new Map();
  const known = wanted.flatMap((value) => {
    const { data, shape } = given(inputs, value);
    const length = value.shape.reduce((product, size) => ['multiply', product, size], slotsOf(value.dtype));
    return shape === undefined ? [{ size: length, actual: data.length }] : value.shape.map((size, axis) => ({ size, actual: shape[axis] ?? 0 })); // prettier-ignore
  });
  for (const _ of symbols) for (const { size, actual } of known) solve(size, actual, sizes);
  for (const { name, max } of symbols) {
    const size = sizes.get(name);
    if (size === undefined)
      throw new TesseraError(
        'unknown-size',
        \`the size \${name} does not follow from the inputs: give { data, shape }\`,
        name,
      );
    if (size > max) throw new TesseraError('too-large', \`the size \${name} is \${size}, but at most \${max}\`, max, size);
  }
  for (const { name, shape } of [...wanted, ...outputs]) {
    const actual = shape.map((size) => sizeOf(size, sizes));
    if (actual.some((size) => size < 0))
      throw new TesseraError(
        'wrong-shape',
        \`the inputs are too small: \${name} would be [\${actual.join(', ')}]\`,
        0,
        actual,
      );
  }
  return sizes;
}
function solve(size, actual, sizes) {
  const [name, ...others] = unknownsOf(size, sizes);
  if (name === undefined || others.length > 0) return;
  const [zero = 0, one = 0, two = 0] = [0, 1, 2].map((value) => sizeOf(size, new Map([...sizes, [name, value]])));
  if (two - one !== one - zero) return;
  sizes.set(name, one === zero ? 0 : Math.floor((actual - zero) / (one - zero)));
}
function unknownsOf(size, sizes) {
  if (typeof size === 'number') return new Set();
  if (typeof size === 'string') return new Set(sizes.has(size) ? [] : [size]);
  return new Set(size.slice(1).flatMap((part) => [...unknownsOf(part, sizes)]));
}
export async function load(source, { threads } = {}) {
  const isRelaxed = source === undefined && built.hashes.relaxed !== '' && WebAssembly.validate(relaxedProbe);
  const file = \`./\${built.name}\${isRelaxed ? '.relaxed' : ''}.wasm\`;
  if (source instanceof WebAssembly.Module) return new Model(source, signatureOf(source));
  const bytes = await bytesOf(source ?? new URL(file, import.meta.url));
  const { pool } = built;
  const count = pool?.count(threads) ?? 1;
  const module = await (pool && count > 1 ? pool.compileShared(bytes) : WebAssembly.compile(bytes));
  const model = new Model(module, signatureOf(module), count);
  await model.ready;
  return model;
}
`;

export const poolText = `const mostByDefault = 8;
export const pool = {
  count(wanted) {
    const { crossOriginIsolated, navigator, process, SharedArrayBuffer } = (globalThis);
    if (crossOriginIsolated === false || SharedArrayBuffer === undefined) return 1;
    if (wanted !== undefined) return Math.max(1, Math.min(64, Math.floor(wanted) || 1));
    const cores = navigator?.hardwareConcurrency ?? process?.getBuiltinModule('node:os').availableParallelism() ?? 1;
    return Math.min(mostByDefault, cores);
  },
  compileShared(bytes) {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 65_536));
    const at = head.indexOf('\\x07tessera\\x06memory\\x02\\x01') + 16;
    if (at < 16) return WebAssembly.compile(bytes);
    bytes[at] = 3;
    const module = WebAssembly.compile(bytes);
    bytes[at] = 1;
    return module;
  },
  start(model, module, exports, count) {
    const { memory, start, stop } = (exports);
    start?.(count, mayWait());
    const workers = Array.from({ length: count - 1 }, () => newWorker());
    const ready = workers.map((worker, index) => {
      const started = new Promise((resolve, reject) => {
        listen(worker, 'message', resolve);
        listen(worker, 'error', reject);
      });
      worker.postMessage({ module, memory, slot: index + 1 });
      return started.then(() => worker.unref?.());
    });
    const all = Promise.all(ready);
    all.catch(() => {});
    const end = () => {
      stop?.();
      for (const worker of workers) worker.terminate();
    };
    abandoned.register(model, end);
    return { ready: all, stop: end };
  },
};
const abandoned = new FinalizationRegistry((end) => end());
function mayWait() {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return 1;
  } catch {
    return 0;
  }
}
function listen(worker, event, listener) {
  if (worker.on === undefined) worker.addEventListener(event, listener);
  else worker.on(event, listener);
}
function newWorker() {
  const { Worker, trustedTypes } = (globalThis);
  if (Worker === undefined) {
    const { Worker: NodeWorker } = process.getBuiltinModule('node:worker_threads');
    const worker = new NodeWorker(new URL('./model.worker.js', import.meta.url));
    return ((worker));
  }
  try {
    return new Worker(new URL('./model.worker.js', import.meta.url), { type: 'module' });
  } catch (error) {
    if (trustedTypes === undefined) throw error;
    const createScriptURL = (url) => url;
    const policy = trustedTypes.createPolicy('tessera', { createScriptURL });
    const url = new URL('./model.worker.js', import.meta.url);
    return new Worker(policy.createScriptURL(url.href), { type: 'module' });
  }
}
`;

export const workerText = `(() => {
  const node = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort;
  const port = ((node ?? globalThis));
  port.addEventListener('message', ({ data: { module, memory, slot } }) => {
    const { exports } = new WebAssembly.Instance(module, { tessera: { memory } });
    const { worker, failed } = (exports);
    port.postMessage('ready');
    for (let isRunning = true; isRunning;) {
      try {
        worker?.(slot);
        isRunning = false;
      } catch {
        failed?.(slot);
      }
    }
  });
})();
`;
