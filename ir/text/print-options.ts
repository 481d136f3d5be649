export interface PrintOptions {
  /** Print `loc(...)` behind each op. */
  readonly locations?: boolean;
  /** With `locations`: as `#loc1`, defined at the end of the text. */
  readonly locationAliases?: boolean;
  /** Print all ops in the generic form. */
  readonly generic?: boolean;
}
