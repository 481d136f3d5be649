import { expect, it } from 'vitest';
import { assignOffsets } from '../../../codegen/plan/assign-offsets.ts';
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { kernelCompiler } from '../../../codegen/plan/compile-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { draftPlan } from '../../../codegen/plan/draft.ts';
import { memoryGraph } from '../../../codegen/plan/memory-graph.ts';
import { orderBlocks } from '../../../codegen/plan/order-blocks.ts';
import { randomNumbers } from './random-programs.ts';
import { load, mainOf } from './run-plan.ts';

/** Products of two of the last `reach` values each, and all that is left over summed up. */
function moduleOf(kernels: number, reach: number): string {
  const random = randomNumbers(3);
  const type = 'tensor<8x8xf32>';
  const values = ['%x'];
  const unused = new Set(values);
  const lines: string[] = [];
  const add = (op: string, rest: string, a: string, b: string): void => {
    const name = `%v${values.length}`;
    lines.push(`  ${name} = stablehlo.${op} ${a}, ${b}${rest}`);
    values.push(name);
    unused.delete(a);
    unused.delete(b);
    unused.add(name);
  };
  const recent = (): string => values[Math.max(0, values.length - 1 - random(reach))] ?? '%x';
  for (let made = 0; made < kernels; made++)
    add('dot_general', `, contracting_dims = [1] x [0] : (${type}, ${type}) -> ${type}`, recent(), recent());
  while (unused.size > 1) {
    const [a = '%x', b = '%x'] = unused;
    add('add', ` : ${type}`, a, b);
  }
  return `func.func @main(%x: ${type}) -> ${type} {\n${lines.join('\n')}\n  return ${[...unused][0] ?? '%x'} : ${type}\n}`;
}

it('2,000 kernels are put in order and placed in less than 2 seconds', { timeout: 60_000 }, () => {
  const compile = kernelCompiler(wasmTarget);
  const known = new Map<string, ReturnType<typeof compile> & { readonly kernel: LoopKernel }>();
  const graph = memoryGraph(mainOf(load(moduleOf(2000, 60))), [], (op, constants) => {
    const kernel = known.get(op.name) ?? compile(op, constants);
    known.set(op.name, kernel);
    return kernel;
  });
  const options = { doubleBuffer: true };
  const start = performance.now();
  const program = assignOffsets(draftPlan(graph, new Map(), options).ranges);
  const orders = orderBlocks(graph, { readBeforeOverwriting: true });
  const ordered = assignOffsets(draftPlan(graph, orders ?? new Map(), options).ranges);
  const seconds = (performance.now() - start) / 1000;
  expect(ordered.bytes).toBeLessThan(program.bytes);
  expect(seconds).toBeLessThan(2);
});
