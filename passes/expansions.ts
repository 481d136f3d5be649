/** How an expander runs: a rule for each op it knows, applied to all of them in a module, those in inner regions first. */
import type { Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { isStaticTensor, isTensor } from '../ir/types.ts';
import { ExpandKit } from './expand-kit.ts';
import type { PassContext } from './pass.ts';

/** Why an op stays as it is; said in a remark. */
export interface NotExpanded {
  readonly reason: string;
}

export function notExpanded(reason: string): NotExpanded {
  return { reason };
}

/** The values that stand for the op's results; undefined where the op is none of its business. It refuses before it builds. */
export type ExpansionRule = (kit: ExpandKit, op: Operation) => readonly Value[] | NotExpanded | undefined;

/** True when any op was expanded. */
export function runExpansions(
  module: Operation,
  context: PassContext,
  rules: ReadonlyMap<string, ExpansionRule>,
): boolean {
  const rewriter = new Rewriter();
  const ops: Operation[] = [];
  module.walk((op) => {
    if (rules.has(op.name)) ops.push(op);
  });
  let expanded = false;
  for (const op of ops.reverse()) {
    context.at(op);
    const outcome = rules.get(op.name)?.(new ExpandKit(rewriter, op), op);
    if (outcome === undefined) continue;
    if ('reason' in outcome) context.remark(op, `${op.name} is not expanded: ${outcome.reason}`);
    else {
      rewriter.replace(op, outcome);
      expanded = true;
    }
  }
  return expanded;
}

/** True when all operands and results are tensors of known sizes. */
export function isStaticOp(op: Operation): boolean {
  const hasStaticType = ({ type }: Value): boolean => !isTensor(type) || isStaticTensor(type);
  return op.operands.every(hasStaticType) && op.results.every(hasStaticType);
}

export const unknownSizes = notExpanded('its sizes are not known');
