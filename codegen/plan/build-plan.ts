/**
 * Makes the plan of a function whose computing ops are fusions (or single ops): storages for values, in-place updates, views, carries of
 * loops, results written where the caller wants them; then places in one arena.
 */
import type { DenseElementsAttr, DenseResourceAttr } from '../../ir/attributes.ts';
import { DiagnosticError, invariant } from '../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../ir/dtype.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';
import { isTensor } from '../../ir/types.ts';
import type { PhysicalLayout } from '../kernel/physical-layout.ts';
import { layoutSize, layoutText } from '../kernel/physical-layout.ts';
import { maxSize, type Size } from '../kernel/size.ts';
import { alignUp, assignOffsets, largestLiveSet } from './assign-offsets.ts';
import { type DraftStep, liveRanges } from './draft.ts';
import { finishPlan } from './finish-plan.ts';
import type { CompiledKernel, KernelSource } from './kernel-source.ts';
import type { Plan, PlanConstant } from './plan.ts';
import { elementCount, maxBytesOf, sizesOf, Storage, type StorageView, tensorTypeOf } from './storage.ts';

/** Ops whose result is their operand under another type. */
const views: ReadonlySet<string> = new Set(['stablehlo.reshape', 'stablehlo.optimization_barrier']);

export function buildPlan(func: Operation, source: KernelSource): Plan {
  return new PlanBuilder(func, source).build();
}

class PlanBuilder {
  readonly #func: Operation;
  readonly #source: KernelSource;
  readonly #views = new Map<Value, StorageView>();
  readonly #constants: {
    attribute: DenseElementsAttr | DenseResourceAttr;
    layout: PhysicalLayout | undefined;
    bytes: number;
    storage: Storage;
  }[] = [];
  readonly #attributes = new Map<Value, DenseElementsAttr | DenseResourceAttr>();
  #nextStorage = 0;

  constructor(func: Operation, source: KernelSource) {
    this.#func = func;
    this.#source = source;
  }

  build(): Plan {
    const { block } = this.#func.region();
    for (const [index, argument] of block.arguments.entries()) {
      this.#define(argument, this.#storage('input', index, this.#maxBytes(argument)));
    }
    const steps = this.#block(block);
    const outputs = block.terminator?.operands ?? [];
    this.#returns(outputs, steps);
    const ranges = liveRanges(steps, []);
    const arena = assignOffsets(ranges);
    return finishPlan({
      func: this.#func,
      inputs: block.arguments,
      outputs,
      constants: this.#placeConstants(),
      arena,
      lowerBoundBytes: largestLiveSet(ranges),
      steps,
    });
  }

  #storage(kind: Storage['kind'], index: number, maxBytes: number): Storage {
    return new Storage(this.#nextStorage++, kind, index, maxBytes);
  }

  #maxBytes(value: Value): number {
    const bytes = maxBytesOf(tensorTypeOf(value));
    if (bytes === undefined) {
      throw new DiagnosticError({
        code: 'E3101',
        message: `a tensor of type ${value.type.text} has no bound on its size, so no memory can be planned for it`,
        span: value.definingOp?.span,
        location: value.definingOp?.location,
        hint: 'give the dimension a size or a bound with --dim',
      });
    }
    return bytes;
  }

  #define(value: Value, storage: Storage, byteOffset: Size = 0): StorageView {
    const type = tensorTypeOf(value);
    const view: StorageView = { storage, byteOffset, dtype: type.element, size: elementCount(type) };
    storage.values.push(value);
    this.#views.set(value, view);
    return view;
  }

  #view(value: Value): StorageView {
    const view = this.#views.get(value);
    if (view !== undefined) return view;
    const attribute = this.#attributes.get(value);
    invariant(attribute !== undefined, `a value of type ${value.type.text} is used before it has memory`);
    return this.#define(value, this.#constant(attribute, undefined, this.#maxBytes(value)));
  }

  /** The storage of a constant in a layout; equal ones are one. */
  #constant(
    attribute: DenseElementsAttr | DenseResourceAttr,
    layout: PhysicalLayout | undefined,
    bytes: number,
  ): Storage {
    const key = layout === undefined ? '' : layoutText(layout);
    const known = this.#constants.find(
      (each) => each.attribute === attribute && (each.layout === undefined ? '' : layoutText(each.layout)) === key,
    );
    if (known !== undefined) return known.storage;
    const storage = this.#storage('constant', this.#constants.length, bytes);
    this.#constants.push({ attribute, layout, bytes, storage });
    return storage;
  }

  #placeConstants(): readonly PlanConstant[] {
    let offset = 0;
    return this.#constants.map(({ attribute, layout, bytes }) => {
      const constant: PlanConstant = { attribute, layout, offset, bytes };
      offset += alignUp(bytes);
      return constant;
    });
  }

  #block(block: Block): DraftStep[] {
    const steps: DraftStep[] = [];
    for (const op of block.operations()) if (op !== block.terminator) this.#operation(op, steps);
    return steps;
  }

  #operation(op: Operation, steps: DraftStep[]): void {
    if (op.definition.traits.has('constant-like')) {
      const value = op.attribute('value');
      invariant(value?.kind === 'dense' || value?.kind === 'dense-resource', `${op.name} without a value`);
      this.#attributes.set(op.result(), value);
    } else if (views.has(op.name)) this.#viewOf(op);
    else if (op.name === 'stablehlo.while') this.#while(op, steps);
    else if (op.name === 'stablehlo.if' || op.name === 'stablehlo.case') this.#case(op, steps);
    else this.#call(op, steps);
  }

  #viewOf(op: Operation): void {
    for (const [index, result] of op.results.entries()) {
      const { storage, byteOffset } = this.#view(op.operand(index));
      this.#define(result, storage, byteOffset);
    }
  }

  /** A kernel: results in new storages, in one an operand leaves, or (for an update) in a copy of the operand. */
  #call(op: Operation, steps: DraftStep[]): void {
    const constants = new Set<number>();
    for (const use of op.operandUses) if (this.#attributes.has(use.value)) constants.add(use.index);
    const compiled = this.#source(op, constants);
    for (const parameter of compiled.parameters) {
      if (parameter.kind === 'update') this.#update(op, parameter.operand, parameter.result, steps);
    }
    const taken = new Set<Storage>();
    for (const [index, result] of op.results.entries()) {
      if (!this.#views.has(result)) this.#define(result, this.#resultStorage(op, compiled, index, taken));
    }
    const buffers = compiled.parameters.map((parameter) => this.#parameter(op, parameter, compiled));
    steps.push({ kind: 'call', kernel: compiled.kernel, buffers, location: op.location });
  }

  #parameter(op: Operation, parameter: CompiledKernel['parameters'][number], compiled: CompiledKernel): StorageView {
    switch (parameter.kind) {
      case 'operand': {
        const value = op.operand(parameter.index);
        const attribute = this.#attributes.get(value);
        if (attribute === undefined || parameter.layout === undefined) return this.#view(value);
        return this.#packed(attribute, parameter.layout);
      }
      case 'constant':
        return this.#packed(parameter.attribute, parameter.layout);
      case 'result':
      case 'update':
        return this.#view(op.result(parameter.kind === 'result' ? parameter.index : parameter.result));
      case 'scratch': {
        const storage = this.#storage('arena', 0, parameter.maxBytes);
        return { storage, byteOffset: 0, dtype: 'i8', size: parameter.maxBytes };
      }
      default:
        invariant(false, `${compiled.kernel.name}: ${String(parameter satisfies never)}`);
    }
  }

  #packed(attribute: DenseElementsAttr | DenseResourceAttr, layout: PhysicalLayout | undefined): StorageView {
    const { type } = attribute;
    const { element } = type;
    invariant(typeof element === 'string', 'a constant of a kernel is quantised');
    const size = layout === undefined ? elementCount(type) : layoutSize(layout, sizesOf(type));
    const elements = maxSize(size);
    invariant(elements !== undefined, 'a constant has a static shape');
    const storage = this.#constant(attribute, layout, elements * storageBytes(element));
    return { storage, byteOffset: 0, dtype: element, size };
  }

  #resultStorage(op: Operation, compiled: CompiledKernel, index: number, taken: Set<Storage>): Storage {
    const result = op.result(index);
    const maxBytes = this.#maxBytes(result);
    for (const pair of compiled.mayShare) {
      if (pair.result !== index) continue;
      const { storage } = this.#view(op.operand(pair.operand));
      const fits = storage.kind === 'arena' && storage.maxBytes === maxBytes && !taken.has(storage);
      if (!fits || !this.#diesAt(storage, op)) continue;
      taken.add(storage);
      return storage;
    }
    return this.#storage('arena', 0, maxBytes);
  }

  /** The operand's memory becomes the result's; copied first when the operand is needed afterwards or is not ours to change. */
  #update(op: Operation, operandIndex: number, resultIndex: number, steps: DraftStep[]): void {
    const from = this.#view(op.operand(operandIndex));
    const result = op.result(resultIndex);
    // Another operand in the same memory would change while the kernel reads it.
    const isReadBeside = op.operands.some(
      (value, index) => index !== operandIndex && this.#views.get(value)?.storage === from.storage,
    );
    if (from.storage.kind === 'arena' && !isReadBeside && this.#diesAt(from.storage, op)) {
      this.#define(result, from.storage, from.byteOffset);
      return;
    }
    const to = this.#define(result, this.#storage('arena', 0, this.#maxBytes(result)));
    steps.push({ kind: 'copy', from, to, location: op.location });
  }

  /** True when nothing reads what lies in the storage after `op`, in this iteration or a later one. */
  #diesAt(storage: Storage, op: Operation): boolean {
    return storage.values.every((value) => value.block === op.block && lastUseIsAt(value, op));
  }

  /**
   * Carries live in one storage each through the loop. The value for the next iteration is computed in place where the old one is
   * no longer read by then, and copied at the end of the body where it is.
   */
  #while(op: Operation, steps: DraftStep[]): void {
    const condition = op.region(0).block;
    const body = op.region(1).block;
    const carries = op.results.map((result, index) => this.#carry(op, index, result, steps));
    for (const [index, carry] of carries.entries()) {
      this.#define(condition.argument(index), carry.storage, carry.byteOffset);
    }
    const before = this.#block(condition);
    const predicate = this.#view(terminatorOperand(condition, 0));
    for (const [index, carry] of carries.entries()) this.#define(body.argument(index), carry.storage, carry.byteOffset);
    const bodySteps = this.#block(body);
    this.#nextCarries(body, carries, bodySteps, op);
    for (const carry of carries) carry.storage.loop ??= predicate.storage;
    steps.push({ kind: 'while', before, condition: predicate, body: bodySteps, location: op.location });
  }

  #carry(op: Operation, index: number, result: Value, steps: DraftStep[]): StorageView {
    const initial = op.operand(index);
    const isUsedOnce = op.operands.filter((value) => value === initial).length === 1;
    if (!this.#attributes.has(initial)) {
      const view = this.#view(initial);
      if (
        isUsedOnce &&
        view.storage.kind === 'arena' &&
        view.storage.loop === undefined &&
        this.#diesAt(view.storage, op)
      ) {
        return this.#define(result, view.storage, view.byteOffset);
      }
    }
    const from = this.#view(initial);
    const to = this.#define(result, this.#storage('arena', 0, this.#maxBytes(result)));
    steps.push({ kind: 'copy', from, to, location: op.location });
    return to;
  }

  /** Copies what is not already in its place; through temporaries where one carry's old value is another's next. */
  #nextCarries(body: Block, carries: readonly StorageView[], steps: DraftStep[], op: Operation): void {
    const storages = new Set(carries.map(({ storage }) => storage));
    const pending: { readonly from: StorageView; readonly to: StorageView }[] = [];
    for (const [index, to] of carries.entries()) {
      const from = this.#view(terminatorOperand(body, index));
      if (from.storage === to.storage) continue;
      if (!storages.has(from.storage)) {
        pending.push({ from, to });
        continue;
      }
      const temporary: StorageView = {
        ...from,
        byteOffset: 0,
        storage: this.#storage('arena', 0, from.storage.maxBytes),
      };
      steps.push({ kind: 'copy', from, to: temporary, location: op.location });
      pending.push({ from: temporary, to });
    }
    for (const { from, to } of pending) steps.push({ kind: 'copy', from, to, location: op.location });
  }

  #case(op: Operation, steps: DraftStep[]): void {
    const index = this.#view(op.operand(0));
    const results = op.results.map((result) => this.#define(result, this.#storage('arena', 0, this.#maxBytes(result))));
    const branches = op.regions.map(({ block }) => {
      const branch = this.#block(block);
      for (const [position, to] of results.entries()) {
        branch.push({ kind: 'copy', from: this.#view(terminatorOperand(block, position)), to, location: op.location });
      }
      return branch;
    });
    // `if` takes its first branch on true; a case takes branch 0 on 0.
    const ordered = op.name === 'stablehlo.if' ? branches.toReversed() : branches;
    steps.push({ kind: 'case', index, branches: ordered, location: op.location });
  }

  /** Each result is computed in the caller's buffer where it has an arena storage of its own, and copied there where not. */
  #returns(outputs: readonly Value[], steps: DraftStep[]): void {
    const moved = new Set<Storage>();
    for (const [index, value] of outputs.entries()) {
      invariant(isTensor(value.type), 'a compiled function returns tensors');
      const from = this.#view(value);
      const canMove =
        from.storage.kind === 'arena' && from.byteOffset === 0 && from.storage.maxBytes === this.#maxBytes(value);
      if (canMove && !moved.has(from.storage) && from.storage.loop === undefined) {
        from.storage.kind = 'output';
        from.storage.index = index;
        moved.add(from.storage);
        continue;
      }
      const to: StorageView = {
        ...from,
        byteOffset: 0,
        storage: this.#storage('output', index, from.storage.maxBytes),
      };
      steps.push({ kind: 'copy', from, to, location: this.#func.location });
    }
  }
}

function terminatorOperand(block: Block, index: number): Value {
  const value = block.terminator?.operand(index);
  invariant(value !== undefined, 'a region without a terminator');
  return value;
}

/** True when every use of the value is at `op`, in its regions, or before it in its block. */
function lastUseIsAt(value: Value, op: Operation): boolean {
  for (const use of value.uses()) {
    let user: Operation | undefined = use.owner;
    while (user !== undefined && user.block !== op.block) user = user.parentOp;
    if (user === undefined || (user !== op && !user.isBefore(op))) return false;
  }
  return true;
}
