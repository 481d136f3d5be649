/** A loop kernel as a function `(buffer addresses..., symbols..., tileBegin, tileEnd, stack)`, all i32. */
import type { LoopKernel } from '../kernel/loop-ir.ts';
import { walkExpr, walkStatements, expressionsOf } from '../kernel/loop-walk.ts';
import { isFloatKernelDType } from '../kernel/value-type.ts';
import type { WasmModuleBuilder, WasmType } from './builder.ts';
import { KernelContext, type KernelTarget } from './kernel-context.ts';
import { printExpression } from './print-expression.ts';
import { printStatements } from './print-statement.ts';

export interface PrintedKernel {
  /** Of the function. */
  readonly name: string;
  /** Stack memory that a call needs. */
  readonly stackBytes: number;
}

export function printKernel(module: WasmModuleBuilder, kernel: LoopKernel, target: KernelTarget): PrintedKernel {
  const name = module.uniqueName(kernel.name);
  const parameters = Array<WasmType>(kernel.buffers.length + kernel.symbols.length + 3).fill('i32');
  let stackBytes = 0;
  module.function(name, parameters, undefined, (f) => {
    const context = new KernelContext(f, kernel, target, printExpression);
    printStatements(context, kernel.body);
    ({ stackBytes } = context);
  });
  return { name, stackBytes };
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
