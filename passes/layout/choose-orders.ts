/**
 * Chooses orders. Window ops wish for some; wishes spread to values that would be read in step with them; then each value is row-major or
 * as wished, and each window op computes along one or the other, at the least total of bytes touched: a minimum cut.
 */
import { type DimensionOrder, isRowMajor, orderOf } from '../../ir/dimension-order.ts';
import { dtypeInfo } from '../../ir/dtype.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { isTensor } from '../../ir/types.ts';
import { type Decision, Decisions, type PairCost } from './minimum-cut.ts';
import {
  innermost,
  isReadInStep,
  isSameMemory,
  isOrderable,
  operandOrder,
  type Relation,
  relationsOf,
  resultOrder,
} from './relations.ts';
import { relayoutCost, strayCost } from './tensor-bytes.ts';
import { type Wish, type WindowOp, windowOp } from './windows.ts';

export interface Choice {
  /** Values that are not row-major. */
  readonly orders: ReadonlyMap<Value, DimensionOrder>;
  readonly windows: readonly ChosenWindow[];
  /** Ops that read nothing but row-major values. */
  readonly rowMajor: readonly Operation[];
}

export interface ChosenWindow extends WindowOp {
  readonly isWished: boolean;
}

/** More than all other costs of a module together: never chosen. */
const forbidden = 2 ** 60;

/** `ops`: all of a function, those in regions of control flow too. */
export function chooseOrders(ops: readonly Operation[]): Choice {
  const windows = ops.flatMap((op) => windowOp(op) ?? []);
  if (windows.length === 0) return { orders: new Map(), windows: [], rowMajor: [] };
  return new OrderChoice(ops, windows).choose();
}

class OrderChoice {
  readonly #windows: readonly WindowOp[];
  readonly #relations: readonly Relation[];
  /** Relations that a value takes part in. */
  readonly #around = new Map<Value, Relation[]>();
  readonly #rowMajor: Operation[] = [];
  /** Results of ops that give nothing but row-major values. */
  readonly #fixed = new Set<Value>();
  /** What a contraction gives, and what becomes the end of its kernel: one order for all of it, which is the one that it computes along. */
  readonly #bound = new Set<Value>();
  readonly #wished = new Map<Value, DimensionOrder>();
  readonly #decisions = new Decisions();
  readonly #ofValue = new Map<Value, Decision>();

  constructor(ops: readonly Operation[], windows: readonly WindowOp[]) {
    this.#windows = windows;
    const relations: Relation[] = [];
    for (const op of ops) {
      const found = relationsOf(op);
      if (found !== 'row-major') relations.push(...found);
      else {
        this.#rowMajor.push(op);
        for (const value of op.results) this.#fixed.add(value);
      }
    }
    this.#relations = relations;
    for (const relation of relations)
      for (const value of new Set([relation.operand, relation.result]))
        this.#around.set(value, [...(this.#around.get(value) ?? []), relation]);
  }

  choose(): Choice {
    for (const { operands, results } of this.#windows) for (const wish of [...operands, ...results]) this.#spread(wish);
    for (const { results } of this.#windows)
      for (const { value, isBinding } of results) if (isBinding === true) this.#bind(value);
    for (const value of this.#wished.keys()) this.#ofValue.set(value, this.#decisions.add());
    const ofWindow = this.#windows.map((window) => this.#windowCosts(window));
    for (const relation of this.#relations) this.#relationCosts(relation);
    for (const { operands } of this.#rowMajor) for (const value of new Set(operands)) this.#rowMajorCosts(value);
    const chosen = this.#decisions.solve();
    const orders = [...this.#wished].filter(([value]) => {
      const decision = this.#ofValue.get(value);
      return decision !== undefined && chosen.has(decision);
    });
    const windows = this.#windows.map((window, index) => {
      const decision = ofWindow[index];
      return { ...window, isWished: decision !== undefined && chosen.has(decision) };
    });
    return { orders: new Map(orders), windows, rowMajor: this.#rowMajor };
  }

  #isFixed(value: Value): boolean {
    return this.#fixed.has(value) || value.definingOp === undefined || !isOrderable(value) || !isPlain(value);
  }

  /** The first wish for a value stands. */
  #spread(wish: Pick<Wish, 'value' | 'order'>): void {
    const queue = [wish];
    for (const { value, order } of queue) {
      if (this.#isFixed(value) || this.#wished.has(value) || isRowMajor(order)) continue;
      this.#wished.set(value, order);
      for (const relation of this.#around.get(value) ?? []) {
        const { operand, result } = relation;
        const there = operand === value ? resultOrder(relation, order) : undefined;
        if (there !== undefined) queue.push({ value: result, order: there });
        const back = result === value ? operandOrder(relation, order) : undefined;
        if (back !== undefined) queue.push({ value: operand, order: back });
      }
    }
  }

  #bind(value: Value): void {
    const queue = [value];
    for (const each of queue) {
      if (this.#bound.has(each)) continue;
      this.#bound.add(each);
      for (const { operand, result, isPointwise } of this.#around.get(each) ?? [])
        if (operand === each && isPointwise === true) queue.push(result);
    }
  }

  /** The value has to be moved for who wants it row-major. */
  #rowMajorCosts(value: Value): void {
    const decision = this.#ofValue.get(value);
    if (decision !== undefined) this.#decisions.cost(decision, 0, relayoutCost(value));
  }

  #windowCosts(window: WindowOp): Decision {
    const decision = this.#decisions.add();
    this.#decisions.cost(decision, window.rowMajorBytes, window.wishedBytes);
    for (const wish of window.operands) this.#wishCosts(decision, wish, relayoutCost(wish.value));
    for (const wish of window.results)
      this.#wishCosts(decision, wish, wish.isBinding === true ? forbidden : strayCost(wish.value));
    return decision;
  }

  /** `cost`: of what the op does not find, or not leave, as it computes. */
  #wishCosts(decision: Decision, { value, order }: Wish, cost: number): void {
    const [now, other] = this.#orders(value);
    const wants = { no: rowMajor(value), yes: order };
    const of = (is: DimensionOrder, want: DimensionOrder): number => (isAlike(value, is, want) ? 0 : cost);
    const costs = {
      neither: of(now, wants.no), second: of(now, wants.yes), first: of(other, wants.no), both: of(other, wants.yes),
    }; // prettier-ignore
    this.#pair(this.#ofValue.get(value), decision, costs);
  }

  #relationCosts(relation: Relation): void {
    const { operand, result } = relation;
    const [first, second] = [this.#ofValue.get(operand), this.#ofValue.get(result)];
    if (first === undefined && second === undefined) return;
    const [[operandNo, operandYes], [resultNo, resultYes]] = [this.#orders(operand), this.#orders(result)];
    const cost = (from: DimensionOrder, to: DimensionOrder): number => {
      if (relation.isSameMemory) return isSameMemory(relation, from, to) ? 0 : forbidden;
      if (isReadInStep(relation, from, to)) return 0;
      return relation.isPointwise === true && this.#bound.has(operand) ? forbidden : strayCost(operand);
    };
    this.#pair(first, second, {
      neither: cost(operandNo, resultNo), second: cost(operandNo, resultYes),
      first: cost(operandYes, resultNo), both: cost(operandYes, resultYes),
    }); // prettier-ignore
  }

  /** Row-major, and as wished: the same where nothing else is possible. */
  #orders(value: Value): readonly [DimensionOrder, DimensionOrder] {
    const now = rowMajor(value);
    return [now, this.#wished.get(value) ?? now];
  }

  /** A value without a decision is a no. */
  #pair(first: Decision | undefined, second: Decision | undefined, costs: PairCost): void {
    if (first !== undefined && second !== undefined && first !== second) this.#decisions.pair(first, second, costs);
    else if (first !== undefined)
      this.#decisions.cost(first, costs.neither, first === second ? costs.both : costs.first);
    else if (second !== undefined) this.#decisions.cost(second, costs.neither, costs.second);
  }
}

function rowMajor(value: Value): DimensionOrder {
  return isTensor(value.type) ? value.type.shape.map((_, dimension) => dimension) : [];
}

/** Kernels compute with it as it is: no pairs of complex numbers, nothing quantised. */
function isPlain({ type }: Value): boolean {
  return isTensor(type) && typeof type.element === 'string' && dtypeInfo(type.element).kind !== 'complex';
}

/** True when lanes run along the same dimension: to a window it is all the same how the others lie. */
export function isAlike(value: Value, a: DimensionOrder, b: DimensionOrder): boolean {
  return innermost(value, a) === innermost(value, b);
}

/** In which order the value lies now. */
export function currentOrder(value: Value): DimensionOrder {
  return isTensor(value.type) ? orderOf(value.type) : [];
}
