/**
 * Where everything is in the module's memory: `[reserved][constants][stack][arena][inputs and outputs]`. All of it is static: inputs and
 * outputs have their areas too, sized with every symbol at its maximum, and a caller copies into and out of them.
 */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../ir/dtype.ts';
import type { Plan, PlanPlace, PlanValue } from '../plan/plan.ts';
import { maxSize, productOfSizes } from '../kernel/size.ts';
import { reservedBytes } from './addresses.ts';

export interface MemoryMap {
  readonly constants: number;
  readonly stack: number;
  readonly arena: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of 64 KiB. */
  readonly pages: number;
}

const pageBytes = 65_536;
/** Bytes that may be read past the end of an area: vectors of tails. */
const slack = 64;

export function mapMemory(plan: Plan, stackBytes: number): MemoryMap {
  let next = reservedBytes;
  const place = (bytes: number): number => {
    const at = next;
    next = Math.ceil((at + bytes + slack) / 64) * 64;
    return at;
  };
  const constants = place(plan.constantBytes);
  const stack = place(stackBytes);
  const arena = place(plan.arenaBytes);
  const inputs = plan.inputs.map((value) => place(maxBytes(plan, value)));
  const donated = new Map(plan.donations.map(({ input, output }) => [output, input]));
  const outputs = plan.outputs.map((value, index) => {
    const input = donated.get(index);
    return (input === undefined ? undefined : inputs[input]) ?? place(maxBytes(plan, value));
  });
  const pages = Math.ceil(next / pageBytes);
  if (pages > 65_536) throw tooLarge(plan, next);
  return { constants, stack, arena, inputs, outputs, pages };
}

function maxBytes(plan: Plan, { name, shape, dtype }: PlanValue): number {
  const elements = maxSize(productOfSizes(shape));
  if (elements !== undefined) return elements * storageBytes(dtype);
  throw new DiagnosticError({
    code: 'E3101',
    kind: 'unsupported',
    message: `@${plan.name}: ${name} has a size without a maximum, so no memory can be planned for it`,
    hint: 'give the dimension a size with --dim NAME=SIZE',
  });
}

function tooLarge(plan: Plan, bytes: number): DiagnosticError {
  const gigabytes = (bytes / 2 ** 30).toFixed(1);
  return new DiagnosticError({
    code: 'E3121',
    kind: 'unsupported',
    message: `@${plan.name} needs ${gigabytes} GiB of memory; 32-bit WebAssembly has 4`,
  });
}

/** The address that a place begins at. */
export function addressOf(map: MemoryMap, place: PlanPlace): number {
  switch (place.kind) {
    case 'arena':
      return map.arena + place.offset;
    case 'constant':
      return map.constants + place.offset;
    case 'input':
      return map.inputs[place.index] ?? 0;
    case 'output':
      return map.outputs[place.index] ?? 0;
    default:
      return place satisfies never;
  }
}
