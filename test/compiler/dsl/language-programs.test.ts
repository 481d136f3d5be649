import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BuiltFunction } from '../../../compiler/dsl/semantics/function-builder.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { elaborate } from './program.ts';

const read = (name: string): string => readFileSync(new URL(`programs/${name}.tess`, import.meta.url), 'utf8');

/** `input x f32[2, 3]`, one a port. */
const ports = (list: BuiltFunction['inputs']): readonly string[] =>
  list.map(({ name, role, type }) => `${role} ${name} ${type.text.slice(7, -1)}`);

/** A tensor of numbers that differ, small and of both signs. */
const ramp = (shape: readonly number[], phase = 0): Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return new Tensor(
    'f32',
    shape,
    Float32Array.from({ length: size }, (_, index) => Math.sin(index * 1.7 + phase) / 2),
  );
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('the programs of the language page', () => {
  it('elaborates the conv net, with what predict reads as arguments after its input', () => {
    const { functions } = elaborate(read('cnn'), { dims: { n: 2 }, only: 'predict' });
    const [predict] = functions;
    expect(ports(predict?.inputs ?? [])).toEqual([
      'input x 2x28x28x1xf32',
      'param conv.weight 3x3x1x32xf32',
      'param conv.bias 32xf32',
      'param bn.scale 32xf32',
      'param bn.shift 32xf32',
      'state bn.mean 32xf32',
      'state bn.variance 32xf32',
      'param head.weight 6272x10xf32',
      'param head.bias 10xf32',
    ]);
    expect(ports(predict?.outputs ?? [])).toEqual(['output probs 2x10xf32']);
  });

  it('makes one op of the gradient in the training step, and updates every field where it lies', () => {
    const { functions } = elaborate(read('cnn'), { dims: { n: 2 }, only: 'step' });
    const [step] = functions;
    expect(ports(step?.outputs ?? [])).toEqual([
      'output loss f32',
      'param conv.weight 3x3x1x32xf32',
      'param conv.bias 32xf32',
      'param bn.scale 32xf32',
      'param bn.shift 32xf32',
      'state bn.mean 32xf32',
      'state bn.variance 32xf32',
      'param head.weight 6272x10xf32',
      'param head.bias 10xf32',
      'state opt.velocity.conv.weight 3x3x1x32xf32',
      'state opt.velocity.conv.bias 32xf32',
      'state opt.velocity.bn.scale 32xf32',
      'state opt.velocity.bn.shift 32xf32',
      'state opt.velocity.head.weight 6272x10xf32',
      'state opt.velocity.head.bias 10xf32',
    ]);
    const ops: string[] = [];
    step?.op.walk((op) => void ops.push(op.name));
    expect(ops.filter((name) => name === 'tessera.gradient')).toHaveLength(1);
    expect(
      JSON.stringify(step?.op.attribute('arg_attrs'), (_, value: unknown) =>
        value instanceof Map ? [...value.keys()] : typeof value === 'bigint' ? Number(value) : value,
      ).match(/tf.aliasing_output/g),
    ).toHaveLength(14);
  });

  it('runs the LSTM as a loop that computes what a loop in JavaScript does', () => {
    const [d, h, steps] = [3, 2, 4];
    const { module } = elaborate(read('lstm'), { dims: { n: 1, t: steps }, set: { d: '3', h: '2' } });
    const inputs = [ramp([1, steps, d]), ramp([d, 4 * h], 1), ramp([h, 4 * h], 2), ramp([4 * h], 3)];
    const [result] = evaluateFunction(module, 'run', inputs);
    const [x, wx, wh, b] = inputs.map((input) => Array.from(input.values, Number));
    const at = (values: readonly number[] | undefined, index: number): number => values?.[index] ?? NaN;
    let y = new Array<number>(h).fill(0);
    let c = new Array<number>(h).fill(0);
    const expected: number[] = [];
    for (let t = 0; t < steps; t++) {
      const gate = (k: number): number => {
        let sum = at(b, k);
        for (let i = 0; i < d; i++) sum += at(x, t * d + i) * at(wx, i * 4 * h + k);
        for (let i = 0; i < h; i++) sum += at(y, i) * at(wh, i * 4 * h + k);
        return sum;
      };
      c = c.map((old, k) => sigmoid(gate(h + k)) * old + sigmoid(gate(k)) * Math.tanh(gate(2 * h + k)));
      y = c.map((cell, k) => sigmoid(gate(3 * h + k)) * Math.tanh(cell));
      expected.push(...y);
    }
    const got = result?.kind === 'tensor' ? Array.from(result.values, Number) : [];
    expect(got).toHaveLength(expected.length);
    for (const [index, value] of expected.entries()) expect(got[index]).toBeCloseTo(value, 5);
  });

  it('updates the cache of the decoder in place, and names its parts', () => {
    const sizes = { vocab: '11', d: '8', h: '2', depth: '2', t: '6' };
    const { functions } = elaborate(read('decoder'), { dims: { n: 2, p: 3 }, set: sizes });
    const [next, generate] = functions;
    expect(ports(next?.inputs ?? []).slice(0, 6)).toEqual([
      'input token 2xi32',
      'input pos i32',
      'inout kv.0.k 2x6x2x4xf32',
      'inout kv.0.v 2x6x2x4xf32',
      'inout kv.1.k 2x6x2x4xf32',
      'inout kv.1.v 2x6x2x4xf32',
    ]);
    expect(ports(next?.outputs ?? [])[0]).toBe('output out 2x11xf32');
    expect(ports(generate?.outputs ?? [])).toEqual(['output out 2x6xi32']);
    expect(functions.map(({ name }) => name)).toEqual(['next', 'generate']);
  });
});
