/** Writes a random function `@main` op by op: keeps the values in scope, and finds or makes operands of the types an op needs. */
import type { Attribute } from '../../ir/attributes.ts';
import { Builder } from '../../ir/builder.ts';
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { type Dim, type DimSymbol, dimSymbol, isStaticDim } from '../../ir/dimension.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { constantOfTensor } from '../../ir/evaluator/constant-value.ts';
import { allocateElements } from '../../ir/elements.ts';
import { encodeFloat, floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { Block, Operation, Region, type Value } from '../../ir/operation.ts';
import { moduleOp } from '../../ir/ops/builtin/module.ts';
import { func } from '../../ir/ops/func/func.ts';
import { funcReturn } from '../../ir/ops/func/return.ts';
import { lookupOp } from '../../ir/ops/registry.ts';
import { constant } from '../../ir/ops/stablehlo/constant.ts';
import { returnOp } from '../../ir/ops/stablehlo/return.ts';
import { functionType, isTensor, tensorType, type TensorType, type Type } from '../../ir/types.ts';
import { Choices } from './choices.ts';
import { type Profile, sampleTensor } from './sample-values.ts';

export interface RandomProgram {
  readonly module: Operation;
  /** How the values of each argument are drawn. */
  readonly profiles: readonly Profile[];
  /** Sizes that are bound when the program is run; empty when all are numbers. */
  readonly symbols: readonly DimSymbol[];
}

export const floats: readonly DType[] = ['f32', 'f32', 'f32', 'f16', 'bf16', 'f64'];
export const integers: readonly DType[] = ['i32', 'i32', 'i8', 'ui8', 'i64', 'ui32', 'i16', 'ui16', 'ui64'];
export const smallIntegers: readonly DType[] = ['i4', 'ui4', 'i2', 'ui2'];
export const smallFloats: readonly DType[] = [
  'f8E4M3FN', 'f8E5M2', 'f8E4M3FNUZ', 'f8E3M4', 'f6E2M3FN', 'f4E2M1FN',
]; // prettier-ignore
/** Those of 4 to 8 bits come seldom. */
export const allFloats: readonly DType[] = [...floats, ...floats, ...floats, ...smallFloats];
export const complexes: readonly DType[] = ['complex<f32>', 'complex<f64>'];

/** 0, 1, primes, full vectors and one over. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 3, 5, 17, 1, 2, 4, 0] as const;
const largeSizes = [33, 65, 16, 31, 129, 40] as const;

export interface TensorWish {
  readonly dtypes?: readonly DType[];
  readonly minRank?: number;
  readonly maxRank?: number;
  /** All sizes are numbers. */
  readonly isStatic?: boolean;
  readonly profile?: Profile;
  readonly maxElements?: number;
  readonly test?: (type: TensorType) => boolean;
}

export function shapeOf(value: Value): readonly Dim[] {
  return typeOf(value).shape;
}

/** Of a value whose wish was static. */
export function staticShapeOf(value: Value): readonly number[] {
  return shapeOf(value).map((dim) => {
    if (typeof dim !== 'number') throw new InvariantError('a static shape was asked for');
    return dim;
  });
}

export function typeOf(value: Value): TensorType {
  if (!isTensor(value.type)) throw new InvariantError('values of programs are tensors');
  return value.type;
}

export function dtypeOf(value: Value): DType {
  return typeOf(value).element as DType;
}

export class ProgramWriter {
  readonly choices: Choices;
  readonly #entry = new Block();
  readonly #builder = new Builder(this.#entry);
  readonly #profiles: Profile[] = [];
  readonly symbols: DimSymbol[] = [];
  /** Values in scope, innermost block last. */
  readonly #scopes: Value[][] = [[]];
  readonly #functions: Operation[] = [];
  /** Rarely used kinds of types: a program has few of them, so that its values meet. */
  readonly #dtypes: readonly DType[];
  readonly #isLarge: boolean;
  readonly #makeOp: (writer: ProgramWriter) => void;
  /** In a region or function that sees nothing of outside. */
  #isClosed = false;

  constructor(list: readonly number[], makeOp: (writer: ProgramWriter) => void) {
    this.choices = new Choices(list);
    this.#makeOp = makeOp;
    this.#isLarge = this.choices.chance(12);
    if (this.choices.chance(4)) this.symbols.push(dimSymbol('n', this.choices.pick([5, 9, 33, 80])));
    if (this.symbols.length > 0 && this.choices.chance(4)) this.symbols.push(dimSymbol('m', this.choices.pick([4, 7])));
    this.#dtypes = [
      this.choices.pick(floats),
      this.choices.pick(integers),
      'i1',
      this.choices.pick([...floats, ...integers, 'f32', ...complexes]),
      this.choices.pick([...integers, ...floats, ...smallIntegers, ...smallFloats]),
    ];
  }

  write(): RandomProgram {
    const wanted = this.choices.between(1, 10);
    for (let count = 0; count < wanted && !this.choices.isSpent; count++) this.#makeOp(this);
    if (this.#scopes[0]?.length === 0) this.#makeOp(this);
    this.#finish();
    const module = new Operation(moduleOp, { regions: [new Region()] });
    for (const each of [...this.#functions, this.#function('main', this.#entry)]) module.region().block.append(each);
    return { module, profiles: this.#profiles, symbols: this.symbols };
  }

  /** Returns what nothing uses, and some of what is used as well. */
  #finish(): void {
    const made = (this.#scopes[0] ?? []).filter((value) => value.definingOp?.name !== 'stablehlo.constant');
    const results = made.filter(
      (value) => value.definingOp !== undefined && (!value.hasUses || this.choices.chance(8)),
    );
    const [first] = made;
    const returned = results.length === 0 && first !== undefined ? [first] : results;
    this.#entry.append(new Operation(funcReturn, { operands: returned.slice(-12) }));
  }

  /** Some programs are given arguments whose memory a result may take. */
  #donors(block: Block): Attribute {
    const donates = this.choices.chance(4);
    const elements = block.arguments.map((): Attribute => {
      const isDonor = donates && this.choices.chance(2);
      const entries = isDonor ? [['jax.buffer_donor', { kind: 'bool', value: true }] as const] : [];
      return { kind: 'dictionary', entries: new Map<string, Attribute>(entries) };
    });
    return { kind: 'array', elements };
  }

  #function(name: string, block: Block): Operation {
    const results = block.terminator?.operands.map(({ type }) => type) ?? [];
    const type = functionType(
      block.arguments.map((argument) => argument.type),
      results,
    );
    return new Operation(func, {
      attributes: new Map<string, Attribute>([
        ['sym_name', { kind: 'string', value: name }],
        ['function_type', { kind: 'type', type }],
        ...(name === 'main'
          ? ([['arg_attrs', this.#donors(block)]] as const)
          : ([['sym_visibility', { kind: 'string', value: 'private' }]] as const)),
      ]),
      regions: [new Region(block)],
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get depth(): number {
    return this.#scopes.length - 1;
  }

  size(): number {
    return this.#isLarge && this.choices.chance(3) ? this.choices.pick(largeSizes) : this.choices.pick(sizes);
  }

  shape(minRank: number, maxRank: number, maxElements = this.#isLarge ? 5000 : 400): readonly number[] {
    const rank = this.choices.pick([2, 1, 3, 2, 3, 0, 4, 1].filter((each) => each >= minRank && each <= maxRank));
    let room = maxElements;
    return Array.from({ length: rank }, () => {
      const size = this.size();
      const fitting = size <= room ? size : 1;
      room = Math.floor(room / Math.max(1, fitting));
      return fitting;
    });
  }

  dtype(dtypes?: readonly DType[]): DType {
    const fitting = this.#dtypes.filter((each) => dtypes === undefined || dtypes.includes(each));
    return fitting.length === 0 ? this.choices.pick(dtypes ?? ['f32']) : this.choices.pick(fitting);
  }

  /** A value the wish fits: mostly one there is, else a new argument or constant. */
  any(wish: TensorWish = {}): Value {
    const fitting = this.#inScope().filter((value) => fits(value, wish));
    if (fitting.length > 0 && !this.choices.chance(5)) return this.#recent(fitting);
    const shape: Dim[] = [...this.shape(wish.minRank ?? 0, wish.maxRank ?? 4, wish.maxElements)];
    for (const symbol of this.#isClosed || wish.isStatic === true || shape.length === 0 ? [] : this.symbols)
      if (this.choices.chance(2)) shape[this.choices.chance(3) ? this.choices.nat(shape.length) : 0] = symbol;
    const type = tensorType(shape, this.dtype(wish.dtypes));
    const filled = tensorType(
      shape.map((dim) => (dim === 0 ? 1 : dim)),
      type.element,
    );
    return this.fresh(wish.test?.(type) === false ? filled : type, wish.profile);
  }

  /** Recent values come more often. */
  #recent(values: readonly Value[]): Value {
    const back = Math.min(this.choices.nat(8), values.length - 1);
    const found = values[values.length - 1 - back];
    if (found === undefined) throw new InvariantError('there are no values');
    return found;
  }

  #inScope(): readonly Value[] {
    return this.#scopes.flat().filter(({ type }) => isTensor(type) && typeof type.element === 'string');
  }

  /** A value of exactly this type: one there is, or a new one. */
  of(type: Type, profile?: Profile): Value {
    if (!isTensor(type)) throw new InvariantError('only tensors are made');
    const same = this.#inScope().filter((value) => value.type === type);
    if (same.length > 0 && (!hasNamedSizes(type) || !this.choices.chance(4))) return this.#recent(same);
    return this.fresh(type, profile);
  }

  /** Whether `of` can give a value of the type. */
  has(type: Type): boolean {
    return isTensor(type) && (hasNamedSizes(type) || this.#inScope().some((value) => value.type === type));
  }

  /** A new argument, or a constant. */
  fresh(type: TensorType, profile: Profile = this.#profile(type)): Value {
    const isStatic = type.shape.every(isStaticDim);
    if (this.#isClosed || (isStatic && this.choices.chance(4))) return this.constant(type, profile);
    const argument = this.#entry.addArgument(type);
    this.#profiles.push(profile);
    this.#scopes[0]?.push(argument);
    return argument;
  }

  #profile({ element }: TensorType): Profile {
    const kind = typeof element === 'string' ? dtypeInfo(element).kind : 'integer';
    if (kind === 'float') return this.choices.pick(['small', 'unit', 'special', 'small', 'positive', 'wild']);
    return kind === 'complex'
      ? this.choices.pick(['unit', 'small', 'special'])
      : this.choices.pick(['small', 'special', 'wild']);
  }

  constant(type: TensorType, profile: Profile = this.#profile(type)): Value {
    const shape = type.shape.map((dim) => (typeof dim === 'number' ? dim : 1));
    const isSplat = this.choices.chance(3);
    const tensor = sampleTensor(type.element as DType, isSplat ? [] : shape, profile, this.choices.nat(1000));
    const value = constantOfTensor(tensor);
    return this.#created(constant, [], {
      value: isSplat ? { ...value, type, data: { ...value.data, splat: true } } : value,
    })[0] as Value;
  }

  /** The number in every place. */
  constantSplat(type: TensorType, number: number): Value {
    const dtype = type.element as DType;
    const { part } = dtypeInfo(dtype);
    const values = allocateElements(dtype, 1);
    const isNarrow = isFloatFormatName(part) && part !== 'f32' && part !== 'f64';
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[0] = BigInt(number);
    else values[0] = isNarrow ? encodeFloat(number, floatFormats[part]) : number;
    const value = constantOfTensor(new Tensor(dtype, [], values));
    return this.#created(constant, [], { value: { ...value, type, data: { ...value.data, splat: true } } })[0] as Value;
  }

  /** A constant list. */
  numbers(values: readonly number[], dtype: 'i32' | 'i64'): Value {
    const payload = dtype === 'i32' ? Int32Array.from(values) : BigInt64Array.from(values.map(BigInt));
    const value = constantOfTensor(new Tensor(dtype, [values.length], payload));
    return this.#created(constant, [], { value })[0] as Value;
  }

  /** A scalar of whole numbers, as an argument or a constant. */
  index(dtype: DType = this.choices.pick(['i32', 'i64', 'i32', 'i8', 'ui32'])): Value {
    return this.of(tensorType([], dtype), 'index');
  }

  /** Makes an op; its results come into scope. */
  emit(
    name: string,
    operands: readonly Value[],
    attrs: Readonly<Record<string, unknown>> = {},
    options: { readonly resultTypes?: readonly Type[]; readonly regions?: readonly Region[] } = {},
  ): readonly Value[] {
    const definition = lookupOp(name);
    if (definition === undefined) throw new InvariantError(`no op ${name}`);
    return this.#created(definition, operands, attrs, options);
  }

  #created(...[definition, operands, attrs, options]: Parameters<Builder['create']>): readonly Value[] {
    const { results } = this.#builder.create(definition, operands, attrs, options);
    this.#scopes.at(-1)?.push(...results);
    return results;
  }

  /** A region whose body `fill` makes; what it gives is returned. Outer values can be used in it. */
  region(argumentTypes: readonly Type[], fill: (args: readonly Value[]) => readonly Value[]): Region {
    return new Region(this.#block(argumentTypes, fill));
  }

  #block(argumentTypes: readonly Type[], fill: (args: readonly Value[]) => readonly Value[]): Block {
    const block = new Block(argumentTypes);
    const outer = this.#builder.block;
    this.#builder.block = block;
    this.#scopes.push([...block.arguments]);
    const results = fill(block.arguments);
    block.append(new Operation(returnOp, { operands: results }));
    this.#scopes.pop();
    this.#builder.block = outer;
    return block;
  }

  /** As `region`, with nothing of outside in scope, as reducers and comparators are mostly written. */
  closedRegion(argumentTypes: readonly Type[], fill: (args: readonly Value[]) => readonly Value[]): Region {
    return new Region(this.#closedBlock(argumentTypes, fill));
  }

  #closedBlock(argumentTypes: readonly Type[], fill: (args: readonly Value[]) => readonly Value[]): Block {
    const hidden = this.#scopes.splice(0, this.#scopes.length);
    const wasClosed = this.#isClosed;
    this.#isClosed = true;
    const block = this.#block(argumentTypes, fill);
    this.#isClosed = wasClosed;
    this.#scopes.push(...hidden);
    return block;
  }

  /** A private function with these arguments. */
  function(argumentTypes: readonly Type[], fill: (args: readonly Value[]) => readonly Value[]): string {
    const block = this.#closedBlock(argumentTypes, fill);
    const { terminator } = block;
    const operands = terminator?.operands ?? [];
    terminator?.erase();
    block.append(new Operation(funcReturn, { operands }));
    const name = `callee${this.#functions.length}`;
    this.#functions.push(this.#function(name, block));
    return name;
  }

  /** A few more ops, of any kind. */
  someOps(most: number): void {
    const count = this.choices.nat(most + 1);
    for (let made = 0; made < count && !this.choices.isSpent; made++) this.#makeOp(this);
  }
}

/** A size without a name cannot be given to a new argument. */
export function hasNamedSizes(type: TensorType): boolean {
  return type.shape.every((dim) => typeof dim === 'number' || dim.name !== '');
}

function fits({ type }: Value, { dtypes, minRank = 0, maxRank = 6, isStatic, maxElements, test }: TensorWish): boolean {
  if (!isTensor(type) || typeof type.element !== 'string') return false;
  const rank = type.shape.length;
  if (rank < minRank || rank > maxRank) return false;
  if (dtypes !== undefined && !dtypes.includes(type.element)) return false;
  if (isStatic === true && !type.shape.every(isStaticDim)) return false;
  const elements = type.shape.reduce<number>((size, dim) => size * (typeof dim === 'number' ? dim : (dim.max ?? 1)), 1);
  if (elements > (maxElements ?? 20_000)) return false;
  return test === undefined || test(type);
}
