import { describe, expect, it } from 'vitest';
import { Builder, buildRegion } from '../../../ir/builder.ts';
import { dimSymbol } from '../../../ir/dimension.ts';
import { denseAttr } from '../../../ir/attributes.ts';
import { DiagnosticError } from '../../../ir/diagnostics/diagnostic.ts';
import type { ElementsArray } from '../../../ir/elements.ts';
import { evaluateFunction, evaluateOperation, type EvaluationOptions } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import type { RuntimeValue } from '../../../ir/evaluator/runtime-value.ts';
import { Block, Operation, Region, type Value } from '../../../ir/operation.ts';
import { moduleOp } from '../../../ir/ops/builtin/module.ts';
import { call } from '../../../ir/ops/func/call.ts';
import { func } from '../../../ir/ops/func/func.ts';
import { funcReturn } from '../../../ir/ops/func/return.ts';
import { add } from '../../../ir/ops/stablehlo/add.ts';
import { compare } from '../../../ir/ops/stablehlo/compare.ts';
import { constant } from '../../../ir/ops/stablehlo/constant.ts';
import { customCall } from '../../../ir/ops/stablehlo/custom-call.ts';
import { ifOp } from '../../../ir/ops/stablehlo/if.ts';
import { partitionId } from '../../../ir/ops/stablehlo/partition-id.ts';
import { returnOp } from '../../../ir/ops/stablehlo/return.ts';
import { whileOp } from '../../../ir/ops/stablehlo/while.ts';
import { functionType, scalarTensor, tensorType, type Type } from '../../../ir/types.ts';

const i32 = scalarTensor('i32');

function scalar(value: number): Tensor {
  return new Tensor('i32', [], Int32Array.of(value));
}

function valuesOf(value: RuntimeValue | undefined): number[] {
  return value?.kind === 'tensor' ? value.integers() : [];
}

function makeModule(...functions: readonly ((builder: Builder) => void)[]): Operation {
  const region = new Region(new Block());
  const builder = new Builder(region.block);
  for (const make of functions) make(builder);
  return new Operation(moduleOp, { regions: [region] });
}

/** A function from `inputs` to whatever `body` returns. */
function makeFunction(
  name: string,
  inputs: readonly Type[],
  results: readonly Type[],
  body: (builder: Builder, args: readonly Value[]) => readonly Value[],
): (builder: Builder) => void {
  return (builder) => {
    const region = buildRegion(inputs, (inner, args) => {
      inner.create(funcReturn, body(inner, args), {}, { resultTypes: [] });
    });
    builder.create(func, [], { sym_name: name, function_type: functionType(inputs, results) }, { regions: [region] });
  };
}

function constantOf(builder: Builder, values: ElementsArray, shape: readonly number[] = []): Value {
  return builder
    .create(constant, [], { value: denseAttr(tensorType(shape, 'i32'), { splat: false, values }) })
    .result();
}

function countUp(limit: number): Operation {
  return makeModule(
    makeFunction('main', [i32], [i32], (builder, [start]) => {
      const one = constantOf(builder, Int32Array.of(1));
      const end = constantOf(builder, Int32Array.of(limit));
      const cond = buildRegion([i32], (inner, [at]) => {
        if (at === undefined) return;
        const goesOn = inner.create(compare, [at, end], { comparison_direction: 'LT' }).result();
        inner.create(returnOp, [goesOn]);
      });
      const body = buildRegion([i32], (inner, [at]) => {
        if (at !== undefined) inner.create(returnOp, [inner.create(add, [at, one]).result()]);
      });
      return start === undefined ? [] : [builder.create(whileOp, [start], {}, { regions: [cond, body] }).result()];
    }),
  );
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostic.code;
    throw error;
  }
  return 'none';
}

describe('evaluateFunction', () => {
  it('runs a loop whose regions use values from outside', () => {
    expect(valuesOf(evaluateFunction(countUp(10), 'main', [scalar(3)])[0])).toEqual([10]);
  });

  it('runs only the branch taken, with what it captures two regions up', () => {
    const module = makeModule(
      makeFunction('main', [i32, scalarTensor('i1')], [i32], (builder, [x, pred]) => {
        if (x === undefined || pred === undefined) return [];
        const leaf = (twice: boolean) =>
          buildRegion([], (inner) => inner.create(returnOp, [twice ? inner.create(add, [x, x]).result() : x]));
        const nested = buildRegion([], (inner) =>
          inner.create(returnOp, [inner.create(ifOp, [pred], {}, { regions: [leaf(true), leaf(false)] }).result()]),
        );
        return [builder.create(ifOp, [pred], {}, { regions: [nested, leaf(false)] }).result()];
      }),
    );
    const pred = (value: number) => new Tensor('i1', [], Uint8Array.of(value));
    expect(valuesOf(evaluateFunction(module, 'main', [scalar(4), pred(1)])[0])).toEqual([8]);
    expect(valuesOf(evaluateFunction(module, 'main', [scalar(4), pred(0)])[0])).toEqual([4]);
  });

  it('calls functions by name', () => {
    const module = makeModule(
      makeFunction('main', [i32], [i32], (builder, args) => [
        builder.create(call, args, { callee: 'twice' }, { resultTypes: [i32] }).result(),
      ]),
      makeFunction('twice', [i32], [i32], (builder, [x]) =>
        x === undefined ? [] : [builder.create(add, [x, x]).result()],
      ),
    );
    expect(valuesOf(evaluateFunction(module, 'main', [scalar(21)])[0])).toEqual([42]);
  });

  it('evaluates 1,000 small ops in less than 100 ms', () => {
    const module = makeModule(
      makeFunction('main', [i32], [i32], (builder, [x]) => {
        if (x === undefined) return [];
        let value = x;
        for (let index = 0; index < 1000; index++) value = builder.create(add, [value, x]).result();
        return [value];
      }),
    );
    const start = performance.now();
    expect(valuesOf(evaluateFunction(module, 'main', [scalar(1)])[0])).toEqual([1001]);
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe('an evaluation that cannot go on', () => {
  const run = (module: Operation, inputs: readonly RuntimeValue[], options?: EvaluationOptions) => () =>
    evaluateFunction(module, 'main', inputs, options);

  it('names a missing function', () => {
    expect(codeOf(() => evaluateFunction(countUp(1), 'other', []))).toBe('E4001');
  });

  it('refuses inputs of another number or type', () => {
    expect(codeOf(run(countUp(1), []))).toBe('E4002');
    expect(codeOf(run(countUp(1), [new Tensor('i64', [], BigInt64Array.of(1n))]))).toBe('E4002');
    expect(codeOf(run(countUp(1), [new Tensor('i32', [1], Int32Array.of(1))]))).toBe('E4002');
  });

  it('refuses inputs that give one named size two values', () => {
    const type = tensorType([dimSymbol('n')], 'i32');
    const module = makeModule(
      makeFunction('main', [type, type], [type], (_builder, [x]) => (x === undefined ? [] : [x])),
    );
    const list = (size: number) => Tensor.zeros('i32', [size]);
    expect(codeOf(run(module, [list(2), list(2)]))).toBe('none');
    expect(run(module, [list(2), list(3)])).toThrow('@main: input 1 is tensor<3xi32>, but n is 2 already');
  });

  it('stops a loop without end at the limit of steps, at the op that runs', () => {
    const endless = makeModule(
      makeFunction('main', [scalarTensor('i1')], [scalarTensor('i1')], (builder, [flag]) => {
        if (flag === undefined) return [];
        const pass = () => buildRegion([flag.type], (inner, args) => inner.create(returnOp, args));
        return [builder.create(whileOp, [flag], {}, { regions: [pass(), pass()] }).result()];
      }),
    );
    expect(codeOf(run(endless, [new Tensor('i1', [], Uint8Array.of(1))], { maxSteps: 1000 }))).toBe('E4003');
  });

  it('stops at the memory limit before it allocates', () => {
    const module = makeModule(
      makeFunction('main', [tensorType([1000], 'i32')], [tensorType([1000], 'i32')], (builder, [x]) =>
        x === undefined ? [] : [builder.create(add, [x, x]).result()],
      ),
    );
    const input = Tensor.zeros('i32', [1000]);
    expect(codeOf(run(module, [input], { maxBytes: 3999 }))).toBe('E4004');
    expect(codeOf(run(module, [input], { maxBytes: 4000 }))).toBe('none');
  });

  it('counts as alive only what is used later', () => {
    const type = tensorType([1000], 'i32');
    const module = makeModule(
      makeFunction('main', [type], [type], (builder, [x]) => {
        if (x === undefined) return [];
        let value = x;
        for (let index = 0; index < 100; index++) value = builder.create(add, [value, x]).result();
        return [value];
      }),
    );
    expect(codeOf(run(module, [Tensor.zeros('i32', [1000])], { maxBytes: 8000 }))).toBe('none');
  });

  it('refuses a recursion without end', () => {
    const module = makeModule(
      makeFunction('main', [i32], [i32], (builder, args) => [
        builder.create(call, args, { callee: 'main' }, { resultTypes: [i32] }).result(),
      ]),
    );
    expect(codeOf(run(module, [scalar(1)]))).toBe('E4005');
  });

  it('calls what it cannot compute unsupported, with the name of the op', () => {
    const module = makeModule(
      makeFunction('main', [i32], [i32], (builder, args) => [
        builder.create(customCall, args, { call_target_name: 'foo' }, { resultTypes: [i32] }).result(),
      ]),
    );
    expect(run(module, [scalar(1)])).toThrow('stablehlo.custom_call: cannot evaluate the custom call @foo yet');
    expect(codeOf(run(module, [scalar(1)]))).toBe('E4006');
  });
});

describe('evaluateOperation', () => {
  it('runs one op on its own', () => {
    const block = new Block([i32]);
    const [x] = block.arguments;
    if (x === undefined) throw new Error('no argument');
    const op = new Builder(block).create(add, [x, x]);
    expect(valuesOf(evaluateOperation(op, [scalar(5), scalar(5)])[0])).toEqual([10]);
  });

  it('has no process grid', () => {
    const op = new Builder(new Block()).create(partitionId, []);
    expect(codeOf(() => evaluateOperation(op, []))).toBe('E4008');
  });
});
