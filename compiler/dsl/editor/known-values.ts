/** What the checker found the names and expressions of a program to be. */
import type { SourceFile, Span } from '../../../ir/source.ts';
import type { CheckRecorder } from '../check-program.ts';
import type { Value } from '../semantics/values.ts';

interface KnownValue {
  readonly value: Value;
  /** The name where it is declared. */
  readonly definition: Span | undefined;
}

/** Files hold up to 8 MiB. */
const placesInFile = 2 ** 24;

/** Of several calls of a function, its own check counts, with sizes that stand for all; without one, the first call. */
export class KnownValues implements CheckRecorder {
  readonly #sources: ReadonlyMap<SourceFile, Map<number, KnownValue & { readonly depth: number }>>;

  /** Only what lies in these files is kept. */
  constructor(sources: readonly SourceFile[]) {
    this.#sources = new Map(sources.map((source) => [source, new Map()]));
  }

  value({ source, start, end }: Span, value: Value, definition: Span | undefined, depth: number): void {
    const places = this.#sources.get(source);
    if (places === undefined || (value.kind === 'unknown' && definition === undefined)) return;
    const key = start * placesInFile + end;
    const known = places.get(key);
    if (known !== undefined && known.value.kind !== 'unknown' && known.depth <= depth) return;
    if (known !== undefined && value.kind === 'unknown') return;
    places.set(key, { value, definition: definition ?? known?.definition, depth });
  }

  /** The value of an expression; undefined where a mistake left it unknown. */
  valueAt(span: Span): Value | undefined {
    const value = this.#at(span)?.value;
    return value?.kind === 'unknown' ? undefined : value;
  }

  /** Where what a name stands for is declared. */
  definitionOf(span: Span): Span | undefined {
    return this.#at(span)?.definition;
  }

  #at({ source, start, end }: Span): KnownValue | undefined {
    return this.#sources.get(source)?.get(start * placesInFile + end);
  }

  /** The smallest expression around a byte. */
  smallest(source: SourceFile, offset: number): { readonly value: Value; readonly span: Span } | undefined {
    let best: { readonly value: Value; readonly span: Span } | undefined;
    for (const [key, { value }] of this.#sources.get(source) ?? []) {
      const start = Math.floor(key / placesInFile);
      const end = key % placesInFile;
      if (start > offset || end <= offset || value.kind === 'unknown') continue;
      if (best === undefined || end - start < best.span.end - best.span.start) {
        best = { value, span: { source, start, end } };
      }
    }
    return best;
  }
}
