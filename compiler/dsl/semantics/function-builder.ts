/**
 * One function of the artifact while its body is elaborated. Inputs become arguments at once, the parameters and state of models when they
 * are first read; at the end the arguments are put in order: inputs, `inout` values, then the fields by declaration.
 */
import { arrayAttr, type Attribute, type AttributeMap, integerAttr, stringAttr } from '../../../ir/attributes.ts';
import { buildRegion } from '../../../ir/builder.ts';
import { invariant } from '../../../ir/diagnostics/diagnostic.ts';
import type { Location } from '../../../ir/location.ts';
import { Block as IrBlock, Operation, Region, type Value as IrValue } from '../../../ir/operation.ts';
import { func } from '../../../ir/ops/func/func.ts';
import { funcReturn } from '../../../ir/ops/func/return.ts';
import type { Span } from '../../../ir/source.ts';
import { functionType, scalarType, type TensorType } from '../../../ir/types.ts';
import type { ModelCell } from './cell.ts';
import { constantDimension } from './dimension.ts';
import type { Assertion, Elaboration, FunctionFrame } from './elaboration.ts';
import type { LanguageType } from './language-type.ts';
import { leavesOf, valueOfLeaves } from './leaves.ts';
import { irType } from './tensor-ops.ts';
import type { TensorValue, Value } from './values.ts';

export type PortRole = 'input' | 'inout' | 'param' | 'state' | 'key' | 'output';

export interface Port {
  /** `x`, `kv.0.k`, `blocks.0.qkv.weight`; of results the field of the record, else `out`. */
  readonly name: string;
  readonly role: PortRole;
  readonly type: TensorType;
}

/** An elaborated function and what its arguments and results are. */
export interface BuiltFunction {
  readonly name: string;
  readonly op: Operation;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

interface Argument {
  readonly port: Port;
  readonly ir: IrValue;
  readonly cell: ModelCell | undefined;
}

interface Result {
  readonly port: Port;
  readonly ir: IrValue;
}

const order: Readonly<Record<PortRole, number>> = { input: 0, inout: 1, key: 2, state: 3, param: 3, output: 4 };

export class FunctionBuilder implements FunctionFrame {
  readonly kind: FunctionFrame['kind'];
  readonly assertions?: Assertion[];
  readonly block = new IrBlock();
  readonly #el: Elaboration;
  readonly #arguments: Argument[] = [];
  readonly #results: Result[] = [];
  /** Cells that have been read, in whatever order; they are forgotten at the end. */
  readonly #loaded = new Set<ModelCell>();

  constructor(el: Elaboration, kind: FunctionFrame['kind']) {
    this.#el = el;
    this.kind = kind;
  }

  /** A value of the type made of arguments. */
  argument(type: LanguageType, name: string, role: PortRole, origin: Span, cell?: ModelCell): Value {
    return valueOfLeaves(type, name, ({ dtype, dims }, path): TensorValue => {
      const shape = irType({ dtype, dims });
      const ir = this.block.addArgument(shape);
      this.#arguments.push({ port: { name: path, role, type: shape }, ir, cell });
      const tensor: TensorValue = { kind: 'tensor', dtype, dims, ir, origin };
      if (!this.#el.isGeneric) this.#el.ops.learnSizes(tensor);
      return tensor;
    });
  }

  load(cell: ModelCell): Value {
    this.#loaded.add(cell);
    return this.argument(cell.type, cell.path, cell.role, cell.span, cell);
  }

  key(path: string): TensorValue {
    const known = this.#arguments.find(({ port }) => port.role === 'key' && port.name === path);
    const dims = [constantDimension(2)];
    const shape = irType({ dtype: 'ui32', dims });
    const ir = known?.ir ?? this.block.addArgument(shape);
    if (known === undefined)
      this.#arguments.push({ port: { name: path, role: 'key', type: shape }, ir, cell: undefined });
    return { kind: 'tensor', dtype: 'ui32', dims, ir, origin: this.#el.ops.origin };
  }

  /** Adds the leaves of a value as results. */
  result(value: Value, name: string, role: PortRole, other: (value: Value, path: string) => TensorValue): void {
    for (const { path, tensor } of leavesOf(value, name, other)) {
      this.#results.push({ port: { name: path, role, type: irType(tensor) }, ir: tensor.ir });
    }
  }

  /** Ends the function. Fields of models that are read in vain are not arguments. */
  finish(name: string, location: Location): BuiltFunction {
    const results = this.#results;
    this.#el.ops.inBlock(this.block, () => {
      this.#el.ops.builder.create(
        funcReturn,
        results.map(({ ir }) => ir),
        {},
        { location },
      );
    });
    const args = this.#orderedArguments();
    const outputs = results.map(({ port }) => port);
    const attributes = new Map<string, Attribute>([
      ['sym_name', stringAttr(name)],
      [
        'function_type',
        {
          kind: 'type',
          type: functionType(
            args.map(({ port }) => port.type),
            outputs.map(({ type }) => type),
          ),
        },
      ],
      [
        'arg_attrs',
        arrayAttr(args.map(({ port }) => ({ kind: 'dictionary', entries: this.#argumentAttributes(port) }))),
      ],
      ['res_attrs', arrayAttr(outputs.map((port) => ({ kind: 'dictionary', entries: portAttributes(port) })))],
    ]);
    const op = new Operation(func, { attributes, regions: [new Region(this.block)], location });
    this.forget();
    return { name, op, inputs: args.map(({ port }) => port), outputs };
  }

  /** Cells go back to not having been read. */
  forget(): void {
    for (const cell of this.#loaded) cell.value = undefined;
  }

  #orderedArguments(): readonly Argument[] {
    const position = new Map(this.#arguments.map((argument, index) => [argument, index]));
    const kept: Argument[] = [];
    for (const argument of this.#arguments) {
      if (argument.cell === undefined || argument.ir.hasUses) kept.push(argument);
    }
    const byDeclaration = (argument: Argument): number => argument.cell?.span.start ?? 0;
    kept.sort((a, b) => {
      const role = order[a.port.role] - order[b.port.role];
      if (role !== 0) return role;
      if (a.cell === undefined || b.cell === undefined || a.cell === b.cell)
        return (position.get(a) ?? 0) - (position.get(b) ?? 0);
      return this.#fieldOrder(a.cell) - this.#fieldOrder(b.cell) || byDeclaration(a) - byDeclaration(b);
    });
    this.block.arguments.splice(0, this.block.arguments.length, ...kept.map(({ ir }) => ir));
    for (const [index, { ir }] of kept.entries()) ir.index = index;
    return kept;
  }

  /** Where the cell stands among those of the whole model. */
  #fieldOrder(cell: ModelCell): number {
    return this.fieldOrder.get(cell) ?? Infinity;
  }

  /** The cells of the exported model in order; what is not among them comes last. */
  fieldOrder: ReadonlyMap<ModelCell, number> = new Map();

  #argumentAttributes(port: Port): AttributeMap {
    const entries = new Map(portAttributes(port));
    const alias = this.#results.findIndex(
      (result) => result.port.role === port.role && result.port.name === port.name && result.port.type === port.type,
    );
    const isWritten = port.role === 'inout' || port.role === 'param' || port.role === 'state';
    if (isWritten && alias !== -1) entries.set('tf.aliasing_output', integerAttr(alias, scalarType('i32')));
    return entries;
  }
}

function portAttributes({ name, role }: Port): AttributeMap {
  return new Map([
    ['tessera.name', stringAttr(name)],
    ['tessera.role', stringAttr(role)],
  ]);
}

/** A module of functions. */
export function moduleOf(
  functions: readonly BuiltFunction[],
  definition: Operation['definition'],
  location: Location,
): Operation {
  const region = buildRegion([], (builder) => {
    for (const { op } of functions) builder.insert(op);
  });
  invariant(region.block.size === functions.length, 'a function is in the module twice');
  return new Operation(definition, { regions: [region], location });
}
