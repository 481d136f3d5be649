/** A complex number as two doubles: the form every complex function here takes and returns. */
export interface ComplexPair {
  readonly re: number;
  readonly im: number;
}
