/** Pieces of StableHLO text. */
import { elementTypeOf, type Value } from './values.ts';

export function tensorType(dims: readonly number[], elementType = 'f32'): string {
  return `tensor<${[...dims, elementType].join('x')}>`;
}

export function typeOf({ dims, data }: Value): string {
  return tensorType(dims, elementTypeOf(data));
}

export function constant(name: string, value: Value): string {
  const { buffer, byteOffset, byteLength } = value.data;
  const hex = Buffer.from(buffer, byteOffset, byteLength).toString('hex').toUpperCase();
  return `%${name} = stablehlo.constant dense<"0x${hex}"> : ${typeOf(value)}`;
}

/** @main of named arguments, constants first in its body; the body's last value is returned. */
export function mainFunction(program: {
  readonly inputs: Readonly<Record<string, Value>>;
  readonly weights?: Readonly<Record<string, Value>>;
  readonly body: readonly string[];
  /** Names of the values that are returned, with their types. */
  readonly results: Readonly<Record<string, string>>;
}): string {
  const { inputs, weights = {}, body, results } = program;
  const parameters = Object.entries(inputs).map(([name, value]) => `%${name}: ${typeOf(value)}`);
  const constants = Object.entries(weights).map(([name, value]) => constant(name, value));
  const types = Object.values(results).join(', ');
  const returned = `return ${Object.keys(results)
    .map((name) => `%${name}`)
    .join(', ')} : ${types}`;
  const lines = [...constants, ...body, returned].map((line) => `  ${line}\n`).join('');
  return `func.func @main(${parameters.join(', ')}) -> (${types}) {\n${lines}}\n`;
}
