/** Draft steps to plan steps: every storage gets its place. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { portName } from '../../ir/port-name.ts';
import { symbolName } from '../../ir/symbol-table.ts';
import { arenaSlackBytes } from '../kernel/loop-ir.ts';
import { symbolsOfSize } from '../kernel/size.ts';
import { alignUp, type ArenaLayout } from './assign-offsets.ts';
import type { Draft, DraftStep } from './draft.ts';
import type { Donation, Plan, PlanBuffer, PlanConstant, PlanPlace, PlanStep, PlanValue } from './plan.ts';
import { sizesOf, type Storage, type StorageView, tensorTypeOf } from './storage.ts';

export interface PlacedDraft {
  readonly func: Operation;
  readonly donations: readonly Donation[];
  readonly draft: Draft;
  readonly arena: ArenaLayout;
  readonly lowerBoundBytes: number;
  readonly programOrderBytes: number;
}

export function finishPlan(placed: PlacedDraft): Plan {
  const { func, donations, draft, arena, lowerBoundBytes, programOrderBytes } = placed;
  const { block } = func.region();
  const [givenValues, wantedValues] = [block.arguments, block.terminator?.operands ?? []];
  const constants = placeConstants(draft);
  const last = constants.at(-1);
  const place = (storage: Storage): PlanPlace => placeOf(storage, arena, constants);
  return {
    name: symbolName(func) ?? 'main',
    inputs: givenValues.map((value, index) => planValue(value, portName(func, 'arg', index))),
    outputs: wantedValues.map((value, index) => planValue(value, portName(func, 'out', index))),
    donations,
    constants,
    constantBytes: last === undefined ? 0 : last.offset + alignUp(last.bytes),
    arenaBytes: arena.bytes + arenaSlackBytes,
    peakBytes: arena.bytes,
    lowerBoundBytes,
    programOrderBytes,
    symbols: symbolsOf([...givenValues, ...wantedValues]),
    steps: draft.steps.map((step) => finishStep(step, place)),
  };
}

function placeConstants({ constants }: Draft): readonly PlanConstant[] {
  let offset = 0;
  return constants.map((constant) => {
    const placed = { ...constant, offset };
    offset += alignUp(constant.bytes);
    return placed;
  });
}

function placeOf(storage: Storage, arena: ArenaLayout, constants: readonly PlanConstant[]): PlanPlace {
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
    for (const { name } of sizesOf(tensorTypeOf(value)).flatMap(symbolsOfSize)) names.add(name);
  }
  return [...names];
}
