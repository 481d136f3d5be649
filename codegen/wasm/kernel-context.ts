/** What printing one kernel keeps in mind: where each variable and buffer is, and which scope it belongs to. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { Expr, FlatBuffer, FlatBufferId, LoopKernel, Variable, VariableId } from '../kernel/loop-ir.ts';
import type { Size } from '../kernel/size.ts';
import type { FunctionBuilder, Local, WasmExpr } from './builder.ts';
import { formOf } from './value-form.ts';

/** A variable of an unrolled loop is a number; any other is a local. */
export type Binding =
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'local';
      readonly local: Local;
      /** Of the scope in which it has one value. */
      readonly depth: number;
      readonly isNonNegative: boolean;
      /** Where it counts the iterations of the scope's loop. */
      readonly step: number | undefined;
      /** The sum or product of other indices that it is. */
      readonly definition?: Expr | undefined;
    };

/** A buffer in memory, or, for small ones at constant indices, one local a place. */
export type BufferBinding =
  | { readonly kind: 'memory'; readonly pointer: Local; readonly offset: number }
  | { readonly kind: 'locals'; readonly slots: ReadonlyMap<number, Local> };

export interface KernelTarget {
  /** Multiply-adds that may fuse use relaxed SIMD. */
  readonly relaxed: boolean;
}

export class KernelContext {
  readonly f: FunctionBuilder;
  readonly kernel: LoopKernel;
  readonly target: KernelTarget;
  readonly #variables = new Map<VariableId, Binding>();
  readonly #buffers = new Map<FlatBufferId, BufferBinding>();
  readonly #symbols = new Map<string, Local>();
  /** Addresses that are at hand, by scope depth. */
  readonly #addresses: Map<string, Local>[] = [];
  /** Bytes of stack in use. */
  #stack = 0;
  readonly #stackPointer: Local;
  /** Set by print-expression.ts, which the files below it call back. */
  readonly expr: (expr: Expr) => WasmExpr;

  constructor(
    f: FunctionBuilder,
    kernel: LoopKernel,
    target: KernelTarget,
    print: (context: KernelContext, expr: Expr) => WasmExpr,
  ) {
    this.f = f;
    this.kernel = kernel;
    this.target = target;
    this.expr = (expr) => print(this, expr);
    let next = 0;
    for (const buffer of kernel.buffers)
      this.bindBuffer(buffer, { kind: 'memory', pointer: f.parameter(next++), offset: 0 });
    for (const symbol of kernel.symbols) this.#symbols.set(symbol, f.parameter(next++));
    for (const tile of [kernel.tileBegin, kernel.tileEnd]) this.#bindTile(tile, f.parameter(next++));
    this.#stackPointer = f.parameter(next);
  }

  #bindTile(variable: Variable, local: Local): void {
    this.#variables.set(variable.id, { kind: 'local', local, depth: 0, isNonNegative: true, step: undefined });
  }

  fail(message: string): never {
    throw new InvariantError(`wasm: kernel ${this.kernel.name}: ${message}`);
  }

  bind(variable: Variable, binding: Binding): void {
    this.#variables.set(variable.id, binding);
  }

  /** A fresh local for a variable that has one value in the current scope. */
  define(variable: Variable, known: { readonly isNonNegative?: boolean; readonly definition?: Expr } = {}): Local {
    const local = this.f.local(formOf(variable.type));
    const { isNonNegative = false, definition } = known;
    this.bind(variable, {
      kind: 'local',
      local,
      depth: this.f.scope.depth,
      isNonNegative,
      step: undefined,
      definition,
    });
    return local;
  }

  binding(variable: Variable): Binding {
    return this.#variables.get(variable.id) ?? this.fail(`${variable.name} has no value`);
  }

  /** The number a variable stands for where it is that of an unrolled loop. */
  knownValue(variable: Variable): number | undefined {
    const binding = this.#variables.get(variable.id);
    return binding?.kind === 'constant' ? binding.value : undefined;
  }

  /** The sum or product that a variable names. */
  definition(variable: Variable): Expr | undefined {
    const binding = this.#variables.get(variable.id);
    return binding?.kind === 'local' ? binding.definition : undefined;
  }

  bindBuffer(buffer: FlatBuffer, binding: BufferBinding): void {
    this.#buffers.set(buffer.id, binding);
  }

  bufferBinding(buffer: FlatBuffer): BufferBinding {
    return this.#buffers.get(buffer.id) ?? this.fail(`${buffer.name} is not allocated`);
  }

  /** Reserves stack memory while `body` runs. */
  withStack(buffer: FlatBuffer, bytes: number, body: () => void): void {
    const offset = this.#stack;
    this.#stack += alignedStack(bytes);
    this.bindBuffer(buffer, { kind: 'memory', pointer: this.#stackPointer, offset });
    body();
    this.#stack = offset;
  }

  size(size: Size): WasmExpr {
    return sizeExpr(this.f, size, (name) => this.#symbols.get(name) ?? this.fail(`no symbol ${name}`));
  }

  knownAddress(depth: number, key: string): Local | undefined {
    return this.#addresses[depth]?.get(key);
  }

  keepAddress(depth: number, key: string, local: Local): void {
    const known = (this.#addresses[depth] ??= new Map<string, Local>());
    known.set(key, local);
  }

  /** Forgets the addresses of scopes deeper than the current one: they are closed. */
  leaveScopes(): void {
    this.leaveScopesFrom(this.f.scope.depth + 1);
  }

  leaveScopesFrom(depth: number): void {
    this.#addresses.length = Math.min(this.#addresses.length, depth);
  }
}

/** Bytes that a stack buffer takes. */
export function alignedStack(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** A size as an i32. */
export function sizeExpr(f: FunctionBuilder, size: Size, symbol: (name: string) => Local): WasmExpr {
  if (typeof size === 'number') return f.i32(size);
  if (size.kind === 'symbol') return f.get(symbol(size.symbol.name));
  const lhs = sizeExpr(f, size.lhs, symbol);
  const rhs = sizeExpr(f, size.rhs, symbol);
  switch (size.kind) {
    case 'add':
      return f.binary('AddInt32', lhs, rhs);
    case 'multiply':
      return f.binary('MulInt32', lhs, rhs);
    case 'floor-divide':
      return f.binary('DivSInt32', lhs, rhs);
    case 'ceil-divide': {
      const divisor = f.hold('i32', rhs);
      const rounded = f.binary('AddInt32', lhs, f.binary('SubInt32', divisor(), f.i32(1)));
      return f.binary('DivSInt32', rounded, divisor());
    }
    case 'modulo':
      return f.binary('RemSInt32', lhs, rhs);
    case 'minimum':
    case 'maximum': {
      const [x, y] = [f.hold('i32', lhs), f.hold('i32', rhs)];
      return f.select(f.binary(size.kind === 'minimum' ? 'LtSInt32' : 'GtSInt32', x(), y()), x(), y());
    }
    default:
      return size satisfies never;
  }
}
