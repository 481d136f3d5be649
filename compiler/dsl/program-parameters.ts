/** The parameters and state of a program's exported model as data: names, types, and what they start from. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { DType } from '../../ir/dtype.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { isDType } from '../../ir/dtype.ts';
import { isStaticDim } from '../../ir/dimension.ts';
import { hashPath } from '../parameters/path-key.ts';
import type { ElaboratedProgram, ModelField } from './elaborate.ts';

export interface ProgramParameter {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly role: 'param' | 'state';
  /** What it is before any call, from a seed and its name. */
  readonly initial: (seed: bigint) => Tensor;
}

/** In the order of their declaration, a tree leaf by leaf. */
export function programParameters({ initials, fields }: ElaboratedProgram): readonly ProgramParameter[] {
  return fields.flatMap((field) => {
    const evaluated = new Map<bigint, readonly RuntimeValue[]>();
    const evaluate = (seed: bigint): readonly RuntimeValue[] => {
      const known = evaluated.get(seed);
      if (known !== undefined) return known;
      const values = evaluateFunction(initials, field.initial.name, keysOf(field, seed));
      evaluated.set(seed, values);
      return values;
    };
    return field.initial.outputs.map(({ name, type }, index): ProgramParameter => {
      const { element, shape } = type;
      invariant(typeof element === 'string' && isDType(element) && shape.every(isStaticDim), `${name} is ${type.text}`);
      return {
        name,
        dtype: element,
        shape,
        role: field.cell.role,
        initial: (seed) => {
          const value = evaluate(seed)[index];
          invariant(value?.kind === 'tensor', `${name} has no initial value`);
          return value;
        },
      };
    });
  });
}

/** The RNG keys that an initial value asks for: hashes of the seed and of the path. */
function keysOf({ initial }: ModelField, seed: bigint): readonly Tensor[] {
  return initial.inputs.map(({ name }) => new Tensor('ui32', [2], Uint32Array.from(hashPath(seed, name))));
}
