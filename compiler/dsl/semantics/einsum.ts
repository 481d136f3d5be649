/**
 * Sums of products by equation. Operands are contracted from left to right, each pair by one `dot_general`: letters of both that are
 * still needed are batch axes, those that are not are summed over. Letters of one operand alone that nobody else needs are summed first.
 */
import type { Span } from '../../../ir/source.ts';
import { areCompatible } from './broadcasting.ts';
import type { CallSite } from './call-site.ts';
import { dimensionText } from './dimension.ts';
import { dimAt } from './tensor-ops.ts';
import { typeOf, typeText } from './type-text.ts';
import type { TensorValue } from './values.ts';

interface Lettered {
  readonly tensor: TensorValue;
  readonly letters: string;
}

export function einsum(equation: string, operands: readonly TensorValue[], span: Span, site: CallSite): TensorValue {
  const { inputs, output } = parse(equation, operands, span, site);
  checkSizes(inputs, span, site);
  const diagonal = inputs.map((operand) => takeDiagonals(operand, site));
  let result: Lettered | undefined;
  for (const [index, operand] of diagonal.entries()) {
    const later =
      diagonal
        .slice(index + 1)
        .map(({ letters }) => letters)
        .join('') + output;
    const summed = sumAlone(operand, (result?.letters ?? '') + later, site);
    result = result === undefined ? summed : contract(result, summed, later, site);
    if (index === 0) result = sumAlone(result, later, site);
  }
  if (result === undefined) return fail('there is nothing to sum', span, site);
  const { tensor, letters } = result;
  return site.ops.transpose(
    tensor,
    Array.from(output).map((letter) => letters.indexOf(letter)),
  );
}

function fail(message: string, span: Span, site: CallSite): never {
  return site.fail('E6319', message, { span, hint: 'an equation reads `"nhe,nthe->nht"`' });
}

function parse(
  equation: string,
  operands: readonly TensorValue[],
  span: Span,
  site: CallSite,
): { readonly inputs: readonly Lettered[]; readonly output: string } {
  const [left = '', right, ...more] = equation.replaceAll(' ', '').split('->');
  if (right === undefined || more.length > 0) return fail('the equation has one `->`', span, site);
  const groups = left.split(',');
  if (!/^[a-zA-Z]*$/.test(groups.join('') + right)) return fail('axes are letters', span, site);
  if (groups.length !== operands.length) {
    return fail(`the equation has ${groups.length} operands, the call ${operands.length}`, span, site);
  }
  const inputs = operands.map((tensor, index) => ({ tensor, letters: groups[index] ?? '' }));
  for (const { tensor, letters } of inputs) {
    if (letters.length === tensor.dims.length) continue;
    return fail(`"${letters}" names ${letters.length} axes of \`${typeText(typeOf(tensor))}\``, span, site);
  }
  const [first] = operands;
  const other = operands.find(({ dtype }) => dtype !== first?.dtype);
  if (other !== undefined && first !== undefined) {
    site.fail('E6302', `\`einsum\` of \`${typeText(typeOf(first))}\` and \`${typeText(typeOf(other))}\``, { span });
  }
  for (const [index, letter] of Array.from(right).entries()) {
    if (right.indexOf(letter) !== index) return fail(`"${letter}" stands twice on the right`, span, site);
    if (!left.includes(letter)) return fail(`"${letter}" is no axis of an operand`, span, site);
  }
  return { inputs, output: right };
}

function checkSizes(inputs: readonly Lettered[], span: Span, site: CallSite): void {
  const first = new Map<string, TensorValue['dims'][number]>();
  for (const { tensor, letters } of inputs) {
    for (const [axis, letter] of Array.from(letters).entries()) {
      const size = dimAt(tensor, axis);
      const known = first.get(letter);
      if (known === undefined) first.set(letter, size);
      else if (!areCompatible(known, size)) {
        fail(`"${letter}" is ${dimensionText(known)} in one place and ${dimensionText(size)} in another`, span, site);
      }
    }
  }
}

/** `ii` of one operand: the elements where the two positions agree, the others made 0 and summed away. */
function takeDiagonals({ tensor, letters }: Lettered, site: CallSite): Lettered {
  for (const [axis, letter] of Array.from(letters).entries()) {
    const other = letters.indexOf(letter, axis + 1);
    if (other === -1) continue;
    const { ops } = site;
    const rows = ops.iota('i32', tensor.dims, axis);
    const columns = ops.iota('i32', tensor.dims, other);
    const onDiagonal = ops.compare('EQ', rows, columns);
    const kept = ops.select(onDiagonal, tensor, ops.constant(0, tensor.dtype, tensor.dims));
    const rest = letters.slice(0, other) + letters.slice(other + 1);
    return takeDiagonals({ tensor: ops.reduce(kept, [other], 'add'), letters: rest }, site);
  }
  return { tensor, letters };
}

/** Sums over the letters that nobody else needs. */
function sumAlone({ tensor, letters }: Lettered, needed: string, site: CallSite): Lettered {
  const alone = Array.from(letters).flatMap((letter, axis) => (needed.includes(letter) ? [] : [axis]));
  if (alone.length === 0) return { tensor, letters };
  return {
    tensor: site.ops.reduce(tensor, alone, 'add'),
    letters: Array.from(letters)
      .filter((_, axis) => !alone.includes(axis))
      .join(''),
  };
}

function contract(lhs: Lettered, rhs: Lettered, needed: string, site: CallSite): Lettered {
  const shared = Array.from(lhs.letters).filter((letter) => rhs.letters.includes(letter));
  const axes = (letter: string): readonly [number, number] => [
    lhs.letters.indexOf(letter),
    rhs.letters.indexOf(letter),
  ];
  const batch = shared.filter((letter) => needed.includes(letter));
  const summed = shared.filter((letter) => !needed.includes(letter));
  const tensor = site.ops.dot(lhs.tensor, rhs.tensor, { batch: batch.map(axes), contract: summed.map(axes) });
  const free = (letters: string): string =>
    Array.from(letters)
      .filter((letter) => !shared.includes(letter))
      .join('');
  return { tensor, letters: batch.join('') + free(lhs.letters) + free(rhs.letters) };
}
