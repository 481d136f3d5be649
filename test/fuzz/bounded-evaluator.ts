/** The reference evaluator, op by op, with a bound beside every value. Control flow and calls are followed. */
import { evaluateOperation } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { type Bounded, unknownBound } from './bounds.ts';
import { boundsOf } from './error-bounds.ts';
import type { FuzzOp } from './fuzz-op.ts';
import { fuzzOps } from './op-table.ts';

type Known = Bounded | { readonly elements: readonly Known[] };

const rules: ReadonlyMap<string, FuzzOp> = new Map(Object.entries(fuzzOps));

/** The results of `@main`. Throws the evaluator's DiagnosticErrors. */
export function evaluateBounded(module: Operation, inputs: readonly Tensor[]): readonly Bounded[] {
  const evaluator = new BoundedEvaluator(module);
  return evaluator
    .call(
      'main',
      inputs.map((tensor) => ({ tensor, bound: undefined })),
    )
    .map(asBounded);
}

function asBounded(value: Known): Bounded {
  if ('elements' in value) throw new Error('a tuple where a tensor is expected');
  return value;
}

class BoundedEvaluator {
  readonly #symbols: SymbolTable;
  readonly #values = new Map<Value, Known>();

  constructor(module: Operation) {
    this.#symbols = new SymbolTable(module);
  }

  call(name: string, inputs: readonly Known[]): readonly Known[] {
    const func = this.#symbols.lookup(name);
    if (func === undefined) throw new Error(`no function @${name}`);
    return this.#block(func.region().block, inputs);
  }

  #block(block: Block, inputs: readonly Known[]): readonly Known[] {
    for (const [index, argument] of block.arguments.entries()) {
      const input = inputs[index];
      if (input !== undefined) this.#values.set(argument, input);
    }
    for (const op of block.operations()) {
      const operands = op.operands.map((operand) => this.#known(operand));
      if (op === block.terminator) return operands;
      for (const [index, result] of this.#op(op, operands).entries()) this.#values.set(op.result(index), result);
    }
    return [];
  }

  #known(value: Value): Known {
    const known = this.#values.get(value);
    if (known === undefined) throw new Error('a value is used before it is computed');
    return known;
  }

  #op(op: Operation, operands: readonly Known[]): readonly Known[] {
    switch (op.name) {
      case 'stablehlo.if':
      case 'stablehlo.case':
        return this.#branch(op, operands);
      case 'stablehlo.while':
        return this.#loop(op, operands);
      case 'func.call':
        return this.call(symbolOf(op, 'callee'), operands);
      case 'stablehlo.composite':
        return this.call(symbolOf(op, 'decomposition'), operands);
      case 'stablehlo.tuple':
        return [{ elements: operands }];
      case 'stablehlo.get_tuple_element':
        return [elementOf(op, operands)];
      case 'stablehlo.optimization_barrier':
        return operands;
      default:
        return this.#compute(op, operands.map(asBounded));
    }
  }

  #branch(op: Operation, operands: readonly Known[]): readonly Known[] {
    const { tensor, bound } = asBounded(operands[0] ?? { elements: [] });
    const value = tensor.integer(0);
    const last = op.regions.length - 1;
    const index = op.name === 'stablehlo.if' ? (value === 0 ? 1 : 0) : value < 0 || value > last ? last : value;
    const results = this.#block(op.region(index).block, []);
    return bound === undefined || bound[0] === 0 ? results : results.map(asUnknown);
  }

  #loop(op: Operation, operands: readonly Known[]): readonly Known[] {
    let carried = operands;
    for (;;) {
      const [condition] = this.#block(op.region(0).block, carried);
      const { tensor, bound } = asBounded(condition ?? { elements: [] });
      if (bound !== undefined && bound[0] !== 0) return carried.map(asUnknown);
      if (tensor.integer(0) === 0) return carried;
      carried = this.#block(op.region(1).block, carried);
    }
  }

  #compute(op: Operation, operands: readonly Bounded[]): readonly Bounded[] {
    const values = evaluateOperation(
      op,
      operands.map(({ tensor }) => tensor),
    );
    const results = values.map(asTensor);
    const rule = rules.get(op.name);
    if (rule?.kind !== 'generated') throw new Error(`${op.name} has no rounding rule`);
    const bounds = boundsOf(op, rule.rounding, operands, results);
    return results.map((tensor, index) => ({ tensor, bound: bounds[index] }));
  }
}

function asUnknown(value: Known): Known {
  return 'elements' in value
    ? { elements: value.elements.map(asUnknown) }
    : { ...value, bound: unknownBound(value.tensor) };
}

function asTensor(value: RuntimeValue): Tensor {
  if (!(value instanceof Tensor)) throw new Error('an op gives no tensor');
  return value;
}

function symbolOf(op: Operation, name: string): string {
  const attribute = op.attribute(name);
  if (attribute?.kind !== 'symbol-ref') throw new Error(`${op.name} names no function`);
  return attribute.root;
}

function elementOf(op: Operation, [tuple]: readonly Known[]): Known {
  const index = op.attribute('index');
  const element =
    tuple !== undefined && 'elements' in tuple && index?.kind === 'integer'
      ? tuple.elements[Number(index.value)]
      : undefined;
  if (element === undefined) throw new Error('there is no such element');
  return element;
}
