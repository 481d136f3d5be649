import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { printModule } from '../../ir/text/printer.ts';
import { type PassInvocation, runPasses } from '../../passes/pass-manager.ts';
import { pipelineNames, pipelinePasses } from '../../passes/pipeline.ts';
import { allPasses } from '../../passes/registry.ts';
import { load } from './pass-fixture.ts';
import { randomProgram } from './random-program.ts';
import { differenceOf } from './same-meaning.ts';

/** A seed of its own for each test, so that a failure can be repeated. */
function forRandomPrograms(seed: number, check: (text: string) => void): void {
  const choices = fc.array(fc.nat(10_000), { minLength: 8, maxLength: 160, size: 'max' });
  fc.assert(
    fc.property(choices, (list) => check(randomProgram(list))),
    { seed, numRuns: Number(process.env['RUNS'] ?? 40) },
  );
}

/** Runs the passes, which verify; the program must compute the same. */
function checkMeaning(text: string, passes: readonly PassInvocation[]): Operation {
  const module = load(text);
  runPasses(module, passes, new DiagnosticSink());
  expect(differenceOf(load(text), module, 2), text).toBeUndefined();
  return module;
}

/** And a second run must find nothing. */
function checkPasses(text: string, passes: () => readonly PassInvocation[]): void {
  const module = checkMeaning(text, passes());
  const once = printModule(module);
  runPasses(module, passes(), new DiagnosticSink());
  expect(printModule(module), text).toBe(once);
}

describe('random programs', () => {
  for (const [index, pass] of allPasses.entries()) {
    it(`compute the same after ${pass.name}, which finds nothing more in them`, () => {
      forRandomPrograms(index + 1, (text) => checkPasses(text, () => [{ pass, options: {} }]));
    });
  }

  it('compute the same after the pipeline compile, whose fusions hide ops from a second run', () => {
    forRandomPrograms(102, (text) => void checkMeaning(text, pipelinePasses('compile')));
  });

  for (const [index, name] of pipelineNames.filter((each) => each !== 'compile').entries()) {
    it(`compute the same after the pipeline ${name}, which finds nothing more in them`, () => {
      forRandomPrograms(100 + index, (text) => checkPasses(text, () => pipelinePasses(name)));
    });
  }
});
