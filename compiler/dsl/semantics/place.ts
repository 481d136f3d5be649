/** What stands to the left of `:=` or after `&`: a cell, or `params` or `state` of a model, and the way to a part of it. */
import type { Span } from '../../../ir/source.ts';
import type { Cell } from './cell.ts';
import type { EvaluatedIndex } from './indexing.ts';
import type { Instance } from './instance.ts';

export type PlaceRoot =
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'tree'; readonly instance: Instance; readonly role: 'param' | 'state' };

export type PlaceStep =
  | { readonly kind: 'field'; readonly index: number; readonly name: string; readonly span: Span }
  | { readonly kind: 'element'; readonly index: number; readonly span: Span }
  | { readonly kind: 'tensor'; readonly items: readonly EvaluatedIndex[]; readonly span: Span };

export interface Place {
  readonly root: PlaceRoot;
  readonly steps: readonly PlaceStep[];
  readonly span: Span;
  /** As messages call it: `kv[2].k`. */
  readonly text: string;
}

/** True unless the two are surely different parts. */
export function mayOverlap(a: Place, b: Place): boolean {
  if (a.root.kind === 'cell' && b.root.kind === 'cell' && a.root.cell !== b.root.cell) return false;
  if (a.root.kind !== b.root.kind) return false;
  if (a.root.kind === 'tree' && b.root.kind === 'tree' && a.root.instance !== b.root.instance) return false;
  for (const [index, step] of a.steps.entries()) {
    const other = b.steps[index];
    if (other === undefined || step.kind === 'tensor' || other.kind === 'tensor') return true;
    if (step.index !== other.index) return false;
  }
  return true;
}
