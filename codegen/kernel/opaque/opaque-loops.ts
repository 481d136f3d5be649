/** What the generators of opaque ops share: parameters beside the loops, index arithmetic over row-major tensors, nests of loops. */
import { invariant } from '../../../ir/diagnostics/diagnostic.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import { LoopBuilder } from '../loop-builder.ts';
import { add, binary, constant, divide, index, insert, minimum, multiply, size } from '../loop-expressions.ts';
import type { Expr, FlatBuffer, LoopKernel } from '../loop-ir.ts';
import { ceilDivideSizes, maxSize, multiplySizes, productOfSizes, type Size } from '../size.ts';
import type { KernelBuffer } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes, type KernelDType, vector } from '../value-type.ts';

/** Where a buffer of the kernel comes from; operands and results are those of the op. */
export type OpaqueParameter =
  | { readonly kind: 'operand'; readonly operand: number }
  | { readonly kind: 'result'; readonly result: number; readonly maxBytes: number }
  /** The operand before, the result after. */
  | { readonly kind: 'update'; readonly operand: number; readonly result: number }
  | { readonly kind: 'scratch'; readonly maxBytes: number };

export interface OpaqueLoops {
  readonly kernel: LoopKernel;
  /** One a buffer of the kernel, in its order. */
  readonly parameters: readonly OpaqueParameter[];
}

export type OpaqueGenerator = (kernel: OpaqueKernel, target: TargetInfo) => OpaqueLoops;

/** A tensor that the kernel is given: row-major. */
export interface Place {
  readonly buffer: FlatBuffer;
  readonly shape: readonly Size[];
}

/** Of what a line needs beside it: more lies in the arena, where one tile has it. */
const mostStackBytes = 256 << 10;

export class OpaqueBuilder {
  readonly loops = new LoopBuilder();
  readonly kernel: OpaqueKernel;
  readonly #parameters: OpaqueParameter[] = [];
  #allocate: ((name: string, dtype: KernelDType, shape: readonly Size[]) => FlatBuffer) | undefined;
  #tiles: Size = 1;

  constructor(kernel: OpaqueKernel) {
    this.kernel = kernel;
  }

  operand(operand: number): Place {
    return this.#place(this.operandBuffer(operand), 'read', { kind: 'operand', operand });
  }

  result(result: number, access: FlatBuffer['access'] = 'write'): Place {
    const buffer = this.resultBuffer(result);
    return this.#place(buffer, access, { kind: 'result', result, maxBytes: bytesOf(buffer.dtype, buffer.shape) });
  }

  /** Result and operand in one memory. Only for an operand whose dtype is the result's. */
  update(operand: number, result: number): Place {
    return this.#place(this.resultBuffer(result), 'read-write', { kind: 'update', operand, result });
  }

  /**
   * The result, to be changed in place, holding the operand's elements: without a copy here when the dtypes are the same and the
   * result is wanted at all.
   */
  startingAs(operand: number, result: number): Place {
    const from = this.operandBuffer(operand);
    const to = this.resultBuffer(result);
    if (from.dtype === to.dtype) return this.update(operand, result);
    return this.result(result, 'read-write');
  }

  scratch(name: string, dtype: KernelDType, shape: readonly Size[]): FlatBuffer {
    if (this.#allocate !== undefined) return this.#allocate(name, dtype, shape);
    this.#parameters.push({ kind: 'scratch', maxBytes: bytesOf(dtype, shape) });
    return this.loops.parameter({ name, dtype, size: productOfSizes(shape), access: 'read-write' });
  }

  operandBuffer(operand: number): KernelBuffer {
    return this.#buffer(operand);
  }

  resultBuffer(result: number): KernelBuffer {
    return this.#buffer(this.kernel.op.operandCount + result);
  }

  #buffer(position: number): KernelBuffer {
    const buffer = this.kernel.buffers[position];
    invariant(buffer !== undefined, `${this.kernel.name} has no buffer ${position}`);
    return buffer;
  }

  #place({ name, dtype, shape }: KernelBuffer, access: FlatBuffer['access'], parameter: OpaqueParameter): Place {
    this.#parameters.push(parameter);
    return { buffer: this.loops.parameter({ name, dtype, size: productOfSizes(shape), access }), shape };
  }

  /**
   * All that the kernel does: a loop over lines that have nothing to do with each other, of so many nanoseconds each, about. In tiles where
   * threads share them and the scratch that `prepare` asks for fits the stack.
   */
  overLines(lines: Size, nanoseconds: number, target: TargetInfo, prepare: () => (line: Expr) => void): void {
    const { loops } = this;
    const together = Math.max(1, Math.ceil(target.tileNanoseconds / Math.max(1, nanoseconds)));
    const isFew = typeof lines === 'number' && lines <= together;
    if (target.hasThreads && !isFew && this.#overTiles(lines, together, prepare)) return;
    const body = prepare();
    loops.for({ to: size(lines), name: 'line' }, body);
  }

  #overTiles(lines: Size, together: number, prepare: () => (line: Expr) => void): boolean {
    const { loops } = this;
    let bytes = 0;
    const { statements } = loops.nested(() =>
      loops.for({ mode: 'parallel', name: 'tile', from: loops.tileBegin, to: loops.tileEnd }, (tile) =>
        loops.allocInside((allocate) => {
          this.#allocate = (name, dtype, shape) => {
            bytes += bytesOf(dtype, shape);
            return allocate({ name, dtype, size: bytesOf(dtype, shape) / elementBytes(dtype) });
          };
          const body = prepare();
          this.#allocate = undefined;
          const from = loops.let('line0', multiply(tile, together));
          const to = loops.let('line1', minimum(add(from, together), size(lines)));
          loops.for({ from, to, name: 'line' }, body);
        }),
      ),
    );
    if (bytes > mostStackBytes) return false;
    loops.emit(...statements);
    this.#tiles = ceilDivideSizes(lines, together);
    return true;
  }

  /** Everything emitted so far. */
  finish(): OpaqueLoops {
    const { name, location } = this.kernel;
    return { kernel: this.loops.kernel({ name, location, tiles: this.#tiles }), parameters: this.#parameters };
  }
}

function bytesOf(dtype: KernelDType, shape: readonly Size[]): number {
  const elements = maxSize(productOfSizes(shape));
  invariant(elements !== undefined, 'memory without a bound');
  return elements * elementBytes(dtype);
}

export function stridesOf(shape: readonly Size[]): readonly Size[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce<Size>(multiplySizes, 1));
}

/** i32: 0, 1, 2, ... */
export function numbersOfLanes(lanes: number): Expr {
  const zero = constant(vector('i32', lanes), 0);
  return Array.from({ length: lanes }, (_, lane) => lane).reduce((all: Expr, lane) => insert(all, lane, lane), zero);
}

/** Sum of index times stride. */
export function addressIn(shape: readonly Size[], indices: readonly Expr[]): Expr {
  const strides = stridesOf(shape);
  return indices.reduce((sum, at, axis) => add(sum, multiply(at, size(strides[axis] ?? 1))), index(0));
}

/** The index of a row-major shape that is at a place in it. */
export function indicesAt(loops: LoopBuilder, shape: readonly Size[], place: Expr): readonly Expr[] {
  const outermost = shape.findIndex((extent) => extent !== 1);
  let rest = place;
  return shape
    .map((extent, axis) => ({ extent, axis }))
    .toReversed()
    .map(({ extent, axis }) => {
      if (extent === 1) return index(0);
      if (axis === outermost) return rest;
      const at = loops.let('at', binary('remainder', rest, size(extent)));
      rest = loops.let('rest', divide(rest, size(extent)));
      return at;
    })
    .toReversed();
}

/** Loops over all indices of a shape, row-major. */
export function forEachIndex(
  loops: LoopBuilder,
  shape: readonly Size[],
  name: string,
  body: (indices: readonly Expr[]) => void,
): void {
  const visit = (indices: readonly Expr[]): void => {
    const extent = shape[indices.length];
    if (extent === undefined) return body(indices);
    loops.for({ to: size(extent), name: `${name}${indices.length}` }, (i) => visit([...indices, i]));
  };
  visit([]);
}
