/** Loads and stores of the loop interpreter, with their checks: bounds, initialisation, races. */
import { decodeTable, encodeFloat, floatFormats } from '../../ir/numerics/index.ts';
import type { Frame, Lanes, Site, Value } from './loop-interpreter-frame.ts';
import type { Memory } from './loop-interpreter-memory.ts';
import { isBigintDType } from './scalar-semantics.ts';
import type { KernelDType } from './value-type.ts';

export type NumberReader = (memory: Memory, index: number) => number;
export type NumberWriter = (memory: Memory, index: number, value: number) => void;

/** One function each, so that each sees one kind of typed array and stays fast. */
export function numberReader(dtype: KernelDType): NumberReader {
  switch (dtype) {
    case 'f32':
      return (memory, index) => memory.numbers[index] ?? 0;
    case 'f64':
      return (memory, index) => memory.numbers[index] ?? 0;
    case 'i32':
      return (memory, index) => memory.numbers[index] ?? 0;
    case 'i1':
    case 'ui8':
      return (memory, index) => memory.numbers[index] ?? 0;
    case 'i8':
    case 'i16':
    case 'ui16':
    case 'ui32':
      return (memory, index) => memory.numbers[index] ?? 0;
    case 'f16':
    case 'bf16': {
      const table = decodeTable(floatFormats[dtype]);
      return (memory, index) => table[memory.numbers[index] ?? 0] ?? 0;
    }
    case 'index':
      return (memory, index) => Number(memory.bigints[index] ?? 0n);
    case 'i64':
    case 'ui64':
      throw new TypeError(`${dtype} is read as a bigint`);
    default:
      return dtype satisfies never;
  }
}

function numberWriter(dtype: KernelDType): NumberWriter {
  if (dtype === 'index')
    return (memory, index, value) => {
      memory.bigints[index] = BigInt(value);
    };
  if (dtype === 'f32')
    return (memory, index, value) => {
      memory.numbers[index] = value;
    };
  if (dtype !== 'f16' && dtype !== 'bf16')
    return (memory, index, value) => {
      memory.numbers[index] = value;
    };
  const format = floatFormats[dtype];
  return (memory, index, value) => {
    memory.numbers[index] = encodeFloat(value, format);
  };
}

export type ValueReader = (memory: Memory, index: number) => Value;
export type ValueWriter = (memory: Memory, index: number, value: Value) => void;

export function valueReader(dtype: KernelDType): ValueReader {
  return isBigintDType(dtype) ? (memory, index) => memory.bigints[index] ?? 0n : numberReader(dtype);
}

export function valueWriter(dtype: KernelDType): ValueWriter {
  if (!isBigintDType(dtype)) return numberWriter(dtype) as ValueWriter;
  return (memory, index, value) => {
    memory.bigints[index] = value as bigint;
  };
}

function outOfRange(memory: Memory, index: number, what: string, site: Site): never {
  return site.fail(`${what} of ${memory.buffer.name}[${index}], which has ${memory.size} elements`);
}

function race(memory: Memory, index: number, what: string, { group, invocation }: Frame, site: Site): never {
  const who = `iteration ${group}, invocation ${invocation}`;
  return site.fail(`race: ${what} of ${memory.buffer.name}[${index}] by ${who} is not ordered with another's access`);
}

/** For values that are used at once, and so may not be poison. */
export function checkRead(memory: Memory, index: number, frame: Frame, site: Site): void {
  if (!(index >= 0 && index < memory.size)) outOfRange(memory, index, 'read', site);
  if (memory.initialised !== undefined && memory.initialised[index] === 0)
    site.fail(`read of ${memory.buffer.name}[${index}], which nothing has written`);
  if (memory.tracker !== undefined && !memory.tracker.read(index, frame.segment))
    race(memory, index, 'read', frame, site);
}

/** For a lane of a vector: true when it is poison, not initialised or in the slack past the end. */
export function checkLaneRead(memory: Memory, index: number, frame: Frame, site: Site): boolean {
  if (!(index >= 0 && index < memory.readableSize)) outOfRange(memory, index, 'read', site);
  if (index >= memory.size) return true;
  if (memory.tracker !== undefined && !memory.tracker.read(index, frame.segment))
    race(memory, index, 'read', frame, site);
  return memory.initialised !== undefined && memory.initialised[index] === 0;
}

export function checkWrite(memory: Memory, index: number, frame: Frame, site: Site): void {
  if (!(index >= 0 && index < memory.size)) outOfRange(memory, index, 'write', site);
  if (memory.tracker !== undefined && !memory.tracker.write(index, frame.segment))
    race(memory, index, 'write', frame, site);
  if (memory.initialised !== undefined) memory.initialised[index] = 1;
}

export function checkAtomic(memory: Memory, index: number, frame: Frame, site: Site): void {
  if (!(index >= 0 && index < memory.size)) outOfRange(memory, index, 'atomic', site);
  if (memory.initialised !== undefined && memory.initialised[index] === 0)
    site.fail(`atomic on ${memory.buffer.name}[${index}], which nothing has written`);
  if (memory.tracker !== undefined && !memory.tracker.atomic(index, frame.segment))
    race(memory, index, 'atomic', frame, site);
}

/** A lane that is poison: remembered as such in scratch memory, an error where others will read it. */
export function writePoison(memory: Memory, index: number, frame: Frame, site: Site): void {
  checkWrite(memory, index, frame, site);
  if (!memory.keepsPoison) site.fail(`write of a value that nothing has computed to ${memory.buffer.name}[${index}]`);
  if (memory.initialised !== undefined) memory.initialised[index] = 0;
}

export function isPoisoned({ poison }: Lanes, lane: number): boolean {
  return poison !== undefined && poison[lane] !== 0;
}
