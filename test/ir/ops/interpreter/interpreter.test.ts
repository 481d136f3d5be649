import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction } from '../../../../ir/evaluator/interpreter.ts';
import { SourceFile } from '../../../../ir/source.ts';
import { parseModule } from '../../../../ir/text/parser.ts';
import { problems } from '../run-text.ts';

describe('interpreter.run_parallel', () => {
  const text = (
    attributes: string,
    inputs = 'tensor<i32>',
    results = 'tensor<i32>',
  ) => `func.func @main(%x: ${inputs}) {
  %r = "interpreter.run_parallel"(%x) {${attributes}} : (${inputs}) -> ${results}
  return
}
func.func private @f(%x: tensor<i32>) -> tensor<i32> {
  return %x : tensor<i32>
}
func.func private @g() -> tensor<i64>`;

  it('runs a grid of functions that fit its inputs and results', () => {
    expect(problems(text('programs = [[@f]]'))).toEqual([]);
    expect(problems(text('programs = [[@f, @g]]', 'tensor<i32>', 'tensor<i32>'))).toEqual([
      expect.stringContaining('E2413 interpreter.run_parallel P4'),
    ]);
    expect(problems(text('programs = [[@f]]', 'tensor<i64>'))).toEqual([
      expect.stringContaining('E2413 interpreter.run_parallel P3'),
    ]);
  });

  it('wants rows of one length, of functions that exist', () => {
    expect(problems(text('programs = [[@f], [@f, @f]]'))).toContainEqual(
      expect.stringContaining('E2413 interpreter.run_parallel P1'),
    );
    expect(problems(text('programs = [[@none]]'))).toEqual([
      expect.stringContaining('E2413 interpreter.run_parallel P2'),
    ]);
    expect(problems(text('programs = [[@f]], infeed = [@f]'))).toEqual([
      expect.stringContaining('E2413 interpreter.run_parallel P5'),
    ]);
  });
});

describe('interpreter.print and interpreter.probe', () => {
  it('tell the host', () => {
    const text = `func.func @main() {
  %x = stablehlo.constant dense<[1, 2]> : tensor<2xi8>
  %y = interpreter.print %x : tensor<2xi8>
  %z = interpreter.probe %y, probe_id = "here" : tensor<2xi8>
  return
}`;
    const module = parseModule(new SourceFile('test.mlir', text), new DiagnosticSink())?.root;
    if (module === undefined) throw new Error('not read');
    const told: string[] = [];
    evaluateFunction(module, 'main', [], {
      host: {
        print: (line) => told.push(line),
        probe: (id, value) => told.push(`${id}: ${value.integers().join(' ')}`),
      },
    });
    expect(told).toEqual(['%c = tensor<2xi8> {\n  [1, 2]\n}', 'here: 1 2']);
  });
});
