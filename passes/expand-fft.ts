/**
 * Fourier transforms become products with matrices of roots of unity, in real arithmetic:
 *
 *     %1 = stablehlo.fft %0, type = FFT, length = [8] : (tensor<3x8xcomplex<f32>>) -> tensor<3x8xcomplex<f32>>
 *       ->
 *     %re = real %0 . C - imag %0 . S,  %im = real %0 . S + imag %0 . C     with 8 x 8 matrices C and S
 *     %1 = stablehlo.complex %re, %im
 *
 * axis by axis; long lengths are split, see expand-fft/transform.ts. A real transform has no imaginary products and keeps half of its
 * spectrum; an inverse one completes the half it is given. `expand-complex` comes after.
 */
import { dtypeInfo } from '../ir/dtype.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { fft } from '../ir/ops/stablehlo/fft.ts';
import { tensorType } from '../ir/types.ts';
import { both, type ComplexRows, inverse, type Rows, transform } from './expand-fft/transform.ts';
import { dtypeOf, type ExpandKit } from './expand-kit.ts';
import { isStaticOp, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { definePass } from './pass.ts';

/** Longer lines would need constants of many megabytes. */
const longest = 1 << 20;

export const expandFft = definePass({
  name: 'expand-fft',
  summary: 'replace Fourier transforms by products with matrices',
  run: (module, context) =>
    runExpansions(
      module,
      context,
      new Map([
        [
          fft.name,
          (kit, op) => {
            if (!isStaticOp(op)) return unknownSizes;
            const { fft_length: lengths } = attributesOf<typeof fft.attributes>(op);
            if (lengths.some((length) => length > longest)) return notExpanded('it is too long');
            return [expand(kit, op)];
          },
        ],
      ]),
    ),
});

function expand(kit: ExpandKit, op: Operation): Value {
  const [operand, result] = [op.operand(0), op.result()];
  const { fft_type: kind, fft_length: lengths } = attributesOf<typeof fft.attributes>(op);
  if (kit.sizesOf(operand).includes(0) || kit.sizesOf(result).includes(0)) return zeros(kit, result);
  const isComplex = dtypeInfo(dtypeOf(operand)).kind === 'complex';
  const start: Rows = isComplex ? { re: kit.real(operand), im: kit.imag(operand) } : { re: operand, im: undefined };
  const last = kit.sizesOf(operand).length - 1;
  const axes = lengths.map((_, index) => last - index);
  switch (kind) {
    case 'FFT':
    case 'RFFT': {
      let data = alongAxis(kit, start, last, (rows) => half(kit, kind, transform(kit, rows)));
      for (const axis of axes.slice(1)) data = alongAxis(kit, data, axis, (rows) => transform(kit, rows));
      return kit.complex(data.re, data.im);
    }
    case 'IFFT':
    case 'IRFFT': {
      const length = lengths.at(-1) ?? 0;
      let data = { re: start.re, im: start.im ?? start.re };
      for (const axis of axes.slice(1).reverse()) data = alongAxis(kit, data, axis, (rows) => invert(kit, rows));
      if (kind === 'IFFT') data = alongAxis(kit, data, last, (rows) => invert(kit, rows));
      else return alongAxis(kit, data, last, (rows) => invert(kit, completed(kit, rows, length))).re;
      return kit.complex(data.re, data.im);
    }
    default:
      return kind satisfies never;
  }
}

function zeros(kit: ExpandKit, result: Value): Value {
  const type = tensorType(kit.sizesOf(result), dtypeInfo(dtypeOf(result)).part);
  const zero = kit.constant(0, type);
  return type === result.type ? zero : kit.complex(zero, zero);
}

/** Transforms each line along an axis, as rows `[B, N]`. */
function alongAxis(kit: ExpandKit, data: Rows, axis: number, step: (rows: Rows) => ComplexRows): ComplexRows {
  const shape = kit.sizesOf(data.re);
  const order = [...shape.keys()].filter((other) => other !== axis).concat(axis);
  const back = [...shape.keys()].map((other) => order.indexOf(other));
  const outer = order.slice(0, -1).map((other) => shape[other] ?? 1);
  const batch = outer.reduce((product, size) => product * size, 1);
  const toRows = (part: Value): Value => kit.reshape(kit.transpose(part, order), [batch, shape[axis] ?? 1]);
  const rows = step({ re: toRows(data.re), im: data.im === undefined ? undefined : toRows(data.im) });
  return both(rows, (part) => kit.transpose(kit.reshape(part, [...outer, kit.sizesOf(part)[1] ?? 1]), back));
}

/** Of a real signal the first N / 2 + 1 numbers; the others are their conjugates. */
function half(kit: ExpandKit, kind: 'FFT' | 'RFFT', rows: ComplexRows): ComplexRows {
  if (kind === 'FFT') return rows;
  const length = kit.sizesOf(rows.re)[1] ?? 1;
  return both(rows, (part) => kit.sliceAlong(part, 1, 0, Math.floor(length / 2) + 1));
}

function invert(kit: ExpandKit, rows: Rows): ComplexRows {
  return inverse(kit, { re: rows.re, im: rows.im ?? kit.constantLike(0, rows.re) });
}

/** The whole spectrum of a real signal; imaginary parts at 0 and N / 2 cannot be, and do not count. */
function completed(kit: ExpandKit, rows: Rows, length: number): Rows {
  const mirrored = Math.ceil(length / 2);
  const [batch = 1] = kit.sizesOf(rows.re);
  const im = rows.im ?? kit.constantLike(0, rows.re);
  const middle = (part: Value): Value => kit.sliceAlong(part, 1, 1, mirrored);
  const zero = kit.constant(0, tensorType([batch, 1], dtypeOf(rows.re)));
  const inner = mirrored > 1 ? [middle(im)] : [];
  const ends = mirrored > 1 ? [kit.reverse(middle(rows.re), [1])] : [];
  const turned = mirrored > 1 ? [kit.negate(kit.reverse(middle(im), [1]))] : [];
  const nyquist = length % 2 === 0 ? [zero] : [];
  return {
    re: kit.concatenate([rows.re, ...ends], 1),
    im: kit.concatenate([zero, ...inner, ...nyquist, ...turned], 1),
  };
}
