/**
 * `scan` as a loop over the positions along its dimension:
 *
 *     %outputs, %carries = chlo.scan(%inputs) inits(%inits) dimension = d { body }
 *       ->
 *     while (i = 0, inputs, outputs = 0, carries = inits; i < n) {
 *       slices = inputs at i along d, without it
 *       results, carries = body(slices, carries)
 *       outputs = dynamic_update_slice(outputs, results with d put in, i)
 *       i = i + 1
 *     }
 *
 * A reverse scan takes and puts at n - 1 - i.
 */
import { cloneInto, type ValueMapping } from '../../ir/clone.ts';
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { Builder } from '../../ir/builder.ts';
import type { Dim } from '../../ir/dimension.ts';
import { Block, type Operation, Region, type Value } from '../../ir/operation.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { scan as chloScan } from '../../ir/ops/chlo/scan.ts';
import { returnOp } from '../../ir/ops/stablehlo/return.ts';
import { whileOp } from '../../ir/ops/stablehlo/while.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { tensorOf } from '../op-kit.ts';
import { type Expand, unsupported } from './expansion.ts';
import { ShapeKit } from './shape-steps.ts';

type ScanAttributes = AttributesOf<typeof chloScan.attributes>;

/** What the loop carries, in this order: position, count, inputs, outputs, carries. */
interface Loop {
  readonly op: Operation;
  readonly attrs: ScanAttributes;
  readonly inputCount: number;
  readonly outputCount: number;
}

export const scan: Expand = (op, rewriter) => {
  const attrs = attributesOf<typeof chloScan.attributes>(op);
  const loop: Loop = {
    op,
    attrs,
    inputCount: attrs.operandSegmentSizes[0] ?? 0,
    outputCount: attrs.resultSegmentSizes[0] ?? 0,
  };
  const kit = new ShapeKit(rewriter, op);
  const count = stepCount(loop, kit);
  if (count === undefined) return unsupported('a scan whose length no type and no attribute tells');
  const outputs = emptyOutputs(loop, kit, count);
  if (outputs === undefined) return unsupported('a scan with outputs whose sizes only its body knows');
  const inputs = op.operands.slice(0, loop.inputCount);
  // A loop over nothing would still have a body that takes a slice of it.
  if (scannedDim(loop) === 0) return [...outputs, ...op.operands.slice(loop.inputCount)];
  const carried = [kit.scalar(0, 'i32'), count, ...inputs, ...outputs, ...op.operands.slice(loop.inputCount)];
  const types = carried.map(({ type }) => type);
  const regions = [conditionRegion(carried, op, rewriter), bodyRegion(loop, carried, rewriter)];
  const made = rewriter.createBefore(op, whileOp, carried, {}, { resultTypes: types, regions });
  return made.results.slice(2 + loop.inputCount);
};

/** What is scanned: the first input, or the first output of a scan without. */
function scannedValue({ op, inputCount }: Loop): Value | undefined {
  return inputCount > 0 ? op.operand(0) : op.results[0];
}

function scannedDim(loop: Loop): Dim | undefined {
  const scanned = scannedValue(loop);
  return scanned === undefined ? undefined : tensorOf(scanned).shape[loop.attrs.dimension];
}

/** The number of steps as an i32 scalar. */
function stepCount(loop: Loop, kit: ShapeKit): Value | undefined {
  const { dimension, scan_dim_size: given } = loop.attrs;
  const scanned = scannedValue(loop);
  const dim = scannedDim(loop);
  if (typeof dim === 'number') return kit.scalar(dim, 'i32');
  if (given !== undefined) return kit.scalar(given, 'i32');
  if (loop.inputCount === 0 || scanned === undefined || dim === undefined) return undefined;
  return kit.dimensionSize(scanned, dim, dimension);
}

/** Zeros, to be overwritten; undefined where a size besides the scanned one is unknown. */
function emptyOutputs(loop: Loop, kit: ShapeKit, count: Value): readonly Value[] | undefined {
  const { dimension } = loop.attrs;
  const types = loop.op.results.slice(0, loop.outputCount).map(tensorOf);
  const isKnown = types.every(({ shape }) => shape.every((dim, axis) => axis === dimension || typeof dim === 'number'));
  if (!isKnown) return undefined;
  return types.map((type) =>
    kit.fill(0, type, () => type.shape.map((dim) => (typeof dim === 'number' ? kit.scalar(dim, 'i32') : count))),
  );
}

function conditionRegion(carried: readonly Value[], op: Operation, rewriter: Rewriter): Region {
  const { block, kit, finish } = openBlock(carried, op, rewriter);
  finish([kit.compare('LT', block.argument(0), block.argument(1))]);
  return new Region(block);
}

function bodyRegion(loop: Loop, carried: readonly Value[], rewriter: Rewriter): Region {
  const { op, attrs, inputCount, outputCount } = loop;
  const { block, kit, finish, end } = openBlock(carried, op, rewriter);
  const [index, count, ...rest] = block.arguments;
  if (index === undefined || count === undefined) throw new InvariantError('a loop without a counter');
  const one = kit.scalar(1, 'i32');
  const position = attrs.is_reverse === true ? kit.subtract(kit.subtract(count, one), index) : index;
  const inputs = rest.slice(0, inputCount);
  const slices = inputs.map((value) => kit.dropAxis(kit.elementAt(value, attrs.dimension, position), attrs.dimension));
  const results = inlined(op.region().block, block, end, [...slices, ...rest.slice(inputCount + outputCount)]);
  const outputs = rest.slice(inputCount, inputCount + outputCount).map((output, at) => {
    const result = results[at];
    if (result === undefined) throw new InvariantError('the body of a scan gives too few results');
    return kit.updatedAt(output, kit.insertAxis(result, attrs.dimension), attrs.dimension, position);
  });
  finish([kit.add(index, one), count, ...inputs, ...outputs, ...results.slice(outputCount)]);
  return new Region(block);
}

interface OpenBlock {
  readonly block: Block;
  readonly kit: ShapeKit;
  /** Its terminator, before which ops go. */
  readonly end: Operation;
  finish(results: readonly Value[]): void;
}

/** A block with arguments of the types of `carried`, to be filled before its terminator. */
function openBlock(carried: readonly Value[], op: Operation, rewriter: Rewriter): OpenBlock {
  const block = new Block(carried.map(({ type }) => type));
  const builder = new Builder(block);
  builder.location = op.location;
  const end = builder.create(returnOp, []);
  const kit = new ShapeKit(rewriter, end);
  return { block, kit, end, finish: (results) => rewriter.setOperands(end, results) };
}

/** Copies the ops of a body before `end`; gives what its results have become. */
function inlined(body: Block, block: Block, end: Operation, values: readonly Value[]): readonly Value[] {
  const mapping: ValueMapping = new Map();
  for (const [index, argument] of body.arguments.entries()) {
    const value = values[index];
    if (value === undefined) throw new InvariantError('the body of a scan has too many arguments');
    mapping.set(argument, value);
  }
  cloneInto(body, block, end, mapping);
  const copied = end.previous;
  if (copied === undefined || body.terminator === undefined) throw new InvariantError('a body without terminator');
  const results = copied.operands;
  copied.erase();
  return results;
}
