/**
 * Trip-count analysis: a `while` that counts is marked with how often its body runs.
 *
 *     stablehlo.while(%i = %c0, ...)                               stablehlo.while(%i = %c0, ...) attributes
 *     cond { compare LT, %i, %c10 }                         ->       {tessera.trip_count = 10 : i64}
 *     do { ...; return add %i, %c1, ... }
 *
 * The counter is a carried integer scalar that starts at a constant, is changed in the body by adding or subtracting a constant
 * only, and is compared with a constant (or with a carried value that the body hands on unchanged). Counting that would wrap
 * around before the comparison fails is not a known count.
 */
import { integerAttr } from '../ir/attributes.ts';
import { type DType, integerRange, isIntegerDType } from '../ir/dtype.ts';
import type { Block, Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { isTensor, scalarType } from '../ir/types.ts';
import { splatNumber } from './constants.ts';
import { isExact } from './match.ts';
import { definePass } from './pass.ts';

const tripCountAttribute = 'tessera.trip_count';

export const whileTripCount = definePass({
  name: 'while-trip-count',
  summary: 'mark loops whose number of iterations is known',
  run(module, context) {
    const rewriter = new Rewriter();
    module.walk((op) => {
      if (op.name !== 'stablehlo.while') return;
      context.at(op);
      const count = computeTripCount(op);
      const known = op.attribute(tripCountAttribute);
      const recorded = known?.kind === 'integer' ? known.value : undefined;
      if (count === recorded) return;
      rewriter.setAttribute(
        op,
        tripCountAttribute,
        count === undefined ? undefined : integerAttr(count, scalarType('i64')),
      );
      if (count !== undefined) context.remark(op, `the loop runs ${count} times`);
    });
    return rewriter.changes > 0;
  },
});

/** How often the body of a `stablehlo.while` runs; undefined when that is not known. */
function computeTripCount(loop: Operation): bigint | undefined {
  const condition = counterCondition(loop);
  if (condition === undefined) return undefined;
  const { counter, bound, direction } = condition;
  const start = constantInteger(loop.operand(counter.index));
  const step = counterStep(loop.region(1).block, counter.index);
  const range = integerRangeOf(counter);
  if (start === undefined || step === undefined || range === undefined) return undefined;
  const count = countIterations(start, bound, step, direction);
  if (count === undefined) return undefined;
  // The last value compared must still be one the counter can hold.
  const last = start + count * step;
  return last >= range[0] && last <= range[1] ? count : undefined;
}

type Direction = 'LT' | 'LE' | 'GT' | 'GE' | 'NE';

interface CounterCondition {
  /** Argument of the condition's block. */
  readonly counter: Value;
  readonly bound: bigint;
  readonly direction: Direction;
}

const flipped: Readonly<Record<Direction, Direction>> = { LT: 'GT', LE: 'GE', GT: 'LT', GE: 'LE', NE: 'NE' };

/** `counter <direction> bound`, whichever way round the condition says it. */
function counterCondition(loop: Operation): CounterCondition | undefined {
  const block = loop.region(0).block;
  const compare = block.terminator?.operand(0).definingOp;
  if (compare?.name !== 'stablehlo.compare' || compare.block !== block) return undefined;
  const attribute = compare.attribute('comparison_direction');
  if (attribute?.kind !== 'enum' || !isDirection(attribute.value)) return undefined;
  const lhs = compare.operand(0);
  const rhs = compare.operand(1);
  if (lhs.argumentOf === block) {
    const bound = boundOf(rhs, loop, block);
    if (bound !== undefined) return { counter: lhs, bound, direction: attribute.value };
  }
  if (rhs.argumentOf !== block) return undefined;
  const bound = boundOf(lhs, loop, block);
  return bound === undefined ? undefined : { counter: rhs, bound, direction: flipped[attribute.value] };
}

function isDirection(value: string): value is Direction {
  return value in flipped;
}

/** A constant, or a carried value that starts as one and is handed on unchanged. */
function boundOf(value: Value, loop: Operation, condition: Block): bigint | undefined {
  if (value.argumentOf !== condition) return constantInteger(value);
  const body = loop.region(1).block;
  const next = body.terminator?.operand(value.index);
  return next === body.argument(value.index) ? constantInteger(loop.operand(value.index)) : undefined;
}

/** What the body adds to the counter each time. */
function counterStep(body: Block, index: number): bigint | undefined {
  const next = body.terminator?.operand(index).definingOp;
  const counter = body.argument(index);
  if (next === undefined || next.operandCount !== 2) return undefined;
  const [lhs, rhs] = [next.operand(0), next.operand(1)];
  if (next.name === 'stablehlo.add') {
    if (lhs === counter) return constantInteger(rhs);
    return rhs === counter ? constantInteger(lhs) : undefined;
  }
  if (next.name !== 'stablehlo.subtract' || lhs !== counter) return undefined;
  const step = constantInteger(rhs);
  return step === undefined ? undefined : -step;
}

/** The integer all elements of a constant are. */
function constantInteger(value: Value): bigint | undefined {
  const number = isExact(value.type) ? splatNumber(value) : undefined;
  return number === undefined ? undefined : BigInt(number);
}

function integerRangeOf(counter: Value): readonly [bigint, bigint] | undefined {
  const { type } = counter;
  if (!isTensor(type) || type.shape.length > 0 || typeof type.element !== 'string') return undefined;
  const dtype: DType = type.element;
  return isIntegerDType(dtype) ? integerRange(dtype) : undefined;
}

/** Smallest n >= 0 for which `start + n * step <direction> bound` is false. */
function countIterations(start: bigint, bound: bigint, step: bigint, direction: Direction): bigint | undefined {
  switch (direction) {
    case 'LT':
      return countUp(bound - start, step);
    case 'LE':
      return countUp(bound + 1n - start, step);
    case 'GT':
      return countUp(start - bound, -step);
    case 'GE':
      return countUp(start - bound + 1n, -step);
    case 'NE':
      return countExactly(bound - start, step);
    default:
      return direction satisfies never;
  }
}

/** Steps of size `step` until a distance is covered; undefined when they lead away. */
function countUp(distance: bigint, step: bigint): bigint | undefined {
  if (distance <= 0n) return 0n;
  return step <= 0n ? undefined : (distance + step - 1n) / step;
}

function countExactly(distance: bigint, step: bigint): bigint | undefined {
  if (distance === 0n) return 0n;
  if (step === 0n || distance % step !== 0n || distance / step < 0n) return undefined;
  return distance / step;
}
