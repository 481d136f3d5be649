/** A binary heap: the least key first, compared from left to right. */
export type Key = readonly [number, number, number];

export class PriorityQueue<T> {
  readonly #heap: { readonly value: T; readonly key: Key }[] = [];

  push(value: T, key: Key): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push({ value, key });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isLess(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): T | undefined {
    const heap = this.#heap;
    const [top] = heap;
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top?.value;
    heap[0] = last;
    for (let at = 0; ;) {
      const child = this.#lesserChild(at);
      if (child === undefined || !this.#isLess(child, at)) return top.value;
      this.#swap(at, child);
      at = child;
    }
  }

  #lesserChild(at: number): number | undefined {
    const left = 2 * at + 1;
    if (left >= this.#heap.length) return undefined;
    return left + 1 < this.#heap.length && this.#isLess(left + 1, left) ? left + 1 : left;
  }

  #isLess(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return false;
    return (x.key[0] - y.key[0] || x.key[1] - y.key[1] || x.key[2] - y.key[2]) < 0;
  }

  #swap(a: number, b: number): void {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }
}
