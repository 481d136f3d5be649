/**
 * The maximum of a reduction as the minimum of negated numbers, for targets where a maximum that lets NaN through and tells zeros apart
 * takes many instructions, and a minimum of this kind few. Exact: negation turns the order of all floats around, that of zeros too.
 *
 *     max over k of x[k]     ->     -(min over k of -x[k])
 */
import { walkValues } from './lower-affine.ts';
import { axisOf } from './lower-context.ts';
import { shortReduction } from './regrouping.ts';
import { mapValue } from './map-value.ts';
import { maxSize, productOfSizes } from './size.ts';
import type { Combiner, Stage, StructuredKernel, ValueExpr } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';
import { chooseWindowSchedule } from './window/choose-window.ts';

export function negateMaxima(kernel: StructuredKernel, target: TargetInfo): StructuredKernel {
  if (target.hasMaximum) return kernel;
  // A window that slides has ways of its own (window/folding.ts).
  const isNegated = (stage: Stage): boolean =>
    isLong(kernel, stage) && chooseWindowSchedule(kernel, stage, target) === undefined;
  const stages = kernel.stages.map((stage) => (isNegated(stage) ? negateMaximaOf(stage) : stage));
  return stages.every((stage, position) => stage === kernel.stages[position]) ? kernel : { ...kernel, stages };
}

/** Short ones are taken one by one, where either costs the same. */
function isLong(kernel: StructuredKernel, { axes }: Stage): boolean {
  const reduced = axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  return (maxSize(productOfSizes(reduced.map(({ extent }) => extent))) ?? Infinity) >= shortReduction;
}

function negateMaximaOf(stage: Stage): Stage {
  const { combiner, values } = stage;
  if (combiner === undefined || combiner.join !== undefined) return stage;
  const isNegated = combiner.results.map((_, position) => isMaximum(combiner, position));
  // Another result that looks at a maximum would see it negated.
  const isApart = combiner.results.every((result, position) => isNegated[position] || !looksAt(result, isNegated));
  if (!isNegated.includes(true) || !isApart) return stage;
  const finish =
    stage.finish ?? combiner.dtypes.map((dtype, index): ValueExpr => ({ kind: 'accumulator', dtype, index }));
  return {
    ...stage,
    values: values.map((value, position) => (isNegated[position] === true ? negate(value) : value)),
    combiner: {
      ...combiner,
      identity: combiner.identity.map((value, position) => (isNegated[position] === true ? -value : value)),
      results: combiner.results.map((result, position) =>
        isNegated[position] === true ? ({ ...result, op: 'minimum' } as ValueExpr) : result,
      ),
    },
    finish: ofNegated(finish, isNegated),
  };
}

function isMaximum({ results, dtypes }: Combiner, position: number): boolean {
  const result = results[position];
  if (result?.kind !== 'binary' || result.op !== 'maximum') return false;
  const dtype = dtypes[position];
  const isOwn = (side: ValueExpr): boolean =>
    (side.kind === 'accumulator' || side.kind === 'element') && side.index === position;
  return (dtype === 'f32' || dtype === 'f64') && isOwn(result.lhs) && isOwn(result.rhs);
}

function looksAt(result: ValueExpr, isNegated: readonly boolean[]): boolean {
  let looks = false;
  walkValues([result], (value) => {
    if (value.kind === 'accumulator' || value.kind === 'element') looks ||= isNegated[value.index] === true;
  });
  return looks;
}

function negate(operand: ValueExpr): ValueExpr {
  return { kind: 'unary', dtype: operand.dtype, op: 'negate', operand };
}

/** The values with each negated accumulator negated back. */
function ofNegated(roots: readonly ValueExpr[], isNegated: readonly boolean[]): readonly ValueExpr[] {
  const known = new Map<ValueExpr, ValueExpr>();
  const visit = (value: ValueExpr): ValueExpr => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const isBack = value.kind === 'accumulator' && isNegated[value.index] === true;
    const made = isBack
      ? negate(value)
      : mapValue(value, { value: visit, access: (access) => access, index: (index) => index, guard: (guard) => guard });
    known.set(value, made);
    return made;
  };
  // Operands first: the rewriting below finds them done and does not recurse.
  walkValues(roots, visit);
  return roots.map(visit);
}
