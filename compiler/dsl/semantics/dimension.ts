/**
 * Sizes: polynomials with integer coefficients over dimension variables and quotients. Two polynomials are the same size for every value
 * of the variables when they are the same object; `compareDimensions` also knows when they never are (variables are sizes: at least 0).
 *
 * A quotient `d/h` stands for an exact division, so `h * (d/h)` is `d`; `floor(n/2)` does not cancel.
 */
import { type Dim, type DimDerivation, dimSymbol } from '../../../ir/dimension.ts';
import type { Span } from '../../../ir/source.ts';
import { UnknownOperand } from './language-error.ts';

/** A dimension variable: what a binder binds. Two binders of one name are two variables. */
export interface DimensionVariable {
  readonly kind: 'variable';
  readonly id: number;
  readonly name: string;
  /** The binder. */
  readonly origin: Span | undefined;
  /** Largest size it may take, when the caller said so. */
  readonly max: number | undefined;
}

interface Quotient {
  readonly kind: 'quotient';
  readonly id: number;
  readonly numerator: Dimension;
  readonly denominator: Dimension;
  /** False for a division that rounds down. */
  readonly exact: boolean;
}

type Atom = DimensionVariable | Quotient;

/** `coefficient * factors`; the factors are sorted by id and may repeat. */
interface Term {
  readonly coefficient: number;
  readonly factors: readonly Atom[];
}

/** Interned: equal polynomials are one object. Make them with the functions below. */
export interface Dimension {
  /** Sorted by degree, highest first, then by factors; no coefficient is 0. */
  readonly terms: readonly Term[];
  readonly key: string;
}

const interned = new Map<string, Dimension>();
const quotients = new Map<string, Quotient>();
const constants: Dimension[] = [];
let nextAtom = 1;

/** Polynomials kept beyond this are forgotten before the next elaboration. */
const mostInterned = 100_000;

/**
 * An editor checks all day, every time with variables of its own. To be called where no elaboration is under way: sizes of before are no
 * longer the same objects as equal ones of after.
 */
export function forgetDimensions(): void {
  if (interned.size < mostInterned) return;
  interned.clear();
  quotients.clear();
  constants.length = 0;
}

export function dimensionVariable(name: string, origin?: Span, max?: number): DimensionVariable {
  return { kind: 'variable', id: nextAtom++, name, origin, max };
}

/** The size `n`, a whole number. */
export function constantDimension(n: number): Dimension {
  const known = constants[n];
  if (known !== undefined) return known;
  const made = fromTerms(n === 0 ? [] : [{ coefficient: n, factors: [] }]);
  if (n >= 0 && n < 4096) constants[n] = made;
  return made;
}

const mostTerms = 4096;

export function variableDimension(variable: DimensionVariable): Dimension {
  return fromTerms([{ coefficient: 1, factors: [variable] }]);
}

/** The number, or undefined when variables occur. */
export function constantOf(dimension: Dimension): number | undefined {
  const [first] = dimension.terms;
  if (first === undefined) return 0;
  return dimension.terms.length === 1 && first.factors.length === 0 ? first.coefficient : undefined;
}

/** The variable that the dimension is, if it is just one. */
export function soleVariable(dimension: Dimension): DimensionVariable | undefined {
  const [first] = dimension.terms;
  if (first === undefined || dimension.terms.length > 1 || first.coefficient !== 1) return undefined;
  const [factor] = first.factors;
  return first.factors.length === 1 && factor?.kind === 'variable' ? factor : undefined;
}

export function addDimensions(a: Dimension, b: Dimension): Dimension {
  const x = constantOf(a);
  const y = constantOf(b);
  if (x !== undefined && y !== undefined) return constantDimension(x + y);
  return fromTerms(collect([...a.terms, ...b.terms]));
}

export function subtractDimensions(a: Dimension, b: Dimension): Dimension {
  return addDimensions(a, scale(b, -1));
}

export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  const x = constantOf(a);
  const y = constantOf(b);
  if (x !== undefined && y !== undefined) return constantDimension(x * y);
  if (x !== undefined && !hasQuotient(b)) return scale(b, x);
  if (y !== undefined && !hasQuotient(a)) return scale(a, y);
  // More than anybody writes: such sizes are compared where they are numbers.
  if (a.terms.length * b.terms.length > mostTerms) throw new UnknownOperand();
  return fromTerms(collect(a.terms.flatMap((left) => b.terms.flatMap((right) => multiplyTerms(left, right).terms))));
}

/** So that factors may cancel: `2 * (n/2)`. */
function hasQuotient({ terms }: Dimension): boolean {
  return terms.some(({ factors }) => factors.some(({ kind }) => kind === 'quotient'));
}

export function productOf(dimensions: readonly Dimension[]): Dimension {
  return dimensions.reduce(multiplyDimensions, constantDimension(1));
}

/** `a / b` where `b` must divide `a`; undefined when both are numbers and it does not, or `b` is 0. */
export function divideExactly(a: Dimension, b: Dimension): Dimension | undefined {
  const x = constantOf(a);
  const y = constantOf(b);
  if (y === 0) return undefined;
  if (x !== undefined && y !== undefined) return x % y === 0 ? constantDimension(x / y) : undefined;
  return cancel(a, b) ?? quotient(a, b, true);
}

/** `a / b` rounded towards minus infinity; undefined when `b` is 0. */
export function divideDown(a: Dimension, b: Dimension): Dimension | undefined {
  const x = constantOf(a);
  const y = constantOf(b);
  if (y === 0) return undefined;
  if (x !== undefined && y !== undefined) return constantDimension(Math.floor(x / y));
  return cancel(a, b) ?? quotient(a, b, false);
}

/** `a - b * floor(a / b)`. */
export function remainderOf(a: Dimension, b: Dimension): Dimension | undefined {
  const down = divideDown(a, b);
  return down === undefined ? undefined : subtractDimensions(a, multiplyDimensions(b, down));
}

/**
 * `equal` and `different` hold for every value of the variables; `unknown` depends on them, and is found out when they are numbers. Those that
 * are left open until a call never are: what is not shown to be equal then counts as different.
 */
export function compareDimensions(a: Dimension, b: Dimension): 'equal' | 'different' | 'unknown' {
  const isEqual = areEqualSizes(a, b);
  if (isEqual === undefined) return isLeftOpen(a) || isLeftOpen(b) ? 'different' : 'unknown';
  return isEqual ? 'equal' : 'different';
}

/** Undefined where it depends on the variables. */
export function areEqualSizes(a: Dimension, b: Dimension): boolean | undefined {
  if (a === b) return true;
  return isNeverZero(subtractDimensions(a, b)) ? false : undefined;
}

function isLeftOpen(dimension: Dimension): boolean {
  return variablesOf(dimension).some(({ max }) => max !== undefined);
}

/** True when a shape that is declared so surely does not fit: never, or only where a size is 0, such as `d` and `4*d`. */
export function areDifferentSizes(declared: Dimension, actual: Dimension): boolean {
  if (declared === actual) return false;
  return hasOneSign(subtractDimensions(declared, actual)) || isLeftOpen(declared) || isLeftOpen(actual);
}

/** True when the size is at least `n` for every value of the variables. */
export function isAtLeast(dimension: Dimension, n: number): boolean {
  const difference = subtractDimensions(dimension, constantDimension(n));
  return difference.terms.every((term) => term.coefficient > 0);
}

/** Replaces variables; those without an entry stay. */
export function substituteDimensions(
  dimension: Dimension,
  values: ReadonlyMap<DimensionVariable, Dimension>,
): Dimension | undefined {
  if (values.size === 0 || constantOf(dimension) !== undefined) return dimension;
  let sum = constantDimension(0);
  for (const term of dimension.terms) {
    let product = constantDimension(term.coefficient);
    for (const factor of term.factors) {
      const value = substituteAtom(factor, values);
      if (value === undefined) return undefined;
      product = multiplyDimensions(product, value);
    }
    sum = addDimensions(sum, product);
  }
  return sum;
}

/** All variables that occur, within quotients too, each once. */
export function variablesOf(dimension: Dimension): readonly DimensionVariable[] {
  const found = new Set<DimensionVariable>();
  const visit = (part: Dimension): void => {
    for (const { factors } of part.terms) {
      for (const factor of factors) {
        if (factor.kind === 'variable') found.add(factor);
        else {
          visit(factor.numerator);
          visit(factor.denominator);
        }
      }
    }
  };
  visit(dimension);
  return [...found];
}

/**
 * The value of `unknown` that makes `dimension` zero, when it occurs linearly and alone: from `4*h - 12` it is 3. Undefined when there
 * is none, or none that can be found.
 */
export function solveForZero(dimension: Dimension, unknown: DimensionVariable): Dimension | undefined {
  const linear = dimension.terms.find((term) => term.factors.length === 1 && term.factors[0] === unknown);
  if (linear === undefined) return undefined;
  const rest = fromTerms(dimension.terms.filter((term) => term !== linear));
  if (variablesOf(rest).includes(unknown)) return undefined;
  const negated = scale(rest, -1);
  const divisible = negated.terms.every((term) => term.coefficient % linear.coefficient === 0);
  return divisible ? divideExactly(negated, constantDimension(linear.coefficient)) : undefined;
}

/** `2*n*t + 1`, `3*h*(d/h)`, `floor(n/2)`. */
export function dimensionText(dimension: Dimension): string {
  if (dimension.terms.length === 0) return '0';
  return dimension.terms
    .map((term, index) => {
      const sign = term.coefficient < 0 ? (index === 0 ? '-' : ' - ') : index === 0 ? '' : ' + ';
      return sign + termText(term);
    })
    .join('');
}

/** `[n, 2*d]`. */
export function shapeText(dims: readonly Dimension[]): string {
  return `[${dims.map(dimensionText).join(', ')}]`;
}

const symbols = new WeakMap<Dimension, Dim>();

/** The size in the IR: a number, the symbol of a variable, or one that follows from those, named by the polynomial. */
export function irDimension(dimension: Dimension): Dim {
  const constant = constantOf(dimension);
  if (constant !== undefined) return constant;
  const known = symbols.get(dimension);
  if (known !== undefined) return known;
  const made = dimSymbol(dimensionText(dimension), largestSize(dimension), derivationOf(dimension));
  symbols.set(dimension, made);
  return made;
}

function derivationOf(dimension: Dimension): DimDerivation | undefined {
  if (soleVariable(dimension) !== undefined) return undefined;
  const { op, lhs, rhs } = partsOf(dimension);
  return { op, lhs: irDimension(lhs), rhs: irDimension(rhs) };
}

/** What is neither a number nor a variable as an operation on two others. */
export function partsOf(dimension: Dimension): {
  readonly op: DimDerivation['op'];
  readonly lhs: Dimension;
  readonly rhs: Dimension;
} {
  const [first, ...others] = dimension.terms;
  const { coefficient, factors } = first ?? { coefficient: 0, factors: [] };
  if (first !== undefined && others.length > 0) return { op: 'add', lhs: fromTerms([first]), rhs: fromTerms(others) };
  const product = fromTerms([{ coefficient: 1, factors }]);
  if (coefficient !== 1) return { op: 'multiply', lhs: constantDimension(coefficient), rhs: product };
  const [factor, ...rest] = factors;
  if (factor?.kind === 'quotient' && rest.length === 0)
    return { op: 'floor-divide', lhs: factor.numerator, rhs: factor.denominator };
  const single = fromTerms([{ coefficient: 1, factors: factors.slice(0, 1) }]);
  return { op: 'multiply', lhs: single, rhs: fromTerms([{ coefficient: 1, factors: rest }]) };
}

/** `factor * variable + constant`; undefined when it is not that. */
export function linearIn(
  dimension: Dimension,
  variable: DimensionVariable,
): { readonly factor: number; readonly constant: number } | undefined {
  const linear = dimension.terms.find(({ factors }) => factors.length === 1 && factors[0] === variable);
  const constant = constantOf(fromTerms(dimension.terms.filter((term) => term !== linear)));
  return linear === undefined || constant === undefined ? undefined : { factor: linear.coefficient, constant };
}

/** A bound, where the variables have one: what is taken away is at least 0, what is divided by at least 1. */
function largestSize(dimension: Dimension): number | undefined {
  let sum = 0;
  for (const { coefficient, factors } of dimension.terms) {
    if (coefficient < 0) continue;
    let product = coefficient;
    for (const factor of factors) {
      const max = factor.kind === 'variable' ? factor.max : largestQuotient(factor);
      if (max === undefined) return undefined;
      product *= max;
    }
    sum += product;
  }
  return sum;
}

function largestQuotient({ numerator, denominator }: Quotient): number | undefined {
  const max = largestSize(numerator);
  return max === undefined ? undefined : Math.floor(max / Math.max(1, constantOf(denominator) ?? 1));
}

// --------------------------------------------------------------------------------------------------------- normal form

function fromTerms(terms: readonly Term[]): Dimension {
  const sorted = terms.length < 2 ? terms : terms.toSorted(compareTerms);
  const key = sorted.map((term) => `${term.coefficient}${factorsKey(term.factors)}`).join('+');
  const known = interned.get(key);
  if (known !== undefined) return known;
  const made = Object.freeze({ terms: sorted, key });
  interned.set(key, made);
  return made;
}

function factorsKey(factors: readonly Atom[]): string {
  let key = '';
  for (const factor of factors) key += `*${factor.id}`;
  return key;
}

function compareTerms(a: Term, b: Term): number {
  const degree = b.factors.length - a.factors.length;
  if (degree !== 0) return degree;
  for (const [index, factor] of a.factors.entries()) {
    const difference = factor.id - (b.factors[index]?.id ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Adds up terms of equal factors. */
function collect(terms: readonly Term[]): readonly Term[] {
  const sums = new Map<string, Term>();
  for (const term of terms) {
    const key = factorsKey(term.factors);
    const known = sums.get(key);
    sums.set(key, known === undefined ? term : { ...term, coefficient: known.coefficient + term.coefficient });
  }
  return [...sums.values()].filter((term) => term.coefficient !== 0);
}

function scale(dimension: Dimension, by: number): Dimension {
  if (by === 1) return dimension;
  if (by === 0) return constantDimension(0);
  return fromTerms(dimension.terms.map((term) => ({ ...term, coefficient: term.coefficient * by })));
}

function multiplyTerms(a: Term, b: Term): Dimension {
  const factors = [...a.factors, ...b.factors].toSorted((x, y) => x.id - y.id);
  return cancelQuotients({ coefficient: a.coefficient * b.coefficient, factors });
}

/** Replaces `q * (p/q)` by `p`. */
function cancelQuotients(term: Term): Dimension {
  for (const [index, factor] of term.factors.entries()) {
    if (factor.kind !== 'quotient' || !factor.exact) continue;
    const others = { ...term, factors: term.factors.toSpliced(index, 1) };
    const [denominator] = factor.denominator.terms;
    const rest = denominator === undefined ? undefined : withoutFactors(others, denominator);
    if (rest !== undefined && factor.denominator.terms.length === 1) {
      return multiplyDimensions(factor.numerator, cancelQuotients(rest));
    }
  }
  return fromTerms([term]);
}

/** `term / divisor` when the coefficient and the factors divide; else undefined. */
function withoutFactors(term: Term, divisor: Term): Term | undefined {
  if (term.coefficient % divisor.coefficient !== 0) return undefined;
  const factors = [...term.factors];
  for (const factor of divisor.factors) {
    const at = factors.indexOf(factor);
    if (at === -1) return undefined;
    factors.splice(at, 1);
  }
  return { coefficient: term.coefficient / divisor.coefficient, factors };
}

/** `a / b` when every term of `a` is a multiple of the only term of `b`, or the two are the same. */
function cancel(a: Dimension, b: Dimension): Dimension | undefined {
  if (a === b) return constantDimension(1);
  const [divisor] = b.terms;
  if (divisor === undefined || b.terms.length > 1) return undefined;
  const divided = a.terms.map((term) => withoutFactors(term, divisor));
  return divided.every((term) => term !== undefined) ? fromTerms(divided) : undefined;
}

function quotient(numerator: Dimension, denominator: Dimension, exact: boolean): Dimension {
  const key = `${exact}|${numerator.key}|${denominator.key}`;
  let atom = quotients.get(key);
  if (atom === undefined) {
    atom = { kind: 'quotient', id: nextAtom++, numerator, denominator, exact };
    quotients.set(key, atom);
  }
  return fromTerms([{ coefficient: 1, factors: [atom] }]);
}

function substituteAtom(atom: Atom, values: ReadonlyMap<DimensionVariable, Dimension>): Dimension | undefined {
  if (atom.kind === 'variable') return values.get(atom) ?? variableDimension(atom);
  const numerator = substituteDimensions(atom.numerator, values);
  const denominator = substituteDimensions(atom.denominator, values);
  if (numerator === undefined || denominator === undefined) return undefined;
  return atom.exact ? divideExactly(numerator, denominator) : divideDown(numerator, denominator);
}

/** All terms of one sign and a constant among them: never zero, since atoms are at least 0. */
function isNeverZero(dimension: Dimension): boolean {
  const constant = dimension.terms.find((term) => term.factors.length === 0);
  return constant !== undefined && hasOneSign(dimension);
}

function hasOneSign({ terms }: Dimension): boolean {
  return terms.every((term) => term.coefficient > 0 === (terms[0]?.coefficient ?? 0) > 0);
}

function termText({ coefficient, factors }: Term): string {
  const size = Math.abs(coefficient);
  if (factors.length === 0) return String(size);
  const names = factors.map(atomText).join('*');
  return size === 1 ? names : `${size}*${names}`;
}

function atomText(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  const text = `${operandText(atom.numerator)}/${operandText(atom.denominator)}`;
  return atom.exact ? `(${text})` : `floor(${text})`;
}

function operandText(dimension: Dimension): string {
  const text = dimensionText(dimension);
  const [first] = dimension.terms;
  const isSimple = dimension.terms.length < 2 && (first === undefined || first.factors.length < 2);
  return isSimple && !text.includes('*') && !text.includes('-') ? text : `(${text})`;
}
