import { describe, expect, it } from 'vitest';
import { type VerifierCode, verifierCatalog } from '../../../ir/diagnostics/catalog-verifier.ts';
import { type Diagnostic, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { Operation } from '../../../ir/operation.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { tensorType } from '../../../ir/types.ts';
import { verify } from '../../../ir/verifier.ts';

/** Where each example is wrong: line, column, and the text under the caret. */
const places = {
  E2001: [2, 8, '"stablehlo.add"'],
  E2002: [2, 8, 'stablehlo.popcnt'],
  E2003: [2, 10, '"stablehlo.add"'],
  E2004: [2, 8, '"stablehlo.is_finite"'],
  E2005: [2, 8, '"stablehlo.concatenate"'],
  E2006: [2, 8, '"stablehlo.concatenate"'],
  E2007: [2, 8, '"stablehlo.negate"'],
  E2008: [2, 8, 'stablehlo.transpose'],
  E2011: [1, 1, 'func.func'],
  E2012: [2, 3, 'return'],
  E2013: [4, 1, 'func.func'],
} as const;

type TextCode = keyof typeof places;

/** Faults of a pass: text cannot say them. */
const withoutText: readonly Exclude<VerifierCode, TextCode>[] = ['E2009', 'E2010', 'E2014'];

function parse(text: string, sink: DiagnosticSink): Operation {
  const parsed = parseModule(new SourceFile('example.mlir', text), sink);
  if (parsed === undefined) throw new Error('the example cannot be read');
  return parsed.root;
}

function diagnose(text: string): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  verify(parse(text, sink), sink);
  return sink.all;
}

function opsOf(root: Operation, name: string): readonly Operation[] {
  const found: Operation[] = [];
  root.walk((op) => {
    if (op.name === name) found.push(op);
  });
  return found;
}

function codesAfter(text: string, damage: (root: Operation) => void): readonly string[] {
  const sink = new DiagnosticSink();
  const root = parse(text, sink);
  verify(root, sink);
  expect(sink.all).toEqual([]);
  damage(root);
  verify(root, sink);
  return sink.all.map(({ code }) => code);
}

describe("the verifier's catalog", () => {
  it.each(Object.keys(places) as TextCode[])('%s: the example provokes this error alone, at its place', (code) => {
    const [diagnostic, ...others] = diagnose(verifierCatalog[code].example);
    expect(others).toEqual([]);
    expect(diagnostic?.code).toBe(code);
    const { source, start = 0, end = 0 } = diagnostic?.span ?? {};
    const { line, column } = source?.lineColumn(start) ?? {};
    expect([line, column, new TextDecoder().decode(source?.bytes.subarray(start, end))]).toEqual(places[code]);
  });

  it.each(Object.keys(places) as TextCode[])('%s: the corrected example is right', (code) => {
    expect(diagnose(verifierCatalog[code].corrected)).toEqual([]);
  });

  it('has a test for every code', () => {
    expect([...Object.keys(places), ...withoutText].sort()).toEqual(Object.keys(verifierCatalog).sort());
  });
});

describe('what a faulty pass may leave', () => {
  const chain =
    'func.func @main(%a: tensor<f32>) -> tensor<f32> {\n  %0 = stablehlo.abs %a : tensor<f32>\n  %1 = stablehlo.negate %0 : tensor<f32>\n  return %1 : tensor<f32>\n}\n';

  it('a use before its definition is E2009', () => {
    const codes = codesAfter(chain, (root) => {
      const [abs] = opsOf(root, 'stablehlo.abs');
      const [negate] = opsOf(root, 'stablehlo.negate');
      if (abs !== undefined && negate !== undefined) abs.setOperand(0, negate.result());
    });
    expect(codes).toEqual(['E2009']);
  });

  it('a use from outside a function is E2010', () => {
    const text = `module {\n${chain}}\n`;
    const codes = codesAfter(text, (root) => {
      const [func] = opsOf(root, 'func.func');
      const [abs] = opsOf(root, 'stablehlo.abs');
      const outside = new Operation(abs?.definition ?? root.definition, {
        operands: abs?.operands ?? [],
        resultTypes: [tensorType([], 'f32')],
      });
      if (func !== undefined) func.block?.insertBefore(outside, func);
      abs?.setOperand(0, outside.result());
    });
    expect(codes).toContain('E2010');
  });

  it('an order that is no permutation is E2014', () => {
    const text = 'func.func @main(%a: tensor<2x3xf32>) {\n  return\n}\n';
    const codes = codesAfter(text, (root) => {
      const [func] = opsOf(root, 'func.func');
      const argument = func?.regions[0]?.block.arguments[0];
      if (argument !== undefined) argument.type = tensorType([2, 3], 'f32', { order: [0, 0] });
    });
    expect(codes).toContain('E2014');
  });
});
