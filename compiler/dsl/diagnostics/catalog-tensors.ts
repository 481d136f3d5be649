/**
 * E63xx: shapes, sizes and dtypes of tensors where operators, indices and builtins meet them; E67xx: arguments of builtins. Each entry
 * becomes a page under docs/errors.
 */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

/** A program whose function `f` holds the mistake. */
const inBody = (parameters: string, body: string): string => {
  const binders = ['n', 'm'].filter((name) => new RegExp(`\\b${name}\\b`).test(parameters));
  return `fn f${binders.length === 0 ? '' : `[${binders.join(', ')}]`}(${parameters}) = ${body}\n`;
};

export const tensorCatalog = {
  E6301: {
    title: 'shapes do not go together',
    explanation:
      'The operands of an elementwise operation are aligned from the right; a missing axis or a literal 1 stretches, nothing else does: `n` against `m` is an error even where both may be 1. ' +
      'Transpose, slice, or give an operand an axis of size 1 with `x[:, new]`.',
    example: inBody('x: f32[4, 3], y: f32[4]', 'x + y'),
    corrected: inBody('x: f32[4, 3], y: f32[4]', 'x + y[:, new]'),
  },
  E6302: {
    title: 'dtypes differ',
    explanation:
      'Both operands are tensors, of different dtypes, and nothing casts by itself. Convert one of them: `f32(x)`.',
    example: inBody('x: f32[n], y: i32[n]', 'x * y'),
    corrected: inBody('x: f32[n], y: i32[n]', 'x * f32(y)'),
  },
  E6303: {
    title: 'a literal does not fit the dtype',
    explanation:
      'A literal takes the dtype of the tensor it meets. A fraction is no integer, a negative number is not unsigned, and integers have a range.',
    example: inBody('x: i32[n]', 'x * 0.5'),
    corrected: inBody('x: i32[n]', 'f32(x) * 0.5'),
  },
  E6304: {
    title: 'the operator does not take these operands',
    explanation:
      'Arithmetic is between numbers and tensors of numbers, `and`, `or` and `not` between booleans, `@` between tensors of rank 1 or more.',
    example: inBody('x: f32[n]', 'x and true'),
    corrected: inBody('x: f32[n]', 'x > 0 and true'),
  },
  E6305: {
    title: 'the inner sizes of a matrix product differ',
    explanation:
      '`a @ b` sums over the last axis of `a` and the second last of `b` (its only axis when it has one): the two sizes must be the same. The axes before them are a batch and must be the same or missing.',
    example: inBody('x: f32[4, 3], y: f32[4, 3]', 'x @ y'),
    corrected: inBody('x: f32[4, 3], y: f32[4, 3]', 'x @ transpose(y)'),
  },
  E6306: {
    title: 'index out of range',
    explanation:
      'An index that is known at compile time lies outside of the axis. Negative ones count from the end, so an axis of size `n` takes `-n` to `n - 1`. At run time indices clamp.',
    example: inBody('x: f32[4]', 'x[4]'),
    corrected: inBody('x: f32[4]', 'x[3]'),
  },
  E6307: {
    title: 'too many indices',
    explanation: 'There are more indices than the tensor has axes. `new` adds an axis and does not count.',
    example: inBody('x: f32[n]', 'x[0, 0]'),
    corrected: inBody('x: f32[n]', 'x[0]'),
  },
  E6308: {
    title: 'not an index',
    explanation:
      'An index is an integer known at compile time, an integer scalar, an integer tensor (which gathers), a range of compile-time integers, `...` or `new`.',
    example: inBody('x: f32[n], i: f32', 'x[i]'),
    corrected: inBody('x: f32[n], i: i32', 'x[i]'),
  },
  E6309: {
    title: 'the range does not fit the axis',
    explanation:
      'A slice `lo..hi` is known at compile time: it must lie within the axis, `lo` not above `hi`, with a positive step. To slice from a run-time position, use `dynamic_slice(x, start, size, axis:)`.',
    example: inBody('x: f32[4]', 'x[2..6]'),
    corrected: inBody('x: f32[4]', 'x[2..4]'),
  },
  E6310: {
    title: 'the value does not fit the place',
    explanation:
      'What is written with `x[...] := v` must have the shape that `x[...]` has, or stretch to it by the rules of broadcasting, and the dtype of `x`.',
    example: 'fn f(x: f32[4, 3]) -> f32[4, 3] {\n  var y = x\n  y[0] := zeros(f32[4])\n  y\n}\n',
    corrected: 'fn f(x: f32[4, 3]) -> f32[4, 3] {\n  var y = x\n  y[0] := zeros(f32[3])\n  y\n}\n',
  },
  E6312: {
    title: 'a division that is not whole',
    explanation:
      'Compile-time integers divide exactly, since sizes are whole: `7 / 2` is neither 3 nor 3.5. Write `div(7, 2)` to round down, or `7.0 / 2` for the fraction.',
    example: 'let k = 7 / 2\n',
    corrected: 'let k = div(7, 2)\n',
  },
  E6313: {
    title: 'the sizes do not multiply to the same number',
    explanation:
      'A reshape keeps the number of elements. One size may be written -1 and is worked out from the others.',
    example: inBody('x: f32[4, 3]', 'reshape(x, (5, 3))'),
    corrected: inBody('x: f32[4, 3]', 'reshape(x, (6, 2))'),
  },
  E6314: {
    title: 'no such axis',
    explanation:
      'An axis is a compile-time integer from `-rank` to `rank - 1`; negative ones count from the last. A list of axes names each at most once.',
    example: inBody('x: f32[n, 3]', 'sum(x, axis: 2)'),
    corrected: inBody('x: f32[n, 3]', 'sum(x, axis: 1)'),
  },
  E6315: {
    title: 'the rank does not fit',
    explanation: 'The operation takes tensors of a certain number of axes.',
    example: inBody('x: f32[n]', 'transpose(x, (1, 0))'),
    corrected: inBody('x: f32[n, m]', 'transpose(x, (1, 0))'),
  },
  E6316: {
    title: 'the sizes differ',
    explanation: 'Two axes that must have the same size do not.',
    example: inBody('x: f32[4, 3], y: f32[4, 2]', 'concat([x, y], axis: 0)'),
    corrected: inBody('x: f32[4, 3], y: f32[4, 2]', 'concat([x, y], axis: 1)'),
  },
  E6317: {
    title: 'the axis does not split evenly',
    explanation:
      '`split(x, parts, axis:)` makes parts of one size. A list of sizes splits unevenly: `split(x, [2, 3], axis: 0)`.',
    example: inBody('x: f32[5]', 'split(x, 2, axis: 0)'),
    corrected: inBody('x: f32[5]', 'split(x, [2, 3], axis: 0)'),
  },
  E6318: {
    title: 'the dtype does not fit',
    explanation:
      'The function takes tensors of certain dtypes: square roots are of floats, bit operations of integers.',
    example: inBody('x: i32[n]', 'exp(x)'),
    corrected: inBody('x: i32[n]', 'exp(f32(x))'),
  },
  E6319: {
    title: 'an einsum that does not fit',
    explanation:
      'The equation names each axis of each operand by a letter, `"nhe,nthe->nht"`: as many groups as operands, as many letters as axes, one size a letter, and every letter of the result among the operands.',
    example: inBody('x: f32[n, 3], y: f32[3]', 'einsum("ij,k->ik", x)'),
    corrected: inBody('x: f32[n, 3], y: f32[3]', 'einsum("ij,j->i", x, y)'),
  },
  E6320: {
    title: 'a size below zero',
    explanation: 'Sizes, counts and paddings are whole numbers of at least 0.',
    example: 'fn f() = zeros(f32[3 - 5])\n',
    corrected: 'fn f() = zeros(f32[5 - 3])\n',
  },
  E6321: {
    title: 'a compile-time integer is too large',
    explanation: 'Compile-time integers are exact up to 2^53, which is more than any size.',
    example: 'let k = 10 ** 20\n',
    corrected: 'let k = 10 ** 9\n',
  },
  E6322: {
    title: 'an axis without elements',
    explanation:
      'The largest or smallest of no elements has no position: `argmax` and `argmin` take an axis of size 1 or more.',
    example: 'fn f(x: f32[3, 0]) = argmax(x, axis: 1)\n',
    corrected: 'fn f(x: f32[3, 1]) = argmax(x, axis: 1)\n',
  },
  E6701: {
    title: 'an argument is missing',
    explanation: 'The function needs an argument that the call does not give. The signature is in the message.',
    example: inBody('x: f32[n]', 'reshape(x)'),
    corrected: inBody('x: f32[n]', 'reshape(x, (n, 1))'),
  },
  E6702: {
    title: 'too many arguments',
    explanation: 'The call gives more arguments than the function has parameters.',
    example: inBody('x: f32[n]', 'exp(x, x)'),
    corrected: inBody('x: f32[n]', 'exp(x)'),
  },
  E6703: {
    title: 'no parameter has this name',
    explanation:
      'The call names an argument that the function does not have. The nearest name there is stands in the message.',
    example: inBody('x: f32[n, 3]', 'sum(x, axs: 1)'),
    corrected: inBody('x: f32[n, 3]', 'sum(x, axis: 1)'),
  },
  E6704: {
    title: 'an argument is given twice',
    explanation: 'The same parameter is given by position and by name, or by name twice.',
    example: inBody('x: f32[n, 3]', 'sum(x, 1, axis: 1)'),
    corrected: inBody('x: f32[n, 3]', 'sum(x, axis: 1)'),
  },
  E6705: {
    title: 'not what this parameter takes',
    explanation:
      'The argument is of another kind than the parameter: a string where a tensor is needed, a tensor where a compile-time number is.',
    example: inBody('x: f32[n, 3]', 'sum(x, axis: "rows")'),
    corrected: inBody('x: f32[n, 3]', 'sum(x, axis: 0)'),
  },
  E6706: {
    title: 'not one of the choices',
    explanation: 'The parameter takes one of a few strings.',
    example: 'fn f(x: f32[1, 8, 8, 3], w: f32[3, 3, 3, 4]) = conv(x, w, pad: "some")\n',
    corrected: 'fn f(x: f32[1, 8, 8, 3], w: f32[3, 3, 3, 4]) = conv(x, w, pad: "same")\n',
  },
  E6707: {
    title: 'the window does not fit',
    explanation:
      'The window of a convolution or a pooling, dilated, is larger than the padded image, or a stride is not positive.',
    example: 'fn f(x: f32[1, 2, 2, 3], w: f32[3, 3, 3, 4]) = conv(x, w)\n',
    corrected: 'fn f(x: f32[1, 8, 8, 3], w: f32[3, 3, 3, 4]) = conv(x, w)\n',
  },
  E6708: {
    title: 'the channels do not fit',
    explanation:
      'The kernel of a convolution takes as many channels as the image has, divided by `groups`; the number of groups divides both.',
    example: 'fn f(x: f32[1, 8, 8, 3], w: f32[3, 3, 4, 4]) = conv(x, w)\n',
    corrected: 'fn f(x: f32[1, 8, 8, 3], w: f32[3, 3, 3, 4]) = conv(x, w)\n',
  },
  E6709: {
    title: 'not a key',
    explanation:
      'Random numbers are drawn with a key, a `u32[2]`: `key(seed)` makes one, `split_key(k)` two, `fold_in(k, n)` another.',
    example: 'fn f() = uniform(3, f32[4])\n',
    corrected: 'fn f() = uniform(key(3), f32[4])\n',
  },
  E6710: {
    title: 'trees differ',
    explanation: 'Functions over trees take trees with the same fields in the same order.',
    example: 'fn f(x: f32) = tree.map(fn(a, b) = a + b, (p: x), (q: x))\n',
    corrected: 'fn f(x: f32) = tree.map(fn(a, b) = a + b, (p: x), (p: x))\n',
  },
} as const satisfies Readonly<Record<`E6${number}`, CatalogEntry>>;
