/** Draft steps to plan steps: every storage gets its place. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { symbolName } from '../../ir/symbol-table.ts';
import { alignUp, type ArenaLayout } from './assign-offsets.ts';
import type { DraftStep } from './draft.ts';
import type { Plan, PlanBuffer, PlanConstant, PlanPlace, PlanStep, PlanValue } from './plan.ts';
import { sizesOf, type Storage, type StorageView, tensorTypeOf } from './storage.ts';

/** Bytes past the end of the arena that a kernel may read. */
export const arenaSlackBytes = 64;

export interface DraftPlan {
  readonly func: Operation;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: readonly PlanConstant[];
  readonly arena: ArenaLayout;
  readonly lowerBoundBytes: number;
  readonly steps: readonly DraftStep[];
}

export function finishPlan(draft: DraftPlan): Plan {
  const place = (storage: Storage): PlanPlace => placeOf(storage, draft);
  const inputs = draft.inputs.map((value, index) => planValue(value, `arg${index}`));
  const outputs = draft.outputs.map((value, index) => planValue(value, `out${index}`));
  const last = draft.constants.at(-1);
  return {
    name: symbolName(draft.func) ?? 'main',
    inputs,
    outputs,
    donations: [],
    constants: draft.constants,
    constantBytes: last === undefined ? 0 : last.offset + alignUp(last.bytes),
    arenaBytes: draft.arena.bytes + arenaSlackBytes,
    lowerBoundBytes: draft.lowerBoundBytes,
    programOrderBytes: draft.lowerBoundBytes,
    symbols: symbolsOf([...draft.inputs, ...draft.outputs]),
    steps: draft.steps.map((step) => finishStep(step, place)),
  };
}

function placeOf(storage: Storage, { arena, constants }: DraftPlan): PlanPlace {
  switch (storage.kind) {
    case 'arena': {
      const offset = arena.offsets.get(storage);
      invariant(offset !== undefined, `storage ${storage.id} has no place in the arena`);
      return { kind: 'arena', offset };
    }
    case 'constant': {
      const constant = constants[storage.index];
      invariant(constant !== undefined, `there is no constant ${storage.index}`);
      return { kind: 'constant', offset: constant.offset };
    }
    case 'input':
    case 'output':
      return { kind: storage.kind, index: storage.index };
    default:
      return storage.kind satisfies never;
  }
}

function finishStep(step: DraftStep, place: (storage: Storage) => PlanPlace): PlanStep {
  const buffer = ({ storage, byteOffset, dtype, size }: StorageView): PlanBuffer => ({
    place: place(storage), byteOffset, dtype, size,
  }); // prettier-ignore
  const steps = (list: readonly DraftStep[]): readonly PlanStep[] => list.map((each) => finishStep(each, place));
  switch (step.kind) {
    case 'call':
      return { ...step, buffers: step.buffers.map(buffer) };
    case 'copy':
      return { ...step, from: buffer(step.from), to: buffer(step.to) };
    case 'while':
      return { ...step, before: steps(step.before), condition: buffer(step.condition), body: steps(step.body) };
    case 'case':
      return { ...step, index: buffer(step.index), branches: step.branches.map(steps) };
    default:
      return step satisfies never;
  }
}

function planValue(value: Value, name: string): PlanValue {
  const type = tensorTypeOf(value);
  return { name, dtype: type.element, shape: sizesOf(type) };
}

function symbolsOf(values: readonly Value[]): readonly string[] {
  const names = new Set<string>();
  for (const value of values) {
    for (const dim of tensorTypeOf(value).shape) if (typeof dim !== 'number') names.add(dim.name);
  }
  return [...names];
}
