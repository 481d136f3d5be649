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
 * directly or through others, stays a call. Private functions that nobody calls any more are erased. Inlined ops keep their
 * location as the callee of a call-site location.
 */
import { cloneInto, type ValueMapping } from '../ir/clone.ts';
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { SymbolTable } from '../ir/symbol-table.ts';
import { dce } from './dce.ts';
import { definePass } from './pass.ts';

export const inline = definePass({
  name: 'inline',
  summary: 'replace calls by the bodies of the functions they call',
  run(module, context) {
    const inliner = new Inliner(new SymbolTable(module), (op) => context.at(op));
    for (const func of inliner.symbols.functions()) inliner.visit(func);
    if (inliner.rewriter.changes === 0) return false;
    dce.run(module, context, {});
    return true;
  },
});

class Inliner {
  readonly rewriter = new Rewriter();
  readonly symbols: SymbolTable;
  readonly #at: (op: Operation) => void;
  readonly #finished = new Set<Operation>();
  /** Functions whose calls are being inlined: a call to one of them closes a cycle. */
  readonly #open = new Set<Operation>();

  constructor(symbols: SymbolTable, at: (op: Operation) => void) {
    this.symbols = symbols;
    this.#at = at;
  }

  visit(func: Operation): void {
    if (this.#finished.has(func) || this.#open.has(func)) return;
    this.#open.add(func);
    const calls: Operation[] = [];
    func.walk((op) => {
      if (op.name === 'func.call') calls.push(op);
    });
    for (const call of calls) this.#inlineCall(call);
    this.#open.delete(func);
    this.#finished.add(func);
  }

  #inlineCall(call: Operation): void {
    this.#at(call);
    const reference = call.attribute('callee');
    if (reference?.kind !== 'symbol-ref') return;
    const callee = this.symbols.lookup(reference.root);
    if (callee === undefined || callee.regions.length === 0) return;
    this.visit(callee);
    if (this.#open.has(callee)) return;
    this.rewriter.replace(call, copyBody(callee, call));
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
