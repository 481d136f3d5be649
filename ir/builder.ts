/** Builds operations at an insertion point. Types are inferred from the definition unless given. */
import { type AttributesOf, type AttributeSchema, encodeAttributes } from './attribute-schema.ts';
import type { AttributeMap } from './attributes.ts';
import { invariant, InvariantError } from './diagnostics/diagnostic.ts';
import { type Location, unknownLocation } from './location.ts';
import type { OpDefinition } from './op-definition.ts';
import { Block, Operation, Region, type Value } from './operation.ts';
import type { Type } from './types.ts';

export interface CreateOptions {
  readonly resultTypes?: readonly Type[] | undefined;
  readonly regions?: readonly Region[];
  readonly location?: Location;
  /** Attributes beside the schema's, such as `mhlo.sharding`. */
  readonly discardable?: AttributeMap;
}

/** Result types by a definition's own inference; throws InvariantError when a constraint does not hold. */
export function inferResultTypes<S extends AttributeSchema>(
  definition: OpDefinition<string, S>,
  operandTypes: readonly Type[],
  attrs: AttributesOf<S>,
  regions: readonly Region[] = [],
  resultTypes: readonly Type[] = [],
): readonly Type[] | undefined {
  const check = {
    require(condition: boolean, id: string, detail: () => string): boolean {
      if (!condition) throw new InvariantError(`${definition.name} ${id}: ${detail()}`);
      return condition;
    },
  };
  return definition.inferTypes?.({ op: undefined, definition, operandTypes, resultTypes, attrs, regions }, check);
}

export class Builder {
  block: Block;
  /** New operations go before it, or to the end of the block. */
  anchor: Operation | undefined;
  location: Location = unknownLocation;

  constructor(block: Block, anchor?: Operation) {
    this.block = block;
    this.anchor = anchor;
  }

  static before(op: Operation): Builder {
    invariant(op.block !== undefined, `${op.name} is not in a block`);
    const builder = new Builder(op.block, op);
    builder.location = op.location;
    return builder;
  }

  /** Makes an operation from typed attribute values and inserts it. */
  create<N extends string, S extends AttributeSchema>(
    definition: OpDefinition<N, S>,
    operands: readonly Value[],
    attrs: Partial<AttributesOf<S>> = {},
    options: CreateOptions = {},
  ): Operation {
    const attributes = encodeAttributes(definition.attributes, attrs);
    for (const [name, attribute] of options.discardable ?? []) attributes.set(name, attribute);
    const resultTypes = options.resultTypes ?? this.#infer(definition, operands, attrs, options);
    return this.insert(
      new Operation(definition, {
        operands,
        resultTypes,
        attributes,
        regions: options.regions ?? [],
        location: options.location ?? this.location,
      }),
    );
  }

  insert(op: Operation): Operation {
    this.block.insertBefore(op, this.anchor);
    return op;
  }

  #infer<S extends AttributeSchema>(
    definition: OpDefinition<string, S>,
    operands: readonly Value[],
    attrs: Partial<AttributesOf<S>>,
    options: CreateOptions,
  ): readonly Type[] {
    if (definition.results.length === 0) return [];
    const full = { ...absentValues(definition.attributes), ...attrs } as AttributesOf<S>;
    const operandTypes = operands.map((operand) => operand.type);
    const inferred = inferResultTypes(definition, operandTypes, full, options.regions ?? []);
    invariant(inferred !== undefined, `${definition.name}: the result types cannot be inferred and must be given`);
    return inferred;
  }
}

function absentValues(schema: AttributeSchema): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(schema)) if (codec.absent !== undefined) values[name] = codec.absent.value;
  return values;
}

/** A region with arguments of these types, filled by `build`. */
export function buildRegion(
  argumentTypes: readonly Type[],
  build: (builder: Builder, args: readonly Value[]) => void,
): Region {
  const block = new Block(argumentTypes);
  build(new Builder(block), block.arguments);
  return new Region(block);
}
