/** Which fusions of a path become chains: the division that takes the least time, the schedule of a chain against those of its links. */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { buffersBetween, bytesAtPoint, chainAxes } from '../kernel/chain/links.ts';
import { bytesReadAgain } from '../kernel/chain/read-again.ts';
import { simplifiedKernel } from '../kernel/compile-kernel.ts';
import { isWorthForking, predictKernel } from '../kernel/cost-model.ts';
import { secondsText } from '../kernel/cost/prediction-text.ts';
import { chooseSchedule } from '../kernel/heuristics.ts';
import type { Schedule } from '../kernel/schedule.ts';
import { structuredKernelText } from '../kernel/structured-text.ts';
import type { KernelBuffer, StructuredKernel } from '../kernel/structured-kernel.ts';
import type { TargetInfo } from '../kernel/target-info.ts';
import { chainKernel } from '../kernelize/chain-kernel.ts';
import { kernelize } from '../kernelize/kernelize.ts';
import type { BoundKernel } from '../kernelize/stage-plan.ts';
import { maxBytesOf } from './storage.ts';

export interface ChainOptions {
  /** Says what was chained, or why not, at an op. */
  readonly remark?: (op: Operation, message: string) => void;
  /**
   * Of a byte that waits in memory between two kernels, beyond what is predicted of them: that takes it for hidden behind arithmetic. Attention
   * on Zen 5 lost 7 ps in the outer cache (12 heads of 512) and 19 ps in memory (of 2048).
   */
  readonly secondsPerByte?: number;
}

export const defaultOptions: Required<ChainOptions> = { remark: () => undefined, secondsPerByte: 1e-11 };

/**
 * Of a byte of a matrix that each block reads again, beyond what is predicted, which again takes it for hidden: Zen 5 lost 80 to 130 ps (two
 * dense layers, 256x512 through 1024 and 2048, 256x768 and 256x1024 through 2048, 300x768 through 3072).
 */
const secondsPerByteAgain = 1e-10;

/** Tiles of a chain that threads share, at least. */
const enoughTiles = 4;

/** The predicted time of a kernel, or why there is none. */
type Estimate = { readonly seconds: number } | { readonly problem: string };

/** A path in parts: those of several links, and the time of all. */
interface Division {
  readonly seconds: number;
  readonly chains: readonly (readonly Operation[])[];
}

/** Bytes of what the op gives. */
export function bytesOf(op: Operation | undefined): number {
  return op?.results.reduce((sum, value) => sum + maxBytesOf(value), 0) ?? 0;
}

/** Links of one chain at most: each part of a path up to so long is looked at. */
const mostLinks = 4;

export class ChainJudge {
  readonly #target: TargetInfo;
  readonly #options: Required<ChainOptions>;
  readonly #known = new Map<string, Estimate>();

  constructor(target: TargetInfo, options: Required<ChainOptions>) {
    this.#target = target;
    this.#options = options;
  }

  /** The chains of the division of a path that takes the least time. */
  divide(path: readonly Operation[]): readonly (readonly Operation[])[] {
    const bounds = path.map(boundKernel);
    const best: Division[] = [{ seconds: 0, chains: [] }];
    for (let end = 1; end <= path.length; end += 1) {
      const first = Math.max(0, end - mostLinks);
      const divisions = best.slice(first).map((before, at) => this.#append(before, path, bounds, [first + at, end]));
      const possible = divisions.filter((division) => division !== undefined);
      best.push(possible.reduce((least, each) => (each.seconds <= least.seconds ? each : least)));
    }
    const chains = best.at(-1)?.chains ?? [];
    if (chains.length === 0) this.#sayWhyNot(path, bounds);
    for (const ops of chains) this.#say(ops);
    return chains;
  }

  /** The division of what comes before, and these as one kernel. */
  #append(
    before: Division,
    path: readonly Operation[],
    bounds: readonly (BoundKernel | undefined)[],
    [begin, end]: readonly [number, number],
  ): Division | undefined {
    const ops = path.slice(begin, end);
    const estimate = this.#estimate(ops, bounds.slice(begin, end));
    if ('problem' in estimate) return undefined;
    const waiting = begin === 0 ? 0 : bytesOf(path[begin - 1]) * this.#options.secondsPerByte;
    return {
      seconds: before.seconds + waiting + estimate.seconds,
      chains: ops.length === 1 ? before.chains : [...before.chains, ops],
    };
  }

  #say(ops: readonly Operation[]): void {
    const alone = ops.reduce((sum, op) => sum + this.#secondsOf([op]), 0);
    const bytes = ops.slice(0, -1).reduce((sum, op) => sum + bytesOf(op), 0);
    const [together, apart] = [this.#secondsOf(ops), alone].map(secondsText);
    const message = `${ops.length} kernels in one, block by block: ${bytes} bytes are not kept between them, ${together} predicted instead of ${apart}`;
    if (ops[0] !== undefined) this.#options.remark(ops[0], message);
  }

  #sayWhyNot(path: readonly Operation[], bounds: readonly (BoundKernel | undefined)[]): void {
    const estimate = this.#estimate(path, bounds);
    const why =
      'problem' in estimate ? estimate.problem : `${secondsText(estimate.seconds)} predicted, less for each alone`;
    if (path[0] !== undefined) this.#options.remark(path[0], `${path.length} kernels stay apart: ${why}`);
  }

  #secondsOf(ops: readonly Operation[]): number {
    const estimate = this.#estimate(ops, ops.map(boundKernel));
    return 'problem' in estimate ? 0 : estimate.seconds;
  }

  #estimate(ops: readonly Operation[], bounds: readonly (BoundKernel | undefined)[]): Estimate {
    const links = ops.flatMap((op, index) => {
      const bound = bounds[index];
      return bound === undefined ? [] : [{ op, bound }];
    });
    const [first] = links;
    // What writes its loops itself takes as long in any division.
    if (first === undefined || links.length < ops.length)
      return ops.length === 1 ? { seconds: 0 } : { problem: 'one of them writes its loops itself' };
    const chained = links.length === 1 ? first.bound.kernel : chainKernel(links, outerResults(ops)).kernel;
    const kernel = simplifiedKernel(chained, this.#target);
    const text = structuredKernelText(kernel);
    const known = this.#known.get(text) ?? this.#estimateKernel(kernel);
    this.#known.set(text, known);
    return known;
  }

  #estimateKernel(kernel: StructuredKernel): Estimate {
    const schedule = chooseSchedule(kernel, this.#target);
    const problem = kernel.links === undefined ? undefined : problemOf(kernel, schedule, this.#target);
    if (problem !== undefined) return { problem };
    const { seconds, tiles } = predictKernel(kernel, schedule, this.#target);
    const isShared = this.#target.hasThreads && isWorthForking({ seconds, tiles: enoughTiles }, enoughTiles);
    if (kernel.links !== undefined && isShared && tiles < enoughTiles)
      return { problem: 'threads would have too little to divide' };
    return { seconds: seconds + secondsPerByteAgain * bytesReadAgain(kernel, schedule, this.#target.caches.l2) };
  }
}

/** Undefined of what writes its loops itself, or has no kernel. */
function boundKernel(op: Operation): BoundKernel | undefined {
  try {
    const kernelized = kernelize(op);
    if (kernelized.kind === 'opaque') return undefined;
    const { kernel, operands, results } = kernelized;
    if (results.some((id) => operands.includes(id))) return undefined;
    const constants = new Set(operands.filter((_, index) => isConstant(op.operand(index))));
    const buffers = kernel.buffers.map((buffer) =>
      constants.has(buffer.id) ? { ...buffer, isConstant: true } : buffer,
    );
    return { kernel: { ...kernel, buffers }, operands, results };
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

function isConstant({ definingOp }: Value): boolean {
  return definingOp?.definition.traits.has('constant-like') === true;
}

/** Why the links may not run block by block. */
function problemOf(kernel: StructuredKernel, { stages, spaces }: Schedule, { caches }: TargetInfo): string | undefined {
  const axes = chainAxes(kernel);
  if (axes.length === 0) return 'each needs more of what the one before gives than a block of it';
  if ([...stages.values()].some(({ kind }) => kind !== 'loops' && kind !== 'contraction'))
    return 'one of them slides a window';
  if (kernel.stages.some(({ chunks = [] }) => chunks.length > 0))
    return 'threads share a reduction of one of them in parts';
  const between = new Set(buffersBetween(kernel).map(({ id }) => id));
  if (buffersBetween(kernel).some((buffer) => bytesAtPoint(kernel, buffer, axes) > caches.l2))
    return 'the least block is more than the cache holds';
  const isLarge = ({ id, role }: KernelBuffer): boolean =>
    role === 'scratch' && !between.has(id) && (spaces.get(id) ?? 'arena') === 'arena';
  return kernel.buffers.some(isLarge) ? 'one of them keeps too much for itself' : undefined;
}

/** What is wanted outside of the ops. */
export function outerResults(ops: readonly Operation[]): readonly Value[] {
  const inside = new Set(ops);
  return ops
    .flatMap(({ results }) => results)
    .filter((value) => [...value.uses()].some(({ owner }) => !inside.has(owner)));
}
