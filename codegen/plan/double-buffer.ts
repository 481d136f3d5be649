/**
 * A loop whose body cannot write the next value over the old one needs two buffers. Rather than copying from one to the other after each
 * trip, the body stands there twice, the second time with the buffers exchanged:
 *
 *     while                          while
 *       before(old)                    before(old)
 *     is p do                        is p do
 *       body(old) -> new       ->      body(old) -> new
 *       copy new -> old                before(new)
 *     end                              case p
 *                                      of 0: copy new -> old      the loop tests again, and ends
 *                                      of 1: body(new) -> old
 *                                      end
 *                                    end
 */
import type { DraftStep } from './draft.ts';
import type { StorageCopy } from './ordered-copies.ts';
import type { Storage, StorageView } from './storage.ts';

type Loop = Extract<DraftStep, { readonly kind: 'while' }>;

/** Less is copied sooner than a second body is read. */
const leastBytes = 64;
/** Of a body that stands there twice. */
const mostSteps = 64;

/** True when these copies are worth a second body. */
export function isWorthDoubling(body: readonly DraftStep[], copies: readonly StorageCopy[]): boolean {
  const bytes = copies.reduce((sum, { from }) => sum + from.storage.maxBytes, 0);
  return bytes >= leastBytes && countSteps(body) <= mostSteps;
}

/** `copies` are those left out of the body: whole storages, each of which is in one copy only. */
export function doubleBuffered(loop: Loop, copies: readonly StorageCopy[]): Loop {
  const other = new Map<Storage, Storage>();
  for (const { from, to } of copies) other.set(from.storage, to.storage).set(to.storage, from.storage);
  const { location, turns } = loop;
  const halves = turns === undefined ? undefined : Math.ceil(turns / 2);
  const second: DraftStep = {
    kind: 'case',
    index: exchangedView(loop.condition, other),
    branches: [copies.map((copy) => ({ kind: 'copy', ...copy, location })), exchanged(loop.body, other)],
    shares:
      turns === undefined || halves === undefined ? undefined : [(turns % 2) / halves, Math.floor(turns / 2) / halves],
    location,
  };
  return { ...loop, turns: halves, body: [...loop.body, ...exchanged(loop.before, other), second] };
}

function countSteps(steps: readonly DraftStep[]): number {
  return steps.reduce((count, step) => {
    if (step.kind === 'while') return count + 1 + countSteps(step.before) + countSteps(step.body);
    return count + 1 + (step.kind === 'case' ? step.branches.reduce((sum, each) => sum + countSteps(each), 0) : 0);
  }, 0);
}

type Exchange = ReadonlyMap<Storage, Storage>;

function exchanged(steps: readonly DraftStep[], other: Exchange): readonly DraftStep[] {
  const view = (each: StorageView): StorageView => exchangedView(each, other);
  return steps.map((step): DraftStep => {
    switch (step.kind) {
      case 'call':
        return { ...step, buffers: step.buffers.map(view) };
      case 'copy':
        return { ...step, from: view(step.from), to: view(step.to) };
      case 'while':
        return {
          ...step,
          before: exchanged(step.before, other),
          condition: view(step.condition),
          body: exchanged(step.body, other),
        };
      case 'case':
        return { ...step, index: view(step.index), branches: step.branches.map((each) => exchanged(each, other)) };
      default:
        return step satisfies never;
    }
  });
}

function exchangedView(view: StorageView, other: Exchange): StorageView {
  const storage = other.get(view.storage);
  return storage === undefined ? view : { ...view, storage };
}
