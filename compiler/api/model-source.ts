/** Where a program's models come from: memory, or whatever its own function looks up. */
import { SourceFile } from '../../ir/source.ts';
import type { WeightsRequest } from '../driver/weights.ts';
import { bytesInMemory } from '../files/byte-source.ts';
import { type ModelFiles, noSuchFile } from '../driver/model-files.ts';

/** Path -> text, or a function that looks a path up and gives `undefined` for what it does not know. */
export type VirtualFiles =
  | Readonly<Record<string, string | Uint8Array>>
  | ((path: string) => string | Uint8Array | undefined);

export interface ModelSource {
  /** The path of the model among the files; its ending (`.mlir`) says the language. */
  readonly main: string;
  readonly files: VirtualFiles;
}

export function filesOf({ files }: ModelSource): ModelFiles {
  const look = typeof files === 'function' ? files : (path: string) => ownValue(files, path);
  const known = typeof files === 'function' ? [] : Object.keys(files);
  return {
    open: (path) => {
      const content = look(path);
      if (content === undefined) throw noSuchFile(path, known);
      return new SourceFile(path, content);
    },
  };
}

/** The weights that are asked for by path, from the same files. */
export function weightsRequest(source: ModelSource, path: string | undefined): Omit<WeightsRequest, 'parameters'> {
  const files = filesOf(source);
  return { path, open: (name) => bytesInMemory(files.open(name).bytes) };
}

/** Not what every object inherits: `toString` is no file. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
