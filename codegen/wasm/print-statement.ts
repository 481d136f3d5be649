/** Loop IR statements to WebAssembly, one case a node. */
import type { Carried, Expr, FlatBuffer, Statement, VariableId } from '../kernel/loop-ir.ts';
import { bodiesOf, expressionsOf, walkExpr } from '../kernel/loop-walk.ts';
import { maxSize } from '../kernel/size.ts';
import { elementBytes } from '../kernel/value-type.ts';
import { placeOf } from './addresses.ts';
import type { Local, WasmExpr } from './builder.ts';
import type { KernelContext } from './kernel-context.ts';
import { isNonNegative, knownIndex } from './linear-index.ts';
import { loadScalar, printStore, storeScalar } from './print-memory.ts';
import { scalarBinary } from './scalar-instructions.ts';
import { formOf } from './value-form.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;

export function printStatements(context: KernelContext, statements: readonly Statement[]): void {
  for (const statement of statements) printStatement(context, statement);
}

function printStatement(context: KernelContext, statement: Statement): void {
  const { f } = context;
  switch (statement.kind) {
    case 'for':
      return printFor(context, statement);
    case 'while':
      return printWhile(context, statement);
    case 'if':
      return printIf(context, statement);
    case 'let': {
      const known = statement.variable.type.dtype === 'index' ? knownIndex(context, statement.value) : undefined;
      if (known !== undefined && statement.variable.type.lanes === 1)
        return context.bind(statement.variable, { kind: 'constant', value: known });
      const value = context.expr(statement.value);
      const local = context.define(statement.variable, whatIsKnown(context, statement.value));
      return f.set(local, value);
    }
    case 'store':
      return printStore(context, statement);
    case 'atomic':
      return printAtomic(context, statement);
    case 'alloc':
      return printAlloc(context, statement);
    case 'copy':
      return printCopy(context, statement);
    case 'fill':
      return printFill(context, statement);
    case 'prefetch':
      return printPrefetch(context, statement);
    // One thread runs a kernel's tiles in order.
    case 'barrier':
    case 'marker':
      return undefined;
    default:
      return statement satisfies never;
  }
}

/** Of an index, for the addresses that are made of it. */
function whatIsKnown(
  context: KernelContext,
  value: Expr,
): { readonly isNonNegative?: boolean; readonly definition?: Expr } {
  if (value.type.dtype !== 'index' || value.type.lanes !== 1) return {};
  const known = { isNonNegative: isNonNegative(context, value) };
  const isSum =
    value.kind === 'binary' &&
    (value.op === 'add' ||
      value.op === 'subtract' ||
      (value.op === 'multiply' && [value.lhs, value.rhs].some((side) => knownIndex(context, side) !== undefined)));
  return isSum ? { ...known, definition: value } : known;
}

function printFor(context: KernelContext, loop: Of<'for'>): void {
  if (loop.mode === 'workgroup' || loop.mode === 'invocation')
    context.fail(`a ${loop.mode} loop, which only a GPU schedule has`);
  const from = knownIndex(context, loop.from);
  const to = knownIndex(context, loop.to);
  const isKnown = from !== undefined && to !== undefined;
  const count = isKnown ? Math.max(0, Math.ceil((to - from) / loop.step)) : undefined;
  if (isKnown && count !== undefined && (count <= 1 || loop.mode === 'unrolled')) unroll(context, loop, from, count);
  else if (loop.mode === 'unrolled') context.fail('an unrolled loop whose bounds are not constant');
  else printLoop(context, loop, count !== undefined);
}

function unroll(context: KernelContext, loop: Of<'for'>, from: number, count: number): void {
  const { f } = context;
  for (const { variable, initial } of loop.carried) {
    const value = context.expr(initial);
    f.set(context.define(variable), value);
  }
  for (let step = 0; step < count; step++) {
    context.bind(loop.variable, { kind: 'constant', value: from + step * loop.step });
    printStatements(context, loop.body);
    // Each iteration's values are locals of their own, so that nothing that was derived from the last ones is stale.
    const values = loop.next.map((next) => ({ type: formOf(next.type), value: context.expr(next) }));
    const locals = values.map(({ type, value }) => {
      const local = f.local(type);
      f.set(local, value);
      return local;
    });
    for (const [index, { variable }] of loop.carried.entries()) {
      const local = locals[index];
      if (local === undefined) continue;
      context.bind(variable, { kind: 'local', local, depth: f.scope.depth, isNonNegative: false, step: undefined });
    }
  }
}

function printLoop(context: KernelContext, loop: Of<'for'>, runsAlways: boolean): void {
  const { f } = context;
  const { step } = loop;
  const counter = f.local('i32');
  const startsNonNegative = isNonNegative(context, loop.from);
  f.set(counter, context.expr(loop.from));
  const known = knownIndex(context, loop.to);
  const end = known === undefined ? f.hold('i32', context.expr(loop.to)) : (): WasmExpr => f.i32(known);
  const isBefore = (): WasmExpr => f.binary('LtSInt32', f.get(counter), end());
  const carried = startCarried(context, loop.carried);
  const iterate = (): void =>
    f.repeat(() => {
      const { depth, latch } = f.scope;
      context.bind(loop.variable, {
        kind: 'local',
        local: counter,
        depth,
        isNonNegative: startsNonNegative,
        step,
      });
      bindCarried(context, loop.carried, carried);
      latch.push(f.assignment(counter, f.binary('AddInt32', f.get(counter), f.i32(step))));
      printStatements(context, loop.body);
      assignNext(context, loop.carried, carried, loop.next);
      return isBefore;
    });
  if (runsAlways) iterate();
  else f.if(isBefore(), iterate);
  context.leaveScopes();
  bindCarried(context, loop.carried, carried);
}

function startCarried(context: KernelContext, carried: readonly Carried[]): readonly Local[] {
  const values = carried.map(({ initial, variable }) => ({
    type: formOf(variable.type),
    value: context.expr(initial),
  }));
  return values.map(({ type, value }) => {
    const local = context.f.local(type);
    context.f.set(local, value);
    return local;
  });
}

/** Inside a loop its values are of the body's scope, afterwards of the one around it. */
function bindCarried(context: KernelContext, carried: readonly Carried[], locals: readonly Local[]): void {
  for (const [index, { variable }] of carried.entries()) {
    const local = locals[index] ?? context.fail('a carried value');
    const { depth } = context.f.scope;
    context.bind(variable, { kind: 'local', local, depth, isNonNegative: false, step: undefined });
  }
}

/** All at once: a value that reads one assigned before it is computed first. */
function assignNext(
  context: KernelContext,
  carried: readonly Carried[],
  locals: readonly Local[],
  next: readonly Expr[],
): void {
  const { f } = context;
  const values = readsAssigned(carried, next)
    ? next.map((each) => f.hold(formOf(each.type), context.expr(each)))
    : next.map((each) => (): WasmExpr => context.expr(each));
  for (const [index, value] of values.entries()) {
    const local = locals[index];
    const each = next[index];
    const isSame = each?.kind === 'variable' && each.variable.id === carried[index]?.variable.id;
    if (local !== undefined && !isSame) f.set(local, value());
  }
}

function readsAssigned(carried: readonly Carried[], next: readonly Expr[]): boolean {
  const assigned = new Set<VariableId>();
  let found = false;
  for (const [index, each] of next.entries()) {
    walkExpr(each, (part) => {
      if (part.kind === 'variable' && assigned.has(part.variable.id)) found = true;
    });
    const id = carried[index]?.variable.id;
    if (id !== undefined) assigned.add(id);
  }
  return found;
}

function printWhile(context: KernelContext, loop: Of<'while'>): void {
  const { f } = context;
  const carried = startCarried(context, loop.carried);
  f.while(
    () => {
      bindCarried(context, loop.carried, carried);
      printStatements(context, loop.before);
      return context.expr(loop.condition);
    },
    () => {
      printStatements(context, loop.body);
      assignNext(context, loop.carried, carried, loop.next);
    },
  );
  context.leaveScopes();
  bindCarried(context, loop.carried, carried);
}

function printIf(context: KernelContext, statement: Of<'if'>): void {
  const { f } = context;
  const condition = context.expr(statement.condition);
  const locals = statement.results.map(({ variable }) => f.local(formOf(variable.type)));
  const branch = (statements: readonly Statement[], values: readonly Expr[]): void => {
    printStatements(context, statements);
    for (const [index, value] of values.entries()) {
      const local = locals[index];
      if (local !== undefined) f.set(local, context.expr(value));
    }
  };
  const then = (): void =>
    branch(
      statement.then,
      statement.results.map((each) => each.then),
    );
  const otherwise = (): void => {
    // Scopes of the other branch have the same depths.
    context.leaveScopesFrom(f.scope.depth);
    branch(
      statement.otherwise,
      statement.results.map((each) => each.otherwise),
    );
  };
  const hasElse = statement.otherwise.length > 0 || statement.results.length > 0;
  f.if(condition, then, hasElse ? otherwise : undefined);
  context.leaveScopes();
  for (const [index, { variable }] of statement.results.entries()) {
    const local = locals[index];
    if (local === undefined) continue;
    context.bind(variable, { kind: 'local', local, depth: f.scope.depth, isNonNegative: false, step: undefined });
  }
}

function printAtomic(context: KernelContext, { op, buffer, index, value }: Of<'atomic'>): void {
  const { f } = context;
  const binding = context.bufferBinding(buffer);
  if (binding.kind !== 'memory') return context.fail(`an atomic on ${buffer.name}, which is not in memory`);
  const place = placeOf(context, buffer, binding, index);
  const address = f.hold('i32', place.address);
  const at = (): typeof place => ({ ...place, address: address() });
  const operand = context.expr(value);
  const { dtype } = buffer;
  const result = op === 'exchange' ? operand : scalarBinary(f, op, dtype, loadScalar(context, dtype, at()), operand);
  storeScalar(context, dtype, at(), result);
}

function printAlloc(context: KernelContext, { buffer, body }: Of<'alloc'>): void {
  if (buffer.space === 'register') {
    const slots = registerSlots(context, buffer, body);
    if (slots !== undefined) {
      context.bindBuffer(buffer, { kind: 'locals', slots });
      printStatements(context, body);
      return;
    }
  }
  const size = maxSize(buffer.size) ?? context.fail(`${buffer.name} has no largest size`);
  context.withStack(buffer, size * elementBytes(buffer.dtype), () => printStatements(context, body));
}

/** A local for each place, when the buffer is only read and written at constant places that do not overlap. */
function registerSlots(
  context: KernelContext,
  buffer: FlatBuffer,
  body: readonly Statement[],
): ReadonlyMap<number, Local> | undefined {
  const lanes = new Map<number, Expr['type']>();
  let isPossible = true;
  const use = (index: Expr, type: Expr['type'], isPlain: boolean): void => {
    const at = knownIndex(context, index);
    const known = at === undefined ? undefined : lanes.get(at);
    if (at === undefined || !isPlain || (known !== undefined && known.lanes !== type.lanes)) isPossible = false;
    else lanes.set(at, type);
  };
  const visit = (statement: Statement): void => {
    for (const expr of expressionsOf(statement))
      walkExpr(expr, (each) => {
        if (each.kind === 'load' && each.buffer.id === buffer.id) use(each.index, each.type, each.mode === 'plain');
      });
    if (statement.kind === 'store' && statement.buffer.id === buffer.id)
      use(statement.index, statement.value.type, statement.mask === undefined);
    if (statement.kind === 'copy') isPossible &&= statement.from.id !== buffer.id && statement.to.id !== buffer.id;
    if (statement.kind === 'fill' || statement.kind === 'atomic') isPossible &&= statement.buffer.id !== buffer.id;
    for (const inner of bodiesOf(statement)) inner.forEach(visit);
  };
  body.forEach(visit);
  const places = [...lanes].toSorted(([a], [b]) => a - b);
  const overlaps = places.some(([at, type], index) => at + type.lanes > (places[index + 1]?.[0] ?? Infinity));
  if (!isPossible || overlaps) return undefined;
  return new Map(places.map(([at, type]) => [at, context.f.local(formOf(type))]));
}

function bytesOf(context: KernelContext, count: Expr, buffer: FlatBuffer): WasmExpr {
  const { f } = context;
  const bytes = elementBytes(buffer.dtype);
  const known = knownIndex(context, count);
  return known === undefined ? f.binary('MulInt32', context.expr(count), f.i32(bytes)) : f.i32(known * bytes);
}

function addressOf(context: KernelContext, buffer: FlatBuffer, index: Expr): WasmExpr {
  const { f } = context;
  const binding = context.bufferBinding(buffer);
  if (binding.kind !== 'memory') return context.fail(`a copy of ${buffer.name}, which is not in memory`);
  const { address, offset } = placeOf(context, buffer, binding, index);
  return offset === 0 ? address : f.binary('AddInt32', address, f.i32(offset));
}

function printCopy(context: KernelContext, { from, fromIndex, to, toIndex, count }: Of<'copy'>): void {
  const source = addressOf(context, from, fromIndex);
  const target = addressOf(context, to, toIndex);
  context.f.memoryCopy(target, source, bytesOf(context, count, to));
}

function printFill(context: KernelContext, { buffer, index, count, value }: Of<'fill'>): void {
  const { f } = context;
  const byte = fillByte(buffer, value);
  if (byte !== undefined)
    return f.memoryFill(addressOf(context, buffer, index), f.i32(byte), bytesOf(context, count, buffer));
  const bytes = elementBytes(buffer.dtype);
  const held = f.hold(formOf(value.type), context.expr(value));
  const pointer = f.local('i32');
  f.set(pointer, addressOf(context, buffer, index));
  const end = f.hold('i32', f.binary('AddInt32', f.get(pointer), bytesOf(context, count, buffer)));
  const isBefore = (): WasmExpr => f.binary('LtUInt32', f.get(pointer), end());
  f.if(isBefore(), () =>
    f.repeat(() => {
      storeScalar(context, buffer.dtype, { address: f.get(pointer), offset: 0, align: bytes }, held());
      f.set(pointer, f.binary('AddInt32', f.get(pointer), f.i32(bytes)));
      return isBefore;
    }),
  );
  context.leaveScopes();
}

/** The byte that all of the value's are, where it is known. */
function fillByte(buffer: FlatBuffer, value: Expr): number | undefined {
  if (value.kind !== 'constant') return undefined;
  if (Object.is(Number(value.value), 0)) return 0;
  const isByte = elementBytes(buffer.dtype) === 1;
  return isByte ? Number(value.value) & 255 : undefined;
}

/** WebAssembly has no such hint, and a load that nobody wants is one: engines keep it, since it could trap. A byte takes no vector register. */
function printPrefetch(context: KernelContext, { buffer, index }: Extract<Statement, { kind: 'prefetch' }>): void {
  const binding = context.bufferBinding(buffer);
  if (binding.kind === 'locals') return;
  const place = placeOf(context, buffer, binding, index);
  context.f.drop(context.f.load('i32', 1, false, { ...place, align: 1 }));
}
