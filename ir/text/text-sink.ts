/** Where the printer writes: pieces are gathered to chunks, so that no string grows with the module. */

import type { ResourceBlob } from '../attributes.ts';

/** Characters gathered before they are handed on. */
const CHUNK = 1 << 16;

export class TextSink {
  readonly #write: (chunk: string) => void;
  /** Payloads met in `dense_resource`, by the key they are printed with. */
  readonly resources = new Map<string, ResourceBlob>();
  #pending = '';

  constructor(write: (chunk: string) => void) {
    this.#write = write;
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= CHUNK) this.flush();
  }

  /** The key of a payload in this text: its own, unless another payload has taken it. */
  resourceKey(key: string, blob: ResourceBlob | undefined): string {
    if (blob === undefined) return key;
    let free = key;
    for (let count = 1; ; count++) {
      const known = this.resources.get(free);
      if (known === undefined || known === blob) break;
      free = `${key}_${count}`;
    }
    this.resources.set(free, blob);
    return free;
  }

  flush(): void {
    if (this.#pending !== '') this.#write(this.#pending);
    this.#pending = '';
  }
}

/** The text that `print` writes, as one string; only for what is known to be small. */
export function textOf(print: (sink: TextSink) => void): string {
  let text = '';
  const sink = new TextSink((chunk) => {
    text += chunk;
  });
  print(sink);
  sink.flush();
  return text;
}
