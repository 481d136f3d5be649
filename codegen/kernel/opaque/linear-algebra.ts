/**
 * `triangular_solve` and `cholesky`: substitution and the row-by-row factorisation, matrix by matrix, of real and of complex elements. Sums
 * are kept in f64 where the target has it, in the order of the evaluator, and rounded once.
 */
import { attributesOf } from '../../../ir/op-site.ts';
import type { cholesky } from '../../../ir/ops/stablehlo/cholesky.ts';
import type { triangularSolve } from '../../../ir/ops/stablehlo/triangular-solve.ts';
import { isComplex } from '../../kernelize/expressions.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import { add, index, multiply, size, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { multiplySizes, productOfSizes, type Size } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import { FieldLoops, type FieldMemory, type FieldValue } from './field-loops.ts';
import { OpaqueBuilder, type OpaqueLoops, type Place } from './opaque-loops.ts';

function fieldOf(builder: OpaqueBuilder, target: TargetInfo): FieldLoops {
  const parts = isComplex(builder.kernel.op.result()) ? 2 : 1;
  return new FieldLoops(builder.loops, target.arithmetic.f64 ? 'f64' : 'f32', parts);
}

function lastSizes({ shape }: Place, { parts }: FieldLoops): readonly [rows: Size, columns: Size, batch: Size] {
  const sizes = parts === 2 ? shape.slice(0, -1) : shape;
  return [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1, productOfSizes(sizes.slice(0, -2))];
}

/** `start - sum of product(i)` for i below `count`. */
function minusProducts(
  field: FieldLoops,
  start: FieldValue,
  count: Expr,
  product: (i: Expr) => FieldValue,
): FieldValue {
  return field.loop({ to: count, name: 'term' }, start, (i, rest) => field.subtract(rest, product(i)));
}

export function generateTriangularSolve(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const attrs = attributesOf<typeof triangularSolve.attributes>(kernel.op);
  const isPlain = attrs.transpose_a === 'NO_TRANSPOSE';
  const isTransposed = !isPlain === attrs.left_side;
  const isLower = attrs.lower === (isPlain === attrs.left_side);
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const field = fieldOf(builder, target);
  const [a, b, x] = [builder.operand(0), builder.operand(1), builder.result(0)];
  const [rows, columns, systems] = lastSizes(b, field);
  const [n, count] = attrs.left_side ? [rows, columns] : [columns, rows];
  const line: FieldMemory = { buffer: builder.scratch('solution', field.dtype, [n, field.parts]) };
  loops.for({ to: size(systems), name: 'system' }, (system) => {
    const matrix = loops.let('matrix', multiply(system, size(multiplySizes(n, n))));
    const coefficient = (row: Expr, column: Expr): FieldValue => {
      const [outer, inner] = isTransposed ? [column, row] : [row, column];
      const element = field.load(a, add(add(matrix, multiply(outer, size(n))), inner));
      return attrs.transpose_a === 'ADJOINT' ? field.conjugate(element) : element;
    };
    loops.for({ to: size(count), name: 'vector' }, (vector) => {
      const base = multiply(system, size(multiplySizes(rows, columns)));
      const first = loops.let('first', add(base, attrs.left_side ? vector : multiply(vector, size(columns))));
      const step = attrs.left_side ? size(columns) : index(1);
      loops.for({ to: size(n), name: 'step' }, (done) => {
        const rowOf = (position: Expr): Expr => (isLower ? position : subtract(size(n), add(position, 1)));
        const row = loops.let('row', rowOf(done));
        const at = loops.let('at', add(first, multiply(row, step)));
        const rest = minusProducts(field, field.load(b, at), done, (term) => {
          const known = loops.let('known', rowOf(term));
          return field.multiply(coefficient(row, known), field.load(line, known));
        });
        const value = field.named('value', attrs.unit_diagonal ? rest : field.divide(rest, coefficient(row, row)));
        field.store(line, row, value);
        field.store(x, at, value);
      });
    });
  });
  return builder.finish();
}

export function generateCholesky(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const { lower } = attributesOf<typeof cholesky.attributes>(kernel.op);
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const field = fieldOf(builder, target);
  const [a, result] = [builder.operand(0), builder.result(0)];
  const [n, , matrices] = lastSizes(result, field);
  const factor: FieldMemory = { buffer: builder.scratch('factor', field.dtype, [n, n, field.parts]) };
  loops.fill(result.buffer, 0, size(result.buffer.size), 0);
  loops.for({ to: size(matrices), name: 'matrix' }, (matrix) => {
    const base = loops.let('base', multiply(matrix, size(multiplySizes(n, n))));
    const inFactor = (row: Expr, column: Expr): Expr => add(multiply(row, size(n)), column);
    const inMatrix = (row: Expr, column: Expr): Expr =>
      add(base, lower ? inFactor(row, column) : inFactor(column, row));
    /** The upper factor is the adjoint of the lower one, of a matrix that is its own adjoint. */
    const turned = (value: FieldValue): FieldValue => (lower ? value : field.conjugate(value));
    /** One entry; `finish` makes it of what is left of the matrix's. */
    const entry = (row: Expr, column: Expr, finish: (rest: FieldValue) => FieldValue): void => {
      const start = turned(field.load(a, inMatrix(row, column)));
      const rest = minusProducts(field, start, column, (term) =>
        field.multiply(
          field.load(factor, inFactor(row, term)),
          field.conjugate(field.load(factor, inFactor(column, term))),
        ),
      );
      const value = field.named('value', finish(rest));
      field.store(factor, inFactor(row, column), value);
      field.store(result, inMatrix(row, column), turned(value));
    };
    loops.for({ to: size(n), name: 'row' }, (row) => {
      loops.for({ to: row, name: 'column' }, (column) => {
        entry(row, column, (rest) => field.divide(rest, field.load(factor, inFactor(column, column))));
      });
      entry(row, row, (rest) => field.rootOfReal(rest));
    });
  });
  return builder.finish();
}
