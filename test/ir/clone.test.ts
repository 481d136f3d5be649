import { describe, expect, it } from 'vitest';
import { cloneInto, cloneOperation, cloneRegion, type ValueMapping } from '../../ir/clone.ts';
import { equalOperations } from '../../ir/equality.ts';
import { Block } from '../../ir/operation.ts';
import { scalarTensor, tensorType } from '../../ir/types.ts';
import { operationsOf, readModule } from './text/read.ts';

const text = `func.func @f(%a: tensor<4xf32>, %p: tensor<i1>) -> tensor<4xf32> {
  %0 = stablehlo.abs %a : tensor<4xf32>
  %1 = "stablehlo.if"(%p) ({
    %2 = stablehlo.add %0, %a {x.y} : tensor<4xf32>
    stablehlo.return %2 : tensor<4xf32>
  }, {
    stablehlo.return %0 : tensor<4xf32>
  }) : (tensor<i1>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}`;

describe('cloneOperation', () => {
  it('gives an equal module of its own values and locations', () => {
    const module = readModule(text);
    const copy = cloneOperation(module);
    expect(equalOperations(copy, module, { locations: true })).toBe(true);
    const originals = new Set(operationsOf(module).flatMap((op) => op.results));
    for (const op of operationsOf(copy)) {
      expect(op.operands.some((operand) => originals.has(operand))).toBe(false);
      expect(op.source).toBe(module.region().block.first?.source);
    }
  });

  it('keeps values from outside, unless the mapping says otherwise', () => {
    const [, abs, branch] = operationsOf(readModule(text));
    if (abs === undefined || branch === undefined) throw new Error('ops are missing');
    const kept = cloneOperation(branch);
    expect(kept.region(1).block.last?.operand(0)).toBe(abs.result());
    const mapping: ValueMapping = new Map([[abs.result(), abs.operand(0)]]);
    const mapped = cloneOperation(branch, mapping);
    expect(mapped.region(1).block.last?.operand(0)).toBe(abs.operand(0));
    expect(mapping.get(branch.result())).toBe(mapped.result());
  });

  it('gives results and arguments other types on request', () => {
    const module = readModule(text);
    const wider = cloneOperation(module, new Map(), {
      mapType: (type) => (type === tensorType([4], 'f32') ? tensorType([4], 'f64') : type),
    });
    const [func, abs] = operationsOf(wider);
    expect(func?.region().block.arguments.map((argument) => argument.type.text)).toEqual([
      'tensor<4xf64>',
      'tensor<i1>',
    ]);
    expect(abs?.result().type.text).toBe('tensor<4xf64>');
  });
});

describe('cloneRegion and cloneInto', () => {
  it('copy a block with its arguments, or its ops into another block', () => {
    const func = readModule(text).region().block.first;
    if (func === undefined) throw new Error('no function');
    const copy = cloneRegion(func.region());
    expect(copy.block.size).toBe(func.region().block.size);
    expect(copy.block.arguments).toHaveLength(2);

    const target = new Block([tensorType([4], 'f32'), scalarTensor('i1')]);
    const mapping: ValueMapping = new Map();
    for (const [index, argument] of func.region().block.arguments.entries())
      mapping.set(argument, target.argument(index));
    cloneInto(func.region().block, target, undefined, mapping);
    expect(target.first?.operand(0)).toBe(target.argument(0));
    expect(target.size).toBe(3);
  });
});
