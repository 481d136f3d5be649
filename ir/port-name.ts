/** What a function's arguments and results are called: as the program named them, else by their position. */
import type { Operation } from './operation.ts';

export type PortKind = 'arg' | 'out';

/** A text among the attributes of an argument or result of a `func.func`. */
export function portText(func: Operation, kind: PortKind, index: number, key: string): string | undefined {
  const all = func.attribute(kind === 'arg' ? 'arg_attrs' : 'res_attrs');
  const own = all?.kind === 'array' ? all.elements[index] : undefined;
  const value = own?.kind === 'dictionary' ? own.entries.get(key) : undefined;
  return value?.kind === 'string' ? value.value : undefined;
}

/** `tessera.name` where there is one, else `arg0`, `out1`. */
export function portName(func: Operation, kind: PortKind, index: number): string {
  return portText(func, kind, index, 'tessera.name') ?? `${kind}${index}`;
}
