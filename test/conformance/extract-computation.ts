/**
 * Makes of a case what a target can be tested with: its constants and inputs become run-time arguments, so that nothing can be folded, and
 * what its checks look at becomes the results. The checks themselves are evaluated afterwards on what the target computed.
 */
import { Block, Operation, type Value } from '../../ir/operation.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import { evaluateOperation } from '../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { cloneOperation } from '../../ir/clone.ts';
import { funcReturn } from '../../ir/ops/func/return.ts';
import { hasDType, isTensor, functionType } from '../../ir/types.ts';

/** One check and where each of its operands comes from. */
interface ExtractedCheck {
  readonly op: Operation;
  readonly operands: readonly (
    | { readonly kind: 'result'; readonly index: number }
    | { readonly kind: 'argument'; readonly index: number }
  )[];
}

export interface Computation {
  /** The function, changed: arguments for constants, results for what is checked. */
  readonly func: Operation;
  readonly inputs: readonly Tensor[];
  /** Bytes of constants that stayed constants, because an op's shape hangs on them. */
  readonly constantBytes: number;
  /** Throws the DiagnosticError of the first check that does not hold. */
  readonly check: (results: readonly Tensor[]) => void;
}

/** Operands from this one on must be constants for the shape of the result to be known. */
const shapeOperands: ReadonlyMap<string, number> = new Map([
  ['stablehlo.dynamic_reshape', 1],
  ['stablehlo.dynamic_broadcast_in_dim', 1],
  ['stablehlo.dynamic_iota', 0],
  ['stablehlo.dynamic_pad', 2],
  ['stablehlo.real_dynamic_slice', 1],
  ['stablehlo.dynamic_gather', 2],
  ['stablehlo.dynamic_conv', 2],
]);

/** Changes `func`, whose calls have been inlined. Undefined when it checks nothing that is computed. */
export function extractComputation(func: Operation): Computation | undefined {
  const { block } = func.region();
  const inputs = block.arguments.map(() => undefined as Tensor | undefined);
  let constantBytes = 0;
  for (const op of block.operations()) {
    const tensor = constantTensor(op);
    if (tensor === undefined) continue;
    if (isShapeOperand(op.result())) {
      constantBytes += tensor.values.byteLength;
      continue;
    }
    const argument = block.addArgument(op.result().type);
    op.result().replaceAllUsesWith(argument);
    op.erase();
    inputs.push(tensor);
  }
  const outputs: Value[] = [];
  const checks = takeChecks(func, outputs);
  if (checks.length === 0 || inputs.includes(undefined)) return undefined;
  returnInstead(func, outputs);
  const given = inputs.filter((input) => input !== undefined);
  return {
    func,
    inputs: given,
    constantBytes,
    check: (results) => checks.forEach((check) => runCheck(check, given, results)),
  };
}

function constantTensor(op: Operation): Tensor | undefined {
  const value = op.attribute('value');
  if (op.name !== 'stablehlo.constant' || (value?.kind !== 'dense' && value?.kind !== 'dense-resource'))
    return undefined;
  const { type } = op.result();
  if (!isTensor(type) || !hasDType(type)) return undefined;
  const tensor = tensorOfConstant(value);
  return tensor instanceof Tensor ? tensor : undefined;
}

/** Directly or through integer arithmetic on shapes. */
function isShapeOperand(value: Value, depth = 0): boolean {
  for (const { owner, index } of value.uses()) {
    const first = shapeOperands.get(owner.name);
    if (first !== undefined && index >= first) return true;
    if (
      depth < 8 &&
      owner.results.length === 1 &&
      owner.regions.length === 0 &&
      isShapeOperand(owner.result(), depth + 1)
    )
      return true;
  }
  return false;
}

function isCheck(op: Operation): boolean {
  const target = op.attribute('call_target_name');
  return op.name.startsWith('check.') || (target?.kind === 'string' && target.value.startsWith('check.'));
}

function takeChecks(func: Operation, outputs: Value[]): readonly ExtractedCheck[] {
  const { block } = func.region();
  const checks: ExtractedCheck[] = [];
  for (const op of block.operations()) {
    if (!isCheck(op)) continue;
    const operands = op.operands.map((value): ExtractedCheck['operands'][number] => {
      if (value.argumentOf === block) return { kind: 'argument', index: value.index };
      const known = outputs.indexOf(value);
      if (known < 0) outputs.push(value);
      return { kind: 'result', index: known < 0 ? outputs.length - 1 : known };
    });
    checks.push({ op: standAlone(op), operands });
  }
  return outputs.length === 0 ? [] : checks;
}

/** A copy over arguments of its own, so that the function is free of it. */
function standAlone(op: Operation): Operation {
  const block = new Block(op.operands.map(({ type }) => type));
  const copy = cloneOperation(op);
  copy.setOperands(block.arguments);
  return copy;
}

/** The function returns `outputs`; the checks, and what only they used, go. */
function returnInstead(func: Operation, outputs: readonly Value[]): void {
  const { block } = func.region();
  block.terminator?.erase();
  for (const op of block.operations()) {
    if (!isCheck(op)) continue;
    for (const result of op.results) if (result.hasUses) result.replaceAllUsesWith(op.operand(0));
    op.erase();
  }
  block.append(new Operation(funcReturn, { operands: outputs }));
  const type = functionType(
    block.arguments.map((argument) => argument.type),
    outputs.map((output) => output.type),
  );
  func.setAttribute('function_type', { kind: 'type', type });
  for (const name of ['arg_attrs', 'res_attrs']) func.setAttribute(name, undefined);
}

function runCheck({ op, operands }: ExtractedCheck, inputs: readonly Tensor[], results: readonly Tensor[]): void {
  const values = operands.map(({ kind, index }) => (kind === 'argument' ? inputs : results)[index]);
  const present = values.filter((value) => value !== undefined);
  if (present.length !== values.length) throw new Error('a checked value was not computed');
  evaluateOperation(op, present);
}
