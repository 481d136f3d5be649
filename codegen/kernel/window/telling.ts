/** What tells whether quick foldings were wrong (folding.ts), gathered over many tiles: loops around carry it. */
import type { Expr } from '../loop-ir.ts';
import type { LoweringContext } from '../lower-context.ts';
import type { QuickFolding } from './folding.ts';

/** The sum of all elements, and the least bits of all results; none where nothing is folded quickly. */
export type Notes = readonly Expr[];

/** Those of one tile. */
export class Telling {
  readonly #context: LoweringContext;
  readonly #quick: QuickFolding | undefined;
  readonly #ofElements: boolean;
  readonly #sums: Expr[] = [];
  notes: Notes;
  #count = 0;

  constructor(context: LoweringContext, quick: QuickFolding | undefined, ofElements: boolean, notes: Notes) {
    this.#context = context;
    this.#quick = quick;
    this.#ofElements = ofElements;
    this.notes = notes;
  }

  /** Several sums side by side: each waits for the one before. */
  element(element: Expr): void {
    if (this.#quick === undefined || !this.#ofElements) return;
    const at = this.#count % sumsAtOnce;
    const sum = this.#sums[at];
    this.#sums[at] =
      sum === undefined ? element : this.#context.builder.let('nan', this.#quick.addElements(sum, element));
    this.#count += 1;
  }

  result(value: Expr): void {
    const [elements, least] = this.notes;
    if (this.#quick === undefined || elements === undefined || least === undefined) return;
    const { builder } = this.#context;
    this.notes = [elements, builder.let('zero', this.#quick.addResults(least, this.#quick.noteResult(value)))];
  }

  take(): Notes {
    const [elements, least] = this.notes;
    const { builder } = this.#context;
    if (this.#quick === undefined || elements === undefined || least === undefined) return this.notes;
    const { addElements } = this.#quick;
    return [this.#sums.reduce((sum, each) => builder.let('nan', addElements(sum, each)), elements), least];
  }
}

const sumsAtOnce = 4;
