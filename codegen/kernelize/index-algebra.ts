/**
 * Quasi-affine indices, made in one normal form: a sum of distinct atoms times constants, plus a constant. Equal indices of one algebra
 * are one object, so that lists of them have short keys. Divisions and remainders that a range proof decides are never made:
 * delinearising what was linearised gives back the axes.
 */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { equalSizes, maxSize, multiplySizes, type Size, sizeText } from '../kernel/size.ts';
import type { AxisId, Guard, IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import { equalProducts, sizeProduct } from './size-product.ts';

/** Inclusive; infinite where nothing is known. */
export interface IndexRange {
  readonly min: number;
  readonly max: number;
}

/** Guards that must all hold; equal sets of one algebra are one object. */
export interface GuardSet {
  readonly key: string;
  readonly guards: readonly Guard[];
}

interface Linear {
  readonly constant: number;
  /** By the atom's id; no factor is 0. */
  readonly terms: ReadonlyMap<number, number>;
}

export const noGuards: GuardSet = Object.freeze({ key: '', guards: [] });

export class IndexAlgebra {
  readonly #byKey = new Map<string, IndexExpr>();
  readonly #ids = new Map<IndexExpr, number>();
  readonly #exprs: IndexExpr[] = [];
  readonly #linears = new Map<IndexExpr, Linear>();
  readonly #extents = new Map<AxisId, Size>();
  readonly #valueIds = new Map<ValueExpr, number>();
  /** Equal guards are one object. */
  readonly #guards = new Map<string, Guard>();
  readonly #guardSets = new Map<string, GuardSet>();
  readonly zero: IndexExpr;

  constructor() {
    this.zero = this.constant(0);
  }

  constant(value: number): IndexExpr {
    return this.#intern(`c${value}`, () => ({ kind: 'constant', value }));
  }

  /** The axis itself: 0 <= axis < extent. */
  axis(axis: AxisId, extent: Size): IndexExpr {
    this.#extents.set(axis, extent);
    return this.#intern(`a${axis}`, () => ({ kind: 'axis', axis }));
  }

  size(size: Size): IndexExpr {
    return typeof size === 'number'
      ? this.constant(size)
      : this.#intern(`s${sizeText(size)}`, () => ({ kind: 'size', size }));
  }

  /** Clamped to [0, limit] when it is used. */
  loaded(value: ValueExpr, limit: Size): IndexExpr {
    if (limit === 0) return this.zero;
    let id = this.#valueIds.get(value);
    if (id === undefined) {
      id = this.#valueIds.size;
      this.#valueIds.set(value, id);
    }
    return this.#intern(`l${id}:${sizeText(limit)}`, () => ({ kind: 'loaded', value, limit }));
  }

  add(...operands: readonly IndexExpr[]): IndexExpr {
    const terms = new Map<number, number>();
    let constant = 0;
    for (const operand of operands) {
      const linear = this.#linear(operand);
      constant += linear.constant;
      for (const [atom, factor] of linear.terms) terms.set(atom, (terms.get(atom) ?? 0) + factor);
    }
    return this.#build({ constant, terms });
  }

  offset(operand: IndexExpr, constant: number): IndexExpr {
    return constant === 0 ? operand : this.add(operand, this.constant(constant));
  }

  scale(operand: IndexExpr, factor: Size): IndexExpr {
    if (typeof factor !== 'number') return this.#scaleBySize(operand, factor);
    const { constant, terms } = this.#linear(operand);
    return this.#build({
      constant: constant * factor + 0,
      terms: new Map([...terms].map(([atom, old]) => [atom, old * factor])),
    });
  }

  floorDivide(operand: IndexExpr, divisor: Size): IndexExpr {
    if (divisor === 1) return operand;
    const coarse = this.#coarse(operand, divisor);
    if (coarse !== undefined) return this.floorDivide(coarse.whole, coarse.divisor);
    const split = this.#split(operand, divisor);
    if (split !== undefined) {
      if (this.isWithin(split.rest, divisor)) return split.quotient;
      const rest = this.#divided('floor-divide', split.rest, divisor);
      return this.add(split.quotient, rest);
    }
    return this.#divided('floor-divide', operand, divisor);
  }

  modulo(operand: IndexExpr, divisor: Size): IndexExpr {
    if (divisor === 1) return this.zero;
    const coarse = this.#coarse(operand, divisor);
    if (coarse !== undefined)
      return this.add(this.scale(this.modulo(coarse.whole, coarse.divisor), coarse.step), coarse.rest);
    const rest = this.#split(operand, divisor)?.rest ?? operand;
    return this.isWithin(rest, divisor) ? rest : this.#divided('modulo', rest, divisor);
  }

  /** True when 0 <= index < extent is certain. */
  isWithin(index: IndexExpr, extent: Size): boolean {
    const { min, max } = this.range(index);
    if (min < 0) return false;
    if (typeof extent === 'number') return max < extent;
    const product = sizeProduct(extent);
    const bound = this.#bound(index);
    return product !== undefined && bound !== undefined && equalProducts(sizeProduct(bound), product);
  }

  range(index: IndexExpr): IndexRange {
    const { constant, terms } = this.#linear(index);
    let [min, max] = [constant, constant];
    for (const [atom, factor] of terms) {
      const range = this.#atomRange(this.#expr(atom));
      min += timesBound(factor, factor > 0 ? range.min : range.max);
      max += timesBound(factor, factor > 0 ? range.max : range.min);
    }
    return { min, max };
  }

  /** Equal for lists of equal indices. */
  key(indices: readonly IndexExpr[]): string {
    return indices.map((index) => this.id(index)).join();
  }

  id(index: IndexExpr): number {
    const id = this.#ids.get(index);
    invariant(id !== undefined, 'an index was made elsewhere');
    return id;
  }

  /** `outer` and all of `added` that are not certain. */
  guards(outer: GuardSet, added: readonly Guard[]): GuardSet {
    const open = added.filter(({ index, extent }) => !this.isWithin(index, extent));
    if (open.length === 0) return outer;
    const known = new Map<string, Guard>();
    for (const guard of [...outer.guards, ...open]) {
      const id = this.#guardKey(guard);
      if (!this.#guards.has(id)) this.#guards.set(id, guard);
      known.set(id, this.#guards.get(id) ?? guard);
    }
    const key = [...known.keys()].sort().join(';');
    const found = this.#guardSets.get(key);
    if (found !== undefined) return found;
    const made: GuardSet = { key, guards: [...known.values()] };
    this.#guardSets.set(key, made);
    return made;
  }

  /** Those of `inner` that `outer` has not. */
  newGuards(outer: GuardSet, inner: GuardSet): readonly Guard[] {
    const known = new Set(outer.guards.map((guard) => this.#guardKey(guard)));
    return inner.guards.filter((guard) => !known.has(this.#guardKey(guard)));
  }

  #guardKey({ index, extent }: Guard): string {
    return `${this.id(index)}<${sizeText(extent)}`;
  }

  #intern(key: string, make: () => IndexExpr): IndexExpr {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#byKey.set(key, made);
    this.#ids.set(made, this.#exprs.length);
    this.#exprs.push(made);
    return made;
  }

  #expr(id: number): IndexExpr {
    const expr = this.#exprs[id];
    invariant(expr !== undefined, 'an index has no such atom');
    return expr;
  }

  #linear(index: IndexExpr): Linear {
    if (index.kind === 'constant') return { constant: index.value, terms: new Map() };
    return this.#linears.get(index) ?? { constant: 0, terms: new Map([[this.id(index), 1]]) };
  }

  #build({ constant, terms }: Linear): IndexExpr {
    const parts = [...terms].filter(([, factor]) => factor !== 0).sort(([a], [b]) => a - b);
    if (parts.length === 0) return this.constant(constant);
    const [only] = parts;
    if (only !== undefined && parts.length === 1 && constant === 0 && only[1] === 1) return this.#expr(only[0]);
    const key = `+${parts.map(([atom, factor]) => `${factor}*${atom}`).join('+')}+${constant}`;
    const index = this.#intern(key, () => {
      const exprs = parts.map(([atom, factor]): IndexExpr => {
        const operand = this.#expr(atom);
        return factor === 1 ? operand : { kind: 'multiply', operand, factor };
      });
      if (constant !== 0) exprs.push({ kind: 'constant', value: constant });
      const [first] = exprs;
      return exprs.length === 1 && first !== undefined ? first : { kind: 'add', terms: exprs };
    });
    this.#linears.set(index, { constant, terms: new Map(parts) });
    return index;
  }

  #scaleBySize(operand: IndexExpr, factor: Exclude<Size, number>): IndexExpr {
    const { constant, terms } = this.#linear(operand);
    const scaled = [...terms].map(([atom, old]) => {
      const index = this.#expr(atom);
      const whole = multiplySizes(old, factor);
      return this.#intern(`*${atom}*${sizeText(whole)}`, () => ({ kind: 'multiply', operand: index, factor: whole }));
    });
    return this.add(...scaled, this.size(multiplySizes(constant, factor)));
  }

  #divided(kind: 'floor-divide' | 'modulo', operand: IndexExpr, divisor: Size): IndexExpr {
    if (operand.kind === 'constant' && typeof divisor === 'number') {
      const quotient = Math.floor(operand.value / divisor);
      return this.constant(kind === 'floor-divide' ? quotient : operand.value - quotient * divisor);
    }
    const key = `${kind}${this.id(operand)}/${sizeText(divisor)}`;
    return this.#intern(key, () => ({ kind, operand, divisor }));
  }

  /** operand = divisor * quotient + rest, with all in the quotient that is surely divisible; undefined when there is nothing. */
  #split(operand: IndexExpr, divisor: Size): { readonly quotient: IndexExpr; readonly rest: IndexExpr } | undefined {
    const { constant, terms } = this.#linear(operand);
    const quotient: IndexExpr[] = [];
    const rest: IndexExpr[] = [];
    for (const [atom, factor] of terms) {
      const expr = this.#expr(atom);
      const part = this.#quotient(expr, factor, divisor);
      if (part === undefined) rest.push(this.scale(expr, factor));
      else quotient.push(part);
    }
    const whole = typeof divisor === 'number' ? Math.floor(constant / divisor) : 0;
    quotient.push(this.constant(whole));
    rest.push(this.constant(constant - whole * (typeof divisor === 'number' ? divisor : 0)));
    return { quotient: this.add(...quotient), rest: this.add(...rest) };
  }

  /** operand = step * whole + rest with 0 <= rest < step, where the step divides the divisor: the rest then stays as it is. */
  #coarse(
    operand: IndexExpr,
    divisor: Size,
  ):
    | { readonly whole: IndexExpr; readonly rest: IndexExpr; readonly step: number; readonly divisor: number }
    | undefined {
    if (typeof divisor !== 'number') return undefined;
    const { terms } = this.#linear(operand);
    const steps = new Set([...terms.values()].map(Math.abs).filter((factor) => factor > 1 && factor < divisor));
    for (const step of [...steps].sort((a, b) => b - a)) {
      if (divisor % step !== 0) continue;
      const split = this.#split(operand, step);
      if (split === undefined || !this.isWithin(split.rest, step)) continue;
      return { whole: split.quotient, rest: split.rest, step, divisor: divisor / step };
    }
    return undefined;
  }

  #quotient(atom: IndexExpr, factor: number, divisor: Size): IndexExpr | undefined {
    if (typeof divisor === 'number' && factor % divisor === 0) return this.scale(atom, factor / divisor);
    if (atom.kind !== 'multiply' || typeof atom.factor === 'number') return undefined;
    const whole = sizeProduct(multiplySizes(factor, atom.factor));
    const by = sizeProduct(divisor);
    if (whole === undefined || by === undefined || whole.factor % by.factor !== 0) return undefined;
    const left = [...whole.symbols];
    for (const symbol of by.symbols) {
      const at = left.indexOf(symbol);
      if (at < 0) return undefined;
      left.splice(at, 1);
    }
    const scale = left.reduce<Size>(
      (size, symbol) => multiplySizes(size, { kind: 'symbol', symbol }),
      whole.factor / by.factor,
    );
    return this.scale(atom.operand, scale);
  }

  #atomRange(atom: IndexExpr): IndexRange {
    switch (atom.kind) {
      case 'axis':
        return { min: 0, max: Math.max(0, (maxSize(this.#extents.get(atom.axis) ?? Infinity) ?? Infinity) - 1) };
      case 'size':
        return { min: 0, max: maxSize(atom.size) ?? Infinity };
      case 'loaded':
        return { min: 0, max: maxSize(atom.limit) ?? Infinity };
      case 'modulo':
        return { min: 0, max: (maxSize(atom.divisor) ?? Infinity) - 1 };
      case 'floor-divide':
        return this.#quotientRange(atom.operand, atom.divisor);
      case 'multiply': {
        const { min, max } = this.range(atom.operand);
        const factor = maxSize(atom.factor) ?? Infinity;
        return { min: min < 0 ? -Infinity : 0, max: timesBound(factor, Math.max(0, max)) };
      }
      case 'constant':
      case 'add':
        return { min: -Infinity, max: Infinity };
      default:
        return atom satisfies never;
    }
  }

  #quotientRange(operand: IndexExpr, divisor: Size): IndexRange {
    const { min, max } = this.range(operand);
    if (typeof divisor !== 'number') return { min: min < 0 ? -Infinity : 0, max };
    return { min: Math.floor(min / divisor), max: Math.floor(max / divisor) };
  }

  /** A size that the index, known not to be negative, stays below: of one axis, or of a number in mixed radix. */
  #bound(index: IndexExpr): Size | undefined {
    const { constant, terms } = this.#linear(index);
    if (constant !== 0) return undefined;
    const digits = [...terms].map(([atom, factor]) => this.#digit(this.#expr(atom), factor));
    let bound: Size = 1;
    while (digits.length > 0) {
      const at = digits.findIndex((digit) => digit !== undefined && isSameSize(digit.weight, bound));
      const [digit] = at < 0 ? [] : digits.splice(at, 1);
      if (digit === undefined) return undefined;
      bound = multiplySizes(bound, digit.extent);
    }
    return bound;
  }

  #digit(atom: IndexExpr, factor: number): { readonly weight: Size; readonly extent: Size } | undefined {
    if (atom.kind === 'axis') return { weight: factor, extent: this.#extents.get(atom.axis) ?? 0 };
    if (atom.kind === 'modulo') return { weight: factor, extent: atom.divisor };
    if (atom.kind !== 'multiply') return undefined;
    const inner = this.#digit(atom.operand, 1);
    return inner === undefined ? undefined : { weight: multiplySizes(factor, atom.factor), extent: inner.extent };
  }
}

function isSameSize(a: Size, b: Size): boolean {
  return equalSizes(a, b) || equalProducts(sizeProduct(a), sizeProduct(b));
}

/** 0 times infinity is 0 here. */
function timesBound(factor: number, bound: number): number {
  return factor === 0 || bound === 0 ? 0 : factor * bound;
}
