import { describe, expect, it } from 'vitest';
import { DiagnosticSink, InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { definePass, type Pass } from '../../passes/pass.ts';
import { load } from './pass-fixture.ts';

const program = `func.func @f(%x: tensor<f32>) -> tensor<f32> {
  %0 = stablehlo.negate %x : tensor<f32>
  return %0 : tensor<f32>
}`;

/** A pass that says it changed something the first `times` times. */
function restless(name: string, times: number, log: string[]): Pass {
  let left = times;
  return definePass({
    name,
    summary: 'for tests',
    run: () => {
      log.push(name);
      return left-- > 0;
    },
  });
}

describe('the pass manager', () => {
  it('runs a group again for as long as one of its passes changes something', () => {
    const log: string[] = [];
    const group = { limit: 5 };
    const pipeline = [
      { pass: restless('a', 0, log), options: {} },
      { pass: restless('b', 2, log), options: {}, group },
      { pass: restless('c', 0, log), options: {}, group },
      { pass: restless('d', 1, log), options: {} },
    ];
    const reports = runPasses(load(program), pipeline, new DiagnosticSink());
    expect(log).toEqual(['a', 'b', 'c', 'b', 'c', 'b', 'c', 'd']);
    expect(reports.map(({ changed }) => changed)).toEqual([false, true, false, true, false, false, false, true]);
  });

  it('ends a group at its limit', () => {
    const log: string[] = [];
    const pipeline = [{ pass: restless('a', 100, log), options: {}, group: { limit: 3 } }];
    runPasses(load(program), pipeline, new DiagnosticSink());
    expect(log).toHaveLength(3);
  });

  it('names the pass and the op when a pass fails', () => {
    const failing = definePass({
      name: 'failing',
      summary: 'for tests',
      run(module, context) {
        module.walk((op) => {
          context.at(op);
          if (op.name === 'stablehlo.negate') throw new InvariantError('something is off');
        });
        return false;
      },
    });
    const run = (): unknown => runPasses(load(program), [{ pass: failing, options: {} }], new DiagnosticSink());
    expect(run).toThrow('pass failing failed at stablehlo.negate: something is off');
  });

  it('names the pass that leaves an invalid module', () => {
    const breaking = definePass({
      name: 'breaking',
      summary: 'for tests',
      run(module) {
        const func = module.region().block.first;
        const negate = func?.region().block.first;
        const argument = func?.region().block.argument(0);
        if (negate === undefined || argument === undefined) return false;
        negate.setOperands([argument, argument]);
        return true;
      },
    });
    const run = (): unknown => runPasses(load(program), [{ pass: breaking, options: {} }], new DiagnosticSink());
    expect(run).toThrow(/^pass breaking left an invalid module: E/);
  });

  it('prints after the passes that are asked for, and times them', () => {
    const printed: string[] = [];
    let now = 0;
    const pipeline = [
      { pass: restless('a', 0, []), options: {} },
      { pass: restless('b', 0, []), options: {} },
    ];
    const reports = runPasses(load(program), pipeline, new DiagnosticSink(), {
      printAfter: new Set(['b']),
      onPrint: (_module, pass) => printed.push(pass),
      clock: () => now++,
    });
    expect(printed).toEqual(['b']);
    expect(reports.map(({ milliseconds }) => milliseconds)).toEqual([1, 1]);
  });
});
