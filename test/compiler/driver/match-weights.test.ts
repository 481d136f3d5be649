import { describe, expect, it } from 'vitest';
import { type ExpectedTensor, matchWeights } from '../../../compiler/driver/match-weights.ts';
import { totalsOf } from '../../../compiler/driver/model-parameters.ts';
import { bytesInMemory } from '../../../compiler/files/byte-source.ts';
import { encodeSafetensors, openSafetensors, type TensorFile } from '../../../compiler/files/safetensors.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';

const expected: readonly ExpectedTensor[] = [
  { name: 'hidden.weight', dtype: 'f32', shape: [2, 3] },
  { name: 'hidden.bias', dtype: 'f32', shape: [3] },
];

function fileWith(tensors: Readonly<Record<string, Tensor>>): TensorFile {
  const pieces = encodeSafetensors(new Map(Object.entries(tensors)));
  return openSafetensors(bytesInMemory(new Uint8Array(Buffer.concat(pieces))), 'w.safetensors');
}

function problems(tensors: Readonly<Record<string, Tensor>>): readonly string[] {
  const sink = new DiagnosticSink();
  expect(matchWeights(expected, fileWith(tensors), sink)).toBeUndefined();
  return sink.all.map(({ code, message, hint }) => `${code} ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

const weight = Tensor.zeros('f32', [2, 3]);
const bias = new Tensor('f32', [3], new Float32Array([1, 2, 3]));

describe('matching weights with a model', () => {
  it('gives each parameter its tensor', () => {
    const sink = new DiagnosticSink();
    const tensors = matchWeights(expected, fileWith({ 'hidden.bias': bias, 'hidden.weight': weight }), sink);
    expect(sink.all).toEqual([]);
    expect([...(tensors ?? [])]).toEqual([
      ['hidden.weight', weight],
      ['hidden.bias', bias],
    ]);
  });

  it('names what is missing and what is left over', () => {
    expect(problems({ 'hidden.bias': bias, 'output.scale': bias })).toEqual([
      "E5111 w.safetensors: the tensor 'hidden.weight' is missing",
      "E5112 w.safetensors: the model has no parameter 'output.scale'",
    ]);
  });

  it('takes a name that is nearly right for one mistake', () => {
    expect(problems({ 'hidden.bias': bias, 'hidden.weigth': weight })).toEqual([
      "E5111 w.safetensors: the tensor 'hidden.weight' is missing (did you mean 'hidden.weigth', which the file has?)",
    ]);
  });

  it('sees that the whole model was saved inside another', () => {
    expect(problems({ 'model.net.hidden.bias': bias, 'model.net.hidden.weight': weight })).toEqual([
      "E5111 w.safetensors: the tensor 'hidden.weight' is missing (did you mean 'model.net.hidden.weight', which the file has?)",
      "E5111 w.safetensors: the tensor 'hidden.bias' is missing (did you mean 'model.net.hidden.bias', which the file has?)",
    ]);
  });

  it('shows both shapes and both dtypes of what does not fit', () => {
    const half = Tensor.zeros('f16', [3]);
    expect(problems({ 'hidden.weight': Tensor.zeros('f32', [3, 2]), 'hidden.bias': half })).toEqual([
      "E5113 w.safetensors: the tensor 'hidden.weight' is [3, 2], but the model's parameter is [2, 3] (the file seems to hold it transposed)",
      "E5114 w.safetensors: the tensor 'hidden.bias' is f16, but the model's parameter is f32",
    ]);
  });

  it('stays quick and short when nothing fits', () => {
    const names = Array.from(
      { length: 5000 },
      (_, index) => ({ name: `layer.${index}.weight`, dtype: 'f32', shape: [] }) as const,
    );
    const tensors = Object.fromEntries(names.map(({ name }) => [`${name}.other`, Tensor.zeros('f32', [])]));
    const sink = new DiagnosticSink();
    matchWeights(names, fileWith(tensors), sink);
    expect(sink.all.length).toBe(100);
    expect(sink.errorCount).toBeGreaterThan(5000);
  });
});

describe('the totals of parameters', () => {
  it('count elements and bytes', () => {
    const initial = (): Tensor => bias;
    const parameters = expected.map((each) => ({ ...each, role: 'param' as const, initial }));
    expect(totalsOf(parameters)).toEqual({ count: 2, elements: 9, bytes: 36 });
  });
});
