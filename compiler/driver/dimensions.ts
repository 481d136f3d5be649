/**
 * Sizes that a function leaves open (`tensor<?x784xf32>`, `n`), and what a command line says of them. A `?` of an argument is named after
 * its place, `arg0_1` for dimension 1 of arg0; after this step every size of the function's arguments is a number or has a name and a bound.
 *
 *     --dim n=64        the size is 64: compiled for that alone
 *     --dim n=..64      open, at most 64: compiled once, for any size up to it
 *     --dim arg1_0=n    the same size as n
 *     --dim n=1,8       variants, each for one of these sizes
 */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { type Dim, type DimSymbol, dimSymbol } from '../../ir/dimension.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { nearest } from '../../ir/text/edit-distance.ts';
import { functionType, isTensor, tensorType, type Type } from '../../ir/types.ts';
import { filesError, findFunction, type FunctionSignature } from './function-signature.ts';

export type DimensionChoice =
  | { readonly kind: 'sizes'; readonly sizes: readonly number[] }
  | { readonly kind: 'open'; readonly max: number }
  | { readonly kind: 'same'; readonly name: string };

/** By `name`, or `function.name`. */
export type DimensionChoices = ReadonlyMap<string, DimensionChoice>;

const pattern = /^((?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*)=(?:(\d{1,15}(?:,\d{1,15})*)|\.\.(\d{1,15})|([A-Za-z_]\w*))$/;

/** One value of `--dim`; undefined when it is not written so. */
export function parseDimension(text: string): readonly [name: string, choice: DimensionChoice] | undefined {
  const [, name, sizes, max, same] = pattern.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (sizes !== undefined) return [name, { kind: 'sizes', sizes: [...new Set(sizes.split(',').map(Number))] }];
  return [name, same === undefined ? { kind: 'open', max: Number(max) } : { kind: 'same', name: same }];
}

/** What is said of each dimension of one function: `fn.n` goes before `n`, and is nothing to another function. */
export function choicesFor(choices: DimensionChoices, functionName: string): DimensionChoices {
  const own = new Map<string, DimensionChoice>();
  for (const [name, choice] of choices) if (!name.includes('.')) own.set(name, choice);
  for (const [name, choice] of choices) {
    const [func, dimension] = name.split('.');
    if (func === functionName && dimension !== undefined) own.set(dimension, choice);
  }
  return own;
}

/** One choice of sizes a variant: the product of all lists. */
export function variantsOf(choices: DimensionChoices): readonly DimensionChoices[] {
  let variants: DimensionChoices[] = [new Map()];
  for (const [name, choice] of choices) {
    const each: readonly DimensionChoice[] =
      choice.kind === 'sizes' ? choice.sizes.map((size) => ({ kind: 'sizes', sizes: [size] })) : [choice];
    variants = variants.flatMap((variant) => each.map((one) => new Map([...variant, [name, one]])));
  }
  return variants;
}

/** The open sizes of a function's arguments by name, those without a name under the name of their place, each with its first place. */
function openDimensions({ inputs }: FunctionSignature): ReadonlyMap<string, OpenDimension> {
  const found = new Map<string, OpenDimension>();
  for (const { name, type } of inputs) {
    if (!isTensor(type)) continue;
    for (const [axis, dim] of type.shape.entries()) {
      if (typeof dim === 'number') continue;
      const known = nameOfDim(dim, name, axis);
      if (!found.has(known)) found.set(known, { dim, place: `dimension ${axis} of ${name}` });
    }
  }
  return found;
}

interface OpenDimension {
  readonly dim: DimSymbol;
  readonly place: string;
}

/** Its own, or that of its place among the inputs. */
export function nameOfDim({ name }: DimSymbol, input: string, axis: number): string {
  return name === '' ? `${input}_${axis}` : name;
}

/**
 * Changes the types of the function's arguments, and of values whose sizes have one of the names, as `choices` say; what follows from that is
 * for shape refinement. A list of sizes must have one. Throws DiagnosticErrors: E5011 for a choice that does not fit, E5017 for what stays
 * open without a bound.
 */
export function bindDimensions(module: Operation, functionName: string, given: DimensionChoices): void {
  const signature = findFunction(module, functionName);
  const open = openDimensions(signature);
  for (const name of given.keys()) if (name.includes('.')) findFunction(module, name.split('.')[0]);
  const choices = choicesFor(given, functionName);
  checkNames(signature, open, choices);
  const chosen = new Map<string, Dim>();
  for (const [name, { dim }] of open) chosen.set(name, chosenDim(name, dim, choices));
  for (const [name, choice] of choices) if (choice.kind === 'same') chosen.set(name, sameAs(name, choices, chosen));
  refuseUnbounded(signature, open, chosen);
  const { block } = signature.func.region();
  for (const [index, argument] of block.arguments.entries()) {
    const input = signature.inputs[index]?.name ?? '';
    argument.type = retyped(argument.type, (dim, axis) => chosen.get(nameOfDim(dim, input, axis)) ?? dim);
  }
  const replaceNamed = (value: Value): void => {
    value.type = retyped(value.type, (dim) => (dim.name === '' ? dim : (chosen.get(dim.name) ?? dim)));
  };
  signature.func.walk((op) => op.results.forEach(replaceNamed));
  const results = block.terminator?.operands.map(({ type }) => type) ?? [];
  const type = functionType(
    block.arguments.map((argument) => argument.type),
    results,
  );
  signature.func.setAttribute('function_type', { kind: 'type', type });
}

function retyped(type: Type, change: (dim: DimSymbol, axis: number) => Dim): Type {
  if (!isTensor(type) || type.shape.every((dim) => typeof dim === 'number')) return type;
  const shape = type.shape.map((dim, axis) => (typeof dim === 'number' ? dim : change(dim, axis)));
  return tensorType(shape, type.element, { order: type.order });
}

function checkNames(
  { name }: FunctionSignature,
  open: ReadonlyMap<string, OpenDimension>,
  choices: DimensionChoices,
): void {
  // Names that dimensions are given: `--dim arg0_0=n --dim arg1_0=n --dim n=..64`.
  const given = [...choices.values()].flatMap((choice) => (choice.kind === 'same' ? [choice.name] : []));
  const names = [...new Set([...open.keys(), ...given])];
  const wrong = [...choices.keys()].find((dimension) => !names.includes(dimension));
  if (wrong === undefined) return;
  const closest = nearest(wrong, names);
  throw filesError('E5011', `@${name} has no open dimension '${wrong}'; it has ${names.join(', ') || 'none'}`, {
    hint: closest === undefined ? undefined : `did you mean '${closest}'?`,
  });
}

function chosenDim(name: string, { max }: DimSymbol, choices: DimensionChoices): Dim {
  const choice = choices.get(name);
  if (choice === undefined || choice.kind === 'same') return dimSymbol(name, max);
  const size = choice.kind === 'open' ? choice.max : (choice.sizes[0] ?? 0);
  if (max !== undefined && size > max) {
    throw filesError('E5011', `the dimension ${name} is to be ${size}, but it is at most ${max}`);
  }
  return choice.kind === 'open' ? dimSymbol(name, size) : size;
}

function sameAs(name: string, choices: DimensionChoices, chosen: ReadonlyMap<string, Dim>): Dim {
  const seen = new Set<string>();
  let at = name;
  for (let choice = choices.get(at); choice?.kind === 'same'; choice = choices.get(at)) {
    if (seen.has(at)) throw filesError('E5011', `--dim makes ${name} the same as itself`);
    seen.add(at);
    at = choice.name;
  }
  return chosen.get(at) ?? chosenDim(at, dimSymbol(at), choices);
}

function refuseUnbounded(
  { name }: FunctionSignature,
  open: ReadonlyMap<string, OpenDimension>,
  chosen: ReadonlyMap<string, Dim>,
): void {
  const unbounded = new Map<string, string>();
  for (const [each, { place }] of open) {
    const dim = chosen.get(each);
    if (typeof dim === 'object' && dim.max === undefined && !unbounded.has(dim.name)) unbounded.set(dim.name, place);
  }
  const [first] = unbounded.keys();
  if (first === undefined) return;
  const list = [...unbounded].map(([each, place]) => `${each} (${place})`).join(', ');
  throw filesError('E5017', `@${name} leaves open ${list}`, {
    hint: `--dim ${first}=64 compiles for one size, --dim ${first}=..64 for any size up to 64`,
  });
}

/** The sizes that a function's inputs have, for those it leaves open without a bound. */
export function sizesOfInputs(signature: FunctionSignature, inputs: readonly RuntimeValue[]): DimensionChoices {
  const sizes = new Map<string, DimensionChoice>();
  for (const [index, { name, type }] of signature.inputs.entries()) {
    const input = inputs[index];
    if (!isTensor(type) || input?.kind !== 'tensor') continue;
    for (const [axis, dim] of type.shape.entries()) {
      if (typeof dim === 'number' || dim.max !== undefined) continue;
      sizes.set(nameOfDim(dim, name, axis), { kind: 'sizes', sizes: [input.shape[axis] ?? 0] });
    }
  }
  return sizes;
}

/**
 * Reports E5018 where two open sizes of different names meet that must be one: an elementwise op of both. Shapes are refined: to be called
 * after the passes.
 */
export function checkEqualDimensions(module: Operation, functionName: string, sink: DiagnosticSink): void {
  const reported = new Set<string>();
  findFunction(module, functionName).func.walk((op) => {
    if (!op.definition.traits.has('elementwise')) return;
    const shapes = [...op.operands, ...op.results].flatMap(({ type }) => (isTensor(type) ? [type.shape] : []));
    const rank = Math.max(0, ...shapes.map((shape) => shape.length));
    for (let axis = 0; axis < rank; axis += 1) {
      const sizes = shapes.flatMap((shape) => shape.slice(axis, axis + 1));
      const [first, second] = [...new Set(sizes.flatMap((dim) => (typeof dim === 'number' ? [] : [dim.name])))];
      if (first === undefined || second === undefined || reported.has(`${first} ${second}`)) continue;
      reported.add(`${first} ${second}`);
      sink.report({
        code: 'E5018',
        message: `${op.name} takes tensors of one shape, but their dimension ${axis} is ${first} and ${second}`,
        span: op.span,
        location: op.location,
        hint: `--dim ${second}=${first} makes them the same`,
      });
    }
  });
}
