/** A loop kernel as a function `(buffer addresses..., symbols..., tileBegin, tileEnd, stack)`, all i32. */
import type { LoopKernel, Statement } from '../kernel/loop-ir.ts';
import { bodiesOf, expressionsOf, walkExpr, walkStatements } from '../kernel/loop-walk.ts';
import { maxSize } from '../kernel/size.ts';
import { elementBytes, isFloatKernelDType } from '../kernel/value-type.ts';
import type { WasmModuleBuilder, WasmType } from './builder.ts';
import { alignedStack, KernelContext, type KernelTarget } from './kernel-context.ts';
import { printExpression } from './print-expression.ts';
import { printStatements } from './print-statement.ts';

/** The name of the function. */
export function printKernel(module: WasmModuleBuilder, kernel: LoopKernel, target: KernelTarget): string {
  const name = module.uniqueName(kernel.name);
  const parameters = Array<WasmType>(kernel.buffers.length + kernel.symbols.length + 3).fill('i32');
  module.function(name, parameters, undefined, (f) => {
    printStatements(new KernelContext(f, kernel, target, printExpression), kernel.body);
  });
  return name;
}

/** Stack memory that a call needs at most, bytes. */
export function stackBytesOf(statements: readonly Statement[]): number {
  return Math.max(0, ...statements.map(stackBytesOfStatement));
}

function stackBytesOfStatement(statement: Statement): number {
  const inner = Math.max(0, ...bodiesOf(statement).map(stackBytesOf));
  if (statement.kind !== 'alloc') return inner;
  const { size, dtype } = statement.buffer;
  return inner + alignedStack((maxSize(size) ?? 0) * elementBytes(dtype));
}

/** Whether it calls the function of remainder.ts. */
export function needsRemainder(kernel: LoopKernel): boolean {
  let found = false;
  walkStatements(kernel.body, (statement) => {
    for (const expr of expressionsOf(statement))
      walkExpr(expr, (each) => {
        if (each.kind === 'binary' && each.op === 'remainder' && isFloatKernelDType(each.type.dtype)) found = true;
      });
  });
  return found;
}
