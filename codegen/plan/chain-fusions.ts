/**
 * Makes chains of fusions whose results only the next one reads: a chain is one kernel, and what lies between its links never is in memory.
 *
 *     %s = tessera.fusion(%q, %k)                     %o = tessera.fusion(%q, %k, %v) ({
 *     %p = tessera.fusion(%s)                  ->       ... the three fusions ...
 *     %o = tessera.fusion(%p, %v)                     })
 *
 * Attention is the one that matters: scores, softmax and the product with the values, of a block of rows at a time. Which fusions are chained is
 * decided by predicted time, the schedule of the chain against those of its links.
 */
import { cloneOperation } from '../../ir/clone.ts';
import { fuseLocations } from '../../ir/location.ts';
import { Block, Operation, Region, type Value } from '../../ir/operation.ts';
import { returnOp } from '../../ir/ops/stablehlo/return.ts';
import { fusion } from '../../ir/ops/tessera/fusion.ts';
import type { TargetInfo } from '../kernel/target-info.ts';
import { bytesOf, ChainJudge, type ChainOptions, defaultOptions, outerResults } from './chain-judge.ts';
import { runsRegions } from './timeline.ts';

/** The function with its chains made: a copy, unless there are none. */
export function chainFusions(func: Operation, target: TargetInfo, options: ChainOptions = {}): Operation {
  if (target.kind !== 'cpu' || !blocksOf(func).some((block) => pathsOf(block, target).length > 0)) return func;
  const copy = cloneOperation(func);
  const judge = new ChainJudge(target, { ...defaultOptions, ...options });
  for (const block of blocksOf(copy))
    for (const path of pathsOf(block, target)) for (const ops of judge.divide(path)) makeChain(ops);
  return copy;
}

function blocksOf(op: Operation): Block[] {
  return op.regions.flatMap(({ block }) => [
    block,
    ...[...block.operations()]
      .filter((inner) => runsRegions(inner) || inner.name === 'stablehlo.while')
      .flatMap(blocksOf),
  ]);
}

/** Fusions in program order, of which each but the last gives only what the others read, and as much as leaves no room in the second cache. */
function pathsOf(block: Block, target: TargetInfo): readonly (readonly Operation[])[] {
  const paths: Operation[][] = [];
  const taken = new Set<Operation>();
  for (const last of [...block.operations()].toReversed()) {
    if (last.name !== fusion.name || taken.has(last)) continue;
    const path = [last];
    for (let next = producer(path, target); next !== undefined; next = producer(path, target)) path.unshift(next);
    for (const op of path) taken.add(op);
    if (path.length > 1) paths.push(path);
  }
  return paths;
}

/** What gives the first op of the path the most bytes, to nobody else. */
function producer([first, ...others]: readonly Operation[], { caches }: TargetInfo): Operation | undefined {
  const inside = new Set([first, ...others]);
  const makers = (first?.operands ?? []).flatMap(({ definingOp: op }) =>
    op?.name === fusion.name &&
    op.block === first?.block &&
    op.results.every((result) => [...result.uses()].every(({ owner }) => inside.has(owner))) &&
    2 * bytesOf(op) >= caches.l2
      ? [op]
      : [],
  );
  return makers.toSorted((a, b) => bytesOf(b) - bytesOf(a))[0];
}

/** One fusion of them, in the place of the last. */
function makeChain(ops: readonly Operation[]): void {
  const block = new Block();
  const mapping = new Map<Value, Value>();
  const operands: Value[] = [];
  const own = new Set(ops.flatMap(({ results }) => results));
  for (const op of ops) {
    for (const operand of op.operands)
      if (!own.has(operand) && !mapping.has(operand)) {
        mapping.set(operand, block.addArgument(operand.type));
        operands.push(operand);
      }
    block.append(cloneOperation(op, mapping));
  }
  const results = outerResults(ops);
  const location = fuseLocations(ops.map((op) => op.location));
  const given = results.map((value) => mapping.get(value) ?? value);
  block.append(new Operation(returnOp, { operands: given, location }));
  const chain = new Operation(fusion, {
    operands,
    resultTypes: results.map(({ type }) => type),
    regions: [new Region(block)],
    location,
    span: ops[0]?.span,
  });
  const last = ops.at(-1);
  last?.block?.insertBefore(chain, last);
  for (const [index, value] of results.entries()) value.replaceAllUsesWith(chain.result(index));
  for (const op of ops.toReversed()) op.erase();
}
