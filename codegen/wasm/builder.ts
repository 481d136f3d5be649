/**
 * The only file that knows binaryen. A thin layer over its C API: one call an instruction, named as binaryen names its operations, because
 * the wrapper it ships lacks some of them (relaxed multiply-add). What is built is validated, and disposed of whatever happens.
 *
 * It is long because it is a list: an instruction of binaryen is a line or two, and there is nothing between them to cut along.
 *
 * Measured (132): `optimize()` at O3 is superlinear in the statements of one function, so `finish` runs a short list of passes; data
 * segments take several times their size, so weights never pass through here (data-section.ts appends them).
 */
import binaryen from 'binaryen';
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** An expression; used exactly once. */
export type WasmExpr = number & { readonly brand: 'WasmExpr' };

type Binaryen = typeof binaryen;
/** Names of binaryen's operations: `AddInt32`, `AddVecF32x4`, `Load32ZeroVec128`, ... */
export type WasmOp = {
  [K in keyof Binaryen]: Binaryen[K] extends binaryen.Operations ? K : never;
}[keyof Binaryen];

export type WasmFeature = 'simd' | 'relaxed-simd' | 'atomics';

/** The functions of binaryen's C API that it exports but does not declare. */
interface CApi {
  _BinaryenUnary(module: number, op: number, value: number): number;
  _BinaryenBinary(module: number, op: number, left: number, right: number): number;
  _BinaryenSIMDTernary(module: number, op: number, a: number, b: number, c: number): number;
  _BinaryenSIMDShift(module: number, op: number, vector: number, amount: number): number;
  _BinaryenSIMDExtract(module: number, op: number, vector: number, lane: number): number;
  _BinaryenSIMDReplace(module: number, op: number, vector: number, lane: number, value: number): number;
  _BinaryenSIMDLoad(module: number, op: number, offset: number, align: number, address: number, memory: number): number;
  _BinaryenSIMDLoadStoreLane(
    module: number,
    op: number,
    offset: number,
    align: number,
    lane: number,
    address: number,
    vector: number,
    memory: number,
  ): number;
  _BinaryenLoad(
    module: number,
    bytes: number,
    signed: number,
    offset: number,
    align: number,
    type: number,
    address: number,
    memory: number,
  ): number;
  _BinaryenStore(
    module: number,
    bytes: number,
    offset: number,
    align: number,
    address: number,
    value: number,
    type: number,
    memory: number,
  ): number;
  _BinaryenLocalGet(module: number, index: number, type: number): number;
  _BinaryenLocalSet(module: number, index: number, value: number): number;
  _BinaryenSelect(module: number, condition: number, onTrue: number, onFalse: number): number;
}

const c = binaryen as unknown as CApi;

/**
 * Cheap, and each earns its place: dead and constant code; locals that do not overlap share one. Not `simplify-locals`: it moves loads and
 * multiply-adds of a register tile together until they spill (512 x 512 matmul on Zen 4: 55 instead of 69 GFLOP/s relaxed, 50 instead of 67).
 */
const passes = [
  'precompute',
  'optimize-instructions',
  'vacuum',
  'merge-blocks',
  'remove-unused-names',
  'coalesce-locals',
  'reorder-locals',
  'vacuum',
] as const;

const features: Readonly<Record<WasmFeature, number>> = {
  simd: binaryen.Features.SIMD128,
  'relaxed-simd': binaryen.Features.RelaxedSIMD,
  atomics: binaryen.Features.Atomics,
};

/** What every engine of the last years has. */
const baseFeatures =
  binaryen.Features.MutableGlobals |
  binaryen.Features.BulkMemory |
  // BulkMemory asserts that this part of it is on too.
  binaryen.Features.BulkMemoryOpt |
  binaryen.Features.NontrappingFPToInt |
  binaryen.Features.SignExt;

/** 4 GiB. */
const mostPages = 65_536;
const tableName = 'table';
/** Stands for the constants, which wasm-binary.ts puts in its place. */
const passiveSegment = [{ name: 'constants', passive: true, offset: 0, data: new Uint8Array(0) }];

/** Constants of 128 bits as text or bytes are made by `vectorConstant`. */
export class WasmModuleBuilder {
  readonly #module = new binaryen.Module();
  readonly #names = new Set<string>();

  constructor(wanted: readonly WasmFeature[]) {
    this.#module.setFeatures(wanted.reduce((all, name) => all | features[name], baseFeatures));
  }

  /** Pages of 64 KiB; exported as `memory`. */
  memory(pages: number): void {
    this.#module.setMemory(pages, pages, 'memory');
  }

  /** A shared memory that whoever instantiates gives as `tessera.memory`, of at least so many pages; exported as `memory`. */
  sharedMemory(pages: number): void {
    const isShared = true;
    this.#module.setMemory(pages, mostPages, 'memory', passiveSegment, isShared);
    this.#module.addMemoryImport('0', 'tessera', 'memory', isShared);
  }

  /** The functions that `callIndirect` calls, by their place in the list. */
  table(functions: readonly string[]): void {
    this.#module.addTable(tableName, functions.length, functions.length);
    this.#module.addActiveElementSegment(tableName, 'functions', functions, this.#module.i32.const(0));
  }

  /** A name that no function has yet. */
  uniqueName(wanted: string): string {
    const base = wanted.replaceAll(/[^\w.$-]/g, '_') || 'f';
    let name = base;
    for (let count = 1; this.#names.has(name); count++) name = `${base}.${count}`;
    this.#names.add(name);
    return name;
  }

  function(
    name: string,
    parameters: readonly WasmType[],
    result: WasmType | undefined,
    body: (f: FunctionBuilder) => void,
  ): void {
    const f = new FunctionBuilder(this.#module, parameters);
    body(f);
    const params = binaryen.createType(parameters.map(typeOf));
    const results = result === undefined ? binaryen.none : typeOf(result);
    this.#module.addFunction(name, params, results, f.locals.map(typeOf), f.body(result));
  }

  /** From the host's `module`, under the same name here. */
  importFunction(name: string, module: string, parameters: readonly WasmType[]): void {
    this.#names.add(name);
    this.#module.addFunctionImport(name, module, name, binaryen.createType(parameters.map(typeOf)), binaryen.none);
  }

  exportFunction(internal: string, external: string): void {
    this.#module.addFunctionExport(internal, external);
  }

  /** The module's bytes, without data and custom sections, and its text when asked. */
  finish({ text }: { readonly text: boolean }): { readonly bytes: Uint8Array; readonly text: string } {
    if (this.#module.validate() === 0) throw new InvariantError('wasm: the module built is not valid');
    this.#module.runPasses([...passes]);
    return { bytes: this.#module.emitBinary(), text: text ? this.#module.emitText() : '' };
  }

  /** Call once, always: a module is memory that no collector frees. */
  dispose(): void {
    this.#module.dispose();
  }
}

function typeOf(type: WasmType): number {
  return binaryen[type];
}

/** A local of the function, or one of its parameters. */
export interface Local {
  readonly index: number;
  readonly type: WasmType;
}

/** A list of statements being written. */
export interface Scope {
  readonly statements: number[];
  /** 0 for the function's own. */
  readonly depth: number;
  /** Written at the end of each iteration, before the test; loops only. */
  readonly latch: number[];
}

/** One function: instructions as methods, statements appended to the innermost scope. */
export class FunctionBuilder {
  readonly #module: binaryen.Module;
  readonly #ptr: number;
  readonly #parameters: readonly WasmType[];
  readonly locals: WasmType[] = [];
  readonly #scopes: Scope[] = [{ statements: [], depth: 0, latch: [] }];
  /** Vector constants that are at hand, by their bytes. */
  readonly #constants = new Map<string, Local>();
  #openLoops = 0;
  #labels = 0;
  #statements = 0;

  constructor(module: binaryen.Module, parameters: readonly WasmType[]) {
    this.#module = module;
    this.#ptr = (module as unknown as { readonly ptr: number }).ptr;
    this.#parameters = parameters;
  }

  parameter(index: number): Local {
    const type = this.#parameters[index];
    if (type === undefined) throw new InvariantError(`wasm: no parameter ${index}`);
    return { index, type };
  }

  local(type: WasmType): Local {
    this.locals.push(type);
    return { index: this.#parameters.length + this.locals.length - 1, type };
  }

  get scope(): Scope {
    const scope = this.#scopes.at(-1);
    if (scope === undefined) throw new InvariantError('wasm: no scope');
    return scope;
  }

  /** Statements so far, a measure of what the engine has to compile. */
  get size(): number {
    return this.#statements;
  }

  scopeAt(depth: number): Scope {
    return this.#scopes[depth] ?? this.scope;
  }

  emit(statement: WasmExpr): void {
    this.#statements++;
    this.scope.statements.push(statement);
  }

  /** Emits to an open outer scope, before the statement that is being written inside it. */
  inScope(depth: number, emit: () => void): void {
    const inner = this.#scopes.splice(depth + 1);
    try {
      emit();
    } finally {
      this.#scopes.push(...inner);
    }
  }

  /** What `body` emits, as one statement. */
  nested(body: () => void): WasmExpr {
    const scope: Scope = { statements: [], depth: this.#scopes.length, latch: [] };
    this.#scopes.push(scope);
    try {
      body();
    } finally {
      this.#scopes.pop();
    }
    return this.#block(scope.statements);
  }

  #block(statements: readonly number[]): WasmExpr {
    const [only] = statements;
    if (statements.length === 1 && only !== undefined) return only as WasmExpr;
    return (statements.length === 0 ? this.#module.nop() : this.#module.block(null, [...statements])) as WasmExpr;
  }

  /** The function's body: what was emitted, the last statement being its result if it has one. */
  body(result: WasmType | undefined): number {
    const { statements } = this.scope;
    return this.#module.block(null, statements, result === undefined ? binaryen.none : typeOf(result));
  }

  // Control.

  if(condition: WasmExpr, then: () => void, otherwise?: () => void): void {
    const yes = this.nested(then);
    const no = otherwise === undefined ? undefined : this.nested(otherwise);
    this.emit(this.#module.if(condition, yes, no) as WasmExpr);
  }

  /** Runs `body`, then again while the condition that it returns holds; the scope's latch is written before that. */
  repeat(body: () => () => WasmExpr): void {
    this.#loop((label) => {
      const again = body();
      for (const statement of this.scope.latch) this.emit(statement as WasmExpr);
      this.emit(this.#module.br(label, again()) as WasmExpr);
    });
  }

  /** Runs `body`, which gives the condition under which to `rest` and begin again. */
  while(body: () => WasmExpr, rest: () => void): void {
    this.#loop((label) => {
      const condition = body();
      this.if(condition, () => {
        rest();
        this.emit(this.#module.br(label) as WasmExpr);
      });
    });
  }

  #loop(body: (label: string) => void): void {
    const label = `l${this.#labels++}`;
    this.#openLoops++;
    const inner = this.nested(() => body(label));
    this.#openLoops--;
    this.emit(this.#module.loop(label, inner) as WasmExpr);
  }

  /** Calls the function at a place of the table; it has these operands, all i32, and no result. */
  callIndirect(place: WasmExpr, operands: readonly WasmExpr[]): void {
    const parameters = binaryen.createType(operands.map(() => binaryen.i32));
    this.emit(this.#module.call_indirect(tableName, place, operands, parameters, binaryen.none) as WasmExpr);
  }

  return(value?: WasmExpr): void {
    this.emit(this.#module.return(value) as WasmExpr);
  }

  trap(): void {
    this.emit(this.#module.unreachable() as WasmExpr);
  }

  drop(value: WasmExpr): void {
    this.emit(this.#module.drop(value) as WasmExpr);
  }

  call(name: string, operands: readonly WasmExpr[], result: WasmType | undefined): WasmExpr {
    return this.#module.call(name, [...operands], result === undefined ? binaryen.none : typeOf(result)) as WasmExpr;
  }

  // Locals and constants.

  get({ index, type }: Local): WasmExpr {
    return c._BinaryenLocalGet(this.#ptr, index, typeOf(type)) as WasmExpr;
  }

  set({ index }: Local, value: WasmExpr): void {
    this.emit(c._BinaryenLocalSet(this.#ptr, index, value) as WasmExpr);
  }

  /** A statement for a scope's latch. */
  assignment({ index }: Local, value: WasmExpr): number {
    return c._BinaryenLocalSet(this.#ptr, index, value);
  }

  /** Computes a value once for several uses: each call of what is returned is one. */
  hold(type: WasmType, value: WasmExpr): () => WasmExpr {
    const local = this.local(type);
    this.set(local, value);
    return () => this.get(local);
  }

  i32(value: number): WasmExpr {
    return this.#module.i32.const(value | 0) as WasmExpr;
  }

  i64(value: bigint): WasmExpr {
    return this.#module.i64.const(BigInt.asIntN(64, value)) as WasmExpr;
  }

  f32(value: number): WasmExpr {
    return this.#module.f32.const(value) as WasmExpr;
  }

  f64(value: number): WasmExpr {
    return this.#module.f64.const(value) as WasmExpr;
  }

  /**
   * 16 bytes. Those of a loop are set once, in front of all loops: V8 (Node 24, x64) makes a constant anew at each use, of three
   * instructions, but keeps a local in a register or one load away (exp of f32: 2.1 times the speed). All zeros or ones are one instruction.
   */
  v128(bytes: Uint8Array): WasmExpr {
    const [first] = bytes;
    const isCheap = (first === 0 || first === 255) && bytes.every((byte) => byte === first);
    const value = (): WasmExpr => this.#module.v128.const([...bytes]) as WasmExpr;
    if (isCheap || this.#openLoops === 0) return value();
    const key = bytes.join();
    const known = this.#constants.get(key);
    if (known !== undefined) return this.get(known);
    const local = this.local('v128');
    this.inScope(0, () => this.set(local, value()));
    this.#constants.set(key, local);
    return this.get(local);
  }

  // Arithmetic.

  unary(op: WasmOp, value: WasmExpr): WasmExpr {
    return c._BinaryenUnary(this.#ptr, binaryen[op], value) as WasmExpr;
  }

  binary(op: WasmOp, lhs: WasmExpr, rhs: WasmExpr): WasmExpr {
    return c._BinaryenBinary(this.#ptr, binaryen[op], lhs, rhs) as WasmExpr;
  }

  ternary(op: WasmOp, x: WasmExpr, y: WasmExpr, z: WasmExpr): WasmExpr {
    return c._BinaryenSIMDTernary(this.#ptr, binaryen[op], x, y, z) as WasmExpr;
  }

  /** All lanes by one scalar amount, modulo their width. */
  shift(op: WasmOp, vector: WasmExpr, amount: WasmExpr): WasmExpr {
    return c._BinaryenSIMDShift(this.#ptr, binaryen[op], vector, amount) as WasmExpr;
  }

  extract(op: WasmOp, vector: WasmExpr, lane: number): WasmExpr {
    return c._BinaryenSIMDExtract(this.#ptr, binaryen[op], vector, lane) as WasmExpr;
  }

  replace(op: WasmOp, vector: WasmExpr, lane: number, value: WasmExpr): WasmExpr {
    return c._BinaryenSIMDReplace(this.#ptr, binaryen[op], vector, lane, value) as WasmExpr;
  }

  /** Byte i of the result is byte `bytes[i]` of lhs followed by rhs. */
  shuffle(lhs: WasmExpr, rhs: WasmExpr, bytes: readonly number[]): WasmExpr {
    return this.#module.i8x16.shuffle(lhs, rhs, [...bytes]) as WasmExpr;
  }

  select(condition: WasmExpr, onTrue: WasmExpr, onFalse: WasmExpr): WasmExpr {
    return c._BinaryenSelect(this.#ptr, condition, onTrue, onFalse) as WasmExpr;
  }

  // Memory. `offset` is added to the address without wrapping; `align` is what is known of it.

  load(type: WasmType, bytes: number, isSigned: boolean, at: Place): WasmExpr {
    const { offset, align, address } = at;
    const least = Math.min(align, bytes);
    // Of a whole word the sign means nothing, yet binaryen (132) makes `extend_i32_u` of one that has it `load32_s`.
    const signed = isSigned && bytes < 4 ? 1 : 0;
    return c._BinaryenLoad(this.#ptr, bytes, signed, offset, least, typeOf(type), address, 0) as WasmExpr;
  }

  store(type: WasmType, bytes: number, at: Place, value: WasmExpr): void {
    const { offset, align, address } = at;
    const least = Math.min(align, bytes);
    this.emit(c._BinaryenStore(this.#ptr, bytes, offset, least, address, value, typeOf(type), 0) as WasmExpr);
  }

  /** `Load32SplatVec128`, `Load64ZeroVec128`, ... of so many bytes. */
  loadVector(op: WasmOp, bytes: number, { offset, align, address }: Place): WasmExpr {
    return c._BinaryenSIMDLoad(this.#ptr, binaryen[op], offset, Math.min(align, bytes), address, 0) as WasmExpr;
  }

  storeLane(op: WasmOp, bytes: number, { offset, align, address }: Place, lane: number, vector: WasmExpr): void {
    const least = Math.min(align, bytes);
    this.emit(
      c._BinaryenSIMDLoadStoreLane(this.#ptr, binaryen[op], offset, least, lane, address, vector, 0) as WasmExpr,
    );
  }

  memoryCopy(to: WasmExpr, from: WasmExpr, bytes: WasmExpr): void {
    this.emit(this.#module.memory.copy(to, from, bytes) as WasmExpr);
  }

  /** The passive segment of the module, copied to an address. */
  memoryInit(to: WasmExpr, bytes: WasmExpr): void {
    this.emit(this.#module.memory.init('constants', to, this.i32(0), bytes) as WasmExpr);
  }

  // Atomics, sequentially consistent. An address is a multiple of what is read there.

  atomicLoad(type: 'i32' | 'i64', address: WasmExpr): WasmExpr {
    return this.#module[type].atomic.load(0, address) as WasmExpr;
  }

  atomicStore(type: 'i32' | 'i64', address: WasmExpr, value: WasmExpr): void {
    this.emit(this.#module[type].atomic.store(0, address, value) as WasmExpr);
  }

  /** Adds to an i32; gives what was there. */
  atomicAdd(address: WasmExpr, value: WasmExpr): WasmExpr {
    return this.#module.i32.atomic.rmw.add(0, address, value) as WasmExpr;
  }

  /** Replaces an i64 if it is the one expected; gives what was there. */
  atomicExchange(address: WasmExpr, expected: WasmExpr, value: WasmExpr): WasmExpr {
    return this.#module.i64.atomic.rmw.cmpxchg(0, address, expected, value) as WasmExpr;
  }

  /** Sleeps until it is notified, unless the i32 there is another than `expected`. */
  atomicWait(address: WasmExpr, expected: WasmExpr): void {
    this.drop(this.#module.memory.atomic.wait32(address, expected, this.i64(-1n)) as WasmExpr);
  }

  /** Wakes whoever waits at the address. */
  atomicNotify(address: WasmExpr): void {
    this.drop(this.#module.memory.atomic.notify(address, this.i32(-1)) as WasmExpr);
  }

  memoryFill(to: WasmExpr, byte: WasmExpr, bytes: WasmExpr): void {
    this.emit(this.#module.memory.fill(to, byte, bytes) as WasmExpr);
  }
}

/** An address in memory, bytes. */
export interface Place {
  readonly address: WasmExpr;
  readonly offset: number;
  /** A power of two that divides the sum. */
  readonly align: number;
}
