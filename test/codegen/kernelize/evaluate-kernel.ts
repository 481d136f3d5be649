/**
 * Runs a structured kernel by its definition: for each stage, all points of its axes in order. Every read is checked against the
 * buffer's shape and against what has been written, every element is written once.
 */
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { shapeSize, Tensor } from '../../../ir/evaluator/tensor.ts';
import { decodeFloat, encodeFloat, floatFormats } from '../../../ir/numerics/index.ts';
import {
  bigintBinary,
  bigintCompare,
  bigintUnary,
  conversion,
  isBigintDType,
  numberBinary,
  numberCompare,
  numberUnary,
} from '../../../codegen/kernel/scalar-semantics.ts';
import { evaluateSize, type Size } from '../../../codegen/kernel/size.ts';
import type {
  Access,
  AxisId,
  BufferId,
  Guard,
  IndexExpr,
  KernelBuffer,
  Stage,
  StructuredKernel,
  ValueExpr,
} from '../../../codegen/kernel/structured-kernel.ts';
import type { KernelDType } from '../../../codegen/kernel/value-type.ts';

type Scalar = number | bigint;

interface Memory {
  readonly buffer: KernelBuffer;
  readonly shape: readonly number[];
  readonly values: ElementsArray;
  readonly isWritten: Uint8Array;
}

/** `buffers` holds the in and inout ones; gives the contents of all but scratch. */
export function evaluateKernel(
  kernel: StructuredKernel,
  buffers: ReadonlyMap<BufferId, Tensor>,
  symbols: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<BufferId, Tensor> {
  const machine = new Machine(kernel, buffers, symbols);
  kernel.stages.forEach((stage) => machine.run(stage));
  return machine.results();
}

class Machine {
  readonly #kernel: StructuredKernel;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #memories = new Map<BufferId, Memory>();
  readonly #point = new Map<AxisId, number>();
  #accumulators: readonly Scalar[] = [];
  #elements: readonly Scalar[] = [];

  constructor(kernel: StructuredKernel, buffers: ReadonlyMap<BufferId, Tensor>, symbols: ReadonlyMap<string, number>) {
    this.#kernel = kernel;
    this.#symbols = symbols;
    for (const buffer of kernel.buffers) {
      const shape = buffer.shape.map((size) => this.size(size));
      const given = buffers.get(buffer.id);
      if ((buffer.role === 'in' || buffer.role === 'inout') !== (given !== undefined))
        throw new Error(`buffer ${buffer.name} is ${buffer.role}`);
      if (given !== undefined && given.shape.join() !== shape.join())
        throw new Error(`buffer ${buffer.name} is ${shape.join('x')}, given ${given.shape.join('x')}`);
      const values = given?.values.slice() ?? allocateElements(buffer.dtype, shapeSize(shape));
      const isWritten = new Uint8Array(shapeSize(shape)).fill(given === undefined ? 0 : 1);
      this.#memories.set(buffer.id, { buffer, shape, values, isWritten });
    }
  }

  size(size: Size): number {
    const value = evaluateSize(size, this.#symbols);
    if (value === undefined) throw new Error('a size has a symbol without a value');
    return value;
  }

  results(): ReadonlyMap<BufferId, Tensor> {
    const results = new Map<BufferId, Tensor>();
    for (const [id, { buffer, shape, values, isWritten }] of this.#memories) {
      if (buffer.role === 'scratch' || buffer.dtype === 'index') continue;
      if (isWritten.includes(0)) throw new Error(`${buffer.name} is not written everywhere`);
      results.set(id, new Tensor(buffer.dtype, shape, values));
    }
    return results;
  }

  run(stage: Stage): void {
    const axes = stage.axes.map((id) => {
      const axis = this.#kernel.axes.find((each) => each.id === id);
      if (axis === undefined) throw new Error(`stage ${stage.id} has no axis ${id}`);
      return { id, isReduction: axis.kind === 'reduction', extent: this.size(axis.extent) };
    });
    const outer = axes.filter(({ isReduction }) => !isReduction);
    const inner = axes.filter(({ isReduction }) => isReduction);
    if ((stage.combiner === undefined) !== (inner.length === 0)) throw new Error('a combiner needs reduction axes');
    const written = new Set<string>();
    const values = stage.combiner === undefined ? stage.values : (stage.finish ?? []);
    if (values.length !== stage.writes.length && stage.finish !== undefined) throw new Error('a value for each write');
    this.#forEach(outer, () => {
      if (stage.combiner !== undefined) this.#reduce(stage, inner);
      const results =
        stage.finish === undefined && stage.combiner !== undefined ? this.#accumulators : this.#all(values);
      for (const [index, access] of stage.writes.entries()) this.#write(access, results[index] ?? 0, written);
      this.#accumulators = [];
    });
  }

  #reduce({ combiner, values }: Stage, axes: readonly { readonly id: AxisId; readonly extent: number }[]): void {
    if (combiner === undefined) return;
    let accumulators: readonly Scalar[] = combiner.identity;
    this.#forEach(axes, () => {
      this.#accumulators = [];
      this.#elements = this.#all(values);
      this.#accumulators = accumulators;
      accumulators = this.#all(combiner.results);
      this.#elements = [];
    });
    this.#accumulators = accumulators;
  }

  #forEach(axes: readonly { readonly id: AxisId; readonly extent: number }[], visit: () => void): void {
    const [first, ...rest] = axes;
    if (first === undefined) return visit();
    for (let index = 0; index < first.extent; index++) {
      this.#point.set(first.id, index);
      this.#forEach(rest, visit);
    }
    this.#point.delete(first.id);
  }

  #write(access: Access, value: Scalar, written: Set<string>): void {
    if (!this.#hold(access.guards)) return;
    const memory = this.#memory(access);
    const at = this.#position(access, memory);
    const key = `${access.buffer}:${at}`;
    if (written.has(key)) throw new Error(`${memory.buffer.name} is written twice at ${at}`);
    written.add(key);
    memory.isWritten[at] = 1;
    memory.values[at] = encode(value, memory.buffer.dtype);
  }

  #memory(access: Access): Memory {
    const memory = this.#memories.get(access.buffer);
    if (memory === undefined) throw new Error(`there is no buffer ${access.buffer}`);
    return memory;
  }

  #position(access: Access, { buffer, shape }: Memory): number {
    if (access.indices.length !== shape.length) throw new Error(`${buffer.name} has ${shape.length} dimensions`);
    let position = 0;
    for (const [axis, index] of access.indices.entries()) {
      const at = this.index(index);
      const extent = shape[axis] ?? 0;
      if (at < 0 || at >= extent) throw new Error(`${buffer.name}: index ${at} of ${extent} in dimension ${axis}`);
      position = position * extent + at;
    }
    return position;
  }

  #hold(guards: readonly Guard[]): boolean {
    return guards.every(({ index, extent }) => {
      const at = this.index(index);
      return at >= 0 && at < this.size(extent);
    });
  }

  index(index: IndexExpr): number {
    switch (index.kind) {
      case 'axis': {
        const value = this.#point.get(index.axis);
        if (value === undefined) throw new Error(`axis ${index.axis} is not one of the stage`);
        return value;
      }
      case 'constant':
        return index.value;
      case 'size':
        return this.size(index.size);
      case 'add':
        return index.terms.reduce((sum, term) => sum + this.index(term), 0);
      case 'multiply':
        return this.index(index.operand) * this.size(index.factor);
      case 'floor-divide':
        return Math.floor(this.index(index.operand) / this.size(index.divisor));
      case 'modulo': {
        const [operand, divisor] = [this.index(index.operand), this.size(index.divisor)];
        return operand - divisor * Math.floor(operand / divisor);
      }
      case 'loaded': {
        const value = Number(this.#value(index.value, new Map()));
        return Math.max(0, Math.min(value, this.size(index.limit)));
      }
      default:
        return index satisfies never;
    }
  }

  #all(values: readonly ValueExpr[]): readonly Scalar[] {
    const known = new Map<ValueExpr, Scalar>();
    return values.map((value) => this.#value(value, known));
  }

  #value(value: ValueExpr, known: Map<ValueExpr, Scalar>): Scalar {
    const found = known.get(value);
    if (found !== undefined) return found;
    const made = this.#compute(value, known);
    known.set(value, made);
    return made;
  }

  #compute(value: ValueExpr, known: Map<ValueExpr, Scalar>): Scalar {
    const of = (operand: ValueExpr): Scalar => this.#value(operand, known);
    switch (value.kind) {
      case 'constant':
        return value.value;
      case 'load': {
        if (!this.#hold(value.access.guards)) {
          if (value.otherwise === undefined) throw new Error('a guarded load needs another value');
          return of(value.otherwise);
        }
        const memory = this.#memory(value.access);
        const at = this.#position(value.access, memory);
        if (memory.isWritten[at] !== 1) throw new Error(`${memory.buffer.name} is read at ${at} before it is written`);
        return decode(memory.values[at] ?? 0, memory.buffer.dtype);
      }
      case 'unary': {
        const operand = of(value.operand);
        const { dtype } = value.operand;
        return isBigintDType(dtype)
          ? required(bigintUnary(value.op, dtype), value.op)(operand as bigint)
          : required(numberUnary(value.op, dtype), value.op)(operand as number);
      }
      case 'binary': {
        const [lhs, rhs] = [of(value.lhs), of(value.rhs)];
        const { dtype } = value;
        if (value.lhs.dtype !== dtype || value.rhs.dtype !== dtype) throw new Error(`${value.op} of mixed dtypes`);
        return isBigintDType(dtype)
          ? required(bigintBinary(value.op, dtype), value.op)(lhs as bigint, rhs as bigint)
          : required(numberBinary(value.op, dtype), value.op)(lhs as number, rhs as number);
      }
      case 'compare': {
        const [lhs, rhs] = [of(value.lhs), of(value.rhs)];
        return isBigintDType(value.lhs.dtype)
          ? bigintCompare(value.op)(lhs as bigint, rhs as bigint)
          : numberCompare(value.op)(lhs as number, rhs as number);
      }
      case 'select':
        return of(value.predicate) === 0 ? of(value.onFalse) : of(value.onTrue);
      case 'convert':
        return conversion(value.operand.dtype, value.dtype)(of(value.operand));
      case 'bitcast':
        return bitcast(of(value.operand), value.operand.dtype, value.dtype);
      case 'index':
        return conversion('index', value.dtype)(this.index(value.index));
      case 'guarded':
        return this.#hold(value.guards) ? 1 : 0;
      case 'accumulator':
      case 'element': {
        const given = (value.kind === 'element' ? this.#elements : this.#accumulators)[value.index];
        if (given === undefined) throw new Error(`${value.kind} ${value.index} outside a combiner`);
        return given;
      }
      default:
        return value satisfies never;
    }
  }
}

function required<T>(compute: T | undefined, op: string): T {
  if (compute === undefined) throw new Error(`${op} does not take this dtype`);
  return compute;
}

function encode(value: Scalar, dtype: KernelDType): number {
  // Typed arrays of 64-bit integers take bigints; the caller stores what it is given.
  if (dtype === 'f16' || dtype === 'bf16') return encodeFloat(Number(value), floatFormats[dtype]);
  return value as number;
}

function decode(stored: Scalar, dtype: KernelDType): Scalar {
  return dtype === 'f16' || dtype === 'bf16' ? decodeFloat(Number(stored), floatFormats[dtype]) : stored;
}

function bitcast(value: Scalar, from: KernelDType, to: KernelDType): Scalar {
  if (from === 'index' || to === 'index') throw new Error('bits of an index');
  const source = allocateElements(from, 1);
  source[0] = encode(value, from);
  const target = allocateElements(to, 0);
  const view = target.constructor as new (buffer: ArrayBufferLike) => ElementsArray;
  return decode(new view(source.buffer)[0] ?? 0, to);
}
