/** Turns the groups of a block into fusions, and puts the ops of the block in an order in which each comes after all it needs. */
import { cloneOperation } from '../../ir/clone.ts';
import { fuseLocations } from '../../ir/location.ts';
import { Block, Operation, Region, type Value } from '../../ir/operation.ts';
import { returnOp } from '../../ir/ops/stablehlo/return.ts';
import { fusion } from '../../ir/ops/tessera/fusion.ts';
import { type BlockGraph, capturedValues, type Group } from './block-graph.ts';
import { kindOf } from './op-kind.ts';

export function outline(graph: BlockGraph): void {
  const { block } = graph;
  const { terminator } = block;
  const old = [...block.operations()];
  const made = graph.sorted().flatMap((group) => (group.isFusible ? [makeFusion(graph, group)] : group.ops));
  const kept = new Set(made);
  for (const op of made) if (op.block === block) op.detach();
  for (const op of made) block.insertBefore(op, terminator);
  // Consumers before producers: what was fused is used by nothing but what was fused.
  for (const op of old.toReversed()) if (!kept.has(op) && op !== terminator) op.erase();
}

function makeFusion(graph: BlockGraph, group: Group): Operation {
  const builder = new BodyBuilder(graph, group);
  const position = (op: Operation): number => graph.positions.get(op) ?? 0;
  const ops = group.ops.toSorted((a, b) => position(a) - position(b));
  for (const op of ops) builder.add(op);
  const outputs = graph.outputsOfGroup(group);
  const made = builder.finish(outputs, fuseLocations(ops.map(({ location }) => location)), ops[0]);
  for (const [index, output] of outputs.entries()) output.replaceAllUsesWith(made.result(index));
  return made;
}

class BodyBuilder {
  readonly #graph: BlockGraph;
  /** Others read what is in memory, constants too. */
  readonly #hasViews: boolean;
  readonly #block = new Block();
  readonly #mapping = new Map<Value, Value>();
  readonly #inputs: Value[] = [];

  constructor(graph: BlockGraph, group: Group) {
    this.#graph = graph;
    this.#hasViews = group.mayGrow;
  }

  /** Copies an op of the group, and the views it reads through. */
  add(op: Operation): void {
    for (const value of [...op.operands, ...capturedValues(op)]) this.#provide(value);
    this.#block.append(cloneOperation(op, this.#mapping));
  }

  finish(outputs: readonly Value[], location: Operation['location'], first: Operation | undefined): Operation {
    const operands = outputs.map((value) => this.#mapping.get(value) ?? value);
    this.#block.append(new Operation(returnOp, { operands, location }));
    return new Operation(fusion, {
      operands: this.#inputs,
      resultTypes: outputs.map(({ type }) => type),
      regions: [new Region(this.#block)],
      location,
      span: first?.span,
    });
  }

  #provide(value: Value): void {
    if (this.#mapping.has(value)) return;
    const op = value.definingOp;
    if (op !== undefined && this.#hasViews && (this.#graph.isView(op) || this.#isOuterSplat(op))) {
      for (const operand of op.operands) this.#provide(operand);
      this.#block.append(cloneOperation(op, this.#mapping));
      return;
    }
    this.#inputs.push(value);
    this.#mapping.set(value, this.#block.addArgument(value.type));
  }

  /** One number that a loop or branch takes from around it: known to the kernel, where memory would not be. */
  #isOuterSplat(op: Operation): boolean {
    return op.block !== this.#graph.block && op.definition.traits.has('constant-like') && kindOf(op) === 'view';
  }
}
