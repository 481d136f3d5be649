/** The sizes of an exported function's binders, from the shapes of the arrays it is to be called with. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { DType } from '../../ir/dtype.ts';
import { openSlot } from './semantics/binder-slot.ts';
import { constantDimension, constantOf } from './semantics/dimension.ts';
import { newElaboration } from './semantics/elaborator.ts';
import { findExports } from './semantics/exports.ts';
import { UnknownOperand } from './semantics/language-error.ts';
import { closeType } from './semantics/open-type.ts';
import { parameterName } from './semantics/calls.ts';
import { leafTypes } from './semantics/leaves.ts';
import { Scope } from './semantics/scope.ts';
import { Settings } from './semantics/settings.ts';
import { Solver } from './semantics/solver.ts';
import type { Program } from './load-program.ts';

/** The sizes of an input `x` or `kv.0.k`; undefined where it is not given, or has another rank. */
export type ShapeOf = (input: string, dtype: DType, rank: number) => readonly number[] | undefined;

export interface InferredDimensions {
  readonly sizes: ReadonlyMap<string, number>;
  /** Binders that no array tells. */
  readonly open: readonly string[];
  /** What arrays can be given for: inputs, parameters and state. Undefined where it is not known which function is meant. */
  readonly inputs: readonly string[] | undefined;
}

/** What does not fit is left open: it is reported where the function is made or called. */
export function inferDimensions(
  program: Program,
  functionName: string | undefined,
  settings: ReadonlyMap<string, string>,
  shapeOf: ShapeOf,
  sink: DiagnosticSink,
): InferredDimensions {
  const el = newElaboration({ sink, origin: program.main.unit.span, isGeneric: true });
  const { functions = [], cells = [] } = findExports(el, program, new Settings(settings)) ?? {};
  const chosen =
    functions.length === 1 ? functions[0] : functions.find(({ name }) => name === (functionName ?? 'main'));
  const declaration = chosen?.fn.declaration;
  if (chosen === undefined || declaration?.kind !== 'fn') return { sizes: new Map(), open: [], inputs: undefined };
  const scope = new Scope(chosen.fn.scope);
  const solver = new Solver();
  const slots = declaration.binders.map(openSlot);
  for (const slot of slots) {
    solver.add(slot);
    scope.define(slot.name, { kind: 'slot', slot, span: slot.span });
  }
  const inputs: string[] = [];
  for (const parameter of declaration.parameters) {
    const { type } = parameter;
    if (type === undefined) continue;
    el.attempt(() => {
      const open = closeType(el.evaluateType(type, scope));
      if (open === undefined) return;
      for (const leaf of leafTypes(open, parameterName(parameter) ?? '_')) {
        inputs.push(leaf.path);
        const shape = shapeOf(leaf.path, leaf.type.dtype, leaf.type.dims.length);
        if (shape?.length !== leaf.type.dims.length) continue;
        for (const [axis, dim] of leaf.type.dims.entries()) {
          const actual = constantDimension(shape[axis] ?? 0);
          el.attempt(() =>
            solver.equate(dim, actual, { reason: { text: leaf.path, span: parameter.span }, mismatch: stop }),
          );
        }
      }
    });
  }
  el.attempt(() => solver.finish());
  const sizes = new Map<string, number>();
  for (const { name, solution } of slots) {
    const size = solution?.kind === 'int' ? constantOf(solution.value) : undefined;
    if (size !== undefined) sizes.set(name, size);
  }
  const open = slots.map(({ name }) => name).filter((name) => !sizes.has(name));
  return { sizes, open, inputs: [...inputs, ...cells.map(({ path }) => path)] };
}

const stop = (): never => {
  throw new UnknownOperand();
};
