/**
 * Statements of the loop interpreter. Each becomes a plain function; those that contain a barrier also become a generator that yields
 * there, so that the invocations of a workgroup can meet.
 */
import type { Carried, Expr, FlatBuffer, Statement, Variable } from './loop-ir.ts';
import {
  checkAtomic,
  checkLaneRead,
  checkRead,
  checkWrite,
  isPoisoned,
  valueReader,
  valueWriter,
  writePoison,
} from './loop-interpreter-access.ts';
import { type Eval, type Exec, type Frame, type Layout, slotKind, type Value } from './loop-interpreter-frame.ts';
import { allocateMemory, Memory, Tracker } from './loop-interpreter-memory.ts';
import { scalarBinary } from './loop-interpreter-operations.ts';
import { compiler } from './loop-interpreter-scalars.ts';
import { compileIndices, isOn } from './loop-interpreter-vectors.ts';
import type { Size } from './size.ts';

/** Evaluates and assigns; the slot is defined by it. */
export function compileAssign(variable: Variable, value: Expr, layout: Layout): Exec {
  const kind = slotKind(variable.type);
  if (kind === 'number') {
    const evaluate = compiler.number(value, layout);
    const slot = layout.define(variable);
    return (frame) => {
      frame.numbers[slot] = evaluate(frame);
    };
  }
  if (kind === 'bigint') {
    const evaluate = compiler.bigint(value, layout);
    const slot = layout.define(variable);
    return (frame) => {
      frame.bigints[slot] = evaluate(frame);
    };
  }
  const evaluate = compiler.vector(value, layout);
  const slot = layout.define(variable);
  return (frame) => {
    frame.vectors[slot] = evaluate(frame);
  };
}

/** Assigns all at once: no value sees another's new one. */
export function compileAssignAll(variables: readonly Variable[], values: readonly Expr[], layout: Layout): Exec {
  const [first, ...rest] = values;
  const [variable] = variables;
  if (first === undefined || variable === undefined) return () => undefined;
  if (rest.length === 0) return compileAssign(variable, first, layout);
  const evaluators = values.map((value) =>
    value.type.lanes === 1 ? compiler.value(value, layout) : compiler.vector(value, layout),
  );
  const setters = variables.map((each) => compileSet(each, layout));
  return (frame) => {
    const results = evaluators.map((evaluate) => evaluate(frame));
    for (const [index, set] of setters.entries()) set(frame, results[index]);
  };
}

function compileSet(variable: Variable, layout: Layout): (frame: Frame, value: unknown) => void {
  const kind = slotKind(variable.type);
  const slot = layout.define(variable);
  if (kind === 'number')
    return (frame, value) => {
      frame.numbers[slot] = value as number;
    };
  if (kind === 'bigint')
    return (frame, value) => {
      frame.bigints[slot] = value as bigint;
    };
  return (frame, value) => {
    frame.vectors[slot] = value as Frame['vectors'][number];
  };
}

export function compileCarried(carried: readonly Carried[], layout: Layout): Exec {
  return compileAssignAll(
    carried.map(({ variable }) => variable),
    carried.map(({ initial }) => initial),
    layout,
  );
}

function memoryOf(buffer: FlatBuffer, layout: Layout): Eval<Memory> {
  const slot = layout.bufferSlot(buffer);
  const { site } = layout;
  return (frame) => frame.memory[slot] ?? site.fail(`${buffer.name} does not exist here`);
}

export function compileStore(store: Extract<Statement, { kind: 'store' }>, layout: Layout): Exec {
  const { buffer, index, value, mask } = store;
  const memory = memoryOf(buffer, layout);
  const write = valueWriter(buffer.dtype);
  const { site } = layout;
  if (value.type.lanes === 1 && index.type.lanes === 1 && mask === undefined) {
    const at = compiler.number(index, layout);
    const evaluate = compiler.value(value, layout);
    return (frame) => {
      const target = memory(frame);
      const position = at(frame);
      const result = evaluate(frame);
      checkWrite(target, position, frame, site);
      write(target, position, result);
    };
  }
  const { lanes } = value.type;
  const indices = compileIndices(index, lanes, layout, compiler);
  const evaluate = compiler.lanes(value, layout);
  const masks = mask === undefined ? undefined : compiler.lanes(mask, layout);
  return (frame) => {
    const target = memory(frame);
    const at = indices(frame);
    const result = evaluate(frame);
    const bits = masks?.(frame);
    for (let lane = 0; lane < lanes; lane++) {
      if (!isOn(bits, lane, site)) continue;
      if (isPoisoned(at, lane)) site.fail(`the index of lane ${lane} comes from memory that nothing has written`);
      const position = at.values[lane] as number;
      if (isPoisoned(result, lane)) writePoison(target, position, frame, site);
      else {
        checkWrite(target, position, frame, site);
        write(target, position, result.values[lane] as Value);
      }
    }
  };
}

export function compileAtomic(statement: Extract<Statement, { kind: 'atomic' }>, layout: Layout): Exec {
  const { op, buffer, index, value } = statement;
  const memory = memoryOf(buffer, layout);
  const at = compiler.number(index, layout);
  const evaluate = compiler.value(value, layout);
  const read = valueReader(buffer.dtype);
  const write = valueWriter(buffer.dtype);
  const { site } = layout;
  const combine = op === 'exchange' ? (_: Value, y: Value): Value => y : scalarBinary(op, buffer.dtype, site);
  return (frame) => {
    const target = memory(frame);
    const position = at(frame);
    const operand = evaluate(frame);
    checkAtomic(target, position, frame, site);
    write(target, position, combine(read(target, position), operand));
  };
}

export function compileCopy(statement: Extract<Statement, { kind: 'copy' }>, layout: Layout): Exec {
  const from = memoryOf(statement.from, layout);
  const to = memoryOf(statement.to, layout);
  const fromIndex = compiler.number(statement.fromIndex, layout);
  const toIndex = compiler.number(statement.toIndex, layout);
  const count = compiler.number(statement.count, layout);
  const read = valueReader(statement.from.dtype);
  const write = valueWriter(statement.to.dtype);
  const { site } = layout;
  return (frame) => {
    const source = from(frame);
    const target = to(frame);
    const sourceStart = fromIndex(frame);
    const targetStart = toIndex(frame);
    const elements = count(frame);
    const apart = Math.abs(sourceStart - targetStart);
    if (source === target && apart < elements) site.fail('copy between ranges that overlap');
    for (let each = 0; each < elements; each++) {
      if (sourceStart + each >= source.size) checkRead(source, sourceStart + each, frame, site);
      if (checkLaneRead(source, sourceStart + each, frame, site)) writePoison(target, targetStart + each, frame, site);
      else {
        checkWrite(target, targetStart + each, frame, site);
        write(target, targetStart + each, read(source, sourceStart + each));
      }
    }
  };
}

export function compileFill(statement: Extract<Statement, { kind: 'fill' }>, layout: Layout): Exec {
  const memory = memoryOf(statement.buffer, layout);
  const start = compiler.number(statement.index, layout);
  const count = compiler.number(statement.count, layout);
  const evaluate = compiler.value(statement.value, layout);
  const write = valueWriter(statement.buffer.dtype);
  const { site } = layout;
  return (frame) => {
    const target = memory(frame);
    const first = start(frame);
    const elements = count(frame);
    const value = evaluate(frame);
    for (let each = 0; each < elements; each++) {
      checkWrite(target, first + each, frame, site);
      write(target, first + each, value);
    }
  };
}

/** Does nothing, within the buffer. */
export function compilePrefetch(statement: Extract<Statement, { kind: 'prefetch' }>, layout: Layout): Exec {
  const memory = memoryOf(statement.buffer, layout);
  const start = compiler.number(statement.index, layout);
  const { site } = layout;
  return (frame) => {
    const [{ size }, at] = [memory(frame), start(frame)];
    if (at < 0 || at >= size) site.fail(`prefetch of element ${at} of ${statement.buffer.name}, which has ${size}`);
  };
}

/** Makes the memory of an `alloc`, all of it uninitialised. */
export function compileAllocate(buffer: FlatBuffer, layout: Layout, tracksRaces: boolean): Exec {
  const slot = layout.defineBuffer(buffer);
  const size = compileSize(buffer.size, layout);
  const { site } = layout;
  return (frame) => {
    const elements = size(frame);
    if (!(elements >= 0)) site.fail(`alloc of ${elements} elements`);
    const values = allocateMemory(buffer.dtype, elements);
    // What an iteration or an invocation makes for itself nobody else can reach.
    const isShared = tracksRaces && frame.invocation < 0;
    const tracker = isShared ? new Tracker(frame.run.segments, elements) : undefined;
    frame.memory[slot] = new Memory(buffer, elements, values, new Uint8Array(elements), tracker);
  };
}

function compileSize(size: Size, layout: Layout): Eval<number> {
  if (typeof size === 'number') return () => size;
  const slot = layout.sizeSlot(size);
  return (frame) => frame.numbers[slot] ?? 0;
}
