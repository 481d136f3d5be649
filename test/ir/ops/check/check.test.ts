import { describe, expect, it } from 'vitest';
import { problems, run } from '../run-text.ts';

function checking(value: string, check: string): string {
  return `func.func @main() {
  %x = stablehlo.constant ${value}
  ${check}
  return
}`;
}

describe('the check dialect', () => {
  it('fails with the first element that differs', () => {
    const text = (expected: string) =>
      checking('dense<[1, 2]> : tensor<2xi64>', `check.expect_eq_const %x, dense<${expected}> : tensor<2xi64>`);
    expect(() => run(text('[1, 2]'))).not.toThrow();
    expect(() => run(text('[1, 3]'))).toThrow('check.expect_eq_const: the check fails: 2 at [1], expected 3');
  });

  it('has a tolerance of 1e-4 unless another is given', () => {
    const text = (expected: string, tolerance = '') =>
      checking(
        'dense<1.0> : tensor<f64>',
        `check.expect_almost_eq_const %x, dense<${expected}> : tensor<f64>${tolerance}`,
      );
    expect(() => run(text('1.00009'))).not.toThrow();
    expect(() => run(text('1.0002'))).toThrow('tolerance 0.0001');
    expect(() => run(text('1.0002', ', tolerance = 0.001'))).not.toThrow();
  });

  it('measures distances in ULP', () => {
    const text = (limit: string) =>
      checking(
        'dense<1.0> : tensor<f16>',
        `%y = stablehlo.constant dense<1.002> : tensor<f16>
  check.expect_close %x, %y, ${limit} : tensor<f16>, tensor<f16>`,
      );
    expect(() => run(text('max_ulp_difference = 2'))).not.toThrow();
    expect(() => run(text('max_ulp_difference = 1'))).toThrow('2 ULP apart');
    expect(() => run(text('max_ulp_difference = 5, min_ulp_difference = 3'))).toThrow('3 to 5 allowed');
  });

  it('compares with what a probe has kept', () => {
    const text = (check: string) =>
      checking(
        'dense<[1, 2]> : tensor<2xi8>',
        `%y = interpreter.probe %x, probe_id = "a" : tensor<2xi8>
  %z = stablehlo.add %x, %y : tensor<2xi8>
  ${check}`,
      );
    expect(() => run(text('check.expect_serialized_eq %x, probe_id = "a" : tensor<2xi8>'))).not.toThrow();
    expect(() => run(text('check.expect_serialized_eq %z, probe_id = "a", iter = 0 : tensor<2xi8>'))).toThrow(
      '1 at [0], expected 2',
    );
    expect(() => run(text('check.expect_serialized_eq %x, probe_id = "a", iter = 1 : tensor<2xi8>'))).toThrow(
      'has kept no value number 1',
    );
  });

  it('compares values of one type', () => {
    const text = `func.func @main(%x: tensor<2xi8>, %y: tensor<3xi8>) {
  "check.expect_eq"(%x, %y) : (tensor<2xi8>, tensor<3xi8>) -> ()
  return
}`;
    expect(problems(text)).toEqual(['E2405 check.expect_eq K1: type(lhs) = type(rhs): tensor<2xi8> and tensor<3xi8>']);
  });
});
