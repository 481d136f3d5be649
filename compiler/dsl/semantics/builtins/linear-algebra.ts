/** Contractions by equation, factorisations, Fourier transforms, complex numbers. */
import { dtypeInfo } from '../../../../ir/dtype.ts';
import { cholesky } from '../../../../ir/ops/stablehlo/cholesky.ts';
import { complex } from '../../../../ir/ops/stablehlo/complex.ts';
import { fft } from '../../../../ir/ops/stablehlo/fft.ts';
import { imag } from '../../../../ir/ops/stablehlo/imag.ts';
import { real } from '../../../../ir/ops/stablehlo/real.ts';
import { triangularSolve } from '../../../../ir/ops/stablehlo/triangular-solve.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import { areCompatible, broadcastTogether } from '../broadcasting.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { addDimensions, constantDimension, divideDown, multiplyDimensions, subtractDimensions } from '../dimension.ts';
import { einsum } from '../einsum.ts';
import { dimAt } from '../tensor-ops.ts';
import { tensorText } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

function squareMatrix(args: BoundArguments, name: string, site: CallSite): TensorValue {
  const a = args.tensorOf(name, ['float', 'complex']);
  const rank = a.dims.length;
  if (rank < 2) site.fail('E6315', `${tensorText(a)} is no matrix`, { span: args.span(name) });
  if (!areCompatible(dimAt(a, rank - 1), dimAt(a, rank - 2))) {
    site.fail('E6316', `${tensorText(a)} is not square`, { span: args.span(name) });
  }
  return a;
}

function solved(args: BoundArguments, site: CallSite): Value {
  const a = squareMatrix(args, 'a', site);
  const b = args.tensor('b', a.dtype);
  const isVector = b.dims.length === a.dims.length - 1;
  const rhs = isVector ? site.ops.reshape(b, [...b.dims, constantDimension(1)]) : b;
  const batch = a.dims.length - 2;
  const fits =
    rhs.dims.length === a.dims.length &&
    rhs.dims.slice(0, -1).every((dim, at) => areCompatible(dim, dimAt(a, Math.min(at, batch))));
  if (!fits || a.dtype !== b.dtype) {
    site.fail('E6316', `${tensorText(b)} is no right side for ${tensorText(a)}`, {
      span: args.span('b'),
      hint: '`[..., n, n]` goes with `[..., n, k]` or `[..., n]`',
    });
  }
  const attrs = {
    left_side: true,
    lower: args.bool('lower') ?? true,
    unit_diagonal: args.bool('unit_diagonal') ?? false,
    transpose_a: (args.bool('transposed') ?? false) ? ('TRANSPOSE' as const) : ('NO_TRANSPOSE' as const),
  };
  const x = site.ops.make(triangularSolve, [a, rhs], attrs, rhs);
  return isVector ? site.ops.reshape(x, b.dims) : x;
}

type FourierKind = 'FFT' | 'IFFT' | 'RFFT' | 'IRFFT';

function fourier(kind: FourierKind, args: BoundArguments, site: CallSite): Value {
  const wanted = kind === 'RFFT' ? (['float'] as const) : (['complex'] as const);
  const x = args.tensorOf('x', wanted);
  const axes = args.int('axes') ?? 1;
  if (axes < 1 || axes > 3 || axes > x.dims.length) {
    site.fail('E6315', `a transform over the last ${axes} axes of ${tensorText(x)}`, {
      span: args.span('axes'),
      hint: '1, 2 or 3 axes',
    });
  }
  const last = x.dims.length - 1;
  const size = dimAt(x, last);
  const half = addDimensions(divideDown(size, constantDimension(2)) ?? size, constantDimension(1));
  // The last axis of a real signal: given, or the even length that this half spectrum comes from.
  const full =
    args.dimension('length') ??
    multiplyDimensions(subtractDimensions(size, constantDimension(1)), constantDimension(2));
  const { part } = dtypeInfo(x.dtype);
  const complexDType = x.dtype === 'f64' ? 'complex<f64>' : 'complex<f32>';
  const shape = {
    FFT: { dtype: x.dtype, dims: x.dims },
    IFFT: { dtype: x.dtype, dims: x.dims },
    RFFT: { dtype: complexDType, dims: x.dims.with(last, half) },
    IRFFT: { dtype: part, dims: x.dims.with(last, full) },
  } as const;
  const result = shape[kind];
  const realSide = kind === 'IRFFT' ? result.dims : x.dims;
  const lengths = realSide.slice(-axes).map((dim) => site.ops.number(dim));
  return site.ops.make(fft, [x], { fft_type: kind, fft_length: lengths }, result);
}

export const linearAlgebraBuiltins: readonly Builtin[] = [
  builtin(
    'einsum(equation, ...xs)',
    'The sum over products that the equation says: `einsum("nhe,nthe->nht", q, k)`. Each letter is an axis; letters missing on the right are summed over; a letter twice in one operand takes the diagonal.',
    (args, site) => {
      const xs = args.rest.map(({ value, span }) => args.asTensor(value, 'xs', span));
      return einsum(args.string('equation') ?? '', xs, args.span('equation'), site);
    },
  ),
  builtin(
    'cholesky(a)',
    'The lower triangular `l` with `l @ transpose(l) = a`, of symmetric positive definite matrices: `f32[..., n, n] -> f32[..., n, n]`.',
    (args, site) => {
      const a = squareMatrix(args, 'a', site);
      const lower = site.ops.make(cholesky, [a], { lower: true }, a);
      // The op leaves the other triangle undefined.
      const rank = a.dims.length;
      const rows = site.ops.iota('i32', a.dims, rank - 2);
      const columns = site.ops.iota('i32', a.dims, rank - 1);
      return site.ops.select(site.ops.compare('GE', rows, columns), lower, site.ops.constant(0, a.dtype, a.dims));
    },
  ),
  builtin(
    'solve_triangular(a, b, lower: = true, transposed: = false, unit_diagonal: = false)',
    'The `x` with `a @ x = b`, where only one triangle of `a` is looked at: `f32[..., n, n], f32[..., n, k] -> f32[..., n, k]`; `b` may be a vector.',
    solved,
  ),
  builtin(
    'fft(x, axes: = 1)',
    'The discrete Fourier transform over the last axes: `c64[..., n] -> c64[..., n]`.',
    (args, site) => fourier('FFT', args, site),
  ),
  builtin('ifft(x, axes: = 1)', 'The inverse of `fft`.', (args, site) => fourier('IFFT', args, site)),
  builtin(
    'rfft(x, axes: = 1)',
    'The Fourier transform of a real signal, its first half: `f32[..., n] -> c64[..., n/2 + 1]`.',
    (args, site) => fourier('RFFT', args, site),
  ),
  builtin(
    'irfft(x, length: = even, axes: = 1)',
    'The inverse of `rfft`: a real signal of the length given.',
    (args, site) => fourier('IRFFT', args, site),
  ),
  builtin('complex(re, im)', 'Complex numbers from their parts: `f32[...s], f32[...s] -> c64[...s]`.', (args, site) => {
    const re = args.tensorOf('re', ['float']);
    const [a, b] = broadcastTogether(re, args.tensor('im', re.dtype), site);
    return site.ops.elementwise(complex, [a, b], re.dtype === 'f64' ? 'complex<f64>' : 'complex<f32>');
  }),
  builtin('real(x)', 'The real parts.', (args, site) => {
    const x = args.tensorOf('x', ['complex']);
    return site.ops.elementwise(real, [x], dtypeInfo(x.dtype).part);
  }),
  builtin('imag(x)', 'The imaginary parts.', (args, site) => {
    const x = args.tensorOf('x', ['complex']);
    return site.ops.elementwise(imag, [x], dtypeInfo(x.dtype).part);
  }),
];
