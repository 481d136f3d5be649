/**
 * Shape refinement: sizes that follow from others replace `?`, and `dynamic_*` ops whose shapes are known become static ones.
 *
 *     %0 = stablehlo.get_dimension_size %x, dim = 0 : (tensor<8x4xf32>) -> tensor<i32>
 *     %1 = stablehlo.reshape %0 : (tensor<i32>) -> tensor<1xi32>
 *     %2 = stablehlo.dynamic_iota %1, dim = 0 : (tensor<1xi32>) -> tensor<?xf32>
 *     %3 = stablehlo.negate %2 : tensor<?xf32>
 *       ->
 *     %2 = stablehlo.iota dim = 0 : tensor<8xf32>
 *     %3 = stablehlo.negate %2 : tensor<8xf32>
 *
 * Sizes that are bound late and have a name take part as they are (known-dims.ts).
 *
 * Types flow forward from the arguments of functions through each op's own type inference; sizes of static dimensions flow
 * through integer arithmetic to the shape operands of `dynamic_*` ops. A private function whose calls agree takes the types
 * it is called with. A contradiction (`?` that turns out to be 8 where 4 is declared) is the program's error, E3001.
 */
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import { inferResultTypes } from '../ir/builder.ts';

import { attributesOf } from '../ir/op-site.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { SymbolTable } from '../ir/symbol-table.ts';
import { functionType, isStaticTensor, isTensor, tensorType, type Type } from '../ir/types.ts';
import { constantOfTensor } from '../ir/evaluator/constant-value.ts';
import { constantOf, createConstant } from './constants.ts';
import { eraseUnused } from './dce.ts';
import { KnownDims } from './known-dims.ts';
import { KnownIntegers } from './known-integers.ts';
import { definePass, type PassContext } from './pass.ts';
import { mergeTypes } from './refine-types.ts';
import { makeStatic, opsWithStaticForm } from './static-forms.ts';

export const refineShapes = definePass({
  name: 'refine-shapes',
  summary: 'replace unknown sizes by those that follow from others, and dynamic ops by static ones',
  run(module, context) {
    if (!hasUnknownSizes(module)) return false;
    const refiner = new Refiner(module, context);
    let changed = false;
    // Each round makes at least one more size known; a chain of calls takes a round a link.
    while (refiner.round()) changed = true;
    if (changed) eraseUnused(module);
    return changed;
  },
});

function hasUnknownSizes(module: Operation): boolean {
  let found = false;
  module.walk((op) => {
    found ||= op.results.some(({ type }) => isTensor(type) && !isStaticTensor(type)) || dynamicOps.has(op.name);
  });
  return found;
}

/** Of the ops whose result has the shape that an operand says: which operand. */
const shapeOperands: ReadonlyMap<string, number> = new Map([
  ['stablehlo.dynamic_reshape', 1],
  ['stablehlo.dynamic_broadcast_in_dim', 1],
  ['stablehlo.dynamic_iota', 0],
]);

const dynamicOps: ReadonlySet<string> = new Set(opsWithStaticForm());

class Refiner {
  readonly #module: Operation;
  readonly #context: PassContext;
  readonly #rewriter = new Rewriter();
  #known = new KnownIntegers();
  #dims = new KnownDims(this.#known);
  #changed = false;

  constructor(module: Operation, context: PassContext) {
    this.#module = module;
    this.#context = context;
  }

  /** One sweep over all functions; true when something became known. */
  round(): boolean {
    this.#changed = false;
    this.#known = new KnownIntegers();
    this.#dims = new KnownDims(this.#known);
    const symbols = new SymbolTable(this.#module);
    for (const func of symbols.functions()) if (func.regions.length > 0) this.#function(func, symbols);
    return this.#changed && !this.#context.sink.hasErrors;
  }

  #function(func: Operation, symbols: SymbolTable): void {
    const { block } = func.region();
    func.walk((op) => {
      this.#context.at(op);
      if (op === func) return;
      this.#shapeOperands(op);
      if (op.block !== undefined) this.#results(op, symbols);
    });
    const returned = block.terminator?.operands.map(({ type }) => type) ?? [];
    this.#signature(
      func,
      block.arguments.map(({ type }) => type),
      returned,
    );
  }

  /** The function's type follows its arguments and what it returns. */
  #signature(func: Operation, inputs: readonly Type[], results: readonly Type[]): void {
    const type = functionType(inputs, results);
    const declared = func.attribute('function_type');
    if (declared?.kind === 'type' && declared.type === type) return;
    func.setAttribute('function_type', { kind: 'type', type });
    this.#changed = true;
  }

  /** Shape operands that are known become constants, and then the op its static form. */
  #shapeOperands(op: Operation): void {
    if (!dynamicOps.has(op.name)) return;
    const shapeOperand = shapeOperands.get(op.name);
    for (const use of op.operandUses) {
      if (use.index === 0 && shapeOperand !== 0) continue;
      const tensor = this.#known.tensor(use.value);
      if (tensor === undefined || constantOf(use.value) !== undefined) continue;
      use.set(createConstant(this.#rewriter, op, constantOfTensor(tensor)));
      this.#changed = true;
    }
    if (shapeOperand !== undefined) this.#shapeFromOperand(op, op.operand(shapeOperand));
    if (makeStatic(op, this.#rewriter)) this.#changed = true;
  }

  #shapeFromOperand(op: Operation, operand: Value): void {
    const shape = this.#dims.dims(operand);
    const result = op.results[0];
    if (shape === undefined || result === undefined || !isTensor(result.type)) return;
    this.#refine(result, tensorType(shape, result.type.element), op);
  }

  #results(op: Operation, symbols: SymbolTable): void {
    const inferred = op.name === 'func.call' ? this.#callTypes(op, symbols) : (regionTypes(op) ?? ownTypes(op));
    for (const [index, result] of op.results.entries()) {
      const type = inferred?.[index];
      if (type !== undefined) this.#refine(result, type, op);
    }
  }

  /** The callee takes what all its calls pass, if it is private; the call gives what the callee returns. */
  #callTypes(call: Operation, symbols: SymbolTable): readonly Type[] | undefined {
    const reference = call.attribute('callee');
    const callee = reference?.kind === 'symbol-ref' ? symbols.lookup(reference.root) : undefined;
    const type = callee?.attribute('function_type');
    if (callee === undefined || type?.kind !== 'type' || type.type.kind !== 'function') return undefined;
    const visibility = callee.attribute('sym_visibility');
    if (visibility?.kind === 'string' && visibility.value === 'private' && callee.regions.length > 0) {
      this.#argumentsFromCalls(callee);
    }
    return type.type.results;
  }

  #argumentsFromCalls(callee: Operation): void {
    const calls = callsOf(this.#module, callee);
    for (const argument of callee.region().block.arguments) {
      const [first, ...rest] = calls.map((call) => call.operand(argument.index).type);
      if (first === undefined || rest.some((type) => type !== first)) continue;
      this.#refine(argument, first, callee);
    }
  }

  #refine(value: Value, type: Type, op: Operation): void {
    const merged = mergeTypes(value.type, type);
    if (merged === undefined) {
      this.#context.sink.report({
        code: 'E3001',
        message: `${op.name}: the shape is declared ${value.type.text}, but works out as ${type.text}`,
        span: op.span,
        location: op.location,
      });
      return;
    }
    if (merged === value.type) return;
    value.type = merged;
    this.#changed = true;
  }
}

function callsOf(module: Operation, callee: Operation): Operation[] {
  const name = callee.attribute('sym_name');
  const calls: Operation[] = [];
  module.walk((op) => {
    const reference = op.attribute('callee');
    if (op.name !== 'func.call' || reference?.kind !== 'symbol-ref' || name?.kind !== 'string') return;
    if (reference.root === name.value) calls.push(op);
  });
  return calls;
}

/** What an op's definition infers, given what is declared. */
function ownTypes(op: Operation): readonly Type[] | undefined {
  try {
    const operandTypes = op.operandUses.map(({ value }) => value.type);
    const declared = op.results.map(({ type }) => type);
    return inferResultTypes(op.definition, operandTypes, attributesOf(op), op.regions, declared);
  } catch (error) {
    // A constraint that sizes just found violate: the verifier reports it at the op.
    if (error instanceof InvariantError) return undefined;
    throw error;
  }
}

/** Results of `if` and `case` from what their branches return, where all agree. */
function regionTypes(op: Operation): readonly Type[] | undefined {
  if (op.name !== 'stablehlo.if' && op.name !== 'stablehlo.case') return undefined;
  const [first, ...rest] = op.regions.map(({ block }) => block.terminator?.operands.map(({ type }) => type) ?? []);
  return first?.map((type, index) => {
    const agrees = rest.every((types) => types[index] === type);
    return agrees ? type : (op.results[index]?.type ?? type);
  });
}
