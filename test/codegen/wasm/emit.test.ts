import { describe, expect, it } from 'vitest';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import type { Plan } from '../../../codegen/plan/plan.ts';
import { emitWasm, emitWat } from '../../../codegen/wasm/emit.ts';
import { mapMemory } from '../../../codegen/wasm/memory-map.ts';
import { signedLeb, unsignedLeb } from '../../../codegen/wasm/wasm-binary.ts';
import { optimise, planFunction } from '../../../compiler/driver/compile-module.ts';
import { loadModule } from '../../../compiler/driver/load-module.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { DiagnosticError, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { SourceFile } from '../../../ir/source.ts';

function plan(text: string): Plan {
  const sink = new DiagnosticSink();
  const module = loadModule(new SourceFile('model.mlir', text), sink);
  if (module === undefined) throw new Error(sink.all[0]?.message);
  optimise(module, sink);
  return planFunction(module, 'main', wasmTarget);
}

const run = (text: string, ...inputs: Tensor[]): readonly unknown[] =>
  new WasmProgram(plan(text)).run(inputs).map(({ values }) => [...(values as Float32Array)]);

const scalar = (value: number): Tensor => new Tensor('i32', [], Int32Array.of(value));

const loop = `func.func @main(%n: tensor<i32>) -> tensor<i32> {
  %one = stablehlo.constant dense<1> : tensor<i32>
  %r:2 = stablehlo.while(%i = %n, %p = %one) : tensor<i32>, tensor<i32>
    cond {
      %more = stablehlo.compare GT, %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %q = stablehlo.multiply %p, %i : tensor<i32>
      %j = stablehlo.subtract %i, %one : tensor<i32>
      stablehlo.return %j, %q : tensor<i32>, tensor<i32>
    }
  return %r#1 : tensor<i32>
}`;

const choice = `func.func @main(%index: tensor<i32>, %x: tensor<i32>) -> tensor<i32> {
  %r = "stablehlo.case"(%index) ({
    %a = stablehlo.negate %x : tensor<i32>
    stablehlo.return %a : tensor<i32>
  }, {
    %b = stablehlo.multiply %x, %x : tensor<i32>
    stablehlo.return %b : tensor<i32>
  }, {
    %c = stablehlo.add %x, %x : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  return %r : tensor<i32>
}`;

const open = 'tensor<?x3xf32, #tessera.tensor<dims = [n <= 8, _]>>';

describe('plans in WebAssembly', () => {
  it('loop while a condition holds', () => {
    expect([0, 1, 5].map((n) => run(loop, scalar(n)))).toEqual([[[1]], [[1]], [[120]]]);
  });

  it('choose a branch, out of range the last', () => {
    expect([0, 1, 2, 3, -1].map((index) => run(choice, scalar(index), scalar(5))[0])).toEqual([
      [-5],
      [25],
      [10],
      [10],
      [10],
    ]);
  });

  it('carry constants in a data section of their own', () => {
    const text = `func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = stablehlo.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %0 = stablehlo.add %x, %c : tensor<4xf32>
  return %0 : tensor<4xf32>
}`;
    expect(run(text, new Tensor('f32', [4], Float32Array.of(10, 20, 30, 40)))).toEqual([[11, 22, 33, 44]]);
    expect(emitWat(plan(text), { relaxed: false })).not.toContain('(data');
  });

  it('take what a float leaves when divided', () => {
    const text = `func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.remainder %x, %y : tensor<4xf32>
  return %0 : tensor<4xf32>
}`;
    const x = new Tensor('f32', [4], Float32Array.of(-7.5, 1e30, 5, Infinity));
    expect(run(text, x, new Tensor('f32', [4], Float32Array.of(2, 3, Infinity, 2)))).toEqual([
      [-1.5, Math.fround(1e30) % 3, 5, NaN],
    ]);
  });

  it('give the same bytes for the same plan, with a hash that follows them', () => {
    const [first, second] = [0, 1].map(() => emitWasm(plan(loop), { relaxed: false }));
    expect(first?.bytes).toEqual(second?.bytes);
    expect(first?.signature.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(emitWasm(plan(choice), { relaxed: false }).signature.hash).not.toBe(first?.signature.hash);
    const [section] = WebAssembly.Module.customSections(
      new WebAssembly.Module(first?.bytes ?? new Uint8Array()),
      'tessera',
    );
    expect(JSON.parse(new TextDecoder().decode(section))).toEqual(first?.signature);
  });

  it('name the sizes that a call leaves open', () => {
    const program = new WasmProgram(
      plan(`func.func @main(%x: ${open}) -> ${open} {
  %0 = stablehlo.negate %x : ${open}
  return %0 : ${open}
}`),
    );
    expect(program.module.signature.symbols).toEqual([{ name: 'n', max: 8 }]);
    expect(program.module.signature.inputs[0]?.shape).toEqual(['n', 3]);
    const [two] = program.run([new Tensor('f32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))]);
    expect(two).toMatchObject({ shape: [2, 3], values: Float32Array.of(-1, -2, -3, -4, -5, -6) });
  });

  it('are refused where they need more memory than 32 bits address', () => {
    const large: Plan = { ...plan(loop), arenaBytes: 2 ** 32 };
    expect(() => mapMemory([large], 0, 0)).toThrow('@main needs 4.0 GiB of memory');
  });
});

describe('the binary format', () => {
  it('writes numbers in groups of seven bits', () => {
    expect([0, 127, 128, 624485].map(unsignedLeb)).toEqual([[0], [127], [128, 1], [0xe5, 0x8e, 0x26]]);
    expect([0, -1, 63, 64, -123456].map(signedLeb)).toEqual([[0], [0x7f], [63], [0xc0, 0], [0xc0, 0xbb, 0x78]]);
  });
});

describe('a function for which 32 bits are too few', () => {
  it('is refused, with what takes how much', () => {
    const type = 'tensor<400000000xf32>';
    const large = plan(`func.func @main(%x: ${type}, %y: ${type}) -> ${type} {
  %0 = stablehlo.add %x, %y : ${type}
  return %0 : ${type}
}`);
    const refused = (): unknown => emitWasm(large, { relaxed: false });
    expect(refused).toThrow(DiagnosticError);
    expect(refused).toThrow(
      '@main needs 4.5 GiB of memory (0.0 of constants, 0.0 of temporaries, 3.0 of inputs, 1.5 of outputs); 32-bit WebAssembly has 4',
    );
  });
});
