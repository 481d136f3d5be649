/** Inputs that the command line names: NAME=FILE, of an .npy file. */
import type { GivenInput } from '../driver/bind-inputs.ts';
import { decodeNpy, npyToTensor } from '../files/npy.ts';
import { UsageError } from './exit-code.ts';
import { readFile } from './read-file.ts';

/** The array of a file, read when it is asked for. */
export function npyInput(path: string): GivenInput {
  return { place: path, read: (dtype) => npyToTensor(decodeNpy(readFile(path), path), dtype, path) };
}

/** Name and file of `NAME=FILE`. */
export function splitNamedFile(option: string, value: string): readonly [name: string, path: string] {
  const at = value.indexOf('=');
  if (at <= 0 || at === value.length - 1) throw new UsageError(`${option} wants NAME=FILE, not '${value}'`);
  return [value.slice(0, at), value.slice(at + 1)];
}
