/** The parts of the binary format that we write ourselves: https://webassembly.github.io/spec/core/binary/modules.html */

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
  readonly length: number;
  /** Copies the bytes to where they belong in the module. */
  readonly write: (target: Uint8Array) => void;
}

const customSection = 0;
const dataSection = 11;

function encodeName(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsignedLeb(bytes.length), ...bytes];
}

/**
 * The module with a data section after its code and a custom section at its end. `module` has neither. Everything is written once into one
 * array of the final size.
 */
export function appendSections(
  module: Uint8Array,
  segments: readonly DataSegment[],
  custom: { readonly name: string; readonly contents: Uint8Array },
): Uint8Array {
  // Flags 0: active, memory 0; then `i32.const address; end`.
  const heads = segments.map(({ address, length }) => [0, 0x41, ...signedLeb(address), 0x0b, ...unsignedLeb(length)]);
  const count = unsignedLeb(segments.length);
  const dataBytes = segments.reduce(
    (sum, { length }, index) => sum + length + (heads[index]?.length ?? 0),
    count.length,
  );
  const dataHead = segments.length === 0 ? [] : [dataSection, ...unsignedLeb(dataBytes), ...count];
  const customName = encodeName(custom.name);
  const customBytes = customName.length + custom.contents.length;
  const customHead = [customSection, ...unsignedLeb(customBytes), ...customName];
  const total =
    module.length +
    (segments.length === 0 ? 0 : dataHead.length + dataBytes - count.length) +
    customHead.length +
    custom.contents.length;
  const bytes = new Uint8Array(total);
  let at = 0;
  const put = (part: ArrayLike<number>): void => {
    bytes.set(part, at);
    at += part.length;
  };
  put(module);
  put(dataHead);
  for (const [index, segment] of segments.entries()) {
    put(heads[index] ?? []);
    segment.write(bytes.subarray(at, at + segment.length));
    at += segment.length;
  }
  put(customHead);
  put(custom.contents);
  return bytes;
}
