/**
 * Broadcasting of the language: shapes are aligned from the right; a missing axis and a literal 1 stretch, nothing else. Two sizes that
 * are different variables do not go together, even where both may be 1; sizes that cannot be compared (`n/2*2` and `n`) are taken to
 * be equal until they are bound.
 */
import type { CallSite } from './call-site.ts';
import { compareDimensions, constantOf, type Dimension, shapeText, soleVariable } from './dimension.ts';
import { dimAt } from './tensor-ops.ts';
import { typeOf, typeText } from './type-text.ts';
import type { TensorValue } from './values.ts';

/** `fits`: one size for both; undefined when they clash. */
export function commonDimension(a: Dimension, b: Dimension): Dimension | undefined {
  if (a === b || constantOf(b) === 1) return a;
  if (constantOf(a) === 1) return b;
  return areCompatible(a, b) ? moreKnown(a, b) : undefined;
}

/** True unless the sizes are known to differ, or are two different variables. */
export function areCompatible(a: Dimension, b: Dimension): boolean {
  switch (compareDimensions(a, b)) {
    case 'equal':
      return true;
    case 'different':
      return false;
    case 'unknown': {
      const x = soleVariable(a);
      const y = soleVariable(b);
      const isVariableOrNumber = (known: typeof x, dim: Dimension): boolean =>
        known !== undefined || constantOf(dim) !== undefined;
      return !(isVariableOrNumber(x, a) && isVariableOrNumber(y, b));
    }
  }
}

function moreKnown(a: Dimension, b: Dimension): Dimension {
  return constantOf(a) === undefined ? b : a;
}

/** The shape that both stretch to; undefined when they do not go together. */
export function commonShape(a: readonly Dimension[], b: readonly Dimension[]): readonly Dimension[] | undefined {
  const rank = Math.max(a.length, b.length);
  const dims: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length];
    const y = b[axis - rank + b.length];
    const dim = x === undefined ? y : y === undefined ? x : commonDimension(x, y);
    if (dim === undefined) return undefined;
    dims.push(dim);
  }
  return dims;
}

/** Both operands in their common shape. */
export function broadcastTogether(
  lhs: TensorValue,
  rhs: TensorValue,
  site: CallSite,
): readonly [TensorValue, TensorValue] {
  const dims = commonShape(lhs.dims, rhs.dims);
  if (dims === undefined) return reportShapes(lhs, rhs, site);
  return [stretch(lhs, dims, site), stretch(rhs, dims, site)];
}

/** `x` in the shape `dims`, which it must fit. */
export function stretch(x: TensorValue, dims: readonly Dimension[], site: CallSite): TensorValue {
  if (x.dims.length === dims.length && dims.every((dim, axis) => dim === x.dims[axis])) return x;
  const first = dims.length - x.dims.length;
  // Stretched axes of size 1 are dropped first: a broadcast of few axes is what fusion reads best.
  const kept = x.dims
    .map((dim, axis) => ({ dim, axis: axis + first }))
    .filter(({ dim, axis }) => !(constantOf(dim) === 1 && constantOf(dims[axis] ?? dim) !== 1));
  const squeezed = site.ops.reshape(
    x,
    kept.map(({ dim }) => dim),
  );
  return site.ops.broadcast(
    squeezed,
    kept.map(({ axis }) => axis),
    dims,
  );
}

function reportShapes(lhs: TensorValue, rhs: TensorValue, site: CallSite): never {
  const [left, right] = [lhs, rhs].map((x) => typeText(typeOf(x)));
  return site.fail('E6301', `\`${left}\` and \`${right}\` do not go together`, {
    notes: [
      { message: `this is \`${left}\``, span: lhs.origin },
      { message: `this is \`${right}\``, span: rhs.origin },
    ],
    hint: clashHint(lhs, rhs),
  });
}

function clashHint(lhs: TensorValue, rhs: TensorValue): string {
  const rank = Math.max(lhs.dims.length, rhs.dims.length);
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const a = lhs.dims[lhs.dims.length - fromEnd];
    const b = rhs.dims[rhs.dims.length - fromEnd];
    if (a === undefined || b === undefined || commonDimension(a, b) !== undefined) continue;
    return `aligned from the right, axis -${fromEnd} is ${shapeText([a])} on one side and ${shapeText([b])} on the other${newAxisHint(lhs, rhs)}`;
  }
  return 'shapes are aligned from the right';
}

/** Where one operand fits the front axes of the other, an axis of size 1 at its end is what was meant. */
function newAxisHint(lhs: TensorValue, rhs: TensorValue): string {
  const [small, large] = lhs.dims.length < rhs.dims.length ? [lhs, rhs] : [rhs, lhs];
  const missing = large.dims.length - small.dims.length;
  if (missing === 0 || small.dims.length === 0) return '';
  const fitsFront = small.dims.every((dim, axis) => commonDimension(dim, dimAt(large, axis)) !== undefined);
  if (!fitsFront) return '';
  const items = [...small.dims.map(() => ':'), ...new Array<string>(missing).fill('new')];
  return `; to align from the left, write \`x[${items.join(', ')}]\``;
}
