/** Vector expressions of the loop interpreter: lane by lane, with poison carried along. */
import type { Expr, Load } from './loop-ir.ts';
import { checkLaneRead, checkRead, isPoisoned, valueReader } from './loop-interpreter-access.ts';
import type { Eval, Lanes, Layout, Site, Value } from './loop-interpreter-frame.ts';
import {
  type Compiler,
  bitcastLanes,
  fmaFunction,
  scalarBinary,
  scalarCompare,
  scalarUnary,
} from './loop-interpreter-operations.ts';
import { conversion } from './scalar-semantics.ts';

export function compileVector(expr: Expr, layout: Layout, compiler: Compiler): Eval<Lanes> {
  const { lanes } = expr.type;
  const vector = (operand: Expr): Eval<Lanes> => compiler.vector(operand, layout);
  switch (expr.kind) {
    case 'constant': {
      const all = filled(lanes, expr.value);
      return () => all;
    }
    case 'variable': {
      const slot = layout.slot(expr.variable);
      return (frame) => frame.vectors[slot] as Lanes;
    }
    case 'size':
    case 'extract':
    case 'lane-reduce':
      return layout.site.fail(`${expr.kind} gives no vector`);
    case 'unary':
      return mapOne(vector(expr.operand), lanes, scalarUnary(expr.op, expr.operand.type.dtype, layout.site));
    case 'convert':
      return mapOne(vector(expr.operand), lanes, conversion(expr.operand.type.dtype, expr.type.dtype));
    case 'binary':
      return mapTwo(vector(expr.lhs), vector(expr.rhs), lanes, scalarBinary(expr.op, expr.type.dtype, layout.site));
    case 'compare':
      return mapTwo(vector(expr.lhs), vector(expr.rhs), lanes, scalarCompare(expr.op, expr.lhs.type.dtype));
    case 'fma':
      return mapThree(
        [vector(expr.a), vector(expr.b), vector(expr.c)],
        lanes,
        fmaFunction(expr.type.dtype, expr.rounding === 'exact' || layout.fusesMultiplyAdd),
      );
    case 'select':
      return compileSelect(expr, layout, compiler);
    case 'bitcast':
      return bitcastLanes(expr.operand.type, expr.type, compiler.lanes(expr.operand, layout));
    case 'splat': {
      const value = compiler.value(expr.operand, layout);
      return (frame) => filled(lanes, value(frame));
    }
    case 'insert': {
      const value = compiler.value(expr.value, layout);
      const operand = vector(expr.operand);
      return (frame) => inserted(operand(frame), expr.lane, value(frame));
    }
    case 'shuffle': {
      const lhs = compiler.lanes(expr.lhs, layout);
      const rhs = compiler.lanes(expr.rhs, layout);
      return (frame) => shuffled(lhs(frame), rhs(frame), expr.lanes);
    }
    case 'load':
      return compileLoad(expr, layout, compiler);
    case 'tail-mask': {
      const count = compiler.number(expr.count, layout);
      return (frame) => firstLanes(lanes, count(frame));
    }
    default:
      return expr satisfies never;
  }
}

function filled(lanes: number, value: Value): Lanes {
  const values: Value[] = [];
  for (let lane = 0; lane < lanes; lane++) values.push(value);
  return { values, poison: undefined };
}

function firstLanes(lanes: number, count: number): Lanes {
  const values: number[] = [];
  for (let lane = 0; lane < lanes; lane++) values.push(lane < count ? 1 : 0);
  return { values, poison: undefined };
}

function mapOne(operand: Eval<Lanes>, lanes: number, op: (x: Value) => Value): Eval<Lanes> {
  return (frame) => {
    const x = operand(frame);
    const values: Value[] = [];
    for (let lane = 0; lane < lanes; lane++) values.push(op(x.values[lane] as Value));
    return { values, poison: x.poison };
  };
}

function either(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : a.map((bit, lane) => bit | (b[lane] ?? 0));
}

function mapTwo(lhs: Eval<Lanes>, rhs: Eval<Lanes>, lanes: number, op: (x: Value, y: Value) => Value): Eval<Lanes> {
  return (frame) => {
    const x = lhs(frame);
    const y = rhs(frame);
    const values: Value[] = [];
    for (let lane = 0; lane < lanes; lane++) values.push(op(x.values[lane] as Value, y.values[lane] as Value));
    return { values, poison: either(x.poison, y.poison) };
  };
}

function mapThree(
  [first, second, third]: readonly [Eval<Lanes>, Eval<Lanes>, Eval<Lanes>],
  lanes: number,
  op: (x: number, y: number, z: number) => number,
): Eval<Lanes> {
  return (frame) => {
    const x = first(frame);
    const y = second(frame);
    const z = third(frame);
    const values: number[] = [];
    for (let lane = 0; lane < lanes; lane++)
      values.push(op(x.values[lane] as number, y.values[lane] as number, z.values[lane] as number));
    return { values, poison: either(either(x.poison, y.poison), z.poison) };
  };
}

function compileSelect(expr: Extract<Expr, { kind: 'select' }>, layout: Layout, compiler: Compiler): Eval<Lanes> {
  const onTrue = compiler.vector(expr.onTrue, layout);
  const onFalse = compiler.vector(expr.onFalse, layout);
  if (expr.predicate.type.lanes === 1) {
    const predicate = compiler.number(expr.predicate, layout);
    return (frame) => {
      const yes = onTrue(frame);
      const no = onFalse(frame);
      return predicate(frame) === 0 ? no : yes;
    };
  }
  const predicate = compiler.vector(expr.predicate, layout);
  return (frame) => chosen(predicate(frame), onTrue(frame), onFalse(frame));
}

function chosen(mask: Lanes, yes: Lanes, no: Lanes): Lanes {
  const values = mask.values.map((bit, lane) => (bit === 0 ? no : yes).values[lane] as Value);
  if (mask.poison === undefined && yes.poison === undefined && no.poison === undefined)
    return { values, poison: undefined };
  const poison = Uint8Array.from(mask.values, (bit, lane) =>
    isPoisoned(mask, lane) || isPoisoned(bit === 0 ? no : yes, lane) ? 1 : 0,
  );
  return { values, poison };
}

function inserted({ values, poison }: Lanes, lane: number, value: Value): Lanes {
  const cleared = poison?.slice();
  if (cleared !== undefined) cleared[lane] = 0;
  return { values: values.with(lane, value), poison: cleared };
}

function shuffled(lhs: Lanes, rhs: Lanes, lanes: readonly number[]): Lanes {
  const count = lhs.values.length;
  const values = lanes.map((lane) => (lane < count ? lhs.values[lane] : rhs.values[lane - count]) as Value);
  if (lhs.poison === undefined && rhs.poison === undefined) return { values, poison: undefined };
  const poison = Uint8Array.from(lanes, (lane) =>
    (lane < count ? isPoisoned(lhs, lane) : isPoisoned(rhs, lane - count)) ? 1 : 0,
  );
  return { values, poison };
}

function compileLoad(load: Load, layout: Layout, compiler: Compiler): Eval<Lanes> {
  switch (load.mode) {
    case 'plain':
      return compilePlainLoad(load, layout, compiler);
    case 'splat':
      return compileSplatLoad(load, layout, compiler);
    case 'masked':
    case 'gather':
      return compileMaskedLoad(load, layout, compiler);
    default:
      return load.mode satisfies never;
  }
}

function compilePlainLoad({ buffer, index, type }: Load, layout: Layout, compiler: Compiler): Eval<Lanes> {
  const slot = layout.bufferSlot(buffer);
  const start = compiler.number(index, layout);
  const read = valueReader(buffer.dtype);
  const { site } = layout;
  return (frame) => {
    const memory = frame.memory[slot];
    if (memory === undefined) return site.fail(`${buffer.name} does not exist here`);
    const first = start(frame);
    const values: Value[] = [];
    let poison: Uint8Array | undefined;
    for (let lane = 0; lane < type.lanes; lane++) {
      if (checkLaneRead(memory, first + lane, frame, site)) {
        poison ??= new Uint8Array(type.lanes);
        poison[lane] = 1;
      }
      values.push(read(memory, first + lane));
    }
    return { values, poison };
  };
}

function compileSplatLoad({ buffer, index, type }: Load, layout: Layout, compiler: Compiler): Eval<Lanes> {
  const slot = layout.bufferSlot(buffer);
  const at = compiler.number(index, layout);
  const read = valueReader(buffer.dtype);
  const { site } = layout;
  return (frame) => {
    const memory = frame.memory[slot];
    if (memory === undefined) return site.fail(`${buffer.name} does not exist here`);
    const position = at(frame);
    checkRead(memory, position, frame, site);
    return filled(type.lanes, read(memory, position));
  };
}

/** Masked and gathered: lanes outside the mask are 0 and not read. */
function compileMaskedLoad({ buffer, index, mask, type }: Load, layout: Layout, compiler: Compiler): Eval<Lanes> {
  const slot = layout.bufferSlot(buffer);
  const indices = compileIndices(index, type.lanes, layout, compiler);
  const masks = mask === undefined ? undefined : compiler.lanes(mask, layout);
  const read = valueReader(buffer.dtype);
  const zero = buffer.dtype === 'i64' || buffer.dtype === 'ui64' ? 0n : 0;
  const { site } = layout;
  return (frame) => {
    const memory = frame.memory[slot];
    if (memory === undefined) return site.fail(`${buffer.name} does not exist here`);
    const at = indices(frame);
    const bits = masks?.(frame);
    const values: Value[] = [];
    let poison: Uint8Array | undefined;
    for (let lane = 0; lane < type.lanes; lane++) {
      if (!isOn(bits, lane, site)) {
        values.push(zero);
        continue;
      }
      const position = usedLane(at, lane, site);
      if (checkLaneRead(memory, position, frame, site)) {
        poison ??= new Uint8Array(type.lanes);
        poison[lane] = 1;
      }
      values.push(read(memory, position));
    }
    return { values, poison };
  };
}

/** The indices of each lane: consecutive from a scalar, or the vector's own. */
export function compileIndices(index: Expr, lanes: number, layout: Layout, compiler: Compiler): Eval<Lanes> {
  if (index.type.lanes !== 1 || lanes === 1) return compiler.lanes(index, layout);
  const start = compiler.number(index, layout);
  return (frame) => {
    const first = start(frame);
    const values: number[] = [];
    for (let lane = 0; lane < lanes; lane++) values.push(first + lane);
    return { values, poison: undefined };
  };
}

/** Whether a lane is inside the mask; there is none where it is undefined. */
export function isOn(mask: Lanes | undefined, lane: number, site: Site): boolean {
  if (mask === undefined) return true;
  if (isPoisoned(mask, lane)) site.fail(`lane ${lane} of the mask comes from memory that nothing has written`);
  return mask.values[lane] !== 0;
}

function usedLane(lanes: Lanes, lane: number, site: Site): number {
  if (isPoisoned(lanes, lane)) site.fail(`lane ${lane} is used, but comes from memory that nothing has written`);
  return Number(lanes.values[lane]);
}
