/** Arrays from files to the arguments of a function: by name, with dtypes, shapes and dimensions checked. */
import type { Dim } from '../../ir/dimension.ts';
import { describeDim } from '../../ir/dimension.ts';
import { storageDType } from '../../ir/elements.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { isTensor, type TensorType } from '../../ir/types.ts';
import { nearest } from '../../ir/text/edit-distance.ts';
import { type NpyFile, npyToTensor } from '../files/npy.ts';
import { filesError, type FunctionSignature, type NamedType } from './function-signature.ts';

/** Sizes given to named dimensions, by `--dim` or by the first input that has them. */
export type DimensionSizes = Map<string, number>;

export interface InputFile {
  readonly path: string;
  readonly file: NpyFile;
}

/** One tensor an argument, in order. Throws DiagnosticErrors (E5004 to E5008, E5011, E5012). */
export function bindInputs(
  signature: FunctionSignature,
  files: ReadonlyMap<string, InputFile>,
  sizes: DimensionSizes,
): readonly Tensor[] {
  checkDimensions(signature, sizes);
  checkNames('input', [...files.keys()], signature.inputs);
  return signature.inputs.map((input) => {
    const given = files.get(input.name);
    if (!isTensor(input.type)) {
      throw filesError(
        'E5012',
        `the argument ${input.name} of @${signature.name} is ${input.type.text}, which no file can give`,
      );
    }
    if (given === undefined) {
      const missing = signature.inputs
        .filter(({ name }) => !files.has(name))
        .map(({ name, type }) => `${name}: ${type.text}`);
      throw filesError('E5007', `@${signature.name} needs ${missing.join(', ')}`, {
        hint: `give it with --in ${input.name}=FILE.npy`,
      });
    }
    if (typeof input.type.element !== 'string') {
      throw filesError('E5012', `the argument ${input.name} has quantised elements, which no .npy file holds`);
    }
    const tensor = npyToTensor(given.file, storageDType(input.type.element), given.path);
    checkShape(given.path, tensor, input.name, input.type, sizes);
    return tensor;
  });
}

/** Every name must be one of `known`; else E5008 with the nearest. */
export function checkNames(role: 'input' | 'output', names: readonly string[], known: readonly NamedType[]): void {
  const knownNames = known.map(({ name }) => name);
  for (const name of names) {
    if (knownNames.includes(name)) continue;
    const closest = nearest(name, knownNames);
    const hint = closest === undefined ? undefined : `did you mean '${closest}'?`;
    throw filesError(
      'E5008',
      `there is no ${role} '${name}'; there ${knownNames.length === 1 ? 'is' : 'are'} ${knownNames.join(', ') || 'none'}`,
      { hint },
    );
  }
}

function checkDimensions(signature: FunctionSignature, sizes: DimensionSizes): void {
  const known = new Map<string, Dim>();
  for (const { type } of [...signature.inputs, ...signature.outputs]) {
    if (!isTensor(type)) continue;
    for (const dim of type.shape) if (typeof dim !== 'number' && dim.name !== '') known.set(dim.name, dim);
  }
  for (const [name, size] of sizes) {
    const dim = known.get(name);
    if (dim === undefined || typeof dim === 'number') {
      throw filesError(
        'E5011',
        `@${signature.name} has no dimension '${name}'; it has ${[...known.keys()].join(', ') || 'none with a name'}`,
      );
    }
    if (dim.max !== undefined && size > dim.max)
      throw filesError('E5011', `${name} = ${size}, but it is at most ${dim.max}`);
  }
}

function checkShape(path: string, tensor: Tensor, name: string, type: TensorType, sizes: DimensionSizes): void {
  const wanted = `[${type.shape.map(describeDim).join(', ')}]`;
  const got = `[${tensor.shape.join(', ')}]`;
  if (tensor.shape.length !== type.shape.length)
    throw filesError('E5006', `${path}: its shape is ${got}, but ${name} is ${wanted}`);
  for (const [axis, dim] of type.shape.entries()) {
    const size = tensor.shape[axis] ?? 0;
    const expected = typeof dim === 'number' ? dim : (sizes.get(dim.name) ?? size);
    const isTooLarge = typeof dim !== 'number' && dim.max !== undefined && size > dim.max;
    if (size !== expected || isTooLarge) {
      const note = typeof dim !== 'number' && size !== expected ? ` with ${dim.name} = ${expected}` : '';
      throw filesError(
        'E5006',
        `${path}: its shape is ${got}, but ${name} is ${wanted}${note}: dimension ${axis} disagrees`,
      );
    }
    if (typeof dim !== 'number' && dim.name !== '') sizes.set(dim.name, size);
  }
}
