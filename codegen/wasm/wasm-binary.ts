/** The parts of the binary format that we write ourselves: https://webassembly.github.io/spec/core/binary/modules.html */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';

/** Unsigned LEB128, for numbers below 2^53. */
export function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = (rest - low) / 128;
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    bytes.push(isLast ? low : low + 128);
    if (isLast) return bytes;
  }
}

export interface DataSegment {
  /** Address in memory. */
  readonly address: number;
  /** Not copied there when the module is instantiated, but by its own `memory.init`. */
  readonly isPassive: boolean;
  readonly length: number;
  /** Copies the bytes to where they belong in the module. */
  readonly write: (target: Uint8Array) => void;
}

const customSection = 0;
const dataSection = 11;
/** Of an import. */
const memoryKind = 2;

function encodeName(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsignedLeb(bytes.length), ...bytes];
}

/** Data starts at a multiple of this in the module, so that arrays of numbers can be filled in place. */
const dataAlignment = 64;

/** A custom section without a name, of so many bytes in all: 3 to 66. */
function padding(bytes: number): number[] {
  return [customSection, bytes - 2, ...Array<number>(bytes - 2).fill(0)];
}

/**
 * The module with a data section after its code and a custom section at its end. `module` has neither. Everything is written once into one
 * array of the final size; the data of each segment starts aligned.
 */
export function appendSections(
  module: Uint8Array,
  segment: DataSegment | undefined,
  custom: { readonly name: string; readonly contents: Uint8Array },
): Uint8Array {
  const head = segment === undefined ? [] : dataHead(module.length, segment);
  const customName = encodeName(custom.name);
  const customBytes = customName.length + custom.contents.length;
  const tail = [customSection, ...unsignedLeb(customBytes), ...customName];
  const parts = [module, head, segment?.length ?? 0, tail, custom.contents];
  const bytes = new Uint8Array(parts.reduce<number>((sum, part) => sum + lengthOf(part), 0));
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'number') segment?.write(bytes.subarray(at, at + part));
    else bytes.set(part, at);
    at += lengthOf(part);
  }
  return bytes;
}

function lengthOf(part: number | ArrayLike<number>): number {
  return typeof part === 'number' ? part : part.length;
}

/** The data section of one passive segment without bytes. */
const emptyPassiveData = [dataSection, 3, 1, 1, 0];

/** The module without the empty passive segment at its end, which is where the constants belong. */
export function withoutEmptyData(module: Uint8Array): Uint8Array {
  const tail = module.subarray(module.length - emptyPassiveData.length);
  invariant(
    emptyPassiveData.every((byte, index) => byte === tail[index]),
    'the module does not end with an empty passive segment',
  );
  return module.subarray(0, module.length - emptyPassiveData.length);
}

/** The kinds of a memory with a largest size, in its import. */
const unsharedLimits = 1;
const sharedLimits = 3;

/**
 * Where the import of the memory says that it is shared. With that byte changed the same module takes a memory that is not: so one module
 * runs with threads, and without where there is no shared memory. The binary format has it since threads are part of it: limits of flags
 * 3 (shared, with a largest size) or 1.
 */
function limitsOf(module: Uint8Array): number {
  const pattern = [...encodeName('tessera'), ...encodeName('memory'), memoryKind];
  const at = module.findIndex((_, start) => pattern.every((byte, index) => module[start + index] === byte));
  invariant(at >= 0, 'the module imports no memory');
  return at + pattern.length;
}

/** Makes the memory that a module imports one that is not shared. */
export function unshareMemory(module: Uint8Array): void {
  module[limitsOf(module)] = unsharedLimits;
}

/** The same module, but for a memory that is shared. */
export function withSharedMemory(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = module.slice();
  copy[limitsOf(copy)] = sharedLimits;
  return copy;
}

/** Everything of the data section before its bytes, which it aligns. */
function dataHead(at: number, { address, length, isPassive }: DataSegment): number[] {
  // One segment; flags 0: active, memory 0; then `i32.const address; end`. Flags 1: passive.
  const placed = isPassive ? [1] : [0, 0x41, ...signedLeb(address), 0x0b];
  const segment = [1, ...placed, ...unsignedLeb(length)];
  const section = [dataSection, ...unsignedLeb(segment.length + length), ...segment];
  const missing = (dataAlignment - ((at + section.length) % dataAlignment)) % dataAlignment;
  const fill = missing > 0 && missing < 3 ? missing + dataAlignment : missing;
  return [...(fill === 0 ? [] : padding(fill)), ...section];
}
