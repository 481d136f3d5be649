/**
 * Makes of a case what a target can be tested with. Its constants and inputs become run-time arguments, so that nothing can be folded; what
 * its checks look at, and what it prints, becomes the results; expected values stay outside. The checks are evaluated afterwards on what the
 * target computed.
 *
 * A constant that is itself looked at is tested twice: as an argument that the module hands through, and as a constant that it brings along.
 */
import { cloneOperation } from '../../ir/clone.ts';
import { dimSymbol } from '../../ir/dimension.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import { evaluateOperation } from '../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { attributesOf } from '../../ir/op-site.ts';
import { Block, Operation, type Value } from '../../ir/operation.ts';
import { funcReturn } from '../../ir/ops/func/return.ts';
import { getDimensionSize } from '../../ir/ops/stablehlo/get-dimension-size.ts';
import { functionType, hasDType, isTensor, tensorType, type TensorType } from '../../ir/types.ts';

/** Where an operand of a check comes from: a result of the module, or the case itself. */
type CheckOperand =
  | { readonly kind: 'result'; readonly index: number }
  | { readonly kind: 'expected'; readonly tensor: Tensor };

interface ExtractedCheck {
  readonly op: Operation;
  readonly operands: readonly CheckOperand[];
}

export interface Computation {
  /** What the function, which was changed, is to be called with. */
  readonly inputs: readonly Tensor[];
  /** Bytes of constants that stayed constants, because the shape of a result hangs on them. */
  readonly constantBytes: number;
  /** Results that are constants in the case itself, so that they may be constants in the module. */
  readonly ownConstants: ReadonlySet<number>;
  /** Results that the case's function returns. */
  readonly returned: readonly number[];
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

export interface ExtractionOptions {
  /** Tensors for the arguments that the function has already. */
  readonly given: readonly Tensor[];
  /** Whether what the function returns is looked at, besides its checks. */
  readonly returns: boolean;
}

/** Changes `func`, whose calls have been inlined. Undefined when it computes nothing that anyone looks at, or its arguments are not known. */
export function extractComputation(func: Operation, { given, returns }: ExtractionOptions): Computation | undefined {
  const { block } = func.region();
  if (given.length !== block.arguments.length) return undefined;
  const outputs = new Outputs();
  const returned = returns ? (block.terminator?.operands ?? []).map((value) => outputs.indexOf(value)) : [];
  const checks = [...block.operations()].filter(isCheck).flatMap((op) => extractCheck(op, outputs));
  if (outputs.values.length === 0) return undefined;
  returnInstead(func, outputs.values);
  const { inputs, constantBytes } = constantsToArguments(block, outputs.ownConstants);
  setFunctionType(func);
  return {
    inputs: [...given, ...inputs],
    constantBytes,
    ownConstants: new Set(outputs.ownConstants.map((value) => outputs.indexOf(value))),
    returned,
    check: (results) => checks.forEach((check) => runCheck(check, results)),
  };
}

/** The values that become results, each once. */
class Outputs {
  readonly values: Value[] = [];
  readonly ownConstants: Value[] = [];

  indexOf(value: Value): number {
    const known = this.values.indexOf(value);
    return known < 0 ? this.values.push(value) - 1 : known;
  }

  /** A copy of the constant that stays one. */
  ownConstant(op: Operation): number {
    const copy = cloneOperation(op);
    op.block?.insertBefore(copy, op);
    this.ownConstants.push(copy.result());
    return this.indexOf(copy.result());
  }
}

function isCheck(op: Operation): boolean {
  const target = op.attribute('call_target_name');
  return op.name.startsWith('check.') || (target?.kind === 'string' && target.value.startsWith('check.'));
}

/** A constant beside something computed is what that should be; of constants alone, the first is looked at. */
function extractCheck(check: Operation, outputs: Outputs): readonly ExtractedCheck[] {
  const op = standAlone(check);
  const tensors = check.operands.map(constantTensor);
  const own = tensors.includes(undefined) ? undefined : check.operands[0]?.definingOp;
  const operands = check.operands.map((value, index): CheckOperand => {
    const tensor = own !== undefined && index === 0 ? undefined : tensors[index];
    return tensor === undefined ? { kind: 'result', index: outputs.indexOf(value) } : { kind: 'expected', tensor };
  });
  if (own === undefined) return [{ op, operands }];
  const again: CheckOperand = { kind: 'result', index: outputs.ownConstant(own) };
  return [
    { op, operands },
    { op, operands: operands.with(0, again) },
  ];
}

function constantTensor({ type, definingOp }: Value): Tensor | undefined {
  const value = definingOp?.attribute('value');
  if (definingOp?.name !== 'stablehlo.constant' || (value?.kind !== 'dense' && value?.kind !== 'dense-resource'))
    return undefined;
  if (!isTensor(type) || !hasDType(type)) return undefined;
  const tensor = tensorOfConstant(value);
  return tensor instanceof Tensor ? tensor : undefined;
}

/** A copy over arguments of its own, so that the function is free of it. */
function standAlone(op: Operation): Operation {
  const block = new Block(op.operands.map(({ type }) => type));
  const copy = cloneOperation(op);
  copy.setOperands(block.arguments);
  return copy;
}

/** The function returns `outputs`; the checks go. */
function returnInstead(func: Operation, outputs: readonly Value[]): void {
  const { block } = func.region();
  block.terminator?.erase();
  for (const op of block.operations()) {
    if (!isCheck(op)) continue;
    for (const result of op.results) if (result.hasUses) result.replaceAllUsesWith(op.operand(0));
    op.erase();
  }
  block.append(new Operation(funcReturn, { operands: outputs }));
}

/** All but `kept`, and those that a shape hangs on. */
function constantsToArguments(
  block: Block,
  kept: readonly Value[],
): { readonly inputs: readonly Tensor[]; readonly constantBytes: number } {
  const inputs: Tensor[] = [];
  let constantBytes = 0;
  for (const op of block.operations()) {
    const tensor = op.results.length === 1 ? constantTensor(op.result()) : undefined;
    if (tensor === undefined || kept.includes(op.result())) continue;
    if (!op.result().hasUses) op.erase();
    else if (isShapeOperand(op.result())) constantBytes += tensor.values.byteLength;
    else {
      const argument = block.addArgument(argumentType(op.result()));
      op.result().replaceAllUsesWith(argument);
      op.erase();
      inputs.push(tensor);
    }
  }
  return { inputs, constantBytes };
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

/** The constant's type; a size that ops ask for, who do nothing else with it, is bound late, for it would be known without computing. */
function argumentType(constant: Value): TensorType {
  const { type } = constant;
  if (!isTensor(type)) throw new Error('a constant that is no tensor');
  const asked = new Set<number>();
  for (const { owner } of constant.uses()) {
    if (owner.name !== getDimensionSize.name) return type;
    asked.add(attributesOf<typeof getDimensionSize.attributes>(owner).dimension);
  }
  const shape = type.shape.map((size, axis) =>
    asked.has(axis) && typeof size === 'number' ? dimSymbol(`late${axis}`, size) : size,
  );
  return tensorType(shape, type.element);
}

function setFunctionType(func: Operation): void {
  const { block } = func.region();
  const type = functionType(
    block.arguments.map((argument) => argument.type),
    (block.terminator?.operands ?? []).map((output) => output.type),
  );
  func.setAttribute('function_type', { kind: 'type', type });
  for (const name of ['arg_attrs', 'res_attrs']) func.setAttribute(name, undefined);
}

function runCheck({ op, operands }: ExtractedCheck, results: readonly Tensor[]): void {
  const values = operands.map((operand) => (operand.kind === 'expected' ? operand.tensor : results[operand.index]));
  const present = values.filter((value) => value !== undefined);
  if (present.length !== values.length) throw new Error('a checked value was not computed');
  evaluateOperation(op, present);
}
