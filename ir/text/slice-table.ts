/**
 * A map from byte slices of one text to values: open addressing over offsets, so that a repeated name or type costs a hash and a
 * comparison, and no string.
 */
export class SliceTable<T> {
  readonly #bytes: Uint8Array;
  #starts = new Uint32Array(256);
  #ends = new Uint32Array(256);
  #values: (T | undefined)[] = new Array<T | undefined>(256);
  #mask = 255;
  #size = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get(start: number, end: number): T | undefined {
    return this.#values[this.#slot(start, end)];
  }

  set(start: number, end: number, value: T): void {
    if (this.#size * 2 > this.#mask) this.#grow();
    const slot = this.#slot(start, end);
    if (this.#values[slot] === undefined) this.#size++;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    this.#values[slot] = value;
  }

  /** The slot that holds the slice, or the free one where it belongs. */
  #slot(start: number, end: number): number {
    const bytes = this.#bytes;
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#values[slot] !== undefined && !this.#matches(slot, start, end)) slot = (slot + 1) & this.#mask;
    return slot;
  }

  #matches(slot: number, start: number, end: number): boolean {
    const other = this.#starts[slot] ?? 0;
    if ((this.#ends[slot] ?? 0) - other !== end - start) return false;
    const bytes = this.#bytes;
    for (let at = start, from = other; at < end; at++, from++) if (bytes[at] !== bytes[from]) return false;
    return true;
  }

  #grow(): void {
    const { starts, ends, values } = { starts: this.#starts, ends: this.#ends, values: this.#values };
    const capacity = values.length * 2;
    this.#mask = capacity - 1;
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
    this.#values = new Array<T | undefined>(capacity);
    this.#size = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value !== undefined) this.set(starts[index] ?? 0, ends[index] ?? 0, value);
    }
  }
}
