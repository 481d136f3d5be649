/**
 * Control flow of the loop interpreter. A body becomes `exec`, and `step` too when it holds a barrier: a generator that yields there.
 * An invocation loop runs its iterations as threads, each on a frame of its own, from barrier to barrier.
 */
import type { Carried, Expr, Statement } from './loop-ir.ts';
import { type Exec, type Frame, type Layout, type Site, type Stepper, slotKind } from './loop-interpreter-frame.ts';
import { compiler } from './loop-interpreter-scalars.ts';
import {
  compileAllocate,
  compileAssign,
  compileAssignAll,
  compileAtomic,
  compileCarried,
  compileCopy,
  compileFill,
  compilePrefetch,
  compileStore,
} from './loop-interpreter-statements.ts';
import { walkStatements } from './loop-walk.ts';

export interface Code {
  readonly exec: Exec;
  /** Undefined when there is no barrier in it. */
  readonly step: Stepper | undefined;
}

type For = Extract<Statement, { kind: 'for' }>;

/** `index` of a loop: a slot of numbers, its range evaluated once. */
interface Range {
  readonly slot: number;
  readonly from: (frame: Frame) => number;
  readonly to: (frame: Frame) => number;
  readonly step: number;
}

export function compileBody(statements: readonly Statement[], layout: Layout): Code {
  const codes = statements.filter(({ kind }) => kind !== 'marker').map((each) => compileStatement(each, layout));
  const execs = codes.map(({ exec }) => exec);
  const [first, second, third] = execs;
  const exec =
    first === undefined
      ? () => undefined
      : second === undefined
        ? first
        : third === undefined
          ? (frame: Frame): void => {
              first(frame);
              second(frame);
            }
          : (frame: Frame): void => {
              for (const each of execs) each(frame);
            };
  if (codes.every(({ step }) => step === undefined)) return { exec, step: undefined };
  return {
    exec,
    *step(frame) {
      for (const code of codes) {
        if (code.step === undefined) code.exec(frame);
        else yield* code.step(frame);
      }
    },
  };
}

function compileStatement(statement: Statement, layout: Layout): Code {
  const site = layout.at(statement);
  switch (statement.kind) {
    case 'for':
      return compileFor(statement, layout, site);
    case 'while':
      return compileWhile(statement, layout);
    case 'if':
      return compileIf(statement, layout);
    case 'let':
      return plain(compileAssign(statement.variable, statement.value, layout));
    case 'store':
      return plain(compileStore(statement, layout));
    case 'atomic':
      return plain(compileAtomic(statement, layout));
    case 'alloc':
      return compileAlloc(statement, layout);
    case 'barrier':
      return compileBarrier(statement, site);
    case 'copy':
      return plain(compileCopy(statement, layout));
    case 'fill':
      return plain(compileFill(statement, layout));
    case 'prefetch':
      return plain(compilePrefetch(statement, layout));
    case 'marker':
      return plain(() => undefined);
    default:
      return statement satisfies never;
  }
}

function plain(exec: Exec): Code {
  return { exec, step: undefined };
}

function compileAlloc({ buffer, body }: Extract<Statement, { kind: 'alloc' }>, layout: Layout): Code {
  const allocate = compileAllocate(buffer, layout, hasParallelism(layout.kernel.body));
  const { exec, step } = compileBody(body, layout);
  const run: Exec = (frame) => {
    allocate(frame);
    exec(frame);
  };
  if (step === undefined) return plain(run);
  return {
    exec: run,
    *step(frame) {
      allocate(frame);
      yield* step(frame);
    },
  };
}

export function hasParallelism(statements: readonly Statement[]): boolean {
  let found = false;
  walkStatements(statements, (statement) => {
    if (statement.kind === 'for' && statement.mode !== 'serial' && statement.mode !== 'unrolled') found = true;
  });
  return found;
}

/** Between invocation loops it starts a new interval; in one, the invocations meet there. */
function compileBarrier(barrier: Statement, site: Site): Code {
  return {
    exec(frame) {
      if (frame.invocation >= 0 || frame.group === 0) site.fail('barrier outside of the invocations of a workgroup');
      openInterval(frame);
    },
    *step(frame) {
      if (frame.invocation >= 0) yield barrier;
      else openInterval(frame);
    },
  };
}

function openInterval(frame: Frame): void {
  frame.interval = frame.run.segments.openInterval(frame.group);
  frame.segment = frame.run.segments.open(frame.group, frame.invocation, frame.interval);
}

function compileIf(statement: Extract<Statement, { kind: 'if' }>, layout: Layout): Code {
  const { results } = statement;
  const condition = compiler.number(statement.condition, layout);
  const variables = results.map(({ variable }) => variable);
  const branch = (body: readonly Statement[], values: readonly Expr[]): Code => {
    const code = compileBody(body, layout);
    layout.at(statement);
    return withEpilogue(code, values.length === 0 ? undefined : compileAssignAll(variables, values, layout));
  };
  const then = branch(statement.then, results.map((each) => each.then)); // prettier-ignore
  const otherwise = branch(statement.otherwise, results.map((each) => each.otherwise)); // prettier-ignore
  const exec: Exec = (frame) => {
    if (condition(frame) === 0) otherwise.exec(frame);
    else then.exec(frame);
  };
  if (then.step === undefined && otherwise.step === undefined) return plain(exec);
  return {
    exec,
    *step(frame) {
      const { exec, step } = condition(frame) === 0 ? otherwise : then;
      if (step === undefined) exec(frame);
      else yield* step(frame);
    },
  };
}

function withEpilogue({ exec, step }: Code, epilogue: Exec | undefined): Code {
  if (epilogue === undefined) return { exec, step };
  const run: Exec = (frame) => {
    exec(frame);
    epilogue(frame);
  };
  if (step === undefined) return plain(run);
  return {
    exec: run,
    *step(frame) {
      yield* step(frame);
      epilogue(frame);
    },
  };
}

function compileNext(carried: readonly Carried[], next: readonly Expr[], layout: Layout): Exec | undefined {
  if (carried.length === 0) return undefined;
  return compileAssignAll(
    carried.map(({ variable }) => variable),
    next,
    layout,
  );
}

function compileWhile(statement: Extract<Statement, { kind: 'while' }>, layout: Layout): Code {
  const start = compileCarried(statement.carried, layout);
  const before = compileBody(statement.before, layout);
  layout.at(statement);
  const condition = compiler.number(statement.condition, layout);
  const inner = compileBody(statement.body, layout);
  layout.at(statement);
  const body = withEpilogue(inner, compileNext(statement.carried, statement.next, layout));
  const exec: Exec = (frame) => {
    start(frame);
    for (before.exec(frame); condition(frame) !== 0; before.exec(frame)) body.exec(frame);
  };
  if (before.step === undefined && body.step === undefined) return plain(exec);
  return {
    exec,
    *step(frame) {
      start(frame);
      for (;;) {
        if (before.step === undefined) before.exec(frame);
        else yield* before.step(frame);
        if (condition(frame) === 0) return;
        if (body.step === undefined) body.exec(frame);
        else yield* body.step(frame);
      }
    },
  };
}

function compileFor(loop: For, layout: Layout, site: Site): Code {
  const from = compiler.number(loop.from, layout);
  const to = compiler.number(loop.to, layout);
  const start = compileCarried(loop.carried, layout);
  const slot = layout.define(loop.variable);
  const range: Range = { slot, from, to, step: loop.step };
  if (loop.step <= 0) site.fail(`the loop's step is ${loop.step}`);
  if (loop.mode === 'invocation') return compileInvocations(loop, range, layout, site);
  const inner = compileBody(loop.body, layout);
  layout.at(loop);
  const body = withEpilogue(inner, compileNext(loop.carried, loop.next, layout));
  if (loop.mode === 'parallel') return compileParallel(range, body, 0);
  if (loop.mode === 'workgroup') return compileParallel(range, body, -1);
  return compileSerial(range, start, body);
}

function compileSerial({ slot, from, to, step }: Range, start: Exec, body: Code): Code {
  const { exec, step: bodyStep } = body;
  const run: Exec = (frame) => {
    start(frame);
    const end = to(frame);
    for (let index = from(frame); index < end; index += step) {
      frame.numbers[slot] = index;
      exec(frame);
    }
  };
  if (bodyStep === undefined) return plain(run);
  return {
    exec: run,
    *step(frame) {
      start(frame);
      const end = to(frame);
      for (let index = from(frame); index < end; index += step) {
        frame.numbers[slot] = index;
        yield* bodyStep(frame);
      }
    },
  };
}

/** Each iteration is a group of its own: with one invocation (a parallel loop), or with those of its invocation loops. */
function compileParallel({ slot, from, to, step }: Range, { exec }: Code, invocation: number): Code {
  return plain((frame) => {
    const outer = {
      group: frame.group,
      invocation: frame.invocation,
      interval: frame.interval,
      segment: frame.segment,
    };
    const end = to(frame);
    for (let index = from(frame); index < end; index += step) {
      frame.numbers[slot] = index;
      frame.group = ++frame.run.groups;
      frame.invocation = invocation;
      openInterval(frame);
      exec(frame);
    }
    Object.assign(frame, outer);
  });
}

/** An invocation loop; one directly inside it adds a dimension to the same workgroup. */
function compileInvocations(loop: For, range: Range, layout: Layout, site: Site): Code {
  const spawn = compileSpawn(loop, range, layout);
  return plain((frame) => {
    if (frame.invocation >= 0) site.fail('an invocation loop inside another must be the last statement of its body');
    const threads: Thread[] = [];
    spawn(frame, threads);
    for (const [invocation, { frame: own }] of threads.entries()) {
      own.invocation = invocation;
      own.segment = own.run.segments.open(own.group, invocation, own.interval);
    }
    runThreads(threads, frame, site);
  });
}

interface Thread {
  readonly frame: Frame;
  readonly code: Code;
}

type Spawn = (frame: Frame, threads: Thread[]) => void;

function compileSpawn({ body }: For, { slot, from, to, step }: Range, layout: Layout): Spawn {
  const last = body.at(-1);
  const isNested = last?.kind === 'for' && last.mode === 'invocation';
  const code = compileBody(isNested ? body.slice(0, -1) : body, layout);
  const inner = isNested ? compileInnerSpawn(last, layout) : undefined;
  return (frame, threads) => {
    const end = to(frame);
    for (let index = from(frame); index < end; index += step) {
      const own = copyOf(frame);
      own.numbers[slot] = index;
      if (inner === undefined) {
        threads.push({ frame: own, code });
        continue;
      }
      code.exec(own);
      inner(own, threads);
    }
  };
}

function compileInnerSpawn(loop: For, layout: Layout): Spawn {
  layout.at(loop);
  const from = compiler.number(loop.from, layout);
  const to = compiler.number(loop.to, layout);
  const slot = layout.define(loop.variable);
  return compileSpawn(loop, { slot, from, to, step: loop.step }, layout);
}

function copyOf(frame: Frame): Frame {
  return {
    ...frame,
    numbers: frame.numbers.slice(),
    bigints: frame.bigints.slice(),
    vectors: frame.vectors.slice(),
    memory: frame.memory.slice(),
  };
}

/** From barrier to barrier. All threads must reach the same one, or all must end. */
function runThreads(threads: readonly Thread[], group: Frame, site: Site): void {
  const steppers: Generator<Statement, void, undefined>[] = [];
  for (const { frame, code } of threads) {
    if (code.step === undefined) code.exec(frame);
    else steppers.push(code.step(frame));
  }
  for (let reached = advance(steppers, site); reached !== undefined; reached = advance(steppers, site)) {
    openInterval(group);
    for (const [invocation, { frame }] of threads.entries()) {
      frame.interval = group.interval;
      frame.segment = frame.run.segments.open(frame.group, invocation, frame.interval);
    }
  }
}

/** The barrier that all threads reached; undefined when all ended. */
function advance(steppers: readonly Generator<Statement, void, undefined>[], site: Site): Statement | undefined {
  let reached: Statement | undefined;
  for (const [invocation, stepper] of steppers.entries()) {
    const result = stepper.next();
    const barrier = result.done === true ? undefined : result.value;
    if (invocation === 0) reached = barrier;
    else if (barrier !== reached)
      site.fail(`barrier divergence: invocation ${invocation} does not meet invocation 0 at its barrier`);
  }
  return reached;
}

/** Slots of a kernel's parameters, in order. */
export function defineParameters(layout: Layout): { readonly tileBegin: number; readonly tileEnd: number } {
  for (const buffer of layout.kernel.buffers) layout.defineBuffer(buffer);
  const { tileBegin, tileEnd } = layout.kernel;
  if (slotKind(tileBegin.type) !== 'number') layout.site.fail('the tile variables are no indices');
  return { tileBegin: layout.define(tileBegin), tileEnd: layout.define(tileEnd) };
}
