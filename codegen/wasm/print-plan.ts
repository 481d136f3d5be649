/** The plan's steps as code: one function `(symbols...)` that calls the kernels one after the other. */
import type { LoopKernel } from '../kernel/loop-ir.ts';
import { multiplySizes, type Size } from '../kernel/size.ts';
import { storageBytes } from '../../ir/dtype.ts';
import { leafSteps, type Plan, type PlanBuffer, type PlanCall, type PlanStep } from '../plan/plan.ts';
import type { FunctionBuilder, Local, Place, WasmExpr, WasmModuleBuilder, WasmType } from './builder.ts';
import { sizeExpr } from './kernel-context.ts';
import { addressOf, type MemoryMap } from './memory-map.ts';
import type { TileShare } from '../plan/shared-work.ts';
import type { ThreadPool } from './thread-pool.ts';

/** Engines compile a function as one piece; a plan of more steps is divided. */
const stepsPerFunction = 400;

/** An instrumented plan calls the host's `mark(i)` after its i-th leaf step, and with -1 and -2 before the first. */
export const markModule = 'profile';
export const markName = 'mark';

/** What threads share of a plan. */
export interface SharedCalls {
  readonly pool: ThreadPool;
  readonly shares: ReadonlyMap<PlanStep, TileShare>;
}

export interface PlanPrintOptions {
  /** The function of each. */
  readonly kernels: ReadonlyMap<LoopKernel, string>;
  readonly shared: SharedCalls | undefined;
  readonly isMarked: boolean;
}

class PlanPrinter {
  readonly #module: WasmModuleBuilder;
  readonly #plan: Plan;
  readonly #map: MemoryMap;
  readonly #kernels: ReadonlyMap<LoopKernel, string>;
  readonly #marks: ReadonlyMap<PlanStep, number>;
  readonly #shared: SharedCalls | undefined;

  constructor(module: WasmModuleBuilder, plan: Plan, map: MemoryMap, options: PlanPrintOptions) {
    const { kernels, shared, isMarked } = options;
    this.#module = module;
    this.#plan = plan;
    this.#map = map;
    this.#kernels = kernels;
    this.#shared = shared;
    this.#marks = new Map(isMarked ? leafSteps(plan.steps).map((step, index) => [step, index]) : []);
  }

  /** The function that runs the plan; what it does before the first step is the time of a mark. */
  main(): string {
    if (this.#marks.size === 0) return this.function(this.#plan.name, this.#plan.steps);
    const { name, symbols, steps } = this.#plan;
    const inner = this.function(`${name}.steps`, steps);
    const outer = this.#module.uniqueName(name);
    this.#module.function(outer, Array<WasmType>(symbols.length).fill('i32'), undefined, (f) => {
      for (const mark of [-1, -2]) f.emit(f.call(markName, [f.i32(mark)], undefined));
      f.emit(
        f.call(
          inner,
          symbols.map((_, index) => f.get(f.parameter(index))),
          undefined,
        ),
      );
    });
    return outer;
  }

  /** A function of these steps; long lists become functions of their own. */
  function(wanted: string, steps: readonly PlanStep[]): string {
    const name = this.#module.uniqueName(wanted);
    const { symbols } = this.#plan;
    const parts: string[] = [];
    for (let at = 0; steps.length > stepsPerFunction && at < steps.length; at += stepsPerFunction)
      parts.push(this.function(`${wanted}.part`, steps.slice(at, at + stepsPerFunction)));
    this.#module.function(name, Array<WasmType>(symbols.length).fill('i32'), undefined, (f) => {
      const operands = (): WasmExpr[] => symbols.map((_, index) => f.get(f.parameter(index)));
      if (parts.length === 0) this.#steps(f, steps);
      for (const part of parts) f.emit(f.call(part, operands(), undefined));
    });
    return name;
  }

  #steps(f: FunctionBuilder, steps: readonly PlanStep[]): void {
    for (const step of steps) {
      this.#step(f, step);
      const mark = this.#marks.get(step);
      if (mark !== undefined) f.emit(f.call(markName, [f.i32(mark)], undefined));
    }
  }

  #step(f: FunctionBuilder, step: PlanStep): void {
    switch (step.kind) {
      case 'call':
        return this.#call(f, step);
      case 'copy': {
        const bytes = multiplySizes(step.from.size, storageBytes(step.from.dtype));
        return f.memoryCopy(this.#address(f, step.to), this.#address(f, step.from), this.#size(f, bytes));
      }
      case 'while':
        return f.while(
          () => {
            this.#steps(f, step.before);
            return f.load('i32', 1, false, this.#place(f, step.condition));
          },
          () => this.#steps(f, step.body),
        );
      case 'case':
        return this.#case(f, step);
      default:
        return step satisfies never;
    }
  }

  #call(f: FunctionBuilder, step: PlanCall): void {
    const { kernel, buffers } = step;
    const printed = this.#kernels.get(kernel);
    if (printed === undefined) throw new TypeError(`kernel ${kernel.name} is not printed`);
    const pointers = buffers.map((buffer) => this.#address(f, buffer));
    const symbols = kernel.symbols.map((name) => f.get(this.#symbol(f, name)));
    const share = this.#shared?.shares.get(step);
    if (this.#shared !== undefined && share !== undefined)
      return this.#shared.pool.fork(f, kernel, [...pointers, ...symbols], this.#size(f, kernel.tiles), share);
    const tiles = [f.i32(0), this.#size(f, kernel.tiles)];
    f.emit(f.call(printed, [...pointers, ...symbols, ...tiles, f.i32(this.#map.stack)], undefined));
  }

  #symbol(f: FunctionBuilder, name: string): Local {
    const index = this.#plan.symbols.indexOf(name);
    if (index < 0) throw new TypeError(`the plan has no symbol ${name}`);
    return f.parameter(index);
  }

  #size(f: FunctionBuilder, size: Size): WasmExpr {
    return sizeExpr(f, size, (name) => this.#symbol(f, name));
  }

  #address(f: FunctionBuilder, { place, byteOffset }: PlanBuffer): WasmExpr {
    const base = addressOf(this.#map, place);
    if (typeof byteOffset === 'number') return f.i32(base + byteOffset);
    return f.binary('AddInt32', f.i32(base), this.#size(f, byteOffset));
  }

  #place(f: FunctionBuilder, buffer: PlanBuffer): Place {
    return { address: this.#address(f, buffer), offset: 0, align: 1 };
  }

  /** Out of range, the last branch. */
  #case(f: FunctionBuilder, { index, branches }: Extract<PlanStep, { kind: 'case' }>): void {
    const bytes = storageBytes(index.dtype);
    const form = bytes === 8 ? 'i64' : 'i32';
    const value = f.load(form, bytes, true, this.#place(f, index));
    // Any index from 2^32 on is out of range as well.
    const narrow = form === 'i64' ? this.#narrowed(f, value) : value;
    const chosen = f.hold('i32', narrow);
    const branch = (at: number): void => {
      const steps = branches[at] ?? [];
      if (at >= branches.length - 1) this.#steps(f, steps);
      else
        f.if(
          f.binary('EqInt32', chosen(), f.i32(at)),
          () => this.#steps(f, steps),
          () => branch(at + 1),
        );
    };
    branch(0);
  }

  #narrowed(f: FunctionBuilder, value: WasmExpr): WasmExpr {
    const held = f.hold('i64', value);
    const isSmall = f.binary('LtUInt64', held(), f.i64(0x7fffffffn));
    return f.select(isSmall, f.unary('WrapInt64', held()), f.i32(-1));
  }
}

/** The name of the function that runs the plan. */
export function printPlan(module: WasmModuleBuilder, plan: Plan, map: MemoryMap, options: PlanPrintOptions): string {
  return new PlanPrinter(module, plan, map, options).main();
}
