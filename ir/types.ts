/**
 * Types, interned by their canonical text: two types are equal when they are the same object, and `text` is what the
 * printer writes and the parser reads back.
 */
import { type Attribute } from './attributes.ts';
import { type Dim, isStaticDim } from './dimension.ts';
import { type DType, isDType } from './dtype.ts';

export type ElementType = DType | QuantizedType;

/** A ranked tensor; StableHLO's TensorType and QuantizedTensorType. */
export interface TensorType {
  readonly kind: 'tensor';
  readonly shape: readonly Dim[];
  readonly element: ElementType;
  /** Layout slot: the dimension order, major to minor (`[0, 1]` is row-major). Undefined until the layout pass; packing never enters. */
  readonly order: readonly number[] | undefined;
  /** Another dialect's encoding, carried but not understood. `#stablehlo.bounds` is not kept here: it becomes the symbols' `max`. */
  readonly encoding: Attribute | undefined;
  readonly text: string;
}

/** `tensor<*xf32>`: parses and prints; nothing else accepts it. */
export interface UnrankedTensorType {
  readonly kind: 'unranked-tensor';
  readonly element: ElementType;
  readonly text: string;
}

/** `!quant.uniform<...>`: per tensor (one scale, no dimension), per axis (`dimension`), or per block (`blockSizes`). */
export interface QuantizedType {
  readonly kind: 'quantized';
  readonly storage: DType;
  readonly storageMin: bigint;
  readonly storageMax: bigint;
  readonly expressed: DType;
  readonly dimension: number | undefined;
  readonly blockSizes: readonly (readonly [dimension: number, size: number])[] | undefined;
  /** Row-major over the blocks when there are several. */
  readonly scales: readonly number[];
  /** How many blocks each dimension of the tensor has, when quantised per block: `[2, 1]` for `{{0.1}, {0.2}}`. */
  readonly scaleShape?: readonly number[] | undefined;
  readonly zeroPoints: readonly bigint[];
  readonly text: string;
}

/** A bare element type, as in attributes (`4 : i32`): not the type of a value. */
export interface ScalarType {
  readonly kind: 'scalar';
  readonly dtype: DType;
  readonly text: string;
}

/** An order dependency without data. */
export interface TokenType {
  readonly kind: 'token';
  readonly text: string;
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
  readonly text: string;
}

/** `!stablehlo.future<...>`: what async_start gives and async_done takes. */
export interface FutureType {
  readonly kind: 'future';
  readonly elements: readonly Type[];
  readonly text: string;
}

export interface FunctionType {
  readonly kind: 'function';
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
  readonly text: string;
}

/** Any other type, kept as its text: `none`, `tf32`, `!dialect.name<...>`. */
export interface OpaqueType {
  readonly kind: 'opaque';
  readonly text: string;
}

export type Type =
  | TensorType
  | UnrankedTensorType
  | QuantizedType
  | ScalarType
  | TokenType
  | TupleType
  | FutureType
  | FunctionType
  | OpaqueType;

const interned = new Map<string, Type>();

function intern<T extends Type>(type: T): T {
  const known = interned.get(type.text);
  if (known !== undefined) return known as T;
  Object.freeze(type);
  interned.set(type.text, type);
  return type;
}

export interface TensorTypeOptions {
  readonly order?: readonly number[] | undefined;
  readonly encoding?: Attribute | undefined;
  /** Canonical text of `encoding`; needed with it, since types are interned by text. */
  readonly encodingText?: string | undefined;
}

/** `tensor<2x?xf32>`. Sizes are whole numbers >= 0 or symbols. */
export function tensorType(shape: readonly Dim[], element: ElementType, options: TensorTypeOptions = {}): TensorType {
  const { order, encoding, encodingText } = options;
  const text = tensorText(shape, element, order, encodingText);
  const known = interned.get(text);
  if (known !== undefined) return known as TensorType;
  return intern<TensorType>({ kind: 'tensor', shape: Object.freeze([...shape]), element, order, encoding, text });
}

export function scalarTensor(element: ElementType): TensorType {
  return tensorType([], element);
}

export function elementText(element: ElementType): string {
  return typeof element === 'string' ? element : element.text;
}

function tensorText(
  shape: readonly Dim[],
  element: ElementType,
  order: readonly number[] | undefined,
  encodingText: string | undefined,
): string {
  let text = 'tensor<';
  let hasSymbols = false;
  for (const dim of shape) {
    if (typeof dim === 'number') text += `${dim}x`;
    else {
      hasSymbols ||= dim.name !== '' || dim.max !== undefined;
      text += '?x';
    }
  }
  text += elementText(element);
  if (encodingText !== undefined) return `${text}, ${encodingText}>`;
  if (!hasSymbols && order === undefined) return `${text}>`;
  return `${text}, ${tensorEncodingText(shape, order)}>`;
}

/**
 * What a bare MLIR tensor type cannot say: bounds as `#stablehlo.bounds<?, 8>`, and names or an order as our own
 * `#tessera.tensor<dims = [_, n <= 8], order = [1, 0]>`, which any MLIR tool reads as an opaque attribute.
 */
function tensorEncodingText(shape: readonly Dim[], order: readonly number[] | undefined): string {
  const hasNames = shape.some((dim) => typeof dim !== 'number' && dim.name !== '');
  if (!hasNames && order === undefined) {
    const bounds = shape.map((dim) => (typeof dim === 'number' || dim.max === undefined ? '?' : String(dim.max)));
    return `#stablehlo.bounds<${bounds.join(', ')}>`;
  }
  const dims = shape.map((dim) => {
    if (typeof dim === 'number') return '_';
    const name = dim.name === '' ? '?' : dim.name;
    return dim.max === undefined ? name : `${name} <= ${dim.max}`;
  });
  const orderText = order === undefined ? '' : `order = [${order.join(', ')}]`;
  const dimsText = shape.every(isStaticDim) ? '' : `dims = [${dims.join(', ')}]`;
  return `#tessera.tensor<${[dimsText, orderText].filter((part) => part !== '').join(', ')}>`;
}

export function unrankedTensorType(element: ElementType): UnrankedTensorType {
  return intern({ kind: 'unranked-tensor', element, text: `tensor<*x${elementText(element)}>` });
}

/** Interns a quantised type; `text` is written by the text printer, which owns float formatting. */
export function quantizedType(type: Omit<QuantizedType, 'kind'>): QuantizedType {
  return intern({ kind: 'quantized', ...type });
}

export function scalarType(dtype: DType): ScalarType {
  return intern({ kind: 'scalar', dtype, text: dtype });
}

export const tokenType: TokenType = intern({ kind: 'token', text: '!stablehlo.token' });

export function tupleType(elements: readonly Type[]): TupleType {
  return intern({ kind: 'tuple', elements, text: `tuple<${elements.map((type) => type.text).join(', ')}>` });
}

export function futureType(elements: readonly Type[]): FutureType {
  return intern({
    kind: 'future',
    elements,
    text: `!stablehlo.future<${elements.map((type) => type.text).join(', ')}>`,
  });
}

/** `(A, B) -> C`; the results take parentheses unless there is exactly one that is not itself a function. */
export function functionType(inputs: readonly Type[], results: readonly Type[]): FunctionType {
  return intern({ kind: 'function', inputs, results, text: functionTypeText(inputs, results) });
}

export function functionTypeText(inputs: readonly Type[], results: readonly Type[]): string {
  const [only] = results;
  const resultText =
    results.length === 1 && only !== undefined && only.kind !== 'function'
      ? only.text
      : `(${results.map((type) => type.text).join(', ')})`;
  return `(${inputs.map((type) => type.text).join(', ')}) -> ${resultText}`;
}

export function opaqueType(text: string): OpaqueType {
  return intern({ kind: 'opaque', text });
}

export function isTensor(type: Type | undefined): type is TensorType {
  return type !== undefined && type.kind === 'tensor';
}

export function isQuantizedTensor(type: Type | undefined): boolean {
  return isTensor(type) && typeof type.element !== 'string';
}

/** A tensor whose sizes are all numbers. */
export function isStaticTensor(type: Type | undefined): type is TensorType & { readonly shape: readonly number[] } {
  return isTensor(type) && type.shape.every(isStaticDim);
}

export function hasDType(type: TensorType): type is TensorType & { readonly element: DType } {
  return typeof type.element === 'string' && isDType(type.element);
}
