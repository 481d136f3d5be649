/** Bytes that are read in parts, so that weights of many gigabytes need not be in memory at one time. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** The bytes `[begin, end)`, which the source has; not to be written to. */
  read(begin: number, end: number): Uint8Array;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (begin, end) => bytes.subarray(begin, end) };
}
