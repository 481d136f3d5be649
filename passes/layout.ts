/**
 * Chooses a dimension order for every tensor from what its consumers want. What is computed stays the same, and so do shapes; the types of
 * values inside a function say how they lie in memory.
 *
 *     %0 = stablehlo.convolution(%x, %w) ... -> tensor<1x64x56x56xf32>
 *     %1 = "stablehlo.reduce_window"(%0, %zero) ... -> tensor<1x64x56x56xf32>
 *     return %1
 *   ->
 *     %x0 = "tessera.relayout"(%x) : (tensor<1x64x56x56xf32>) -> tensor<1x64x56x56xf32, #tessera.tensor<order = [0, 2, 3, 1]>>
 *     %0 = stablehlo.convolution(%x0, %w) ... -> tensor<1x64x56x56xf32, #tessera.tensor<order = [0, 2, 3, 1]>>
 *     %1 = "stablehlo.reduce_window"(%0, %zero) ... -> tensor<1x64x56x56xf32, #tessera.tensor<order = [0, 2, 3, 1]>>
 *     %y = "tessera.relayout"(%1) : (tensor<1x64x56x56xf32, #tessera.tensor<order = [0, 2, 3, 1]>>) -> tensor<1x64x56x56xf32>
 *     return %y
 *
 * Run it after all other passes but `fuse`, which keeps what it finds. Kernels read and write any order through their index maps; a relayout
 * is left where a window would read each element many times against its order (layout/windows.ts), and where an op takes nothing but
 * row-major values. A convolution runs along the order of its kernel's result, so that what is computed at its end has that order too. Constants are given the order
 * they are read in, and lie in the module so. Arguments, results and what control flow carries are row-major. A function that has an order
 * anywhere is left as it is: someone has chosen already. Costs are bytes (layout/tensor-bytes.ts), their least sum a minimum cut.
 */
import { cloneOperation } from '../ir/clone.ts';
import { type DimensionOrder, hasOrder, withOrder } from '../ir/dimension-order.ts';
import { Operation, type Value } from '../ir/operation.ts';
import { relayout } from '../ir/ops/tessera/relayout.ts';
import { isTensor, type Type } from '../ir/types.ts';
import { type ChosenWindow, chooseOrders, currentOrder, isAlike } from './layout/choose-orders.ts';
import { runsOps } from './op-groups.ts';
import { definePass, type PassContext } from './pass.ts';

export const layout = definePass({
  name: 'layout',
  summary: 'choose the order in which the dimensions of each tensor lie in memory',
  run(module, context) {
    let changed = false;
    for (const op of module.region().block.operations())
      if (op.name === 'func.func' && op.regions.length > 0) changed = layoutFunction(op, context) || changed;
    return changed;
  },
});

function layoutFunction(func: Operation, context: PassContext): boolean {
  const ops: Operation[] = [];
  collect(func, ops);
  if (hasOrders(func) || ops.some((op) => hasOrders(op) || op.name === relayout.name)) return false;
  const { orders, windows, rowMajor } = chooseOrders(ops);
  for (const window of windows) remark(window, context);
  for (const [value, order] of orders) value.type = inOrder(value.type, order);
  const relayouts = new Relayouts();
  for (const { op, operands, isWished } of windows)
    for (const [index, { value, order, views }] of operands.entries())
      op.setOperand(index, relayouts.of(op.operand(index), value, isWished ? order : currentRowMajor(value), views));
  for (const op of orders.size === 0 ? [] : rowMajor)
    for (const [index, value] of op.operands.entries())
      op.setOperand(index, relayouts.of(value, value, currentRowMajor(value), []));
  return orders.size > 0 || relayouts.count > 0;
}

/** The ops that run one after another, inner ones with them; not the scalar regions of reducers. */
function collect(parent: Operation, into: Operation[]): void {
  for (const { block } of parent.regions)
    for (const op of block.operations()) {
      into.push(op);
      if (runsOps.has(op.name)) collect(op, into);
    }
}

function hasOrders(op: Operation): boolean {
  const values = [...op.results, ...op.regions.flatMap(({ block }) => block.arguments)];
  return values.some(({ type }) => hasOrder(type));
}

function inOrder(type: Type, order: DimensionOrder): Type {
  return isTensor(type) ? withOrder(type, order) : type;
}

function currentRowMajor({ type }: Value): DimensionOrder {
  return isTensor(type) ? type.shape.map((_, dimension) => dimension) : [];
}

/** Values in other orders than their own, each made once, next to where the value is made. */
class Relayouts {
  readonly #made = new Map<Value, Map<string, Value>>();
  count = 0;

  /** The operand, read through `views` from the value in this order. */
  of(operand: Value, value: Value, order: DimensionOrder, views: readonly Operation[]): Value {
    if (isAlike(value, currentOrder(value), order)) return operand;
    return views.reduce((moved, view) => this.#through(view, moved), this.#inOrder(value, order));
  }

  /** The view of the value where it has been moved. */
  #through(view: Operation, moved: Value): Value {
    const copy = cloneOperation(view, new Map([[view.operand(0), moved]]));
    view.block?.insertBefore(copy, view.next);
    return copy.result();
  }

  #inOrder(value: Value, order: DimensionOrder): Value {
    const made = this.#made.get(value) ?? new Map<string, Value>();
    this.#made.set(value, made);
    const known = made.get(order.join());
    if (known !== undefined) return known;
    const moved = this.#make(value, order);
    made.set(order.join(), moved);
    return moved;
  }

  #make(value: Value, order: DimensionOrder): Value {
    this.count += 1;
    const { definingOp, block } = value;
    const type = inOrder(value.type, order);
    const isConstant = definingOp?.definition.traits.has('constant-like') === true;
    const made = isConstant
      ? cloneOperation(definingOp, new Map())
      : new Operation(relayout, {
          operands: [value],
          resultTypes: [type],
          location: definingOp?.location ?? block?.first?.location,
        });
    made.result().type = type;
    block?.insertBefore(made, definingOp === undefined ? block.first : definingOp.next);
    return made.result();
  }
}

function remark({ op, isWished, rowMajorBytes, wishedBytes, operands }: ChosenWindow, context: PassContext): void {
  const order = `[${operands[0]?.order.join(', ')}]`;
  const less = rowMajorBytes - wishedBytes;
  if (isWished)
    context.remark(
      op,
      `reads its window in dimension order ${order}: ${wishedBytes} bytes touched, ${less} less than row-major`,
    );
  else
    context.remark(
      op,
      `stays row-major: dimension order ${order} would touch ${less} bytes less, and move more around it`,
    );
}
