/**
 * Inlining: a call becomes the body of the function it calls.
 *
 *     func.func private @f(%x: tensor<f32>) -> tensor<f32> {
 *       %0 = stablehlo.negate %x : tensor<f32>
 *       return %0 : tensor<f32>
 *     }
 *     %1 = call @f(%a) : (tensor<f32>) -> tensor<f32>        ->   %1 = stablehlo.negate %a : tensor<f32>
 *
 * Callees are inlined into before they are inlined, so that each body is copied once a call. A function that calls itself,
 * directly or through others, stays a call; so do calls that would take the module past `limit` copied ops, with a remark.
 * Private functions that nobody calls any more are erased. Inlined ops keep their location as the callee of a call-site location.
 */
import { cloneInto, type ValueMapping } from '../ir/clone.ts';
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { calleeOf, type CallGraph, callGraphOf, callsIn } from './call-graph.ts';
import { dce } from './dce.ts';
import { countOperations } from './pass-manager.ts';
import { definePass, type PassContext } from './pass.ts';

export const inline = definePass({
  name: 'inline',
  summary: 'replace calls by the bodies of the functions they call',
  options: { limit: 1_000_000 },
  run(module, context, options) {
    const graph = callGraphOf(module);
    const inliner = new Inliner(graph, context, options.limit);
    for (const func of graph.calleesFirst) for (const call of callsIn(func)) inliner.inlineCall(call);
    if (inliner.rewriter.changes === 0) return false;
    dce.run(module, context, {});
    return true;
  },
});

class Inliner {
  readonly rewriter = new Rewriter();
  readonly #graph: CallGraph;
  readonly #context: PassContext;
  /** Operations in each function that has been inlined into. */
  readonly #sizes = new Map<Operation, number>();
  #left: number;

  constructor(graph: CallGraph, context: PassContext, limit: number) {
    this.#graph = graph;
    this.#context = context;
    this.#left = limit;
  }

  inlineCall(call: Operation): void {
    this.#context.at(call);
    const callee = calleeOf(call, this.#graph.symbols);
    if (callee === undefined || callee.regions.length === 0 || this.#graph.recursive.has(callee)) return;
    const size = this.#sizeOf(callee);
    if (size > this.#left) return this.#context.remark(call, `not inlined: ${size} more ops would be past the limit`);
    this.#left -= size;
    this.rewriter.replace(call, copyBody(callee, call));
  }

  #sizeOf(callee: Operation): number {
    const known = this.#sizes.get(callee);
    if (known !== undefined) return known;
    const size = countOperations(callee);
    this.#sizes.set(callee, size);
    return size;
  }
}

/** Copies the body before the call; gives what stands for the call's results. */
function copyBody(callee: Operation, call: Operation): readonly Value[] {
  const body = callee.region().block;
  const home = call.block;
  if (home === undefined) throw new InvariantError('a call that is not in a block');
  const mapping: ValueMapping = new Map();
  for (const [index, argument] of body.arguments.entries()) mapping.set(argument, call.operand(index));
  const previous = call.previous;
  cloneInto(body, home, call, mapping);
  const first = previous === undefined ? home.first : previous.next;
  for (let op = first; op !== undefined && op !== call; op = op.next) {
    op.walk((inner) => {
      inner.location = { kind: 'call-site', callee: inner.location, caller: call.location };
    });
  }
  const terminator = call.previous;
  if (terminator === undefined || !terminator.definition.traits.has('terminator')) {
    throw new InvariantError(`the body of a called function does not end in a terminator`);
  }
  const results = terminator.operands;
  terminator.erase();
  return results;
}
