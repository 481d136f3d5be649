import { describe, expect, it } from 'vitest';
import { compileModel } from '../../../compiler/driver/compile-model.ts';
import { type DimensionChoices, parseDimension, variantsOf } from '../../../compiler/driver/dimensions.ts';
import { loadModule } from '../../../compiler/driver/load-module.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';

function choices(...texts: readonly string[]): DimensionChoices {
  return new Map(texts.map((text) => parseDimension(text) ?? ['', { kind: 'same', name: '' }]));
}

/** The plan's first line, or what is reported. */
function planOf(text: string, ...dims: readonly string[]): string {
  const sink = new DiagnosticSink();
  const module = loadModule(new SourceFile('m.mlir', text), sink);
  const request = { emit: 'plan', name: 'm', relaxed: false, dimensions: choices(...dims) } as const;
  const compiled = module && compileModel(module, request, sink);
  const [problem] = sink.all;
  if (problem !== undefined) return `${problem.code}: ${problem.message}; ${problem.hint ?? ''}`;
  return compiled?.artifacts[0]?.contents.join('').split('\n')[0] ?? '';
}

const any = 'tensor<?x4xf32>';
const named = 'tensor<?x4xf32, #tessera.tensor<dims = [n <= 8, _]>>';
const sum = (type: string): string =>
  `func.func @main(%x: ${type}, %y: ${type}) -> ${type} { %0 = stablehlo.add %x, %y : ${type} return %0 : ${type} }`;
const negate = (type: string): string =>
  `func.func @main(%x: ${type}) -> ${type} { %0 = stablehlo.negate %x : ${type} return %0 : ${type} }`;

describe('what is said of a dimension', () => {
  it.each([
    ['n=64', ['n', { kind: 'sizes', sizes: [64] }]],
    ['predict.n=1,8,1', ['predict.n', { kind: 'sizes', sizes: [1, 8] }]],
    ['n=..64', ['n', { kind: 'open', max: 64 }]],
    ['arg1_0=n', ['arg1_0', { kind: 'same', name: 'n' }]],
  ])('is read: %s', (text, expected) => expect(parseDimension(text)).toEqual(expected));

  it.each(['n', 'n=', '=4', 'n=-1', 'n=..', 'n=1,', 'a.b.n=4', 'n=4x'])('is refused: %s', (text) =>
    expect(parseDimension(text)).toBeUndefined(),
  );

  it('makes a variant of each combination of sizes', () => {
    const sizes = variantsOf(choices('n=1,8', 'm=2,3', 'k=..5')).map((variant) =>
      [...variant.values()].map((choice) => (choice.kind === 'sizes' ? choice.sizes[0] : choice.kind)),
    );
    expect(sizes).toEqual([
      [1, 2, 'open'],
      [1, 3, 'open'],
      [8, 2, 'open'],
      [8, 3, 'open'],
    ]);
  });
});

describe('a size left open', () => {
  it('is named after its place, and needs a bound', () => {
    expect(planOf(sum(any))).toBe(
      'E5017: @main leaves open arg0_0 (dimension 0 of arg0), arg1_0 (dimension 0 of arg1); ' +
        '--dim arg0_0=64 compiles for one size, --dim arg0_0=..64 for any size up to 64',
    );
  });

  it('is fixed, or bounded', () => {
    expect(planOf(negate(any), 'arg0_0=3')).toBe('plan @main(arg0: f32[3, 4]) -> (out0: f32[3, 4])');
    expect(planOf(negate(any), 'arg0_0=..3')).toBe('plan @main(arg0: f32[arg0_0, 4]) -> (out0: f32[arg0_0, 4])');
    expect(planOf(negate(any), 'arg0_0=3', 'main.arg0_0=5')).toContain('arg0: f32[5, 4]');
  });

  it('is the same as another, or has a new name with it', () => {
    expect(planOf(sum(any), 'arg0_0=..3', 'arg1_0=arg0_0')).toContain('(arg0: f32[arg0_0, 4], arg1: f32[arg0_0, 4])');
    expect(planOf(sum(any), 'arg0_0=n', 'arg1_0=n', 'n=..3')).toContain('(arg0: f32[n, 4], arg1: f32[n, 4])');
  });

  it('keeps the bound of its type, within which it may be bounded further', () => {
    expect(planOf(sum(named))).toContain('arg1: f32[n, 4]');
    expect(planOf(sum(named), 'n=8')).toContain('arg1: f32[8, 4]');
    expect(planOf(sum(named), 'n=9')).toMatch(/^E5011: the dimension n is to be 9, but it is at most 8/);
    expect(planOf(sum(named), 'n=..9')).toMatch(/^E5011: the dimension n is to be 9/);
  });

  it('must be one with another that it meets in an op', () => {
    expect(planOf(sum(any), 'arg0_0=..3', 'arg1_0=..3')).toMatch(/^E5018: .* --dim arg1_0=arg0_0 makes them the same/);
  });

  it('is diagnosed when it is not there, or goes in circles', () => {
    expect(planOf(sum(named), 'm=8')).toMatch(/^E5011: @main has no open dimension 'm'; it has n/);
    expect(planOf(sum(any), 'arg0_0=arg1_0', 'arg1_0=arg0_0')).toMatch(/^E5011: --dim makes arg0_0 the same as itself/);
    expect(planOf(sum(named), 'other.n=8')).toMatch(/^E5009: the module has no function @other/);
  });

  it('flows through shapes that the program computes', () => {
    const text = `func.func @main(%x: ${any}) -> ${any} {
      %c = stablehlo.constant dense<2.0> : tensor<f32>
      %s = stablehlo.get_dimension_size %x, dim = 0 : (${any}) -> tensor<i32>
      %r = stablehlo.reshape %s : (tensor<i32>) -> tensor<1xi32>
      %k = stablehlo.constant dense<4> : tensor<1xi32>
      %q = stablehlo.concatenate %r, %k, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
      %b = stablehlo.dynamic_broadcast_in_dim %c, %q, dims = [] : (tensor<f32>, tensor<2xi32>) -> ${any}
      %1 = stablehlo.multiply %x, %b : ${any}
      return %1 : ${any}
    }`;
    expect(planOf(text, 'arg0_0=n', 'n=..16')).toBe('plan @main(arg0: f32[n, 4]) -> (out0: f32[n, 4])');
  });
});
