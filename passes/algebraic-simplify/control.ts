/** Rules of if, case, while, tuples and collectives of one process. */
import type { Operation, Region, Value } from '../../ir/operation.ts';
import { allGather } from '../../ir/ops/stablehlo/all-gather.ts';
import { allReduce } from '../../ir/ops/stablehlo/all-reduce.ts';
import { allToAll } from '../../ir/ops/stablehlo/all-to-all.ts';
import { caseOp } from '../../ir/ops/stablehlo/case.ts';
import { getTupleElement } from '../../ir/ops/stablehlo/get-tuple-element.ts';
import { ifOp } from '../../ir/ops/stablehlo/if.ts';
import { reduceScatter } from '../../ir/ops/stablehlo/reduce-scatter.ts';
import { tupleOp } from '../../ir/ops/stablehlo/tuple.ts';
import { whileOp } from '../../ir/ops/stablehlo/while.ts';
import { reductionMode } from '../../ir/ops/shared/process-groups.ts';
import { groupWidth } from '../../ir/ops/shared/replica-groups.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { isSplatOf } from '../constants.ts';
import { definedBy, match } from '../match.ts';
import { movesData, rule, ruleFor } from '../rewrite-rule.ts';
import { scalarInteger } from './constant-operand.ts';

/** Moves the branch's ops before the op; gives its results. Undefined, with nothing moved, when the types are not the op's. */
function takeBranch(op: Operation, branch: Region | undefined, rewriter: Rewriter): readonly Value[] | undefined {
  const results = branch?.block.terminator?.operands;
  if (branch === undefined || results === undefined) return undefined;
  if (!op.results.every((result, index) => result.type === results[index]?.type)) return undefined;
  return rewriter.inlineBlockBefore(branch.block, op, []);
}

export const controlRules = [
  rule(ifOp, {
    name: 'if-constant',
    equation: 'if(true, f, g) = f(), if(false, f, g) = g()',
    floatingPoint: movesData,
    rewrite({ op, rewriter }) {
      if (isSplatOf(op.operand(0), 1)) return takeBranch(op, op.regions[0], rewriter);
      return isSplatOf(op.operand(0), 0) ? takeBranch(op, op.regions[1], rewriter) : undefined;
    },
  }),
  rule(caseOp, {
    name: 'case-constant',
    equation: 'case(i, f...) = f[i](); the last one where i is out of range',
    floatingPoint: movesData,
    rewrite({ op, rewriter }) {
      const index = scalarInteger(op.operand(0));
      const last = op.regions.length - 1;
      const chosen = op.regions.length === 1 ? 0 : index;
      if (chosen === undefined) return undefined;
      return takeBranch(op, op.regions[chosen >= 0 && chosen <= last ? chosen : last], rewriter);
    },
  }),
  rule(whileOp, {
    name: 'while-never',
    equation: 'while(x, false, f) = x',
    floatingPoint: movesData,
    rewrite({ op }) {
      const outcome = op.region(0).block.terminator?.operands[0];
      return outcome !== undefined && isSplatOf(outcome, 0) ? op.operands : undefined;
    },
  }),
  rule(getTupleElement, {
    name: 'element-of-tuple',
    equation: 'get_tuple_element<i>(tuple(x...)) = x[i]',
    floatingPoint: movesData,
    rewrite: ({ op, attrs }) => definedBy(op.operand(0), tupleOp)?.operands[attrs.index],
  }),
  rule(tupleOp, {
    name: 'tuple-of-elements',
    equation: 'tuple(get_tuple_element<0>(t), get_tuple_element<1>(t), ...) = t',
    floatingPoint: movesData,
    rewrite({ op }) {
      const parts = op.operands.map((value) => match(value, getTupleElement));
      const whole = parts[0]?.op.operand(0);
      const isWhole = parts.every((part, index) => part?.attrs.index === index && part.op.operand(0) === whole);
      return isWhole ? whole : undefined;
    },
  }),
  ruleFor([allReduce, reduceScatter, allGather], {
    name: 'collective-of-one',
    equation: 'all_reduce(x) = x, reduce_scatter(x) = x, all_gather(x) = x, where every group has one process',
    floatingPoint: 'exact: nothing is combined',
    rewrite({ op }) {
      const attrs =
        match(op.result(), allReduce)?.attrs ??
        match(op.result(), reduceScatter)?.attrs ??
        match(op.result(), allGather)?.attrs;
      if (attrs === undefined || groupWidth(attrs.replica_groups) !== 1) return undefined;
      const mode = reductionMode(attrs.channel_handle?.handle ?? 0, attrs.use_global_device_ids);
      return mode === 'cross-replica-and-partition' ? undefined : op.operands;
    },
  }),
  rule(allToAll, {
    name: 'all-to-all-of-one',
    equation: 'all_to_all(x) = x, where every group has one process',
    floatingPoint: movesData,
    rewrite: ({ op, attrs }) =>
      groupWidth(attrs.replica_groups) === 1 && attrs.split_count === 1 ? op.operands : undefined,
  }),
];
