/** Plan steps before storages have places, for one order of the ops. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../ir/dtype.ts';
import type { Location } from '../../ir/location.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import type { KernelTraffic } from '../kernelize/traffic.ts';
import { layoutSize, layoutText, orderedLayout, type PhysicalLayout } from '../kernel/physical-layout.ts';
import { maxSize } from '../kernel/size.ts';
import { coalesce, type PieceClass } from './coalesce.ts';
import { doubleBuffered, isWorthDoubling } from './double-buffer.ts';
import type { CompiledKernel } from './kernel-source.ts';
import type { ConstantAttr, MemoryGraph, Piece } from './memory-graph.ts';
import { orderedCopies } from './ordered-copies.ts';
import { elementCount, maxBytesOf, sizesOf, type Storage, type StorageView, tensorTypeOf } from './storage.ts';
import { type BlockOrders, operationsOf, type Segment, Timeline } from './timeline.ts';
import { concatenatedOffsets } from './views.ts';
import { isZeros, leastZeros, zeroKernel } from './zeros.ts';

export type DraftStep =
  | {
      readonly kind: 'call';
      readonly kernel: LoopKernel;
      readonly buffers: readonly StorageView[];
      readonly traffic: KernelTraffic | undefined;
      readonly location: Location;
    }
  | { readonly kind: 'copy'; readonly from: StorageView; readonly to: StorageView; readonly location: Location }
  | {
      readonly kind: 'while';
      readonly before: readonly DraftStep[];
      readonly condition: StorageView;
      readonly body: readonly DraftStep[];
      readonly turns: number | undefined;
      readonly location: Location;
    }
  | {
      readonly kind: 'case';
      readonly index: StorageView;
      readonly branches: readonly (readonly DraftStep[])[];
      readonly shares: readonly number[] | undefined;
      readonly location: Location;
    };

/** As a pass has found it out. */
function tripCountOf(loop: Operation): number | undefined {
  const count = loop.attribute('tessera.trip_count');
  return count?.kind === 'integer' ? Number(count.value) : undefined;
}

/** When an arena storage is in use: from the first to the last position, but for what lies between its parts. */
export interface LiveRange extends Segment {
  readonly storage: Storage;
  /** In order, apart from each other. */
  readonly parts: readonly Segment[];
}

export interface DraftConstant {
  readonly attribute: ConstantAttr;
  readonly layout: PhysicalLayout | undefined;
  readonly bytes: number;
}

export interface Draft {
  readonly steps: readonly DraftStep[];
  readonly ranges: readonly LiveRange[];
  readonly constants: readonly DraftConstant[];
}

export interface DraftOptions {
  /** Loops that would copy what they carry have two buffers instead, and their bodies stand there twice. */
  readonly doubleBuffer: boolean;
}

export function draftPlan(graph: MemoryGraph, orders: BlockOrders, options: DraftOptions): Draft {
  return new Drafter(graph, orders, options).build();
}

interface Copy {
  readonly from: StorageView;
  readonly to: StorageView;
}

class Drafter {
  readonly #graph: MemoryGraph;
  readonly #orders: BlockOrders;
  readonly #options: DraftOptions;
  readonly #timeline: Timeline;
  readonly #classes: ReadonlyMap<Piece, PieceClass>;
  readonly #storages = new Map<PieceClass, Storage>();
  /** Of the arena. */
  readonly #lives = new Map<Storage, readonly Segment[]>();
  readonly #constants: DraftConstant[] = [];
  readonly #constantStorages = new Map<ConstantAttr, Map<string, Storage>>();
  #nextStorage = 0;
  /** What is filled with zeros comes from here. */
  readonly #zeros: Storage = this.#storage('constant', -1, 0);

  constructor(graph: MemoryGraph, orders: BlockOrders, options: DraftOptions) {
    this.#graph = graph;
    this.#orders = orders;
    this.#options = options;
    this.#timeline = new Timeline(graph.body, orders);
    this.#classes = coalesce(graph, this.#timeline);
  }

  build(): Draft {
    const { body, outputs } = this.#graph;
    const steps = this.#block(body);
    const { terminator } = body;
    if (terminator !== undefined) {
      const copies = outputs.map((piece, index) => {
        const from = this.#source(terminator.operand(index));
        return { from, to: { ...from, ...this.#place(piece) } };
      });
      this.#copies(copies, terminator, steps);
    }
    const ranges = [...this.#lives].map(([storage, parts]): LiveRange => {
      const [first, last] = [parts[0]?.first ?? 0, parts.at(-1)?.last ?? 0];
      return { storage, first, last, parts };
    });
    return { steps, ranges, constants: this.#constants };
  }

  #storage(kind: Storage['kind'], index: number, maxBytes: number): Storage {
    return { id: this.#nextStorage++, kind, index, maxBytes };
  }

  /** In use at one op only. */
  #temporary(maxBytes: number, op: Operation): Storage {
    const storage = this.#storage('arena', 0, maxBytes);
    const position = this.#timeline.startOf(op);
    this.#lives.set(storage, [{ first: position, last: position }]);
    return storage;
  }

  #place(piece: Piece): { readonly storage: Storage; readonly byteOffset: number } {
    const group = this.#classes.get(piece);
    invariant(group !== undefined, 'a piece of memory in no class');
    const start = group.pin?.low ?? group.low;
    return { storage: this.#storageOf(group), byteOffset: (group.pieces.get(piece) ?? 0) - start };
  }

  #storageOf(group: PieceClass): Storage {
    const known = this.#storages.get(group);
    if (known !== undefined) return known;
    const { pin, entries, low, high } = group;
    const storage =
      pin === undefined
        ? this.#storage('arena', 0, high - low)
        : this.#storage(pin.piece.kind === 'output' ? 'output' : 'input', pin.piece.index, pin.piece.maxBytes);
    this.#storages.set(group, storage);
    if (pin === undefined) this.#lives.set(storage, mergedSegments(entries));
    return storage;
  }

  #view(value: Value): StorageView {
    const memory = this.#graph.memoryOf(value);
    const type = tensorTypeOf(value);
    const shape = { dtype: type.element, size: elementCount(type) };
    if (memory.kind === 'constant') return this.#constant(memory.attribute, undefined);
    const { storage, byteOffset } = this.#place(memory.piece);
    return { ...shape, storage, byteOffset: byteOffset + memory.byteOffset };
  }

  /** Where a value is copied from. */
  #source(value: Value): StorageView {
    const memory = this.#graph.memoryOf(value);
    const bytes = maxBytesOf(value);
    if (memory.kind !== 'constant' || bytes < leastZeros || !isZeros(memory.attribute)) return this.#view(value);
    return { storage: this.#zeros, byteOffset: 0, dtype: 'ui8', size: bytes };
  }

  /** A constant in a layout; equal ones are one. */
  #constant(attribute: ConstantAttr, layout: PhysicalLayout | undefined): StorageView {
    const { type } = attribute;
    const { element } = type;
    invariant(typeof element === 'string', 'a constant of a kernel is quantised');
    const size = layout === undefined ? elementCount(type) : layoutSize(layout, sizesOf(type));
    const elements = maxSize(size);
    invariant(elements !== undefined, 'a constant has a static shape');
    const layouts = this.#constantStorages.get(attribute) ?? new Map<string, Storage>();
    this.#constantStorages.set(attribute, layouts);
    const key = layout === undefined ? '' : layoutText(layout);
    let storage = layouts.get(key);
    if (storage === undefined) {
      const bytes = elements * storageBytes(element);
      storage = this.#storage('constant', this.#constants.length, bytes);
      layouts.set(key, storage);
      this.#constants.push({ attribute, layout, bytes });
    }
    return { storage, byteOffset: 0, dtype: element, size };
  }

  #block(block: Block): DraftStep[] {
    const steps: DraftStep[] = [];
    for (const op of operationsOf(block, this.#orders)) if (!this.#graph.isSilent(op)) this.#operation(op, steps);
    return steps;
  }

  #operation(op: Operation, steps: DraftStep[]): void {
    if (op.name === 'stablehlo.while') this.#while(op, steps);
    else if (op.name === 'stablehlo.if' || op.name === 'stablehlo.case') this.#case(op, steps);
    else if (!this.#isPutTogether(op, steps)) this.#call(op, steps);
  }

  /** A concatenation of which some part is already in its place: the others are copied there. */
  #isPutTogether(op: Operation, steps: DraftStep[]): boolean {
    const parts = concatenatedOffsets(op);
    if (parts === undefined) return false;
    const result = this.#view(op.result());
    const copies = parts.map(({ value, byteOffset }) => {
      const from = this.#source(value);
      return { from, to: { ...from, storage: result.storage, byteOffset: result.byteOffset + byteOffset } };
    });
    if (!copies.some(isInPlace)) return false;
    this.#copies(copies, op, steps);
    return true;
  }

  #call(op: Operation, steps: DraftStep[]): void {
    const compiled = this.#graph.kernelOf(op);
    const updates: Copy[] = [];
    for (const parameter of compiled.parameters) {
      if (parameter.kind !== 'update') continue;
      const from = this.#source(op.operand(parameter.operand));
      updates.push({ from, to: { ...from, ...pick(this.#view(op.result(parameter.result))) } });
    }
    this.#copies(updates, op, steps);
    const views = compiled.parameters.map((parameter) => this.#parameter(op, parameter));
    for (const { kernel, arguments: places, traffic } of compiled.calls) {
      const buffers = places.map((place) => {
        const view = views[place];
        invariant(view !== undefined, `${kernel.name}: parameter ${place} is not known`);
        return view;
      });
      steps.push({ kind: 'call', kernel, buffers, traffic, location: op.location });
    }
  }

  #parameter(op: Operation, parameter: CompiledKernel['parameters'][number]): StorageView {
    switch (parameter.kind) {
      case 'operand': {
        const value = op.operand(parameter.index);
        const memory = this.#graph.memoryOf(value);
        if (memory.kind === 'piece') return this.#view(value);
        return this.#constant(memory.attribute, orderedLayout(tensorTypeOf(value), parameter.layout));
      }
      case 'constant':
        return this.#constant(parameter.attribute, parameter.layout);
      case 'result':
      case 'update':
        return this.#view(op.result(parameter.kind === 'result' ? parameter.index : parameter.result));
      case 'scratch': {
        const storage = this.#temporary(parameter.maxBytes, op);
        return { storage, byteOffset: 0, dtype: 'i8', size: parameter.maxBytes };
      }
      default:
        return parameter satisfies never;
    }
  }

  #while(op: Operation, steps: DraftStep[]): void {
    const condition = op.region(0).block;
    const body = op.region(1).block;
    const { terminator } = body;
    invariant(terminator !== undefined && condition.terminator !== undefined, 'a loop without terminators');
    const carried = op.results.map((result) => this.#view(result));
    const start = carried.map((carry, index) => this.#copyInto(op.operand(index), carry));
    this.#copies(start, op, steps);
    const before = this.#block(condition);
    const predicate = this.#view(condition.terminator.operand(0));
    const inner = this.#block(body);
    const next = carried.map((carry, index) => this.#copyInto(terminator.operand(index), carry));
    const { location } = op;
    const exchanged = this.#options.doubleBuffer ? this.#exchangeable(op, terminator, next) : [];
    const isDoubled = isWorthDoubling(inner, exchanged);
    this.#copies(isDoubled ? next.filter((copy) => !exchanged.includes(copy)) : next, terminator, inner);
    const turns = tripCountOf(op);
    const loop = { kind: 'while', before, condition: predicate, body: inner, turns, location } as const;
    steps.push(isDoubled ? doubleBuffered(loop, exchanged) : loop);
    if (isDoubled) for (const { from, to } of exchanged) [from, to].forEach(({ storage }) => this.#keep(storage, op));
  }

  /** Copies from a storage that the body fills to one that carries it, both whole, and each in no other such copy. */
  #exchangeable(loop: Operation, terminator: Operation, copies: readonly Copy[]): readonly Copy[] {
    const taken = new Set<Storage>();
    return copies.filter((copy, index) => {
      const { from, to } = copy;
      const memory = this.#graph.memoryOf(terminator.operand(index));
      if (isInPlace(copy) || memory.kind === 'constant' || taken.has(from.storage) || taken.has(to.storage))
        return false;
      const bytes = maxBytesOf(terminator.operand(index));
      const areWhole = [from, to].every(({ storage, byteOffset }) => byteOffset === 0 && storage.maxBytes === bytes);
      const isOfBody = [...(this.#classes.get(memory.piece)?.pieces.keys() ?? [])].every(
        ({ op }) => op !== undefined && op !== loop && loop.isAncestorOf(op),
      );
      if (!areWhole || !isOfBody || from.storage.kind !== 'arena') return false;
      taken.add(from.storage).add(to.storage);
      return true;
    });
  }

  /** In use as long as the loop runs. */
  #keep(storage: Storage, loop: Operation): void {
    const parts = this.#lives.get(storage);
    const whole = { first: this.#timeline.startOf(loop), last: this.#timeline.endOf(loop) };
    const ordered = [...(parts ?? []), whole].toSorted((a, b) => a.first - b.first);
    if (parts !== undefined) this.#lives.set(storage, mergedSegments(ordered));
  }

  #case(op: Operation, steps: DraftStep[]): void {
    const index = this.#view(op.operand(0));
    const branches = op.regions.map(({ block }) => {
      const branch = this.#block(block);
      const { terminator } = block;
      invariant(terminator !== undefined, 'a branch without a terminator');
      const results = op.results.map((result, at) => this.#copyInto(terminator.operand(at), this.#view(result)));
      this.#copies(results, terminator, branch);
      return branch;
    });
    // `if` takes its first branch on true; a case takes branch 0 on 0.
    const ordered = op.name === 'stablehlo.if' ? branches.toReversed() : branches;
    steps.push({ kind: 'case', index, branches: ordered, shares: undefined, location: op.location });
  }

  #copyInto(value: Value, to: StorageView): Copy {
    const from = this.#source(value);
    return { from, to: { ...from, ...pick(to) } };
  }

  /** Copies that happen at once, at `op`: what is already in place is left out, and none overwrites what another still reads. */
  #copies(copies: readonly Copy[], op: Operation, steps: DraftStep[]): void {
    const wanted = copies.filter((copy) => !isInPlace(copy));
    for (const { from, to } of orderedCopies(wanted, (maxBytes) => this.#temporary(maxBytes, op)))
      steps.push(from.storage === this.#zeros ? zeroStep(to, op) : { kind: 'copy', from, to, location: op.location });
  }
}

function zeroStep(to: StorageView, { location }: Operation): DraftStep {
  const kernel = zeroKernel(maxSize(to.size) ?? 0, location);
  return { kind: 'call', kernel, buffers: [to], traffic: undefined, location };
}

/** Segments by first position, as few as they can be. */
function mergedSegments(segments: readonly Segment[]): readonly Segment[] {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of segments) {
    const end = merged.at(-1);
    if (end !== undefined && first <= end.last + 1) end.last = Math.max(end.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

function pick({ storage, byteOffset }: StorageView): Pick<StorageView, 'storage' | 'byteOffset'> {
  return { storage, byteOffset };
}

function isInPlace({ from, to }: Copy): boolean {
  return from.storage === to.storage && from.byteOffset === to.byteOffset;
}
