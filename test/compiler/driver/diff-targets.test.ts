import { describe, expect, it } from 'vitest';
import { type Difference, findDifferences, sampleTensor } from '../../../compiler/driver/diff-targets.ts';
import { findFunction } from '../../../compiler/driver/function-signature.ts';
import { loadModule } from '../../../compiler/driver/load-module.ts';
import { type RunTarget, runOnTarget, runTargets, type TargetRun } from '../../../compiler/driver/run-target.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';

const text = `func.func @main(%a: tensor<5xf32>, %b: tensor<5xf32>) -> tensor<5xf32> {
  %0 = stablehlo.add %a, %b : tensor<5xf32>
  %1 = stablehlo.multiply %0, %b : tensor<5xf32>
  %2 = stablehlo.negate %1 : tensor<5xf32>
  return %2 : tensor<5xf32>
}`;

function differences(targets: readonly RunTarget[], runOn: typeof runOnTarget): readonly Difference[] {
  const inputs = [0, 1].map((seed) => sampleTensor('f32', [5], seed));
  const read = (): ReturnType<Parameters<typeof findDifferences>[0]['read']> => {
    const module = loadModule(new SourceFile('model.mlir', text), new DiagnosticSink());
    if (module === undefined) throw new Error('the model is wrong');
    return { module, signature: findFunction(module, undefined) };
  };
  return findDifferences({ read, inputs, targets, runOn });
}

/** A target whose multiplications square. */
function squaring(run: TargetRun): ReturnType<typeof runOnTarget> {
  if (run.target !== 'wasm') return runOnTarget(run);
  run.module.walk((op) => {
    if (op.name === 'stablehlo.multiply') op.setOperand(1, op.operand(0));
  });
  return runOnTarget({ ...run, target: 'reference' });
}

describe('comparing targets', () => {
  it('finds no difference where there is none', () => {
    expect(differences(runTargets, runOnTarget)).toEqual([]);
  });

  it('names the first op that differs, not those that follow from it', () => {
    const found = differences(['reference', 'kernel', 'wasm'], squaring);
    expect(found.map(({ target, op }) => [target, op?.name])).toEqual([['wasm', 'stablehlo.multiply']]);
    expect(found[0]?.detail).toMatch(/^element \[0\] is -?[\d.]+, not -?[\d.]+$/);
  });
});
