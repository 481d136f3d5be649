/**
 * Trained weights put into a module: every parameter or state that a function only reads becomes a constant, which passes fold and
 * kernels pack. What a function writes stays an argument of it.
 */
import {
  arrayAttr,
  type Attribute,
  type DenseResourceAttr,
  denseAttr,
  type AttributeMap,
} from '../../ir/attributes.ts';
import { Builder } from '../../ir/builder.ts';
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { constant } from '../../ir/ops/stablehlo/constant.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { functionType, isTensor, type TensorType } from '../../ir/types.ts';

/** Larger constants are out of line: they are shared by reference and not printed among the ops. */
const inlineBytes = 256;

/** The module is changed. `weights` are by the names of parameters. */
export function freezeParameters(module: Operation, weights: ReadonlyMap<string, Tensor>): void {
  const attributes = new Map<string, Attribute>();
  for (const func of new SymbolTable(module).functions()) freezeFunction(func, weights, attributes);
}

function freezeFunction(func: Operation, weights: ReadonlyMap<string, Tensor>, shared: Map<string, Attribute>): void {
  const type = func.attribute('function_type');
  const list = func.attribute('arg_attrs');
  if (type?.kind !== 'type' || type.type.kind !== 'function' || list?.kind !== 'array') return;
  const { block } = func.region();
  const kept: number[] = [];
  for (const [index, entry] of list.elements.entries()) {
    const name = entry.kind === 'dictionary' ? frozenName(entry.entries) : undefined;
    const tensor = name === undefined ? undefined : weights.get(name);
    if (name === undefined || tensor === undefined) {
      kept.push(index);
      continue;
    }
    const argument = block.argument(index);
    invariant(isTensor(argument.type), `the parameter ${name} is no tensor`);
    const value = shared.get(name) ?? constantAttr(name, tensor, argument.type);
    shared.set(name, value);
    replaceByConstant(argument, value, func);
  }
  for (const index of [...list.elements.keys()].toReversed()) if (!kept.includes(index)) block.removeArgument(index);
  const { inputs, results } = type.type;
  const keptInputs = inputs.filter((_, index) => kept.includes(index));
  func.setAttribute('function_type', { kind: 'type', type: functionType(keptInputs, results) });
  func.setAttribute('arg_attrs', arrayAttr(list.elements.filter((_, index) => kept.includes(index))));
}

/** The name of a parameter or state that its function does not write. */
function frozenName(entries: AttributeMap): string | undefined {
  const role = entries.get('tessera.role');
  const name = entries.get('tessera.name');
  const isField = role?.kind === 'string' && (role.value === 'param' || role.value === 'state');
  return isField && !entries.has('tf.aliasing_output') && name?.kind === 'string' ? name.value : undefined;
}

function replaceByConstant(argument: Value, value: Attribute, func: Operation): void {
  if (!argument.hasUses) return;
  const { block } = func.region();
  const builder = new Builder(block, block.first);
  builder.location = func.location;
  invariant(value.kind === 'dense' || value.kind === 'dense-resource', 'a parameter that is no constant');
  const op = builder.create(constant, [], { value }, { resultTypes: [argument.type] });
  argument.replaceAllUsesWith(op.result());
}

function constantAttr(name: string, tensor: Tensor, type: TensorType): Attribute {
  const { values } = tensor;
  if (values.byteLength <= inlineBytes) return denseAttr(type, { splat: false, values });
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const attribute: DenseResourceAttr = {
    kind: 'dense-resource',
    type,
    key: name,
    blob: { key: name, alignment: values.BYTES_PER_ELEMENT, bytes },
  };
  return attribute;
}
