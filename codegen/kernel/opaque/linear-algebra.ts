/**
 * `triangular_solve` and `cholesky`: substitution and the row-by-row factorisation, matrix by matrix. Sums are kept in f64 where the
 * target has it, in the order of the evaluator, and rounded once.
 */
import { attributesOf } from '../../../ir/op-site.ts';
import type { cholesky } from '../../../ir/ops/stablehlo/cholesky.ts';
import type { triangularSolve } from '../../../ir/ops/stablehlo/triangular-solve.ts';
import { unsupportedKernel } from '../../kernelize/expressions.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import type { LoopBuilder } from '../loop-builder.ts';
import { add, convert, divide, index, load, multiply, size, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { multiplySizes, productOfSizes, type Size } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import { isFloatKernelDType, type KernelDType } from '../value-type.ts';
import { OpaqueBuilder, type OpaqueLoops } from './opaque-loops.ts';

function sumDType({ op, buffers }: OpaqueKernel, target: TargetInfo): KernelDType {
  if (!buffers.every(({ dtype }) => isFloatKernelDType(dtype)))
    throw unsupportedKernel(op, 'its elements are no floats');
  return target.arithmetic.f64 ? 'f64' : 'f32';
}

function lastSizes(shape: readonly Size[]): readonly [rows: Size, columns: Size, batch: Size] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1, productOfSizes(shape.slice(0, -2))];
}

/** `start - sum of a(i) * b(i)` for i below `count`. */
function minusProducts(loops: LoopBuilder, start: Expr, count: Expr, product: (i: Expr) => Expr): Expr {
  const [rest] = loops.for({ to: count, name: 'term' }, [{ name: 'rest', initial: start }], (i, [sum]) => [
    subtract(sum, product(i)),
  ]);
  return rest;
}

export function generateTriangularSolve(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const wide = sumDType(kernel, target);
  const attrs = attributesOf<typeof triangularSolve.attributes>(kernel.op);
  const isPlain = attrs.transpose_a === 'NO_TRANSPOSE';
  const isTransposed = !isPlain === attrs.left_side;
  const isLower = attrs.lower === (isPlain === attrs.left_side);
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const [a, b, x] = [builder.operand(0), builder.operand(1), builder.result(0)];
  const [rows, columns, systems] = lastSizes(b.shape);
  const [n, count] = attrs.left_side ? [rows, columns] : [columns, rows];
  const line = builder.scratch('solution', wide, [n]);
  loops.for({ to: size(systems), name: 'system' }, (system) => {
    const matrix = loops.let('matrix', multiply(system, size(multiplySizes(n, n))));
    const coefficient = (row: Expr, column: Expr): Expr => {
      const [outer, inner] = isTransposed ? [column, row] : [row, column];
      return convert(wide, load(a.buffer, add(add(matrix, multiply(outer, size(n))), inner)));
    };
    loops.for({ to: size(count), name: 'vector' }, (vector) => {
      const base = multiply(system, size(multiplySizes(rows, columns)));
      const first = loops.let('first', add(base, attrs.left_side ? vector : multiply(vector, size(columns))));
      const step = attrs.left_side ? size(columns) : index(1);
      loops.for({ to: size(n), name: 'step' }, (done) => {
        const rowOf = (position: Expr): Expr => (isLower ? position : subtract(size(n), add(position, 1)));
        const row = loops.let('row', rowOf(done));
        const at = loops.let('at', add(first, multiply(row, step)));
        const right = convert(wide, load(b.buffer, at));
        const rest = minusProducts(loops, right, done, (term) => {
          const known = loops.let('known', rowOf(term));
          return multiply(coefficient(row, known), load(line, known));
        });
        const value = loops.let('value', attrs.unit_diagonal ? rest : divide(rest, coefficient(row, row)));
        loops.store(line, row, value);
        loops.store(x.buffer, at, convert(x.buffer.dtype, value));
      });
    });
  });
  return builder.finish();
}

export function generateCholesky(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const wide = sumDType(kernel, target);
  const { lower } = attributesOf<typeof cholesky.attributes>(kernel.op);
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const [a, result] = [builder.operand(0).buffer, builder.result(0)];
  const [n, , matrices] = lastSizes(result.shape);
  const factor = builder.scratch('factor', wide, [n, n]);
  loops.fill(result.buffer, 0, size(result.buffer.size), 0);
  loops.for({ to: size(matrices), name: 'matrix' }, (matrix) => {
    const base = loops.let('base', multiply(matrix, size(multiplySizes(n, n))));
    const inFactor = (row: Expr, column: Expr): Expr => add(multiply(row, size(n)), column);
    const inMatrix = (row: Expr, column: Expr): Expr =>
      add(base, lower ? inFactor(row, column) : inFactor(column, row));
    /** One entry; `finish` makes it of what is left of the matrix's. */
    const entry = (row: Expr, column: Expr, finish: (rest: Expr) => Expr): void => {
      const start = convert(wide, load(a, inMatrix(row, column)));
      const rest = minusProducts(loops, start, column, (term) =>
        multiply(load(factor, inFactor(row, term)), load(factor, inFactor(column, term))),
      );
      const value = loops.let('value', finish(rest));
      loops.store(factor, inFactor(row, column), value);
      loops.store(result.buffer, inMatrix(row, column), convert(result.buffer.dtype, value));
    };
    loops.for({ to: size(n), name: 'row' }, (row) => {
      loops.for({ to: row, name: 'column' }, (column) => {
        entry(row, column, (rest) => divide(rest, load(factor, inFactor(column, column))));
      });
      entry(row, row, (rest) => unary('sqrt', rest));
    });
  });
  return builder.finish();
}
