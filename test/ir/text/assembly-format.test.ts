import { describe, expect, it } from 'vitest';
import { enumeration, i64, optional } from '../../../ir/attribute-schema.ts';
import { defineOp, type OpDefinition } from '../../../ir/op-definition.ts';
import { definitions } from '../../../ir/ops/registry.ts';
import { assemblyFormat } from '../../../ir/text/assembly-format.ts';
import { anyTensor } from '../../../ir/type-constraints.ts';

function opWith(assembly: string): OpDefinition {
  return defineOp({
    name: 'test.op',
    code: 'E2100',
    summary: '',
    spec: 'tessera',
    operands: [
      { name: 'lhs', type: anyTensor },
      { name: 'rhs', type: anyTensor },
    ],
    results: [{ name: 'result', type: anyTensor }],
    attributes: { axis: i64(), mode: optional(enumeration('test', 'mode', ['A', 'B'])) },
    assembly,
    evaluate: () => [],
  });
}

function compile(assembly: string): string {
  const format = assemblyFormat(opWith(assembly));
  return format?.elements.map((element) => ('before' in element ? element.before : '') + element.kind).join('|') ?? '';
}

describe('the assembly of every registered op', () => {
  it.each(definitions.map((definition: OpDefinition) => [definition.name, definition] as const))(
    'fits the definition of %s',
    (_name, definition) => {
      expect(() => assemblyFormat(definition)).not.toThrow();
    },
  );
});

describe('compiling an assembly', () => {
  it('puts spaces where MLIR does', () => {
    const format = assemblyFormat(
      opWith('`(` $lhs `,` $rhs `)` `axis` `=` $axis attr-dict `:` functional-type(operands, results)'),
    );
    const text = format?.elements.map((element) => {
      if (element.kind === 'literal') return element.printed;
      return 'before' in element ? `${element.before}_` : '{}';
    });
    expect(text?.join('')).toBe('(_, _) axis = _{} : _');
  });

  it('leaves a space out after an empty literal', () => {
    expect(compile('$lhs `,` $rhs `` $axis attr-dict `:` type($result)')).toBe(
      ' target|literal| target|target|attr-dict|literal| target',
    );
  });

  it('compiles once', () => {
    const definition = opWith('$lhs `,` $rhs `,` $axis attr-dict `:` type($result)');
    expect(assemblyFormat(definition)).toBe(assemblyFormat(definition));
  });

  it('gives operands without a type the type of the result', () => {
    expect(assemblyFormat(opWith('operands attr-dict `:` type($result)'))?.untold).toEqual([0, 1]);
    expect(assemblyFormat(opWith('operands attr-dict `:` type($lhs) `->` type($result)'))?.untold).toEqual([1]);
  });

  it.each([
    ['$nothing attr-dict', 'names $nothing, which is neither operand, region nor attribute'],
    ['operands `:` functional-type(operands, results)', 'needs attr-dict once, not 0 times'],
    ['$lhs attr-dict `:` functional-type(operands, results)', 'does not tell $rhs'],
    ['operands attr-dict `:` type(operands)', 'does not tell type($result)'],
    ['operands attr-dict `:` custom<Unknown>(type($result))', 'uses the unknown custom<Unknown>'],
    ['operands (`,` $mode)? attr-dict `:` type($result)', 'needs one anchor in each optional group'],
    ['operands attr-dict `:` type($mode)', 'names $mode, which is no value'],
    ['operands attr-dict `:` other', 'uses the unknown directive other'],
    ['operands attr-dict `:` functional-type(operands)', 'gives functional-type too few arguments'],
  ])('refuses %s', (assembly, message) => {
    expect(() => assemblyFormat(opWith(assembly))).toThrow(`the assembly of test.op ${message}`);
  });

  it.each([
    ['operands attr-dict ; `:`', "cannot read ' ; `:`'"],
    ['operands (`,` $mode^', "expected ')' before ''"],
    ['custom<', 'it ends too early'],
    ['operands )', "unexpected ')'"],
  ])('refuses the broken notation %s', (assembly, message) => {
    expect(() => assemblyFormat(opWith(assembly))).toThrow(message);
  });
});
