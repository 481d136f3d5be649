/**
 * A region, compiled once for the interpreter: values become slots of a frame, operations become steps. Values that the region
 * uses from outside are captures: slots that are filled from the frame around it when the region is entered.
 */
import { opSite, type OpSite } from '../op-site.ts';
import type { Block, Operation, Region, Value } from '../operation.ts';
import type { Type } from '../types.ts';
import { isQuantizedSite, quantizedEvaluation, type StepEvaluation } from './quantized-evaluation.ts';
import type { RuntimeValue } from './runtime-value.ts';

/** One operation of the program. */
export interface Step {
  readonly site: OpSite;
  readonly operandSlots: readonly number[];
  /** -1 for a result nobody uses. */
  readonly resultSlots: readonly number[];
  /** Slots whose last use this is: cleared afterwards, so that memory can be reclaimed. */
  readonly released: readonly number[];
  readonly evaluate: StepEvaluation;
  readonly isConstant: boolean;
  /** The results of a constant, once computed. */
  constant: readonly RuntimeValue[] | undefined;
}

export interface RegionProgram {
  /** Slots of the block's arguments: always `0..argumentCount-1`. */
  readonly argumentCount: number;
  /** `[slot here, slot in the frame around]`. */
  readonly captures: readonly (readonly [own: number, outer: number])[];
  readonly slotCount: number;
  /** Slots of arguments and captures: their memory is counted where they were computed. */
  readonly isBorrowed: readonly boolean[];
  readonly steps: readonly Step[];
  /** What the terminator returns. */
  readonly returned: readonly number[];
  readonly children: ReadonlyMap<Region, RegionProgram>;
}

/** Compiles a region that uses nothing from outside, such as a function's body, and all regions inside. */
export function compileRegion(region: Region): RegionProgram {
  return new RegionCompiler(undefined).compile(region.block);
}

/** A program of one op: its distinct operands are the arguments, in the order of `operandSlots`. */
export function compileOperation(op: Operation): RegionProgram {
  return RegionCompiler.forOperation(op);
}

class RegionCompiler {
  readonly #outer: RegionCompiler | undefined;
  readonly #slots = new Map<Value, number>();
  readonly #captures: (readonly [number, number])[] = [];
  readonly #children = new Map<Region, RegionProgram>();
  /** Captured slots of each op's regions: read by that op. */
  readonly #uses: number[][] = [];

  constructor(outer: RegionCompiler | undefined) {
    this.#outer = outer;
  }

  compile(block: Block): RegionProgram {
    for (const argument of block.arguments) this.#define(argument);
    const { terminator } = block;
    const ops = [...block.operations()];
    return this.#assemble(block.arguments.length, terminator === undefined ? ops : ops.slice(0, -1), terminator);
  }

  static forOperation(op: Operation): RegionProgram {
    const compiler = new RegionCompiler(undefined);
    for (const { value } of op.operandUses) if (!compiler.#slots.has(value)) compiler.#define(value);
    const program = compiler.#assemble(compiler.#slots.size, [op], undefined);
    const results = op.results.map((_, index) => program.slotCount + index);
    const [step] = program.steps;
    return {
      ...program,
      slotCount: program.slotCount + results.length,
      steps: step === undefined ? [] : [{ ...step, resultSlots: results }],
      returned: results,
    };
  }

  #assemble(argumentCount: number, body: readonly Operation[], terminator: Operation | undefined): RegionProgram {
    const operandSlots = body.map((op) => this.#compileOperands(op));
    const returned = terminator === undefined ? [] : this.#slotsOf(terminator);
    const released = this.#lastUses(body, operandSlots, returned);
    return {
      argumentCount,
      captures: this.#captures,
      slotCount: this.#slots.size,
      isBorrowed: this.#borrowed(argumentCount),
      steps: body.map((op, index) => this.#step(op, operandSlots[index] ?? [], released[index] ?? [])),
      returned,
      children: this.#children,
    };
  }

  #borrowed(argumentCount: number): readonly boolean[] {
    const borrowed = new Array<boolean>(this.#slots.size).fill(false).fill(true, 0, argumentCount);
    for (const [own] of this.#captures) borrowed[own] = true;
    return borrowed;
  }

  #define(value: Value): number {
    const slot = this.#slots.size;
    this.#slots.set(value, slot);
    return slot;
  }

  #slotsOf(op: Operation): number[] {
    return op.operandUses.map((use) => this.slotOf(use.value));
  }

  /** The slot of a value seen from here; one from outside becomes a capture. */
  slotOf(value: Value): number {
    const known = this.#slots.get(value);
    if (known !== undefined) return known;
    const outer = this.#outer === undefined ? -1 : this.#outer.slotOf(value);
    const own = this.#define(value);
    this.#captures.push([own, outer]);
    return own;
  }

  #compileOperands(op: Operation): readonly number[] {
    const slots = this.#slotsOf(op);
    const uses = [...slots];
    for (const region of op.regions) {
      const child = new RegionCompiler(this).compile(region.block);
      this.#children.set(region, child);
      for (const [, outer] of child.captures) uses.push(outer);
    }
    this.#uses.push(uses);
    for (const result of op.results) if (result.hasUses) this.#define(result);
    return slots;
  }

  #lastUses(body: readonly Operation[], operands: readonly (readonly number[])[], returned: readonly number[]) {
    const seen = new Set(returned);
    const released: number[][] = body.map(() => []);
    for (let index = operands.length - 1; index >= 0; index--) {
      for (const slot of this.#uses[index] ?? []) {
        if (seen.has(slot)) continue;
        seen.add(slot);
        released[index]?.push(slot);
      }
    }
    return released;
  }

  #step(op: Operation, operandSlots: readonly number[], released: readonly number[]): Step {
    const site = opSite(op);
    return {
      site,
      operandSlots,
      resultSlots: op.results.map((result) => this.#slots.get(result) ?? -1),
      released,
      evaluate: bindEvaluation(site),
      isConstant: op.definition.traits.has('constant-like'),
      constant: undefined,
    };
  }
}

function bindEvaluation(site: OpSite): StepEvaluation {
  const foreign = [...site.operandTypes, ...site.resultTypes].find(isForeign);
  if (foreign !== undefined) return unsupported(`type ${foreign.text}`);
  if (!isQuantizedSite(site)) return (inputs, context) => site.definition.evaluate(site, inputs, context);
  return quantizedEvaluation(site) ?? unsupported('a region over quantized elements');
}

function unsupported(what: string): StepEvaluation {
  return (_inputs, context) => {
    throw context.unsupported(what);
  };
}

/** Types that no value has. */
function isForeign(type: Type): boolean {
  switch (type.kind) {
    case 'tensor':
    case 'token':
      return false;
    case 'tuple':
    case 'future':
      return type.elements.some(isForeign);
    case 'unranked-tensor':
    case 'quantized':
    case 'scalar':
    case 'function':
    case 'opaque':
      return true;
    default:
      return type satisfies never;
  }
}
