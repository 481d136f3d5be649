/**
 * A sort becomes a network of compare-and-exchange steps on whole tensors (Batcher 1968, bitonic, all steps ascending):
 *
 *     %1 = "stablehlo.sort"(%0) ({ comparator })
 *       ->
 *     for k in 2, 4, ... N { for d in k/2, k/4, ... 1 {
 *       lo, hi = the elements d apart (for d = k/2: those that mirror each other in blocks of k)
 *       lo, hi = hi precedes lo ? (hi, lo) : (lo, hi)
 *     } }
 *
 * Lines stand last and are padded to a power of two. Each element carries its position: padding stands behind all, and elements that the
 * comparator takes for equal stay in order, so that every sort is stable. The comparator is applied element by element; one that does
 * more than that keeps the op.
 */
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { pad } from '../ir/ops/stablehlo/pad.ts';
import { sort } from '../ir/ops/stablehlo/sort.ts';
import { hasDType, tensorType } from '../ir/types.ts';
import { dtypeInfo } from '../ir/dtype.ts';
import { dtypeOf, type ExpandKit, present } from './expand-kit.ts';
import { type ExpansionRule, isStaticOp, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import { applyElementwise, isElementwiseRegion } from './region-elementwise.ts';

/** A network for longer lines has hundreds of steps. */
const longest = 1 << 20;

export const expandSort = definePass({
  name: 'expand-sort',
  summary: 'replace sorts by networks of compare-and-exchange steps',
  run: (module, context) => runExpansions(module, context, new Map([[sort.name, expand]])),
});

const expand: ExpansionRule = (kit, op) => {
  if (!isStaticOp(op)) return unknownSizes;
  if (!op.operands.every((value) => hasDType(tensorOf(value)))) return notExpanded('its elements are quantised');
  if (!isElementwiseRegion(op.region())) return notExpanded('its comparator does not act element by element');
  const shape = kit.sizesOf(op.operand(0));
  const { dimension } = attributesOf<typeof sort.attributes>(op);
  const axis = dimension < 0 ? dimension + shape.length : dimension;
  const length = shape[axis] ?? 1;
  if (length > longest) return notExpanded('its lines are too long');
  if (length <= 1 || shape.includes(0)) return op.operands;
  return sortLines(kit, op, axis);
};

function sortLines(kit: ExpandKit, op: Operation, axis: number): readonly Value[] {
  const shape = kit.sizesOf(op.operand(0));
  const order = [...shape.keys()].filter((other) => other !== axis).concat(axis);
  const back = [...shape.keys()].map((other) => order.indexOf(other));
  const outer = order.slice(0, -1).map((other) => shape[other] ?? 1);
  const batch = outer.reduce((product, size) => product * size, 1);
  const length = shape[axis] ?? 1;
  const width = powerOfTwo(length);
  const lines = op.operands.map((value) =>
    padded(kit, kit.reshape(kit.transpose(value, order), [batch, length]), width),
  );
  const network = new Network(kit, op, length);
  let tracks: readonly Value[] = [...lines, kit.iota([batch, width], 1, 'i32')];
  for (let block = 2; block <= width; block *= 2) {
    tracks = network.step(tracks, block, true);
    for (let distance = block / 4; distance >= 1; distance /= 2) tracks = network.step(tracks, 2 * distance, false);
  }
  return tracks
    .slice(0, -1)
    .map((track) => kit.transpose(kit.reshape(kit.sliceAlong(track, 1, 0, length), [...outer, length]), back));
}

function powerOfTwo(length: number): number {
  let width = 1;
  while (width < length) width *= 2;
  return width;
}

function padded(kit: ExpandKit, rows: Value, width: number): Value {
  const [batch = 1, length = 1] = kit.sizesOf(rows);
  if (width === length) return rows;
  const attrs = { edge_padding_low: [0, 0], edge_padding_high: [0, width - length], interior_padding: [0, 0] };
  return kit.make(pad, [rows, zero(kit, rows)], attrs, tensorType([batch, width], dtypeOf(rows)));
}

function zero(kit: ExpandKit, like: Value): Value {
  const { kind, part } = dtypeInfo(dtypeOf(like));
  const number = kit.scalar(0, part);
  return kind === 'complex' ? kit.complex(number, number) : number;
}

class Network {
  readonly #kit: ExpandKit;
  readonly #op: Operation;
  readonly #length: number;

  constructor(kit: ExpandKit, op: Operation, length: number) {
    this.#kit = kit;
    this.#op = op;
    this.#length = length;
  }

  /** Compares the halves of each block, the second one mirrored or not, and exchanges what is out of order. */
  step(tracks: readonly Value[], block: number, mirrored: boolean): readonly Value[] {
    const kit = this.#kit;
    const [batch = 1, width = 1] = kit.sizesOf(present(tracks[0]));
    const turn = (value: Value): Value => (mirrored && block > 2 ? kit.reverse(value, [2]) : value);
    const blocks = tracks.map((track) => kit.reshape(track, [batch, width / block, block]));
    const low = blocks.map((track) => kit.sliceAlong(track, 2, 0, block / 2));
    const high = blocks.map((track) => turn(kit.sliceAlong(track, 2, block / 2, block)));
    const swaps = this.#precedes(high, low);
    return tracks.map((_, index) => {
      const [first, second] = [present(low[index]), present(high[index])];
      const halves = [kit.select(swaps, second, first), turn(kit.select(swaps, first, second))];
      return kit.reshape(kit.concatenate(halves, 2), [batch, width]);
    });
  }

  /** Whether elements `a` stand before elements `b`: by the comparator, then by position; padding last. */
  #precedes(a: readonly Value[], b: readonly Value[]): Value {
    const kit = this.#kit;
    const [here, there] = [present(a.at(-1)), present(b.at(-1))];
    const isEarlier = kit.compare('LT', here, there);
    const less = kit.or(this.#compare(a, b), kit.and(kit.not(this.#compare(b, a)), isEarlier));
    const [batch = 1, width = 1, half = 1] = kit.sizesOf(here);
    if (batch * width * half === 0 || this.#length === powerOfTwo(this.#length)) return less;
    const limit = kit.constantLike(this.#length, here);
    const [aIsReal, bIsReal] = [kit.compare('LT', here, limit), kit.compare('LT', there, limit)];
    return kit.and(aIsReal, kit.or(kit.not(bIsReal), less));
  }

  #compare(a: readonly Value[], b: readonly Value[]): Value {
    const args = a.slice(0, -1).flatMap((value, index) => [value, present(b[index])]);
    return present(applyElementwise(this.#kit, this.#op.region(), args, this.#kit.sizesOf(present(a[0])))[0]);
  }
}
