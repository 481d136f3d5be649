/**
 * Fork and join, in the module itself. The thread that runs the plan opens a *ticket*, `(epoch, next tile)` in one 64-bit word; whoever is
 * awake takes tiles off it by compare-and-exchange, the plan's thread among them, until none is left. It then waits for the tiles that
 * others have taken, never for a thread: one that sleeps, that has not started yet or that the system gives no time costs nothing.
 * What is taken by whom differs from call to call; what a tile computes does not.
 *
 * A thread reads the job between reading the ticket and exchanging it. A job is written only while the ticket is closed (its tile is the
 * largest number), and every ticket has an epoch of its own, so an exchange succeeds only if the job that was read is the one that is open.
 *
 * Idle threads look at the ticket for a while, then sleep on its epoch (`memory.atomic.wait32`). Waking costs the plan's thread some
 * microseconds, so sleepers are woken only by work enough: `debt` adds up what has been shared out while somebody slept, that of the call
 * before at seven eighths of its worth, and so on, until it reaches a price that follows from how far calls are apart and from what became of those who were woken.
 */
import type { LoopKernel } from '../kernel/loop-ir.ts';
import type { TileShare } from '../plan/shared-work.ts';
import type { FunctionBuilder, Local, Place, WasmExpr, WasmModuleBuilder, WasmType } from './builder.ts';

export interface PoolMemory {
  /** Address of the control block. */
  readonly control: number;
  /** Of the plan's thread. */
  readonly stack: number;
  /** Pages of the memory without the stacks of other threads, which follow. */
  readonly pages: number;
  /** Of the stack of a thread. */
  readonly stackPages: number;
  readonly constants: { readonly address: number; readonly length: number };
}

/** Threads of a pool, the plan's among them. */
export const mostThreads = 64;

/** Offsets in the control block. What different threads write often lies on different cache lines. */
const at = {
  ticket: 0,
  epoch: 4,
  done: 64,
  planWaits: 68,
  sleepers: 128,
  quit: 132,
  threads: 136,
  mayWait: 140,
  failed: 144,
  joined: 148,
  isRunning: 152,
  debt: 156,
  price: 160,
  kernel: 192,
  tiles: 196,
  grain: 200,
  inFlight: 256,
  operands: 256 + 4 * mostThreads,
} as const;

export function controlBytes(kernels: readonly LoopKernel[]): number {
  return at.operands + 4 * Math.max(0, ...kernels.map(operandCount));
}

function operandCount({ buffers, symbols }: LoopKernel): number {
  return buffers.length + symbols.length;
}

/**
 * Looks at the ticket before a thread sleeps (Zen 5, 1.1 ns each): about 50 us between calls, and 150 us within one that shares nothing, or 15 where
 * calls are far apart; the plan's thread about 50 us for the last tiles. A sleeper costs the next call 5 us to wake. Where cores share no
 * cache, as those of some virtual machines, it often wakes on the very core of the plan's thread, which then waits while it looks, until the
 * system sees two threads that never rest: calls of 550 us with pauses took 730 every second time.
 */
const looks = { idle: 50_000, running: 150_000, apart: 15_000, join: 50_000 } as const;

/**
 * Nanoseconds of predicted work that wake sleepers: at first; where the last who were woken did their part, or nobody sleeps; and the most, to
 * which it doubles each time that somebody falls asleep between calls. It falls to the first again by a 64th a call.
 */
const wakingPrice = { first: 100_000, least: 50_000, most: 400_000 } as const;

/** Bounds of what is added to it at once, so that it stays an i32. */
const mostTiles = 1 << 10;
const mostNanoseconds = 1 << 20;

/** Functions that the plan calls. */
export class ThreadPool {
  readonly #module: WasmModuleBuilder;
  readonly #memory: PoolMemory;
  readonly #places = new Map<LoopKernel, number>();
  readonly #take: string;
  readonly #fork: string;

  /** `printed`: the kernels that may be shared out, and their functions. */
  constructor(module: WasmModuleBuilder, memory: PoolMemory, printed: ReadonlyMap<LoopKernel, string>) {
    this.#module = module;
    this.#memory = memory;
    module.table([...printed].map(([kernel, name]) => this.#addShare(kernel, name)));
    this.#take = this.#addTake();
    this.#fork = this.#addFork();
    this.#addWorker();
    this.#addLifetime();
  }

  /** Runs all tiles of a kernel, on several threads when there are enough of them. */
  fork(f: FunctionBuilder, kernel: LoopKernel, operands: readonly WasmExpr[], tiles: WasmExpr, share: TileShare): void {
    for (const [index, operand] of operands.entries())
      f.store('i32', 4, this.#place(f, at.operands + 4 * index), operand);
    const nanoseconds = f.i32(Math.min(Math.ceil(share.nanoseconds), mostNanoseconds));
    const place = f.i32(this.#places.get(kernel) ?? -1);
    f.emit(f.call(this.#fork, [place, tiles, f.i32(share.leastTiles), nanoseconds], undefined));
  }

  /** The function that runs a plan, between telling the others that a call runs, and that it is over. */
  runner(plan: string, symbols: number): string {
    const name = this.#module.uniqueName(`${plan}.run`);
    this.#module.function(name, Array<WasmType>(symbols).fill('i32'), undefined, (f) => {
      const debt = f.hold('i32', this.#get(f, at.debt));
      this.#set(f, at.debt, f.binary('SubInt32', debt(), f.binary('ShrUInt32', debt(), f.i32(3))));
      const price = f.hold('i32', this.#get(f, at.price));
      const lower = f.binary('SubInt32', price(), f.binary('ShrUInt32', price(), f.i32(6)));
      f.if(f.binary('GtUInt32', price(), f.i32(wakingPrice.first)), () => this.#set(f, at.price, lower));
      this.#set(f, at.isRunning, f.i32(1));
      const operands = Array.from({ length: symbols }, (_, index) => f.get(f.parameter(index)));
      f.emit(f.call(plan, operands, undefined));
      this.#set(f, at.isRunning, f.i32(0));
    });
    return name;
  }

  #address(f: FunctionBuilder, offset: number): WasmExpr {
    return f.i32(this.#memory.control + offset);
  }

  #place(f: FunctionBuilder, offset: number): Place {
    return { address: this.#address(f, offset), offset: 0, align: 4 };
  }

  #get(f: FunctionBuilder, offset: number): WasmExpr {
    return f.atomicLoad('i32', this.#address(f, offset));
  }

  #set(f: FunctionBuilder, offset: number, value: WasmExpr): void {
    f.atomicStore('i32', this.#address(f, offset), value);
  }

  #ticket(f: FunctionBuilder): () => WasmExpr {
    return f.hold('i64', f.atomicLoad('i64', this.#address(f, at.ticket)));
  }

  /** `(tileBegin, tileEnd, stack)` of a kernel, with the operands of the job. */
  #addShare(kernel: LoopKernel, printed: string): string {
    this.#places.set(kernel, this.#places.size);
    const name = this.#module.uniqueName(`${kernel.name}.tiles`);
    this.#module.function(name, ['i32', 'i32', 'i32'], undefined, (f) => {
      const count = operandCount(kernel);
      const operand = (_: unknown, index: number): WasmExpr =>
        f.load('i32', 4, false, this.#place(f, at.operands + 4 * index));
      const tiles = [0, 1, 2].map((index) => f.get(f.parameter(index)));
      f.emit(f.call(printed, [...Array.from({ length: count }, operand), ...tiles], undefined));
    });
    return name;
  }

  /** `(stack, slot)`: takes some tiles and runs them, unless another thread is faster; gives their number. */
  #addTake(): string {
    const name = this.#module.uniqueName('take');
    this.#module.function(name, ['i32', 'i32'], 'i32', (f) => {
      const [stack, slot] = [f.parameter(0), f.parameter(1)];
      const ticket = this.#ticket(f);
      const first = f.hold('i32', f.unary('WrapInt64', ticket()));
      const tiles = f.hold('i32', this.#get(f, at.tiles));
      f.if(f.binary('GeUInt32', first(), tiles()), () => f.return(f.i32(0)));
      const count = this.#share(f, f.hold('i32', f.binary('SubInt32', tiles(), first())));
      const taken = f.binary('AddInt64', ticket(), f.unary('ExtendUInt32', count()));
      const seen = f.atomicExchange(this.#address(f, at.ticket), ticket(), taken);
      f.if(f.binary('NeInt64', seen, ticket()), () => f.return(f.i32(0)));
      this.#setInFlight(f, slot, count());
      const end = f.binary('AddInt32', first(), count());
      f.callIndirect(this.#get(f, at.kernel), [first(), end, f.get(stack)]);
      this.#setInFlight(f, slot, f.i32(0));
      const done = f.binary('AddInt32', f.atomicAdd(this.#address(f, at.done), count()), count());
      f.if(f.binary('EqInt32', done, tiles()), () =>
        f.if(this.#get(f, at.planWaits), () => f.atomicNotify(this.#address(f, at.done))),
      );
      f.emit(count());
    });
    return name;
  }

  /** Of the tiles left: half of what would be each thread's, and no less than is worth taking. */
  #share(f: FunctionBuilder, left: () => WasmExpr): () => WasmExpr {
    const twice = f.binary('ShlInt32', this.#get(f, at.threads), f.i32(1));
    const fair = f.hold('i32', f.binary('DivUInt32', left(), twice));
    const grain = f.hold('i32', this.#get(f, at.grain));
    const wanted = f.hold('i32', f.select(f.binary('GtUInt32', fair(), grain()), fair(), grain()));
    return f.hold('i32', f.select(f.binary('LtUInt32', wanted(), left()), wanted(), left()));
  }

  #inFlight(f: FunctionBuilder, slot: Local): Place {
    const offset = this.#memory.control + at.inFlight;
    return { address: f.binary('ShlInt32', f.get(slot), f.i32(2)), offset, align: 4 };
  }

  #setInFlight(f: FunctionBuilder, slot: Local, tiles: WasmExpr): void {
    f.store('i32', 4, this.#inFlight(f, slot), tiles);
  }

  /** `(kernel, tiles, least, nanoseconds)`. */
  #addFork(): string {
    const name = this.#module.uniqueName('fork');
    this.#module.function(name, ['i32', 'i32', 'i32', 'i32'], undefined, (f) => {
      const [kernel, tiles, least, nanoseconds] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)];
      const isAlone = f.binary('LtUInt32', this.#get(f, at.threads), f.i32(2));
      const isLittle = f.binary('LtUInt32', f.get(tiles), f.get(least));
      f.if(f.binary('OrInt32', isAlone, isLittle), () => {
        f.callIndirect(f.get(kernel), [f.i32(0), f.get(tiles), f.i32(this.#memory.stack)]);
        f.return();
      });
      const isWaking = this.#isWaking(f, tiles, nanoseconds);
      this.#set(f, at.kernel, f.get(kernel));
      this.#set(f, at.tiles, f.get(tiles));
      this.#set(f, at.grain, f.binary('ShrUInt32', f.get(least), f.i32(1)));
      this.#set(f, at.done, f.i32(0));
      const before = f.binary('ShrUInt64', f.atomicLoad('i64', this.#address(f, at.ticket)), f.i64(32n));
      const opened = f.hold('i64', f.binary('ShlInt64', f.binary('AddInt64', before, f.i64(1n)), f.i64(32n)));
      f.atomicStore('i64', this.#address(f, at.ticket), opened());
      f.if(f.get(isWaking), () => f.atomicNotify(this.#address(f, at.epoch)));
      const own = f.local('i32');
      f.set(own, f.i32(0));
      f.repeat(() => {
        const taken = f.call(this.#take, [f.i32(this.#memory.stack), f.i32(0)], 'i32');
        f.set(own, f.binary('AddInt32', f.get(own), taken));
        return () =>
          f.binary('LtUInt32', f.unary('WrapInt64', f.atomicLoad('i64', this.#address(f, at.ticket))), f.get(tiles));
      });
      this.#join(f, tiles);
      f.if(f.get(isWaking), () => this.#learn(f, own, tiles));
      f.atomicStore('i64', this.#address(f, at.ticket), f.binary('OrInt64', opened(), f.i64(0xffffffffn)));
      f.if(this.#get(f, at.failed), () => f.trap());
    });
    return name;
  }

  /** Whether this job wakes those who sleep. */
  #isWaking(f: FunctionBuilder, tiles: Local, nanoseconds: Local): Local {
    const isWaking = f.local('i32');
    f.set(isWaking, f.i32(0));
    f.if(
      this.#get(f, at.sleepers),
      () => {
        const isFew = f.binary('LtUInt32', f.get(tiles), f.i32(mostTiles));
        const work = f.binary('MulInt32', f.select(isFew, f.get(tiles), f.i32(mostTiles)), f.get(nanoseconds));
        const debt = f.hold('i32', f.binary('AddInt32', this.#get(f, at.debt), work));
        f.set(isWaking, f.binary('GeUInt32', debt(), this.#get(f, at.price)));
        this.#set(f, at.debt, f.select(f.get(isWaking), f.i32(0), debt()));
      },
      () => this.#set(f, at.price, f.i32(wakingPrice.least)),
    );
    return isWaking;
  }

  /**
   * From the tiles that the plan's thread had to do itself: nearly all when others came late, few when they took its core. Three quarters of its
   * share, and not all, say that it is good to wake them.
   */
  #learn(f: FunctionBuilder, own: Local, tiles: Local): void {
    const shares = f.binary('MulInt32', f.binary('MulInt32', f.get(own), this.#get(f, at.threads)), f.i32(4));
    const isEnough = f.binary('GeUInt32', shares, f.binary('MulInt32', f.get(tiles), f.i32(3)));
    const isHelped = f.binary('LtUInt32', f.get(own), f.get(tiles));
    f.if(f.binary('AndInt32', isEnough, isHelped), () => this.#set(f, at.price, f.i32(wakingPrice.least)));
  }

  /** Waits for the tiles that others have taken. */
  #join(f: FunctionBuilder, tiles: Local): void {
    const count = f.local('i32');
    f.set(count, f.i32(0));
    const isMissing = (): WasmExpr => f.binary('NeInt32', this.#get(f, at.done), f.get(tiles));
    f.while(isMissing, () => {
      f.set(count, f.binary('AddInt32', f.get(count), f.i32(1)));
      const isLong = f.binary('GtUInt32', f.get(count), f.i32(looks.join));
      f.if(f.binary('AndInt32', isLong, this.#get(f, at.mayWait)), () => {
        this.#set(f, at.planWaits, f.i32(1));
        const done = f.hold('i32', this.#get(f, at.done));
        f.if(f.binary('NeInt32', done(), f.get(tiles)), () => f.atomicWait(this.#address(f, at.done), done()));
        this.#set(f, at.planWaits, f.i32(0));
      });
    });
  }

  /** `worker(slot)`: what another thread does until it is to stop. */
  #addWorker(): void {
    this.#export('worker', ['i32'], (f) => {
      const slot = f.parameter(0);
      const { pages, stackPages } = this.#memory;
      const before = f.binary('MulInt32', f.binary('SubInt32', f.get(slot), f.i32(1)), f.i32(stackPages));
      const stack = f.hold('i32', f.binary('ShlInt32', f.binary('AddInt32', before, f.i32(pages)), f.i32(16)));
      const [count, mark] = [f.local('i32'), f.local('i32')];
      f.drop(f.atomicAdd(this.#address(f, at.joined), f.i32(1)));
      f.repeat(() => {
        const ticket = this.#ticket(f);
        const hasTiles = f.binary('LtUInt32', f.unary('WrapInt64', ticket()), this.#get(f, at.tiles));
        f.if(
          hasTiles,
          () => {
            f.drop(f.call(this.#take, [stack(), f.get(slot)], 'i32'));
            f.set(count, f.i32(0));
          },
          () => this.#idle(f, ticket, { count, mark }),
        );
        return () => f.i32(1);
      });
    });
  }

  /** `count` looks in vain since the ticket was `mark`. */
  #idle(
    f: FunctionBuilder,
    ticket: () => WasmExpr,
    { count, mark }: { readonly count: Local; readonly mark: Local },
  ): void {
    f.if(this.#get(f, at.quit), () => f.return());
    const now = f.hold('i32', f.unary('WrapInt64', f.binary('ShrUInt64', ticket(), f.i64(32n))));
    f.if(f.binary('NeInt32', now(), f.get(mark)), () => {
      f.set(mark, now());
      f.set(count, f.i32(0));
    });
    f.set(count, f.binary('AddInt32', f.get(count), f.i32(1)));
    const price = f.hold('i32', this.#get(f, at.price));
    const areApart = f.binary('GtUInt32', price(), f.i32(wakingPrice.first));
    const running = f.select(areApart, f.i32(looks.apart), f.i32(looks.running));
    const most = f.select(this.#get(f, at.isRunning), running, f.i32(looks.idle));
    f.if(f.binary('GtUInt32', f.get(count), most), () => {
      f.if(f.unary('EqZInt32', this.#get(f, at.isRunning)), () => {
        const twice = f.hold('i32', f.binary('ShlInt32', price(), f.i32(1)));
        const isLow = f.binary('LtUInt32', twice(), f.i32(wakingPrice.most));
        this.#set(f, at.price, f.select(isLow, twice(), f.i32(wakingPrice.most)));
      });
      f.drop(f.atomicAdd(this.#address(f, at.sleepers), f.i32(1)));
      const epoch = f.unary('WrapInt64', f.binary('ShrUInt64', ticket(), f.i64(32n)));
      f.atomicWait(this.#address(f, at.epoch), epoch);
      f.drop(f.atomicAdd(this.#address(f, at.sleepers), f.i32(-1)));
      f.set(count, f.i32(0));
    });
  }

  /** `start(threads, mayWait)`, before the first call; `joined()`; `failed(slot)`, after a trap in `worker`; `stop()`. */
  #addLifetime(): void {
    const { constants } = this.#memory;
    this.#export('start', ['i32', 'i32'], (f) => {
      f.memoryInit(f.i32(constants.address), f.i32(constants.length));
      this.#set(f, at.price, f.i32(wakingPrice.first));
      this.#set(f, at.mayWait, f.get(f.parameter(1)));
      this.#set(f, at.threads, f.get(f.parameter(0)));
    });
    this.#export('joined', [], (f) => f.emit(this.#get(f, at.joined)), 'i32');
    this.#export('failed', ['i32'], (f) => {
      const slot = f.parameter(0);
      const tiles = f.hold('i32', f.load('i32', 4, false, this.#inFlight(f, slot)));
      this.#setInFlight(f, slot, f.i32(0));
      this.#set(f, at.failed, f.i32(1));
      f.drop(f.atomicAdd(this.#address(f, at.done), tiles()));
      f.atomicNotify(this.#address(f, at.done));
    });
    this.#export('stop', [], (f) => {
      this.#set(f, at.quit, f.i32(1));
      f.drop(f.atomicAdd(this.#address(f, at.epoch), f.i32(1)));
      f.atomicNotify(this.#address(f, at.epoch));
    });
  }

  #export(
    external: string,
    parameters: readonly WasmType[],
    body: (f: FunctionBuilder) => void,
    result?: WasmType,
  ): void {
    const name = this.#module.uniqueName(`pool.${external}`);
    this.#module.function(name, parameters, result, body);
    this.#module.exportFunction(name, external);
  }
}
