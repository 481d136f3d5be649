/**
 * Builds loop IR: fresh variables and buffers, statements with nested bodies. Expressions come from the free functions of
 * loop-expressions.ts (`add`, `load`, `select`, ...), which are also reachable as `LoopBuilder.expressions`.
 *
 *     const b = new LoopBuilder();
 *     const x = b.parameter({ name: 'x', dtype: 'f32', size: 64, access: 'read' });
 *     const y = b.parameter({ name: 'y', dtype: 'f32', size: 64, access: 'write' });
 *     const [sum] = b.for({ to: 64, step: 4, name: 'i' }, [constant(vector('f32', 4), 0)], (i, [sum]) => {
 *       const v = b.let('v', load(x, i, 4));
 *       b.store(y, i, v);
 *       return [add(sum, v)];
 *     });
 *     return b.kernel({ name: 'copy_and_sum', tiles: 1, location });
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { Location } from '../../ir/location.ts';
import * as expressions from './loop-expressions.ts';
import { constant, constantValue, type Operand, read } from './loop-expressions.ts';
import type {
  Carried,
  Expr,
  FlatBuffer,
  FlatBufferId,
  LoopKernel,
  LoopMode,
  MemorySpace,
  Statement,
  Variable,
  VariableId,
} from './loop-ir.ts';
import { freshIds, symbolsOf } from './loop-walk.ts';
import type { Size } from './size.ts';
import {
  elementBytes,
  equalValueTypes,
  type KernelDType,
  scalar,
  type ValueType,
  valueTypeText,
} from './value-type.ts';

const indexType = scalar('index');

export interface LoopRange {
  /** `serial` unless given. */
  readonly mode?: LoopMode;
  /** Name of the index; `i` unless given. */
  readonly name?: string;
  readonly from?: Operand;
  readonly to: Operand;
  readonly step?: number;
}

export interface BufferOptions {
  readonly name: string;
  readonly dtype: KernelDType;
  readonly size: Size;
  /** Bytes; 64 in the arena, else that of an element, unless given. */
  readonly alignment?: number;
  /** A class of its own unless given. */
  readonly aliasClass?: number;
}

export interface ParameterOptions extends BufferOptions {
  /** `arena` unless given. */
  readonly space?: 'arena' | 'user';
  readonly access: FlatBuffer['access'];
}

/** The first value a loop carries; with a name for the text where one helps. */
export type Initial = Expr | { readonly name: string; readonly initial: Expr };

/** As many expressions as `T` has elements, so that `([sum, max]) => ...` is typed. */
export type ExprsOf<T extends readonly unknown[]> = { readonly [K in keyof T]: Expr };

export interface KernelOptions {
  readonly name: string;
  readonly tiles: Size;
  readonly location: Location;
  readonly workgroup?: readonly [x: number, y: number, z: number];
}

export class LoopBuilder {
  static readonly expressions = expressions;

  readonly #buffers: FlatBuffer[] = [];
  #statements: Statement[] = [];
  #nextVariable: number;
  #nextBuffer: number;
  #nextAliasClass: number;
  readonly #tileBegin: Variable;
  readonly #tileEnd: Variable;

  /** `continuing` a kernel, ids are fresh beside those it has, and its buffers and tile variables are kept; its body is not. */
  constructor(continuing?: LoopKernel) {
    const used = continuing === undefined ? { variables: 0, buffers: 0 } : freshIds(continuing);
    this.#nextVariable = used.variables;
    this.#nextBuffer = used.buffers;
    this.#nextAliasClass = 0;
    for (const buffer of continuing?.buffers ?? []) this.#addParameter(buffer);
    this.#tileBegin = continuing?.tileBegin ?? this.variable('tile_begin', indexType);
    this.#tileEnd = continuing?.tileEnd ?? this.variable('tile_end', indexType);
  }

  #addParameter(buffer: FlatBuffer): void {
    this.#buffers.push(buffer);
    this.#nextBuffer = Math.max(this.#nextBuffer, buffer.id + 1);
    this.#nextAliasClass = Math.max(this.#nextAliasClass, buffer.aliasClass + 1);
  }

  /** First tile of this call. */
  get tileBegin(): Expr {
    return read(this.#tileBegin);
  }

  /** One past the last tile of this call. */
  get tileEnd(): Expr {
    return read(this.#tileEnd);
  }

  variable(name: string, type: ValueType): Variable {
    return { id: this.#nextVariable++ as VariableId, name, type };
  }

  #buffer(options: BufferOptions, space: MemorySpace, access: FlatBuffer['access']): FlatBuffer {
    const { name, dtype, size, alignment = space === 'arena' ? 64 : elementBytes(dtype) } = options;
    const aliasClass = options.aliasClass ?? this.#nextAliasClass;
    this.#nextAliasClass = Math.max(this.#nextAliasClass, aliasClass + 1);
    const id = this.#nextBuffer++ as FlatBufferId;
    return { id, name, dtype, size, space, access, aliasClass, alignment };
  }

  /** A buffer that the caller passes. */
  parameter({ space = 'arena', access, ...options }: ParameterOptions): FlatBuffer {
    const buffer = this.#buffer(options, space, access);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Appends a statement made elsewhere. */
  emit(...statements: readonly Statement[]): void {
    for (const statement of statements) this.#statements.push(statement);
  }

  /** What `body` emits, and what it returns, without appending it. */
  nested<T>(body: () => T): { readonly statements: readonly Statement[]; readonly result: T } {
    const outer = this.#statements;
    const statements: Statement[] = [];
    this.#statements = statements;
    try {
      return { result: body(), statements };
    } finally {
      this.#statements = outer;
    }
  }

  /** Names a value; constants and variables are returned as they are. */
  let(name: string, value: Expr): Expr {
    if (value.kind === 'constant' || value.kind === 'variable') return value;
    const variable = this.variable(name, value.type);
    this.emit({ kind: 'let', variable, value });
    return read(variable);
  }

  /** `for (i = from; i < to; i += step)`. Returns what the loop carries after its last iteration. */
  for(range: LoopRange, body: (i: Expr) => void): void;
  for<const T extends readonly Initial[]>(
    range: LoopRange,
    initial: T,
    body: (i: Expr, carried: ExprsOf<T>) => ExprsOf<T>,
  ): ExprsOf<T>;
  for(
    range: LoopRange,
    initial: readonly Initial[] | ((i: Expr) => void),
    body?: (i: Expr, carried: readonly Expr[]) => readonly Expr[],
  ): readonly Expr[] {
    const { mode = 'serial', name = 'i', step = 1 } = range;
    const variable = this.variable(name, indexType);
    const carried = this.#carry(typeof initial === 'function' ? [] : initial);
    const values = carried.map((each) => read(each.variable));
    const { statements, result } = this.nested(() => {
      if (typeof initial !== 'function') return body?.(read(variable), values) ?? [];
      initial(read(variable));
      return [];
    });
    checkNext(carried, result, `for ${name}`);
    const from = bound(range.from ?? 0);
    this.emit({
      kind: 'for',
      mode,
      variable,
      from,
      to: bound(range.to),
      step,
      carried,
      body: statements,
      next: result,
    });
    return values;
  }

  #carry(initial: readonly Initial[]): readonly Carried[] {
    return initial.map((each, index) =>
      'kind' in each
        ? { variable: this.variable(`c${index}`, each.type), initial: each }
        : { variable: this.variable(each.name, each.initial.type), initial: each.initial },
    );
  }

  /** Loops while `condition` (which may emit statements) holds. Returns what it carries when it no longer does. */
  while<const T extends readonly Initial[]>(
    initial: T,
    condition: (carried: ExprsOf<T>) => Expr,
    body: (carried: ExprsOf<T>) => ExprsOf<T>,
  ): ExprsOf<T> {
    const carried = this.#carry(initial);
    const values = carried.map((each) => read(each.variable)) as unknown as ExprsOf<T>;
    const before = this.nested(() => condition(values));
    const inner = this.nested(() => body(values));
    const next = inner.result as unknown as readonly Expr[];
    checkNext(carried, next, 'while');
    requireBoolean(before.result, 'while');
    this.emit({
      kind: 'while',
      carried,
      before: before.statements,
      condition: before.result,
      body: inner.statements,
      next,
    });
    return values;
  }

  /** Runs a branch for its effects. A constant condition leaves only the branch taken. */
  if(condition: Expr, then: () => void, otherwise: () => void = () => undefined): void {
    this.choose(
      condition,
      () => {
        then();
        return [];
      },
      () => {
        otherwise();
        return [];
      },
    );
  }

  /** `if` with results: both branches give as many values, of the same types. */
  choose<const T extends readonly Expr[]>(
    condition: Expr,
    then: () => T,
    otherwise: () => ExprsOf<T>,
    names: readonly string[] = [],
    share?: number,
  ): ExprsOf<T> {
    requireBoolean(condition, 'if');
    const known = constantValue(condition);
    if (known !== undefined) return known === 0 ? otherwise() : (then() as unknown as ExprsOf<T>);
    const yes = this.nested(() => then() as readonly Expr[]);
    const no = this.nested(() => otherwise() as unknown as readonly Expr[]);
    if (yes.result.length !== no.result.length)
      throw new InvariantError('loop IR: the branches of an if differ in results');
    const results = yes.result.map((value, index) => {
      const other = no.result[index];
      if (other === undefined || !equalValueTypes(value.type, other.type))
        throw new InvariantError(`loop IR: the branches of an if differ in the type of result ${index}`);
      return { variable: this.variable(names[index] ?? `r${index}`, value.type), then: value, otherwise: other };
    });
    const guess = share === undefined ? {} : { share };
    this.emit({ kind: 'if', ...guess, condition, then: yes.statements, otherwise: no.statements, results });
    return results.map(({ variable }) => read(variable)) as unknown as ExprsOf<T>;
  }

  /** The same, where the condition hardly ever holds. */
  chooseRarely<const T extends readonly Expr[]>(
    condition: Expr,
    then: () => T,
    otherwise: () => ExprsOf<T>,
    names: readonly string[] = [],
  ): ExprsOf<T> {
    return this.choose(condition, then, otherwise, names, 0);
  }

  /** Consecutive elements from `index`, or one a lane of a vector `index`; only where the mask holds. */
  store(buffer: FlatBuffer, index: Operand, value: Operand, mask?: Expr): void {
    const at = bound(index, true);
    const lanes = mask?.type.lanes ?? at.type.lanes;
    const stored = typeof value === 'object' ? value : constant({ dtype: buffer.dtype, lanes }, value);
    if (stored.type.dtype !== buffer.dtype)
      throw new InvariantError(
        `loop IR: store of ${valueTypeText(stored.type)} to ${buffer.name}, which has ${buffer.dtype}`,
      );
    if (at.type.lanes !== 1 && at.type.lanes !== stored.type.lanes)
      throw new InvariantError(`loop IR: store of ${stored.type.lanes} lanes at ${at.type.lanes} indices`);
    if (mask !== undefined && (mask.type.dtype !== 'i1' || mask.type.lanes !== stored.type.lanes))
      throw new InvariantError(`loop IR: store of ${valueTypeText(stored.type)} masked by ${valueTypeText(mask.type)}`);
    const known = mask === undefined ? undefined : constantValue(mask);
    if (known === 0) return;
    this.emit({ kind: 'store', buffer, index: at, value: stored, mask: known === undefined ? mask : undefined });
  }

  atomic(
    op: Extract<Statement, { readonly kind: 'atomic' }>['op'],
    buffer: FlatBuffer,
    index: Operand,
    value: Operand,
  ): void {
    const stored = typeof value === 'object' ? value : constant(scalar(buffer.dtype), value);
    if (!equalValueTypes(stored.type, scalar(buffer.dtype)))
      throw new InvariantError(
        `loop IR: atomic of ${valueTypeText(stored.type)} on ${buffer.name}, which has ${buffer.dtype}`,
      );
    this.emit({ kind: 'atomic', op, buffer, index: bound(index), value: stored });
  }

  /** Memory that exists while `body` runs; nothing in it is initialised. */
  alloc<T>(options: BufferOptions, space: 'register' | 'stack' | 'workgroup', body: (buffer: FlatBuffer) => T): T {
    const buffer = this.#buffer(options, space, 'read-write');
    const { statements, result } = this.nested(() => body(buffer));
    this.emit({ kind: 'alloc', buffer, body: statements });
    return result;
  }

  /** The same on the stack, for buffers that the body asks for on its way. */
  allocInside(body: (allocate: (options: BufferOptions) => FlatBuffer) => void): void {
    const buffers: FlatBuffer[] = [];
    const { statements } = this.nested(() =>
      body((options) => {
        const buffer = this.#buffer(options, 'stack', 'read-write');
        buffers.push(buffer);
        return buffer;
      }),
    );
    this.emit(
      ...buffers.reduce<readonly Statement[]>((inner, buffer) => [{ kind: 'alloc', buffer, body: inner }], statements),
    );
  }

  barrier(): void {
    this.emit({ kind: 'barrier' });
  }

  /** `count` elements; the ranges do not overlap. */
  copy(from: FlatBuffer, fromIndex: Operand, to: FlatBuffer, toIndex: Operand, count: Operand): void {
    if (from.dtype !== to.dtype) throw new InvariantError(`loop IR: copy of ${from.dtype} to ${to.dtype}`);
    const indices = { fromIndex: bound(fromIndex), toIndex: bound(toIndex) };
    this.emit({ kind: 'copy', from, to, ...indices, count: bound(count) });
  }

  fill(buffer: FlatBuffer, index: Operand, count: Operand, value: Operand): void {
    const stored = typeof value === 'object' ? value : constant(scalar(buffer.dtype), value);
    if (!equalValueTypes(stored.type, scalar(buffer.dtype)))
      throw new InvariantError(`loop IR: fill of ${buffer.name} with ${valueTypeText(stored.type)}`);
    this.emit({ kind: 'fill', buffer, index: bound(index), count: bound(count), value: stored });
  }

  /** The element will be read soon. */
  prefetch(buffer: FlatBuffer, index: Operand): void {
    this.emit({ kind: 'prefetch', buffer, index: bound(index) });
  }

  marker(location: Location): void {
    this.emit({ kind: 'marker', location });
  }

  /** The kernel of everything emitted so far. */
  kernel({ name, tiles, location, workgroup }: KernelOptions): LoopKernel {
    return {
      name,
      buffers: this.#buffers,
      symbols: symbolsOf(this.#buffers, this.#statements),
      tileBegin: this.#tileBegin,
      tileEnd: this.#tileEnd,
      tiles,
      workgroup,
      body: this.#statements,
      location,
    };
  }
}

function bound(operand: Operand, mayBeVector = false): Expr {
  const expr = typeof operand === 'object' ? operand : expressions.index(Number(operand));
  if (expr.type.dtype !== 'index' || (expr.type.lanes !== 1 && !mayBeVector))
    throw new InvariantError(`loop IR: ${valueTypeText(expr.type)} where an index must be`);
  return expr;
}

function requireBoolean(condition: Expr, what: string): void {
  if (!equalValueTypes(condition.type, scalar('i1')))
    throw new InvariantError(`loop IR: the condition of ${what} is ${valueTypeText(condition.type)}`);
}

function checkNext(carried: readonly Carried[], next: readonly Expr[], what: string): void {
  if (carried.length !== next.length)
    throw new InvariantError(`loop IR: ${what} carries ${carried.length} values, its body gives ${next.length}`);
  carried.forEach(({ variable }, index) => {
    const type = next[index]?.type;
    if (type === undefined || !equalValueTypes(type, variable.type))
      throw new InvariantError(`loop IR: ${what} carries ${variable.name} as ${valueTypeText(variable.type)}`);
  });
}
