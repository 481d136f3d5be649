/** How much constant folding may compute and keep. */

export interface FoldLimits {
  /** Of one op's results, in storage form. */
  readonly bytes: number;
  /** Scalar operations for one op. */
  readonly work: number;
  /** Of all results of one run of the pass. */
  readonly 'total-bytes': number;
  /** Scalar operations of one run of the pass: about a second of the reference evaluator. */
  readonly 'total-work': number;
}

/** What one op would take. */
export interface FoldCost {
  readonly bytes: number;
  /** Bytes of constants that go with the op. */
  readonly freed: number;
  readonly work: number;
}

export class FoldBudget {
  static readonly defaults: FoldLimits = {
    bytes: 64 * 1024,
    work: 1_000_000,
    'total-bytes': 256 * 1024 * 1024,
    'total-work': 50_000_000,
  };

  readonly #limits: FoldLimits;
  #bytes: number;
  #work: number;

  constructor(limits: Partial<FoldLimits> = {}) {
    this.#limits = { ...FoldBudget.defaults, ...limits };
    this.#bytes = this.#limits['total-bytes'];
    this.#work = this.#limits['total-work'];
  }

  /** Scalar operations that one op may take, for the evaluator's own limit. */
  get work(): number {
    return this.#limits.work;
  }

  get bytes(): number {
    return this.#limits.bytes;
  }

  /** Why the op is left to run time; undefined when it is within the budget, which then is less. */
  spend({ bytes, freed, work }: FoldCost): string | undefined {
    const { bytes: maxBytes, work: maxWork } = this.#limits;
    if (bytes > maxBytes && bytes > freed) return `the result takes ${bytes} bytes, the budget is ${maxBytes}`;
    if (work > maxWork) return `it takes about ${work} operations, the budget is ${maxWork}`;
    if (bytes - freed > this.#bytes || work > this.#work) return 'the budget of all folding is used up';
    this.#bytes -= Math.max(0, bytes - freed);
    this.#work -= work;
    return undefined;
  }
}
