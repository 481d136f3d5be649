/** Arrays, from files or from a program, to the arguments of a function: by name, with dtypes, shapes and dimensions checked. */
import type { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Dim } from '../../ir/dimension.ts';
import type { DType } from '../../ir/dtype.ts';
import { describeDim } from '../../ir/dimension.ts';
import { storageDType } from '../../ir/elements.ts';
import { type RuntimeValue, tokenValue } from '../../ir/evaluator/runtime-value.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { nearest } from '../../ir/text/edit-distance.ts';
import { isTensor, type TensorType } from '../../ir/types.ts';
import { nameOfDim } from './dimensions.ts';
import { filesError, type FunctionSignature, type NamedType } from './function-signature.ts';
import { portTypeText } from './type-text.ts';

/** Sizes given to named dimensions, by `--dim` or by the first input that has them. */
export type DimensionSizes = Map<string, number>;

export interface GivenInput {
  /** What messages call it: a file's path, or the name of the input. */
  readonly place: string;
  /** The array, as elements of that dtype. Throws a DiagnosticError (E5001 to E5005, E5013) when it is none of them. */
  readonly read: (dtype: DType, shape: readonly Dim[]) => Tensor;
}

interface Request {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly sizes: DimensionSizes;
}

/** Whether names of inputs, outputs and dimensions are the function's; else E5008 and E5011 in the sink. */
export function checkNamesGiven(signature: FunctionSignature, request: Request, sink: DiagnosticSink): void {
  checkNames('input', request.inputs, namesOf(signature.inputs), sink);
  checkNames('output', request.outputs, namesOf(signature.outputs), sink);
  checkDimensions(signature, request.sizes, sink);
}

/** As {@link checkNamesGiven}, and whether every input is given; else E5007. */
export function checkRequest(signature: FunctionSignature, request: Request, sink: DiagnosticSink): void {
  checkNamesGiven(signature, request, sink);
  const missing = signature.inputs.filter(({ name, type }) => !request.inputs.includes(name) && type.kind !== 'token');
  // A name that is wrong and one that is missing are mostly one mistake.
  if (missing.length === 0 || sink.hasErrors) return;
  const unfit = missing.find(({ type }) => !isTensor(type));
  if (unfit !== undefined) {
    sink.report(notFromFile(signature, unfit).diagnostic);
    return;
  }
  const list = missing.map((input) => `${input.name}: ${portTypeText(input)}`).join(', ');
  const flags = missing.map(({ name }) => `--in ${name}=FILE.npy`).join(' ');
  sink.report({ code: 'E5007', message: `@${signature.name} needs ${list}`, hint: `add ${flags}` });
}

/** One value an argument, in order: tensors as given, tokens from nowhere. Undefined, with errors in the sink, when one does not fit. */
export function bindInputs(
  signature: FunctionSignature,
  given: ReadonlyMap<string, GivenInput>,
  sizes: DimensionSizes,
  sink: DiagnosticSink,
): readonly RuntimeValue[] | undefined {
  const before = sink.errorCount;
  const values: RuntimeValue[] = [];
  for (const input of signature.inputs) {
    const source = given.get(input.name);
    if (source === undefined) {
      if (input.type.kind === 'token') values.push(tokenValue);
      continue;
    }
    try {
      values.push(bindInput(signature, input, source, sizes));
    } catch (error) {
      sink.catch(error);
    }
  }
  return sink.errorCount === before ? values : undefined;
}

function bindInput(
  signature: FunctionSignature,
  input: NamedType,
  { place, read }: GivenInput,
  sizes: DimensionSizes,
): Tensor {
  const { name, type } = input;
  if (!isTensor(type)) throw notFromFile(signature, input);
  if (typeof type.element !== 'string') {
    throw filesError('E5012', `the argument ${name} is ${type.text}: quantised elements cannot be read from a file`, {
      kind: 'unsupported',
    });
  }
  const tensor = read(storageDType(type.element), type.shape);
  checkShape(place, tensor, name, type, sizes);
  return tensor;
}

function notFromFile(signature: FunctionSignature, { name, type }: NamedType): DiagnosticError {
  return filesError('E5012', `the argument ${name} of @${signature.name} is ${type.text}, which no file can give`);
}

/** Of a network with many parameters the first few. */
function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ') || 'none';
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

const namesOf = (values: readonly NamedType[]): readonly string[] => values.map(({ name }) => name);

export function checkNames(
  role: 'input' | 'output',
  names: readonly string[],
  knownNames: readonly string[],
  sink: DiagnosticSink,
): void {
  for (const name of names) {
    if (knownNames.includes(name)) continue;
    const closest = nearest(name, knownNames);
    sink.report({
      code: 'E5008',
      message: `the function has no ${role} '${name}'; it has ${listOf(knownNames)}`,
      hint: closest === undefined ? undefined : `did you mean '${closest}'?`,
    });
  }
}

function checkDimensions(signature: FunctionSignature, sizes: DimensionSizes, sink: DiagnosticSink): void {
  const known = namedDimensions(signature);
  for (const [name, size] of sizes) {
    const dim = known.get(name);
    if (dim === undefined || typeof dim === 'number') {
      const names = [...known.keys()];
      const closest = nearest(name, names);
      sink.report({
        code: 'E5011',
        message: `@${signature.name} has no dimension '${name}'; it has ${names.join(', ') || 'none with a name'}`,
        hint: closest === undefined ? undefined : `did you mean '${closest}'?`,
      });
    } else if (dim.max !== undefined && size > dim.max) {
      sink.report({ code: 'E5011', message: `the dimension ${name} is ${size}, but it is at most ${dim.max}` });
    }
  }
}

function namedDimensions(signature: FunctionSignature): ReadonlyMap<string, Dim> {
  const known = new Map<string, Dim>();
  for (const { name, type } of signature.inputs) {
    if (!isTensor(type)) continue;
    for (const [axis, dim] of type.shape.entries())
      if (typeof dim !== 'number') known.set(nameOfDim(dim, name, axis), dim);
  }
  for (const { type } of signature.outputs) {
    if (!isTensor(type)) continue;
    for (const dim of type.shape) if (typeof dim !== 'number' && dim.name !== '') known.set(dim.name, dim);
  }
  return known;
}

function checkShape(place: string, tensor: Tensor, name: string, type: TensorType, sizes: DimensionSizes): void {
  const wanted = `[${type.shape.map(describeDim).join(', ')}]`;
  const got = `[${tensor.shape.join(', ')}]`;
  const start = `${place}: the array is ${got}, but ${name} is ${wanted}`;
  if (tensor.shape.length !== type.shape.length) throw filesError('E5006', start);
  for (const [axis, dim] of type.shape.entries()) {
    const size = tensor.shape[axis] ?? 0;
    const known = typeof dim === 'number' ? '' : nameOfDim(dim, name, axis);
    const problem = sizeProblem(dim, size, known, sizes);
    if (problem !== undefined) throw filesError('E5006', `${start}: dimension ${axis} ${problem}`);
    if (known !== '') sizes.set(known, size);
  }
}

function sizeProblem(dim: Dim, size: number, name: string, sizes: DimensionSizes): string | undefined {
  if (typeof dim === 'number') return size === dim ? undefined : `is ${size}, not ${dim}`;
  const expected = sizes.get(name);
  if (expected !== undefined && size !== expected) return `is ${size}, but ${name} is ${expected} here`;
  return dim.max !== undefined && size > dim.max ? `is ${size}, but at most ${dim.max}` : undefined;
}
