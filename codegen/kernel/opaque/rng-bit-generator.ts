/** `rng_bit_generator`: the bit streams of ir/ops/shared/random-bits.ts, block by block, bit for bit. */
import { attributesOf } from '../../../ir/op-site.ts';
import type { rngBitGenerator } from '../../../ir/ops/stablehlo/rng-bit-generator.ts';
import { unsupportedKernel } from '../../kernelize/expressions.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import type { LoopBuilder } from '../loop-builder.ts';
import { add, bitcast, compare, convert, index, load, multiply } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { elementBytes, isFloatKernelDType, scalar } from '../value-type.ts';
import { joinWords, philox, threefry } from './counter-random.ts';
import { OpaqueBuilder, type OpaqueLoops } from './opaque-loops.ts';

interface Stream {
  readonly loops: LoopBuilder;
  readonly output: FlatBuffer;
  readonly shape: readonly number[];
  readonly key: Expr;
  /** ui64; `high` is that of a 128-bit counter. */
  readonly counter: Expr;
  readonly high: Expr;
}

export function generateRngBitGenerator(kernel: OpaqueKernel): OpaqueLoops {
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const { op } = kernel;
  const [state, newState, output] = [builder.operand(0), builder.result(0).buffer, builder.result(1)];
  const shape = output.shape.filter((extent) => typeof extent === 'number');
  if (shape.length < output.shape.length) throw unsupportedKernel(op, 'the size of its output is not known');
  if (state.buffer.dtype !== 'ui64') throw unsupportedKernel(op, `its state is ${state.buffer.dtype}, not ui64`);
  if (output.buffer.dtype === 'i1') throw unsupportedKernel(op, 'it gives booleans');
  const isLong = state.shape[0] === 3;
  const key = loops.let('key', load(state.buffer, 0));
  const counter = loops.let('counter', load(state.buffer, 1));
  const high = isLong ? loops.let('high', load(state.buffer, 2)) : key;
  const stream: Stream = { loops, output: output.buffer, shape, key, counter, high };
  const isThreefry = attributesOf<typeof rngBitGenerator.attributes>(op).rng_algorithm === 'THREE_FRY';
  const blocks = isThreefry ? emitThreefry(stream) : emitPhilox(stream);
  const [nextLow, nextHigh] = advanced(stream, index(blocks));
  loops.store(newState, 0, key);
  loops.store(newState, 1, nextLow);
  if (isLong) loops.store(newState, 2, nextHigh);
  return builder.finish();
}

/** The counter `blocks` further. */
function advanced({ loops, counter, high }: Stream, blocks: Expr): readonly [low: Expr, high: Expr] {
  const low = loops.let('low', add(counter, convert('ui64', blocks)));
  return [low, add(high, convert('ui64', compare('lt', low, counter)))];
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The element of two words (one, unless it has 64 bits). */
function writeBits({ loops, output }: Stream, at: Expr, low: Expr, high: Expr): void {
  const { dtype } = output;
  const bytes = elementBytes(dtype);
  const bits = bytes === 8 ? joinWords(low, high) : low;
  if (!isFloatKernelDType(dtype)) return loops.store(output, at, convert(dtype, bits));
  loops.store(output, at, bitcast(scalar(dtype), bytes === 2 ? convert('ui16', bits) : bits));
}

/** Returns the number of blocks. */
function emitThreefry(stream: Stream): number {
  const { loops, output, shape, key } = stream;
  const block = (at: Expr): readonly [Expr, Expr] => threefry(loops, advanced(stream, at)[0], key);
  const total = elementsOf(shape);
  if (elementBytes(output.dtype) === 8) {
    loops.for({ to: total }, (i) => writeBits(stream, i, ...block(i)));
    return total;
  }
  if (shape.length === 0) {
    writeBits(stream, index(0), ...block(index(0)));
    return 1;
  }
  const even = shape.findIndex((extent) => extent % 2 === 0);
  const axis = even >= 0 ? even : shape.indexOf(Math.max(...shape));
  const extent = shape[axis] ?? 0;
  if (total === 0) return 0;
  const half = Math.ceil(extent / 2);
  const inner = elementsOf(shape.slice(axis + 1));
  loops.for({ to: total / (extent * inner), name: 'outer' }, (outer) => {
    loops.for({ to: half, name: 'pair' }, (pair) => {
      loops.for({ to: inner, name: 'inner' }, (i) => {
        const [low, high] = block(add(multiply(add(multiply(outer, half), pair), inner), i));
        const at = loops.let('at', add(multiply(add(multiply(outer, extent), multiply(pair, 2)), inner), i));
        writeBits(stream, at, low, low);
        const second = (): void => writeBits(stream, add(at, inner), high, high);
        if (extent % 2 === 0) second();
        else loops.if(compare('lt', pair, half - 1), second);
      });
    });
  });
  return (total / extent) * half;
}

/** Returns the number of blocks. */
function emitPhilox(stream: Stream): number {
  const { loops, output, shape, key } = stream;
  const isWide = elementBytes(output.dtype) === 8;
  const perBlock = isWide ? 2 : 4;
  const total = elementsOf(shape);
  const block = (at: Expr, count: number): void => {
    const [low, high] = advanced(stream, at);
    const words = philox(loops, low, loops.let('high', high), key);
    for (let element = 0; element < count; element++) {
      const first = words[isWide ? 2 * element : element] ?? words[0];
      const second = words[isWide ? 2 * element + 1 : element] ?? words[0];
      writeBits(stream, add(multiply(at, perBlock), element), first, second);
    }
  };
  const full = Math.floor(total / perBlock);
  loops.for({ to: full, name: 'block' }, (at) => block(at, perBlock));
  const rest = total - full * perBlock;
  if (rest > 0) block(index(full), rest);
  return Math.ceil(total / perBlock);
}
