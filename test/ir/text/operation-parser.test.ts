import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { moduleErrors, operationsOf, readModule } from './read.ts';

function func(...lines: readonly string[]): string {
  return `func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

describe('operations', () => {
  it('mean the same in the generic and in the pretty form', () => {
    const generic = readModule(
      func(
        '%0 = "stablehlo.add"(%a, %a) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>',
        'return %0 : tensor<2xf32>',
      ),
    );
    const pretty = readModule(func('%0 = stablehlo.add %a, %a : tensor<2xf32>', 'func.return %0 : tensor<2xf32>'));
    const shape = (root: ReturnType<typeof readModule>): unknown =>
      operationsOf(root).map((op) => [op.name, op.operands.length, op.results.map((result) => result.type.text)]);
    expect(shape(generic)).toEqual(shape(pretty));
  });

  it('put properties and attributes together', () => {
    const [, iota] = operationsOf(
      readModule(
        func(
          '%0 = "stablehlo.iota"() <{iota_dimension = 0 : i64}> {my.note = "x"} : () -> tensor<2xf32>',
          'return %0 : tensor<2xf32>',
        ),
      ),
    );
    expect([...(iota?.attributes.keys() ?? [])]).toEqual(['iota_dimension', 'my.note']);
  });

  it('name their results one by one or together', () => {
    const text = (names: string, use: string): string =>
      func(
        `${names} = "stablehlo.optimization_barrier"(%a, %a) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)`,
        `return ${use} : tensor<2xf32>`,
      );
    for (const [names, use] of [
      ['%x, %y', '%y'],
      ['%0:2', '%0#1'],
      ['%0:1, %1', '%1'],
      ['%x:2', '%x #1'],
    ] as const) {
      const [, barrier, end] = operationsOf(readModule(text(names, use)));
      expect(end?.operand(0)).toBe(barrier?.result(1));
    }
  });

  it('stand in their block in the order of the text, with their span', () => {
    const root = readModule(func('%0 = stablehlo.abs %a : tensor<2xf32> loc("x")', 'return %0 : tensor<2xf32>'));
    const [f, abs, end] = operationsOf(root);
    expect(f?.region().block.first).toBe(abs);
    expect(abs?.next).toBe(end);
    expect([abs?.span?.start, abs?.span?.end]).toEqual([58, 71]);
    expect(abs?.location).toMatchObject({ kind: 'name', name: 'x' });
  });

  it('need no module around them', () => {
    expect(readModule('').name).toBe('builtin.module');
    expect(readModule('func.func private @f()\nfunc.func private @g()').region().block.size).toBe(2);
    const nested = readModule('module @a { module @b { func.func private @f() } }');
    expect(nested.attribute('sym_name')).toEqual({ kind: 'string', value: 'a' });
    expect(operationsOf(nested).map((op) => op.name)).toEqual(['builtin.module', 'func.func']);
  });

  it('see the values around their region, unless they are isolated', () => {
    const text = func(
      '%c = stablehlo.constant dense<true> : tensor<i1>',
      '%0 = "stablehlo.if"(%c) ({',
      '  stablehlo.return %a : tensor<2xf32>',
      '}, {',
      '  stablehlo.return %a : tensor<2xf32>',
      '}) : (tensor<i1>) -> tensor<2xf32>',
      'return %0 : tensor<2xf32>',
    );
    expect(operationsOf(readModule(text))).toHaveLength(6);
    expect(
      moduleErrors(
        'func.func @f(%a: tensor<f32>) {\n  return\n}\nfunc.func @g() -> tensor<f32> {\n  return %a : tensor<f32>\n}',
      ),
    ).toEqual(["5:10 E1201 '%a' is not defined"]);
  });

  it('have no region where a function is only declared, in the generic form too', () => {
    const [f] = operationsOf(
      readModule(
        '"func.func"() <{sym_name = "f", function_type = () -> (), sym_visibility = "private"}> ({\n}) : () -> ()',
      ),
    );
    expect(f?.regions).toEqual([]);
  });
});

describe('names of values', () => {
  it('end with their region and may then be used again', () => {
    const branch = (name: string): string =>
      `{\n    %x = stablehlo.${name} %a : tensor<2xf32>\n    stablehlo.return %x : tensor<2xf32>\n  }`;
    const text = func(
      '%c = stablehlo.constant dense<true> : tensor<i1>',
      `%0 = "stablehlo.if"(%c) (${branch('abs')}, ${branch('negate')}) : (tensor<i1>) -> tensor<2xf32>`,
      'return %x : tensor<2xf32>',
    );
    expect(moduleErrors(text)).toEqual(["10:10 E1201 '%x' is not defined"]);
  });

  it('that are not defined are reported once', () => {
    const text = func(
      '%0 = stablehlo.add %b, %b : tensor<2xf32>',
      '%1 = stablehlo.abs %b : tensor<2xf32>',
      'return %0 : tensor<2xf32>',
    );
    expect(moduleErrors(text)).toEqual(["2:22 E1201 '%b' is not defined"]);
  });

  it('show where a value of another type is defined', () => {
    const sink = new DiagnosticSink();
    parseModule(
      new SourceFile('a.mlir', func('%0 = stablehlo.abs %a : tensor<3xf32>', 'return %a : tensor<2xf32>')),
      sink,
    );
    expect(sink.all).toMatchObject([
      {
        code: 'E1205',
        message: "'%a' has type tensor<2xf32>, not tensor<3xf32>",
        notes: [{ message: 'defined here', span: { start: 13, end: 15 } }],
      },
    ]);
  });
});

describe('several mistakes', () => {
  it('are reported in one run, in the order of the text', () => {
    const text = func(
      '%0 = stablehlo.subtrac %a, %a : tensor<2xf32>',
      '%1 = stablehlo.add %0, %a tensor<2xf32>',
      '%2 = stablehlo.abs %b : tensor<2xf32>',
      'return %1 : tensor<2xf32>',
    );
    expect(moduleErrors(text)).toEqual([
      "2:8 E1101 there is no operation 'stablehlo.subtrac'; did you mean 'stablehlo.subtract'?",
      "3:29 E1006 expected ':', found 'tensor'",
      "4:22 E1201 '%b' is not defined",
    ]);
  });

  it('in one function leave the others readable', () => {
    const sink = new DiagnosticSink();
    const text = `${func('%0 = stablehlo.ab %a : tensor<2xf32>', 'return %0 : tensor<2xf32>')}func.func private @g()\n`;
    const parsed = parseModule(new SourceFile('a.mlir', text), sink);
    const [f, end, g] = parsed === undefined ? [] : operationsOf(parsed.root);
    expect([f?.name, end?.name, g?.name]).toEqual(['func.func', 'func.return', 'func.func']);
    expect([...(parsed?.unread ?? [])]).toEqual([f]);
  });

  it('skip the regions of the op they are in', () => {
    const text = func(
      '%0 = "stablehlo.if"(%a ({',
      '  %x = stablehlo.oops %a : tensor<2xf32>',
      '}, {',
      '  stablehlo.return %a : tensor<2xf32>',
      '}) : (tensor<i1>) -> tensor<2xf32>',
      '%1 = stablehlo.abs %b : tensor<2xf32>',
      'return %0 : tensor<2xf32>',
    );
    expect(moduleErrors(text)).toEqual(["2:26 E1006 expected ',' or ')', found '('", "7:22 E1201 '%b' is not defined"]);
  });

  it('read an unknown op in the generic form to its end', () => {
    const text = func(
      '%0 = "my.op"(%a) ({',
      '^bb0(%b: tensor<f32>):',
      '  "my.end"(%b) : (tensor<f32>) -> ()',
      '}) {x = 1} : (tensor<2xf32>) -> tensor<2xf32>',
      'return %0 : tensor<2xf32>',
    );
    expect(moduleErrors(text)).toEqual([
      expect.stringContaining("2:8 E1101 there is no operation 'my.op'; the dialects are builtin, check, chlo"),
      expect.stringContaining("4:5 E1101 there is no operation 'my.end'"),
    ]);
  });

  it('at the end of a truncated text are one', () => {
    const text = func('%0 = stablehlo.add %a, %a : tensor<2xf32>', 'return %0 : tensor<2xf32>');
    for (let length = 1; length < text.length - 2; length++) {
      expect(
        moduleErrors(`module {\n${text.slice(0, length)}`).filter((error) => error.includes('end of the text')).length,
      ).toBeLessThan(2);
    }
  });

  it('stop where no more would be shown', () => {
    const sink = new DiagnosticSink(10);
    parseModule(new SourceFile('a.mlir', 'oops.oops\n'.repeat(1000)), sink);
    expect(sink.all).toHaveLength(10);
  });
});

describe('hostile text', () => {
  it('nested 10,000 regions deep is one diagnostic', () => {
    expect(moduleErrors('module {\n'.repeat(10_000))).toEqual([expect.stringContaining('257:8 E1005')]);
    expect(moduleErrors('"builtin.module"() ({\n'.repeat(10_000))).toEqual([expect.stringContaining('E1005')]);
  });

  it('with brackets only gives diagnostics', () => {
    for (const bracket of ['(', '[', '{', '<', '}', ')', '({', '%a = ', '#a = ', '"', '@', '^bb0(']) {
      expect(moduleErrors(bracket.repeat(5000)).length).toBeGreaterThan(0);
    }
  });

  it('of any bytes gives diagnostics', () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 167 + (index >> 3) * 31) & 255);
    expect(moduleErrors(bytes).length).toBeGreaterThan(0);
  });
});
