/**
 * What needs memory in a function, whatever the order of its ops: pieces, the values that are views of them, and *affinities*, pairs of
 * pieces that would like one place. An affinity that is met saves a copy, or at least the memory; liveness decides (coalesce.ts).
 *
 * A loop's carry is one piece for the argument of condition and body and for the result; a branch's result is one piece, which every branch
 * fills. A carry that the body hands on unchanged is a view of what it begins with.
 */
import type { DenseElementsAttr, DenseResourceAttr } from '../../ir/attributes.ts';
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';
import type { CompiledKernel, KernelSource } from './kernel-source.ts';
import type { Donation } from './plan.ts';
import { maxBytesOf } from './storage.ts';
import { programOrder, runsRegions } from './timeline.ts';
import { concatenatedOffsets, viewsOf } from './views.ts';

export type ConstantAttr = DenseElementsAttr | DenseResourceAttr;

export interface Piece {
  readonly id: number;
  readonly maxBytes: number;
  /**
   * `argument`: a function's; never written unless donated, and then also the output. `result`: of a kernel. `carry`, `choice`: of a loop,
   * of branches. `output`: where the caller wants a result.
   */
  readonly kind: 'argument' | 'result' | 'carry' | 'choice' | 'output';
  /** What makes it; undefined for arguments and outputs of the function. */
  readonly op: Operation | undefined;
  /** Of the argument or output. */
  readonly index: number;
  /** It and its views: it is live as long as one is used. */
  readonly values: Value[];
}

/** `from` may lie in `to`, `byteOffset` bytes from its start, when at `at` the one is read last and the other begins. */
export interface Affinity {
  readonly from: Piece;
  readonly to: Piece;
  readonly byteOffset: number;
  readonly at: Operation;
  /** `share`: a kernel may write where it reads. All others save a copy. `concatenate`: both hold the same. */
  readonly kind: 'share' | 'update' | 'concatenate' | 'carry' | 'choice' | 'output' | 'donate';
  /** Loops around it. */
  readonly depth: number;
}

export type ValueMemory =
  | { readonly kind: 'piece'; readonly piece: Piece; readonly byteOffset: number }
  | { readonly kind: 'constant'; readonly attribute: ConstantAttr };

export interface MemoryGraph {
  readonly body: Block;
  readonly donations: readonly Donation[];
  readonly pieces: readonly Piece[];
  readonly affinities: readonly Affinity[];
  /** Where each output is wanted. */
  readonly outputs: readonly Piece[];
  memoryOf(value: Value): ValueMemory;
  /** True for an op that takes no step: a constant, a view. */
  isSilent(op: Operation): boolean;
  /** The kernel of an op that is called; compiled at most once. */
  kernelOf(op: Operation): CompiledKernel;
}

export function memoryGraph(func: Operation, donations: readonly Donation[], source: KernelSource): MemoryGraph {
  const builder = new GraphBuilder(func.region().block, donations, source);
  builder.build();
  return builder;
}

class GraphBuilder implements MemoryGraph {
  readonly body: Block;
  readonly donations: readonly Donation[];
  readonly pieces: Piece[] = [];
  readonly affinities: Affinity[] = [];
  readonly outputs: Piece[] = [];
  readonly #source: KernelSource;
  readonly #memory = new Map<Value, ValueMemory>();
  readonly #silent = new Set<Operation>();
  readonly #kernels = new Map<Operation, CompiledKernel>();
  #depth = 0;

  constructor(body: Block, donations: readonly Donation[], source: KernelSource) {
    this.body = body;
    this.donations = donations;
    this.#source = source;
  }

  build(): void {
    const donated = new Map(this.donations.map(({ input, output }) => [output, input]));
    const inputs = this.body.arguments.map((value, index) => this.#define('argument', undefined, index, [value]));
    this.#block(this.body);
    const { terminator } = this.body;
    for (const [index, value] of (terminator?.operands ?? []).entries()) {
      const input = inputs[donated.get(index) ?? -1];
      const output = input ?? this.#piece('output', undefined, index, maxBytesOf(value));
      this.outputs.push(output);
      if (terminator !== undefined)
        this.#affinity(value, output, terminator, input === undefined ? 'output' : 'donate');
    }
  }

  memoryOf(value: Value): ValueMemory {
    const memory = this.#memory.get(value);
    invariant(memory !== undefined, `a value of type ${value.type.text} is used before it has memory`);
    return memory;
  }

  isSilent(op: Operation): boolean {
    return this.#silent.has(op);
  }

  kernelOf(op: Operation): CompiledKernel {
    const known = this.#kernels.get(op);
    if (known !== undefined) return known;
    const constants = new Set<number>();
    for (const use of op.operandUses) if (this.#memory.get(use.value)?.kind === 'constant') constants.add(use.index);
    const kernel = this.#source(op, constants);
    this.#kernels.set(op, kernel);
    return kernel;
  }

  #piece(kind: Piece['kind'], op: Operation | undefined, index: number, maxBytes: number): Piece {
    const piece: Piece = { id: this.pieces.length, kind, op, index, maxBytes, values: [] };
    this.pieces.push(piece);
    return piece;
  }

  #define(kind: Piece['kind'], op: Operation | undefined, index: number, values: readonly Value[]): Piece {
    const piece = this.#piece(kind, op, index, Math.max(...values.map(maxBytesOf)));
    for (const value of values) this.#viewOf(value, { kind: 'piece', piece, byteOffset: 0 });
    return piece;
  }

  #viewOf(value: Value, memory: ValueMemory): void {
    this.#memory.set(value, memory);
    if (memory.kind === 'piece') memory.piece.values.push(value);
  }

  /** `value` would like to lie in `to`. */
  #affinity(value: Value, to: Piece, at: Operation, kind: Affinity['kind'], byteOffset = 0): void {
    const memory = this.memoryOf(value);
    if (memory.kind === 'constant') return;
    const { piece: from } = memory;
    // All of a piece, or nothing: what else lies in it would have to move as well.
    const isWhole = memory.byteOffset === 0 && from.maxBytes === maxBytesOf(value);
    if (from === to || !isWhole || !this.#mayMove(from, to)) return;
    this.affinities.push({ from, to, byteOffset, at, kind, depth: this.#depth });
  }

  #mayMove(from: Piece, to: Piece): boolean {
    const isFixed = ({ kind, index }: Piece): boolean =>
      kind === 'argument' && !this.donations.some(({ input }) => input === index);
    return !isFixed(from) && !isFixed(to);
  }

  #block(block: Block): void {
    for (const op of programOrder(block)) this.#operation(op);
  }

  #operation(op: Operation): void {
    if (op.definition.traits.has('constant-like')) this.#constant(op);
    else if (op.name === 'stablehlo.while') this.#while(op);
    else if (runsRegions(op)) this.#branches(op);
    else if (!this.#isMadeView(op)) this.#call(op);
  }

  #constant(op: Operation): void {
    const attribute = op.attribute('value');
    invariant(attribute?.kind === 'dense' || attribute?.kind === 'dense-resource', `${op.name} without a value`);
    this.#silent.add(op);
    this.#memory.set(op.result(), { kind: 'constant', attribute });
  }

  /** Views, unless somebody wants the elements in memory of their own: a kernel puts them there at once. */
  #isMadeView(op: Operation): boolean {
    const views = viewsOf(op);
    const memories = views?.map((view) => ({ view, memory: this.memoryOf(view.operand) }));
    if (memories === undefined) return false;
    const isGiven = op.name === 'stablehlo.optimization_barrier';
    for (const [index, { view, memory }] of memories.entries()) {
      if (memory.kind === 'constant' && !isGiven) return false;
      const canMove = view.isWhole && memory.kind === 'piece' && this.#mayMove(memory.piece, memory.piece);
      if (!isGiven && !canMove && wantsOwnMemory(op.result(index))) return false;
    }
    this.#silent.add(op);
    for (const [index, { view, memory }] of memories.entries()) {
      if (memory.kind === 'constant') this.#memory.set(op.result(index), memory);
      else this.#viewOf(op.result(index), { ...memory, byteOffset: memory.byteOffset + view.byteOffset });
    }
    return true;
  }

  #call(op: Operation): void {
    const parts = concatenatedOffsets(op);
    const compiled = parts === undefined ? this.kernelOf(op) : undefined;
    const results = op.results.map((result, index) => this.#define('result', op, index, [result]));
    const [first] = results;
    if (parts !== undefined && first !== undefined)
      for (const { value, byteOffset } of parts) this.#affinity(value, first, op, 'concatenate', byteOffset);
    if (compiled !== undefined) this.#affinitiesOfKernel(op, compiled, results);
  }

  #affinitiesOfKernel(op: Operation, { parameters, mayShare }: CompiledKernel, results: readonly Piece[]): void {
    for (const parameter of parameters) {
      if (parameter.kind !== 'update') continue;
      const result = results[parameter.result];
      // Another operand in the same memory, or this one read for itself, would change while the kernel reads it.
      const operands = this.#operandsIn(op, parameter.operand);
      const touching = parameters.filter((each) => operands.includes(operandOf(each) ?? -1));
      if (result !== undefined && operands.length === 1 && touching.length === 1)
        this.#affinity(op.operand(parameter.operand), result, op, 'update');
    }
    for (const { operand, result } of mayShare) {
      if (parameters.some((each) => each.kind === 'update' && each.result === result)) continue;
      const piece = results[result];
      const isSafe = this.#operandsIn(op, operand).every(
        (index) =>
          op.operand(index) === op.operand(operand) &&
          mayShare.some((pair) => pair.operand === index && pair.result === result),
      );
      if (piece !== undefined && isSafe && piece.maxBytes === maxBytesOf(op.operand(operand)))
        this.#affinity(op.operand(operand), piece, op, 'share');
    }
  }

  /** The operands that lie in the memory of operand `index`, which is one of them. */
  #operandsIn(op: Operation, index: number): readonly number[] {
    const memory = this.memoryOf(op.operand(index));
    const isSame = (other: ValueMemory): boolean =>
      memory.kind === 'piece' && other.kind === 'piece' && other.piece === memory.piece;
    return op.operandUses.filter((use) => isSame(this.memoryOf(use.value))).map((use) => use.index);
  }

  #while(op: Operation): void {
    const condition = op.region(0).block;
    const body = op.region(1).block;
    const next = body.terminator?.operands ?? [];
    const carries = op.results.map((result, index) => {
      const values = [condition.argument(index), body.argument(index), result];
      const initial = op.operand(index);
      if (next[index] === body.argument(index)) {
        for (const value of values) this.#viewOf(value, this.memoryOf(initial));
        return undefined;
      }
      const carry = this.#define('carry', op, index, values);
      this.#affinity(initial, carry, op, 'carry');
      return carry;
    });
    this.#depth++;
    this.#block(condition);
    this.#block(body);
    for (const [index, carry] of carries.entries()) {
      const value = next[index];
      if (carry !== undefined && value !== undefined && body.terminator !== undefined)
        this.#affinity(value, carry, body.terminator, 'carry');
    }
    this.#depth--;
  }

  #branches(op: Operation): void {
    const results = op.results.map((result, index) => this.#define('choice', op, index, [result]));
    for (const { block } of op.regions) {
      this.#block(block);
      const { terminator } = block;
      invariant(terminator !== undefined, 'a region without a terminator');
      for (const [index, piece] of results.entries())
        this.#affinity(terminator.operand(index), piece, terminator, 'choice');
    }
  }
}

/** True when the value is handed on as it is: to the caller, to the next iteration, out of a branch. */
function wantsOwnMemory(value: Value): boolean {
  for (const { owner, index } of value.uses()) {
    if (owner.definition.traits.has('terminator')) return true;
    if (owner.name === 'stablehlo.while' && index >= 0) return true;
  }
  return false;
}

function operandOf(parameter: CompiledKernel['parameters'][number]): number | undefined {
  if (parameter.kind === 'operand') return parameter.index;
  return parameter.kind === 'update' ? parameter.operand : undefined;
}
