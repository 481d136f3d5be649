/**
 * Which values of a fusion get a buffer, and which of them one stage computes together. Everything else is computed where it is needed.
 *
 * - `pointwise`: results of the fusion; several of one shape that do not wait for each other are one stage.
 * - `reducer`: what reductions and contractions give; reductions of one domain are one stage with a tuple of accumulators.
 * - `update`: a dynamic_update_slice of an operand that nothing else reads: it writes its box, in place.
 * - `pieces`: a concatenation: each input is written to its part.
 */
import type { Operation, Value } from '../../ir/operation.ts';
import { attributesOf } from '../../ir/op-site.ts';
import { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import { equalSizes, type Size } from '../kernel/size.ts';
import type { IndexExpr } from '../kernel/structured-kernel.ts';
import { shapeOf } from './expressions.ts';
import type { FusionBody } from './fusion-body.ts';
import { kernelRule } from './kernel-rules.ts';
import { concatenatedPieces } from './movement-rules.ts';

export type NodeKind = 'pointwise' | 'reducer' | 'update' | 'pieces';

/** Where a stage reads a value of another. */
export interface Read {
  readonly value: Value;
  readonly indices: readonly IndexExpr[];
  readonly by: NodeGroup;
  readonly isGuarded: boolean;
}

/** Values that one stage (of `pieces`, one each) computes; all have one shape. */
export class NodeGroup {
  readonly kind: NodeKind;
  readonly values: Value[];
  /** The reductions, of a `reducer`; else the op that gives the first value. */
  readonly ops: Operation[];
  readonly shape: readonly Size[];
  /** Values with buffers that computing these reads. */
  readonly needs: Set<Value>;

  constructor(
    kind: NodeKind,
    values: readonly Value[],
    op: Operation | undefined,
    shape: readonly Size[],
    needs: Set<Value>,
  ) {
    this.kind = kind;
    this.values = [...values];
    this.ops = op === undefined ? [] : [op];
    this.shape = shape;
    this.needs = needs;
  }

  absorb(other: NodeGroup): void {
    this.values.push(...other.values);
    this.ops.push(...other.ops);
    for (const value of other.needs) this.needs.add(value);
    for (const value of this.values) this.needs.delete(value);
  }
}

/** Concatenations of more inputs than this are computed with selects, not piece by piece. */
const maxPieces = 16;

function isReducer(op: Operation): boolean {
  return kernelRule(op).kind === 'reducer';
}

/** Groups in an order in which each comes after all it needs. `wanted`: values that get a buffer besides. */
export function groupNodes(op: Operation, body: FusionBody, wanted: ReadonlySet<Value>): readonly NodeGroup[] {
  const inputs = new Set(body.inputs);
  const results = new Set(body.results);
  const live = liveOps(body);
  const hasBuffer = new Set<Value>([...results, ...wanted]);
  for (const inner of live) if (isReducer(inner)) for (const result of inner.results) hasBuffer.add(result);
  for (const value of rowValues(live)) hasBuffer.add(value);
  const groups: NodeGroup[] = [];
  const add = (kind: NodeKind, values: readonly Value[], from: Operation | undefined): void => {
    const [first] = values;
    if (first === undefined) return;
    const needs = neededBuffers(from === undefined ? [] : from.operands, hasBuffer);
    groups.push(new NodeGroup(kind, values, from, shapeOf(first, from ?? op), needs));
  };
  for (const value of results) if (inputs.has(value)) add('pointwise', [value], undefined);
  for (const inner of live) {
    if (isReducer(inner)) {
      add(
        'reducer',
        inner.results.filter((result) => result.hasUses || results.has(result)),
        inner,
      );
    } else
      for (const result of inner.results) if (hasBuffer.has(result)) add(kindOf(inner, result, body), [result], inner);
  }
  return mergeGroups(groups, wanted);
}

/** Ops that cost much more than reading an element back from the cache. */
const expensiveOps: ReadonlySet<string> = new Set([
  'chlo.erf',
  ...[
    'atan2',
    'cbrt',
    'cosine',
    'exponential',
    'exponential_minus_one',
    'log',
    'log_plus_one',
    'logistic',
    'power',
  ].map((name) => `stablehlo.${name}`),
  ...['sine', 'tan', 'tanh'].map((name) => `stablehlo.${name}`),
]);

/** Values of expensive ops that several stages would compute, each for itself: the exponentials of a softmax. */
export function expensiveValues(op: Operation, body: FusionBody): readonly Value[] {
  const groups = groupNodes(op, body, new Set());
  const buffered = new Set(groups.flatMap(({ values }) => values));
  const counts = new Map<Value, number>();
  for (const group of groups) {
    const seen = new Set<Value>();
    const stack = group.ops.flatMap((each) => each.operands);
    for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
      if (seen.has(value) || buffered.has(value)) continue;
      seen.add(value);
      if (expensiveOps.has(value.definingOp?.name ?? '')) counts.set(value, (counts.get(value) ?? 0) + 1);
      stack.push(...(value.definingOp?.operands ?? []));
    }
  }
  return [...counts].flatMap(([value, count]) => (count > 1 ? [value] : []));
}

/** Ops whose results are used. */
function liveOps(body: FusionBody): readonly Operation[] {
  const results = new Set(body.results);
  const live = new Set<Operation>();
  for (const op of body.ops.toReversed()) {
    const isUsed = op.results.some(
      (result) => results.has(result) || [...result.uses()].some(({ owner }) => live.has(owner)),
    );
    if (isUsed) live.add(op);
  }
  return body.ops.filter((op) => live.has(op));
}

function kindOf(op: Operation, result: Value, body: FusionBody): NodeKind {
  if (op.name === 'stablehlo.dynamic_update_slice' && isUpdatedInPlace(op, result, body)) return 'update';
  if (op.name !== concatenate.name) return 'pointwise';
  const { dimension } = attributesOf<typeof concatenate.attributes>(op);
  const pieces = concatenatedPieces(op, dimension).length;
  return pieces > 1 && pieces <= maxPieces ? 'pieces' : 'pointwise';
}

/** Nothing else may look at the operand, since it changes under its eyes. */
function isUpdatedInPlace(op: Operation, result: Value, body: FusionBody): boolean {
  const operand = op.operand(0);
  const asInput = body.inputs.filter((input) => input === operand).length;
  const asResult = body.results.filter((value) => value === result).length;
  const isOnlyReader = body.ops.every((other) =>
    other.operands.every((value, index) => value !== operand || (other === op && index === 0)),
  );
  return asInput === 1 && asResult === 1 && isOnlyReader && !body.results.includes(operand);
}

/**
 * What a reduction gives is mostly worked on before it is spread over a larger domain again: a mean, a reciprocal root. That is done
 * once a row, in the `finish` of the reduction.
 */
function rowValues(ops: readonly Operation[]): readonly Value[] {
  const reduced = new Set<Value>();
  const rows: Value[] = [];
  for (const op of ops) {
    if (isReducer(op)) for (const result of op.results) reduced.add(result);
    else if (op.operands.some((operand) => reduced.has(operand)) && kernelRule(op).kind === 'pointwise')
      for (const result of op.results) reduced.add(result);
    if (op.name !== 'stablehlo.broadcast_in_dim') continue;
    const value = beforeMovement(op.operand(0));
    const { definingOp } = value;
    if (definingOp !== undefined && reduced.has(value) && !isReducer(definingOp)) rows.push(value);
  }
  return rows;
}

const plainMovement: ReadonlySet<string> = new Set(['stablehlo.reshape', 'stablehlo.transpose']);

function beforeMovement(value: Value): Value {
  const op = value.definingOp;
  return op !== undefined && plainMovement.has(op.name) ? beforeMovement(op.operand(0)) : value;
}

/** Values with buffers that are met first on the way up from these. */
function neededBuffers(from: readonly Value[], hasBuffer: ReadonlySet<Value>): Set<Value> {
  const needs = new Set<Value>();
  const seen = new Set<Value>();
  const stack = [...from];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (hasBuffer.has(value)) needs.add(value);
    else stack.push(...(value.definingOp?.operands ?? []));
  }
  return needs;
}

/**
 * Merges what may be one stage, as long as no group then waits for itself. `apart`: values that are read from their buffers, so that they
 * must be written by an earlier stage.
 */
function mergeGroups(groups: readonly NodeGroup[], apart: ReadonlySet<Value>): readonly NodeGroup[] {
  const merged: NodeGroup[] = [];
  for (const group of groups) {
    const isApart = group.values.some((value) => apart.has(value));
    const partner = isApart
      ? undefined
      : merged.find(
          (other) =>
            areAlike(other, group) &&
            !other.values.some((value) => apart.has(value)) &&
            !waitsThrough(merged, groups, other, group),
        );
    if (partner === undefined) merged.push(group);
    else partner.absorb(group);
  }
  return sortGroups(merged);
}

function areAlike(a: NodeGroup, b: NodeGroup): boolean {
  if (a.kind !== b.kind || !equalShapes(a.shape, b.shape)) return false;
  if (a.kind === 'pointwise') return true;
  const [left, right] = [a.ops[0], b.ops[0]];
  if (a.kind !== 'reducer' || left?.name !== reduce.name || right?.name !== reduce.name) return false;
  const [one, other] = [left, right].map((op) => new Set(attributesOf<typeof reduce.attributes>(op).dimensions));
  const isSame = one?.size === other?.size && [...(one ?? [])].every((axis) => other?.has(axis) === true);
  return isSame && equalShapes(shapeOf(left.operand(0), left), shapeOf(right.operand(0), right));
}

function equalShapes(a: readonly Size[], b: readonly Size[]): boolean {
  return a.length === b.length && a.every((size, axis) => equalSizes(size, b[axis] ?? -1));
}

/**
 * True when one of the two waits for a third that waits for the other; of reducers, also when one waits for the other itself. Pointwise
 * values are computed where they are needed, so that one may use the other directly.
 */
function waitsThrough(merged: readonly NodeGroup[], all: readonly NodeGroup[], a: NodeGroup, b: NodeGroup): boolean {
  const owners = new Map<Value, NodeGroup>();
  for (const group of [...all, ...merged]) for (const value of group.values) owners.set(value, group);
  const reaches = (from: NodeGroup, to: NodeGroup): boolean => {
    const seen = new Set<NodeGroup>([from]);
    const stack = directNeeds(from, owners).filter((group) => a.kind === 'reducer' || group !== to);
    for (let group = stack.pop(); group !== undefined; group = stack.pop()) {
      if (group === to) return true;
      if (seen.has(group)) continue;
      seen.add(group);
      stack.push(...directNeeds(group, owners));
    }
    return false;
  };
  return reaches(a, b) || reaches(b, a);
}

function directNeeds(group: NodeGroup, owners: ReadonlyMap<Value, NodeGroup>): NodeGroup[] {
  return [...group.needs].flatMap((value) => owners.get(value) ?? []);
}

/** Each after all it needs; otherwise in the given order. */
function sortGroups(groups: readonly NodeGroup[]): readonly NodeGroup[] {
  const owners = new Map<Value, NodeGroup>();
  for (const group of groups) for (const value of group.values) owners.set(value, group);
  const sorted = new Set<NodeGroup>();
  const visit = (group: NodeGroup): void => {
    if (sorted.has(group)) return;
    for (const need of directNeeds(group, owners)) if (need !== group) visit(need);
    sorted.add(group);
  };
  groups.forEach(visit);
  return [...sorted];
}
