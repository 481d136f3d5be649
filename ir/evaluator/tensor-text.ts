/** A tensor as text for people, in the layout of stablehlo-translate: nested lists, a line for each innermost row. */
import { describeElement } from './comparison.ts';
import type { Tensor } from './tensor.ts';

/** `tensor<2xi32> {\n  [0, 1]\n}`; a scalar stands on one line. Elements past `limit` are left out. */
export function describeTensor(tensor: Tensor, limit = 10_000): string {
  const { text } = tensor.type;
  if (tensor.rank === 0) return `${text} {${describeElement(tensor, 0)}}`;
  if (tensor.size > limit) return `${text} {\n  ... ${tensor.size} elements\n}`;
  return `${text} {\n${nested(tensor, 0, 0, '  ')}\n}`;
}

function nested(tensor: Tensor, axis: number, start: number, indent: string): string {
  const [size = 0, ...inner] = tensor.shape.slice(axis);
  if (inner.length === 0) {
    // The suite's interpreter writes a complex element as a pair in brackets.
    const elements = Array.from({ length: size }, (_, index) =>
      describeElement(tensor, start + index).replace(/^\((.*)\)$/, '[$1]'),
    );
    return `${indent}[${elements.join(', ')}]`;
  }
  if (size === 0) return `${indent}[]`;
  const stride = inner.reduce((product, dim) => product * dim, 1);
  const rows = Array.from({ length: size }, (_, index) =>
    nested(tensor, axis + 1, start + index * stride, `${indent}  `),
  );
  return `${indent}[\n${rows.join(',\n')}\n${indent}]`;
}
