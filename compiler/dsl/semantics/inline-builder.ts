/** Functions in which models start from their initial values: the initial values themselves, and tests. */
import type { ModelCell } from './cell.ts';
import type { Elaboration } from './elaboration.ts';
import { FunctionBuilder } from './function-builder.ts';
import { initialValue } from './initial-values.ts';
import type { TensorValue, Value } from './values.ts';

export class InlineBuilder extends FunctionBuilder {
  readonly #el: Elaboration;
  readonly #keyOf: ((path: string) => TensorValue) | undefined;
  readonly #cells: ModelCell[] = [];

  /** `keyOf` gives RNG keys; without it they are arguments. */
  constructor(el: Elaboration, kind: 'initial' | 'test', keyOf?: (path: string) => TensorValue) {
    super(el, kind);
    this.#el = el;
    this.#keyOf = keyOf;
  }

  override load(cell: ModelCell): Value {
    this.#cells.push(cell);
    // Made at the head of the function, so that all regions see it.
    return this.#el.ops.inBlock(this.block, () => initialValue(this.#el, cell));
  }

  override key(path: string): TensorValue {
    return this.#keyOf?.(path) ?? super.key(path);
  }

  override forget(): void {
    for (const cell of this.#cells) cell.value = undefined;
  }
}
