/**
 * Where everything is in the module's memory: `[reserved][control][constants][stack][arena][inputs and outputs]`. All of it is static: inputs and
 * outputs have their areas too, sized with every symbol at its maximum, and a caller copies into and out of them.
 */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../ir/dtype.ts';
import type { Plan, PlanPlace, PlanValue } from '../plan/plan.ts';
import { maxSize, productOfSizes } from '../kernel/size.ts';
import { reservedBytes } from './addresses.ts';

export interface MemoryMap {
  readonly constants: number;
  /** What threads share of a call (thread-pool.ts). */
  readonly control: number;
  readonly stack: number;
  readonly arena: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of 64 KiB. */
  readonly pages: number;
}

export const pageBytes = 65_536;
/** Bytes that may be read past the end of an area: vectors of tails. */
const slack = 64;

/** Of each plan of a module: constants of their own; one stack, one arena and one area for inputs and outputs, for whichever runs. */
export function mapMemory(plans: readonly Plan[], stackBytes: number, controlBytes: number): readonly MemoryMap[] {
  const area = new Area(reservedBytes);
  const control = controlBytes === 0 ? 0 : area.place(controlBytes);
  const constants = plans.map((plan) => area.place(plan.constantBytes));
  const stack = area.place(stackBytes);
  const arena = area.place(Math.max(0, ...plans.map(({ arenaBytes }) => arenaBytes)));
  return plans.map((plan, index) =>
    mapPlan(plan, new Area(area.next), { constants: constants[index] ?? 0, control, stack, arena }),
  );
}

/** Places one after the other. */
class Area {
  next: number;

  constructor(start: number) {
    this.next = start;
  }

  place(bytes: number): number {
    const at = this.next;
    this.next = Math.ceil((at + bytes + slack) / 64) * 64;
    return at;
  }
}

function mapPlan(
  plan: Plan,
  area: Area,
  shared: Pick<MemoryMap, 'constants' | 'control' | 'stack' | 'arena'>,
): MemoryMap {
  const inputs = plan.inputs.map((value) => area.place(maxBytes(plan, value)));
  const donated = new Map(plan.donations.map(({ input, output }) => [output, input]));
  const outputs = plan.outputs.map((value, index) => {
    const input = donated.get(index);
    return (input === undefined ? undefined : inputs[input]) ?? area.place(maxBytes(plan, value));
  });
  const pages = Math.ceil(area.next / pageBytes);
  if (pages > 65_536) throw tooLarge(plan, area.next);
  return { ...shared, inputs, outputs, pages };
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
  const sum = (values: readonly PlanValue[]): number =>
    values.reduce((total, value) => total + maxBytes(plan, value), 0);
  const parts = [
    ['constants', plan.constantBytes],
    ['temporaries', plan.arenaBytes],
    ['inputs', sum(plan.inputs)],
    ['outputs', sum(plan.outputs)],
  ] as const;
  const list = parts.map(([name, size]) => `${gigabytes(size)} of ${name}`).join(', ');
  return new DiagnosticError({
    code: 'E3121',
    kind: 'unsupported',
    message: `@${plan.name} needs ${gigabytes(bytes)} GiB of memory (${list}); 32-bit WebAssembly has 4`,
    hint: 'use a smaller batch, or smaller bounds for open sizes',
  });
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
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
