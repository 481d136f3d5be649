/** Copies that a plan does without: updates, views, branches, carries. What it copies is counted. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../../codegen/kernel/loop-ir.ts';
import { planText } from '../../../codegen/plan/plan-text.ts';
import type { Plan, PlanBuffer, PlanStep } from '../../../codegen/plan/plan.ts';
import { allSteps, copiedBytes, runEverywhere } from './run-plan.ts';

/** After the numbers agree everywhere. */
function checkedPlan(text: string): Plan {
  const { plan, expected, kernel, wasm } = runEverywhere(text);
  expect(kernel).toEqual(expected);
  expect(wasm).toEqual(expected);
  return plan;
}

function loopOf(plan: Plan): Extract<PlanStep, { kind: 'while' }> {
  const loop = plan.steps.find((step) => step.kind === 'while');
  if (loop === undefined) throw new Error(`no loop in\n${planText(plan)}`);
  return loop;
}

/** A decoder: each trip computes a row from the whole cache and puts it there. */
const decoder = `func.func @main(%cache: tensor<32x16xi32>, %x: tensor<16xi32>) -> (tensor<32x16xi32>, tensor<16xi32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<5> : tensor<i32>
  %0:3 = stablehlo.while(%i = %zero, %c = %cache, %h = %x) : tensor<i32>, tensor<32x16xi32>, tensor<16xi32>
  cond {
    %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
    %2 = stablehlo.reshape %h : (tensor<16xi32>) -> tensor<1x16xi32>
    %3 = stablehlo.dynamic_update_slice %c, %2, %i, %zero : (tensor<32x16xi32>, tensor<1x16xi32>, tensor<i32>, tensor<i32>) -> tensor<32x16xi32>
    %4 = stablehlo.dot_general %3, %h, contracting_dims = [1] x [0] : (tensor<32x16xi32>, tensor<16xi32>) -> tensor<32xi32>
    %5 = stablehlo.dot_general %4, %3, contracting_dims = [0] x [0] : (tensor<32xi32>, tensor<32x16xi32>) -> tensor<16xi32>
    stablehlo.return %1, %3, %5 : tensor<i32>, tensor<32x16xi32>, tensor<16xi32>
  }
  return %0#1, %0#2 : tensor<32x16xi32>, tensor<16xi32>
}`;
const cacheBytes = 32 * 16 * 4;
const rowBytes = 16 * 4;
const counterBytes = 4;

describe('a cache that a loop updates', () => {
  it('is not copied: a trip copies a row at most, and the update writes a row', () => {
    const { body, before } = loopOf(checkedPlan(decoder));
    expect(copiedBytes([...before, ...body])).toBeLessThanOrEqual(rowBytes + counterBytes);
    const [update] = allSteps(body).flatMap((step) =>
      step.kind === 'call' && step.kernel.name.includes('update') ? [step.kernel] : [],
    );
    expect(storedElements(update?.body ?? [])).toBe(16);
  });

  it('is copied once, before the loop, when the argument is the caller’s, and never when it is given away', () => {
    const outside = (plan: Plan): number => copiedBytes(plan.steps.filter(({ kind }) => kind === 'copy'));
    const small = rowBytes + counterBytes;
    expect(outside(checkedPlan(decoder))).toBeLessThanOrEqual(cacheBytes + small);
    const donated = decoder.replace(
      '%cache: tensor<32x16xi32>',
      '%cache: tensor<32x16xi32> {tf.aliasing_output = 0 : i32}',
    );
    const plan = checkedPlan(donated);
    expect(outside(plan)).toBeLessThanOrEqual(small);
    expect(plan.donations).toEqual([{ input: 0, output: 0 }]);
  });

  it('is copied in the loop where its old value is still needed', () => {
    const kept = decoder.replace(
      '%5 = stablehlo.dot_general %4, %3',
      '%6 = stablehlo.subtract %3, %c : tensor<32x16xi32>\n    %5 = stablehlo.dot_general %4, %6',
    );
    expect(copiedBytes(loopOf(checkedPlan(kept)).body)).toBeGreaterThanOrEqual(cacheBytes);
  });
});

/** Elements stored by loops whose bounds are numbers. */
function storedElements(statements: readonly Statement[]): number {
  return statements.reduce((sum, statement) => {
    if (statement.kind === 'store') return sum + statement.value.type.lanes;
    if (statement.kind !== 'for') return sum;
    const { from, to, step, body } = statement;
    if (from.kind !== 'constant' || to.kind !== 'constant') return Infinity;
    return sum + Math.ceil((Number(to.value) - Number(from.value)) / step) * storedElements(body);
  }, 0);
}

describe('what a loop carries', () => {
  const looped = (
    body: string,
    results: string,
  ): string => `func.func @main(%x: tensor<4x6xi32>, %w: tensor<6x6xi32>) -> tensor<4x6xi32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<3> : tensor<i32>
  %s = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<4x6xi32>, tensor<6x6xi32>) -> tensor<4x6xi32>
  %0:3 = stablehlo.while(%i = %zero, %a = %s, %b = %x) : tensor<i32>, tensor<4x6xi32>, tensor<4x6xi32>
  cond {
    %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
${body}
    stablehlo.return %1, ${results} : tensor<i32>, tensor<4x6xi32>, tensor<4x6xi32>
  }
  return %0#1 : tensor<4x6xi32>
}`;

  it('is computed in place where the old value is read only where the new one is written', () => {
    const plan = checkedPlan(looped('    %2 = stablehlo.add %a, %b : tensor<4x6xi32>', '%2, %b'));
    expect(copiedBytes(loopOf(plan).body)).toBe(0);
    // What it begins with is computed where it is carried, and that is where the caller wants the result.
    expect(copiedBytes(plan.steps)).toBe(counterBytes);
  });

  it('goes through a temporary where two carries change places', () => {
    const plan = checkedPlan(looped('', '%b, %a'));
    expect(copiedBytes(loopOf(plan).body)).toBe(3 * 4 * 6 * 4);
  });

  it('takes no memory of its own where the body hands it on', () => {
    const plan = checkedPlan(looped('    %2 = stablehlo.add %a, %b : tensor<4x6xi32>', '%2, %b'));
    expect(planText(plan)).toContain('input 0 i32x24');
    expect(copiedBytes(plan.steps)).toBeLessThan(4 * 6 * 4);
  });
});

describe('a loop that cannot work in place', () => {
  const powers = (trips: number): string => `func.func @main(%x: tensor<6x6xi32>) -> (tensor<6x6xi32>, tensor<i32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<${trips}> : tensor<i32>
  %0:2 = stablehlo.while(%i = %zero, %a = %x) : tensor<i32>, tensor<6x6xi32>
  cond {
    %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
    %2 = stablehlo.dot_general %a, %x, contracting_dims = [1] x [0] : (tensor<6x6xi32>, tensor<6x6xi32>) -> tensor<6x6xi32>
    stablehlo.return %1, %2 : tensor<i32>, tensor<6x6xi32>
  }
  return %0#1, %0#0 : tensor<6x6xi32>, tensor<i32>
}`;

  it.each([0, 1, 2, 5, 6])('has two buffers that change places: %i trips', (trips) => {
    const plan = checkedPlan(powers(trips));
    const { body } = loopOf(plan);
    // Only where the loop ends after an odd number of trips is there a copy.
    const last = body.at(-1);
    if (last?.kind !== 'case') throw new Error(planText(plan));
    const [ends = [], goesOn = []] = last.branches;
    expect(copiedBytes(ends)).toBe(6 * 6 * 4);
    expect(copiedBytes(goesOn)).toBeLessThanOrEqual(counterBytes);
    expect(copiedBytes(body) - copiedBytes([last])).toBeLessThanOrEqual(counterBytes);
  });

  it.each([0, 30, 1000, 30000])('tests the buffer that holds the newest value: up to %i', (limit) => {
    checkedPlan(`func.func @main(%x: tensor<6x6xi32>) -> tensor<6x6xi32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %n = stablehlo.constant dense<${limit}> : tensor<i32>
  %a0 = stablehlo.abs %x : tensor<6x6xi32>
  %0 = stablehlo.while(%a = %a0) : tensor<6x6xi32>
  cond {
    %1 = stablehlo.reduce(%a init: %zero) applies stablehlo.maximum across dimensions = [0, 1] : (tensor<6x6xi32>, tensor<i32>) -> tensor<i32>
    %2 = stablehlo.compare LT, %1, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %2 : tensor<i1>
  } do {
    %1 = stablehlo.dot_general %a, %a0, contracting_dims = [1] x [0] : (tensor<6x6xi32>, tensor<6x6xi32>) -> tensor<6x6xi32>
    stablehlo.return %1 : tensor<6x6xi32>
  }
  return %0 : tensor<6x6xi32>
}`);
  });
});

/** Calls that write a place they also read through another parameter. */
function callsInPlace(plan: Plan): number {
  const isSame = (a: PlanBuffer | undefined, b: PlanBuffer): boolean =>
    JSON.stringify([a?.place, a?.byteOffset]) === JSON.stringify([b.place, b.byteOffset]);
  return allSteps(plan.steps).filter((step) => {
    if (step.kind !== 'call') return false;
    const written = step.buffers.filter((_, index) => step.kernel.buffers[index]?.access !== 'read');
    return step.buffers.some(
      (buffer, index) =>
        step.kernel.buffers[index]?.access === 'read' && written.some((other) => isSame(other, buffer)),
    );
  }).length;
}

describe('a kernel writes over an operand', () => {
  it.each([
    [5, 3, 2],
    [13, 17, 19],
    [16, 16, 64],
    [33, 40, 300],
  ])('that the epilogue of a %i x %i contraction of depth %i reads', (m, n, k) => {
    const dot = (name: string, lhs: string, rhs: string, inner: number): string =>
      `%${name} = stablehlo.dot_general ${lhs}, ${rhs}, contracting_dims = [1] x [0] : (tensor<${m}x${inner}xf32>, tensor<${inner}x${n}xf32>) -> tensor<${m}x${n}xf32>`;
    const plan =
      checkedPlan(`func.func @main(%x: tensor<${m}x2xf32>, %w: tensor<2x${n}xf32>, %y: tensor<${m}x${k}xf32>, %z: tensor<${k}x${n}xf32>, %i: tensor<i1>) -> tensor<${n}x${m}xf32> {
  ${dot('0', '%x', '%w', 2)}
  ${dot('1', '%y', '%z', k)}
  %2 = stablehlo.add %0, %1 : tensor<${m}x${n}xf32>
  %3 = "stablehlo.if"(%i) ({
    %4 = stablehlo.reverse %2, dims = [0] : tensor<${m}x${n}xf32>
    stablehlo.return %4 : tensor<${m}x${n}xf32>
  }, {
    stablehlo.return %2 : tensor<${m}x${n}xf32>
  }) : (tensor<i1>) -> tensor<${m}x${n}xf32>
  %5 = stablehlo.transpose %3, dims = [1, 0] : (tensor<${m}x${n}xf32>) -> tensor<${n}x${m}xf32>
  return %5 : tensor<${n}x${m}xf32>
}`);
    expect(callsInPlace(plan)).toBe(1);
  });

  it.each([
    [3, 5],
    [8, 64],
    [1, 33],
  ])('whose rows it reduces first: %i x %i', (rows, columns) => {
    const matrix = `tensor<${rows}x${columns}xi32>`;
    const plan =
      checkedPlan(`func.func @main(%x: tensor<${rows}x2xi32>, %w: tensor<2x${columns}xi32>) -> tensor<${rows}x${rows}xi32> {
  %zero = stablehlo.constant dense<-99> : tensor<i32>
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<${rows}x2xi32>, tensor<2x${columns}xi32>) -> ${matrix}
  %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.maximum across dimensions = [1] : (${matrix}, tensor<i32>) -> tensor<${rows}xi32>
  %2 = stablehlo.broadcast_in_dim %1, dims = [0] : (tensor<${rows}xi32>) -> ${matrix}
  %3 = stablehlo.subtract %0, %2 : ${matrix}
  %4 = stablehlo.dot_general %3, %3, contracting_dims = [1] x [1] : (${matrix}, ${matrix}) -> tensor<${rows}x${rows}xi32>
  return %4 : tensor<${rows}x${rows}xi32>
}`);
    expect(callsInPlace(plan)).toBe(1);
  });

  it('but not one that it reads elsewhere: a row beside its neighbour', () => {
    const plan = checkedPlan(`func.func @main(%x: tensor<4x6xi32>, %w: tensor<6x6xi32>) -> tensor<4x4xi32> {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<4x6xi32>, tensor<6x6xi32>) -> tensor<4x6xi32>
  %1 = stablehlo.reverse %0, dims = [0] : tensor<4x6xi32>
  %2 = stablehlo.subtract %0, %1 : tensor<4x6xi32>
  %3 = stablehlo.dot_general %2, %2, contracting_dims = [1] x [1] : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<4x4xi32>
  return %3 : tensor<4x4xi32>
}`);
    expect(callsInPlace(plan)).toBe(0);
  });
});

describe('branches', () => {
  const chosen = (
    branches: string,
  ): string => `func.func @main(%i: tensor<i32>, %x: tensor<6x6xi32>) -> tensor<6x6xi32> {
  %s = stablehlo.dot_general %x, %x, contracting_dims = [1] x [0] : (tensor<6x6xi32>, tensor<6x6xi32>) -> tensor<6x6xi32>
  %0 = "stablehlo.case"(%i) (${branches}) : (tensor<i32>) -> tensor<6x6xi32>
  %1 = stablehlo.dot_general %0, %x, contracting_dims = [1] x [0] : (tensor<6x6xi32>, tensor<6x6xi32>) -> tensor<6x6xi32>
  return %1 : tensor<6x6xi32>
}`;
  const product = (a: string, b: string): string =>
    `stablehlo.dot_general ${a}, ${b}, contracting_dims = [1] x [0] : (tensor<6x6xi32>, tensor<6x6xi32>) -> tensor<6x6xi32>`;
  const returned = (value: string): string => `stablehlo.return ${value} : tensor<6x6xi32>`;

  it('write their results where they are wanted', () => {
    const plan = checkedPlan(
      chosen(
        `{ %2 = ${product('%s', '%x')}\n ${returned('%2')} }, { %2 = ${product('%x', '%s')}\n ${returned('%2')} }`,
      ),
    );
    expect(copiedBytes(plan.steps)).toBe(0);
  });

  it('hand on a value from outside without a copy, and change it in place', () => {
    const plan = checkedPlan(
      chosen(`{ ${returned('%s')} }, { %2 = stablehlo.negate %s : tensor<6x6xi32>\n ${returned('%2')} }`),
    );
    expect(copiedBytes(plan.steps)).toBe(0);
    expect(plan.peakBytes).toBe(192);
  });

  it('share memory: two that need much take no more than one', () => {
    const deep = (a: string): string => `{ %2 = ${product(a, '%s')}\n %3 = ${product('%2', a)}\n ${returned('%3')} }`;
    const one = checkedPlan(chosen(`${deep('%x')}, { ${returned('%x')} }`));
    const two = checkedPlan(chosen(`${deep('%x')}, ${deep('%x').replace('%2, %x', '%x, %2')}`));
    expect(two.peakBytes).toBe(one.peakBytes);
  });

  it('copy a value that is still needed afterwards', () => {
    const text = chosen(`{ ${returned('%s')} }, { ${returned('%x')} }`).replace(
      '%1 = stablehlo.dot_general %0, %x',
      '%1 = stablehlo.dot_general %0, %s',
    );
    expect(copiedBytes(checkedPlan(text).steps)).toBe(2 * 6 * 6 * 4);
  });
});

describe('views', () => {
  const product = (a: string): string =>
    `stablehlo.dot_general ${a}, %w, contracting_dims = [1] x [0] : (tensor<4x6xi32>, tensor<6x6xi32>) -> tensor<4x6xi32>`;

  it('let the parts of a concatenation be computed where they belong', () => {
    const plan = checkedPlan(`func.func @main(%x: tensor<4x6xi32>, %w: tensor<6x6xi32>) -> tensor<8x6xi32> {
  %0 = ${product('%x')}
  %1 = ${product('%0')}
  %2 = stablehlo.concatenate %0, %1, dim = 0 : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<8x6xi32>
  return %2 : tensor<8x6xi32>
}`);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['call', 'call']);
    expect(planText(plan)).toContain('output 0+96 i32x24');
    expect(plan.peakBytes).toBe(0);
  });

  it('leave a concatenation of what lies elsewhere to a kernel', () => {
    const plan = checkedPlan(`func.func @main(%x: tensor<4x6xi32>, %y: tensor<2x6xi32>) -> tensor<6x6xi32> {
  %2 = stablehlo.concatenate %x, %y, dim = 0 : (tensor<4x6xi32>, tensor<2x6xi32>) -> tensor<6x6xi32>
  return %2 : tensor<6x6xi32>
}`);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['call']);
  });

  it('are slices whose elements lie together: a branch reads them where they are', () => {
    const plan =
      checkedPlan(`func.func @main(%i: tensor<i32>, %x: tensor<4x6xi32>, %w: tensor<6x6xi32>) -> (tensor<2x6xi32>, tensor<4x6xi32>) {
  %0 = ${product('%x')}
  %1 = stablehlo.slice %0 [1:3, 0:6] : (tensor<4x6xi32>) -> tensor<2x6xi32>
  %2 = "stablehlo.case"(%i) ({
    %3 = stablehlo.negate %1 : tensor<2x6xi32>
    stablehlo.return %3 : tensor<2x6xi32>
  }, {
    %3 = stablehlo.add %1, %1 : tensor<2x6xi32>
    stablehlo.return %3 : tensor<2x6xi32>
  }) : (tensor<i32>) -> tensor<2x6xi32>
  return %2, %0 : tensor<2x6xi32>, tensor<4x6xi32>
}`);
    expect(planText(plan)).toContain('call negate(output 1+24 i32x12, output 0 i32x12)');
    expect(copiedBytes(plan.steps)).toBe(0);
  });

  it('are not slices of columns', () => {
    const plan = checkedPlan(`func.func @main(%i: tensor<i32>, %x: tensor<4x6xi32>) -> tensor<4x2xi32> {
  %1 = stablehlo.slice %x [0:4, 1:3] : (tensor<4x6xi32>) -> tensor<4x2xi32>
  %2 = "stablehlo.case"(%i) ({
    %3 = stablehlo.negate %1 : tensor<4x2xi32>
    stablehlo.return %3 : tensor<4x2xi32>
  }, {
    %3 = stablehlo.add %1, %1 : tensor<4x2xi32>
    stablehlo.return %3 : tensor<4x2xi32>
  }) : (tensor<i32>) -> tensor<4x2xi32>
  return %2 : tensor<4x2xi32>
}`);
    expect(planText(plan)).toContain('call slice(');
  });
});

describe('what a kernel updates and reads as well', () => {
  it('is copied: a scatter of a matrix into itself', () => {
    const matrix = 'tensor<4x4xi32>';
    checkedPlan(`func.func @main(%x: ${matrix}) -> ${matrix} {
  %i = stablehlo.constant dense<[[1], [2], [3], [0]]> : tensor<4x1xi32>
  %0 = stablehlo.negate %x : ${matrix}
  %1 = "stablehlo.scatter"(%0, %i, %0) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %2 = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %2 : tensor<i32>
  }) : (${matrix}, tensor<4x1xi32>, ${matrix}) -> ${matrix}
  return %1 : ${matrix}
}`);
  });
});

describe('a product of matrices with two results', () => {
  it('reads what the second needs before the first is written there', () => {
    const matrix = 'tensor<4x6xi32>';
    const plan =
      checkedPlan(`func.func @main(%x: tensor<4x4xi32>, %y: ${matrix}, %z: ${matrix} {tf.aliasing_output = 0 : i32}) -> (${matrix}, ${matrix}) {
  %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<4x4xi32>, ${matrix}) -> ${matrix}
  %1 = stablehlo.xor %0, %z : ${matrix}
  return %0, %1 : ${matrix}, ${matrix}
}`);
    expect(planText(plan)).toMatch(/call dot_general_xor\(.*input 2 i32x24, .*input 2 i32x24/);
  });
});
