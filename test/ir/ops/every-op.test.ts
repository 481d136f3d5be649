import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { OpDefinition } from '../../../ir/op-definition.ts';
import { chloOps } from '../../../ir/ops/families/chlo.ts';
import { collectiveOps } from '../../../ir/ops/families/collective.ts';
import { contractionOps } from '../../../ir/ops/families/contraction.ts';
import { controlOps } from '../../../ir/ops/families/control.ts';
import { elementwiseOps } from '../../../ir/ops/families/elementwise.ts';
import { shapeOps } from '../../../ir/ops/families/shape.ts';
import { shardyOps } from '../../../ir/ops/families/shardy.ts';
import { tesseraOps } from '../../../ir/ops/families/tessera.ts';
import { allOpNames, definitions, lookupOp } from '../../../ir/ops/registry.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';

const all: readonly OpDefinition[] = definitions;

const families: readonly (readonly [name: string, ops: readonly OpDefinition[], codes: RegExp])[] = [
  ['elementwise', elementwiseOps, /^E21\d\d$/],
  ['shape', shapeOps, /^E22\d\d$/],
  ['contraction', contractionOps, /^E23\d\d$/],
  ['control', controlOps, /^E24\d\d$/],
  ['collective', collectiveOps, /^E25\d\d$/],
  ['chlo', chloOps, /^E26\d\d$/],
  ['tessera', tesseraOps, /^E27\d\d$/],
  ['shardy', shardyOps, /^E28\d\d$/],
];

/** Where an op of each dialect is specified. */
const documents: Readonly<Record<string, RegExp>> = {
  stablehlo: /^((spec\.md|StablehloOps\.td)#|tessera$)/,
  chlo: /^chlo\.md#/,
  check: /^(CheckOps\.td#|tessera$)/,
  interpreter: /^(InterpreterOps\.td#|tessera$)/,
  func: /^(spec\.md#|tessera$)/,
  builtin: /^(spec\.md#|tessera$)/,
  tessera: /^tessera$/,
  sdy: /^shardy: /,
};

/** The operations of a text, regions included, by name. */
function parsedNames(text: string): string[] {
  const parsed = parseModule(new SourceFile('test.mlir', text), new DiagnosticSink());
  const names: string[] = [];
  parsed?.root.walk((op) => void names.push(op.name));
  return names;
}

function empty(count: number): string {
  return new Array<string>(count).fill('{\n^bb0:\n}').join(', ');
}

describe('every op', () => {
  it.each(families)('of the %s family has a code of its own in the family range', (_, ops, codes) => {
    expect(ops.filter((op) => !codes.test(op.code)).map((op) => op.name)).toEqual([]);
    expect(new Set(ops.map((op) => op.code)).size).toBe(ops.length);
  });

  it('is in one family, once', () => {
    expect(families.flatMap(([, ops]) => ops).length).toBe(all.length);
    expect(new Set(all.map((op) => op.name)).size).toBe(all.length);
    expect(allOpNames().length).toBe(all.length);
  });

  it('says in one sentence what its result is', () => {
    const isSentence = ({ summary }: OpDefinition): boolean => /^\S.*\.$/.test(summary) && summary.length > 10;
    expect(all.filter((op) => !isSentence(op)).map((op) => op.name)).toEqual([]);
  });

  it('says where it is specified, under its own name', () => {
    const isAnchored = ({ name, spec }: OpDefinition): boolean => {
      const [dialect = '', op = ''] = name.split('.');
      const isKnown = documents[dialect]?.test(spec) === true;
      return isKnown && (dialect !== 'stablehlo' || spec === 'tessera' || spec.endsWith(`#${op}`));
    };
    expect(all.filter((op) => !isAnchored(op)).map((op) => `${op.name} ${op.spec}`)).toEqual([]);
  });

  it('is looked up by its name', () => {
    for (const op of all) expect(lookupOp(op.name)).toBe(op);
  });

  it('cites only constraints it states, by numbered ids', () => {
    const cited = (op: OpDefinition): string[] => op.resultConstraint.split(', ').filter((id) => id !== '');
    const unknown = all.flatMap((op) =>
      cited(op)
        .filter((id) => !(id in op.constraints))
        .map((id) => `${op.name} ${id}`),
    );
    expect(unknown).toEqual([]);
    const odd = all.flatMap((op) =>
      Object.keys(op.constraints)
        .filter((id) => !/^(\w+ )?[A-Z]\d+$/.test(id))
        .map((id) => `${op.name} ${id}`),
    );
    expect(odd).toEqual([]);
  });

  it('names each operand, result, region and attribute once', () => {
    const names = (op: OpDefinition): string[] => [
      ...op.operands.map(({ name }) => name),
      ...op.regions.map(({ name }) => name),
      ...Object.keys(op.attributes),
    ];
    expect(all.filter((op) => new Set(names(op)).size !== names(op).length).map((op) => op.name)).toEqual([]);
  });

  it('is read in the generic form', () => {
    const missing = all.filter((op) => {
      const regions = op.regions.length === 0 ? '' : ` (${empty(op.regions.length)})`;
      return !parsedNames(`"builtin.module"() ({\n"${op.name}"()${regions} : () -> ()\n}) : () -> ()`).includes(
        op.name,
      );
    });
    expect(missing.map((op) => op.name)).toEqual([]);
  });
});
