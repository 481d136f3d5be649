import { describe, expect, it } from 'vitest';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { printModule } from '../../ir/text/printer.ts';
import { type PassInvocation, runPasses } from '../../passes/pass-manager.ts';
import { pipelineNames, pipelinePasses } from '../../passes/pipeline.ts';
import { allPasses } from '../../passes/registry.ts';
import { evaluateBounded } from '../fuzz/bounded-evaluator.ts';
import type { Bounded } from '../fuzz/bounds.ts';
import { argumentsOf, bindings, bindSizes, compareAll } from '../fuzz/check-program.ts';
import { readModule } from '../fuzz/read-program.ts';
import { choicesOf } from '../fuzz/choices.ts';
import { randomProgram } from '../fuzz/op-table.ts';

interface Sample {
  readonly seed: number;
  readonly text: string;
  readonly inputs: readonly Tensor[];
  readonly expected: readonly Bounded[];
}

const samples = new Map<number, Sample | undefined>();

/** The program of a seed, with numbers for late sizes; undefined where the evaluator does not compute it. */
function sampleOf(seed: number): Sample | undefined {
  if (!samples.has(seed)) samples.set(seed, makeSample(seed));
  return samples.get(seed);
}

function makeSample(seed: number): Sample | undefined {
  const program = randomProgram(choicesOf(seed));
  const [sizes = new Map()] = bindings(program.symbols);
  const text = printModule(bindSizes(readModule(printModule(program.module)), sizes));
  const module = readModule(text);
  const inputs = argumentsOf(module, program, seed);
  try {
    return { seed, text, inputs, expected: evaluateBounded(module, inputs) };
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

/** The same programs for every pass: they are evaluated once. */
function forRandomPrograms(check: (sample: Sample) => void): void {
  const count = Number(process.env['RUNS'] ?? 40);
  for (let seed = 1; seed <= count; seed++) {
    const sample = sampleOf(seed);
    if (sample !== undefined) check(sample);
  }
}

/** Runs the passes, which verify; the program must compute the same, as near as docs/numerics.md wants it. */
function checkMeaning({ seed, text, inputs, expected }: Sample, passes: readonly PassInvocation[]): Operation {
  const module = readModule(text);
  runPasses(module, passes, new DiagnosticSink());
  const results = evaluateFunction(module, 'main', inputs).flatMap((value) => (value.kind === 'tensor' ? [value] : []));
  expect(compareAll(expected, results).problem, `seed ${seed}: ${text}`).toBeUndefined();
  return module;
}

/** And a second run must find nothing. */
function checkPasses(sample: Sample, passes: () => readonly PassInvocation[]): void {
  const module = checkMeaning(sample, passes());
  const once = printModule(module);
  runPasses(module, passes(), new DiagnosticSink());
  expect(printModule(module), `seed ${sample.seed}: ${sample.text}`).toBe(once);
}

describe('random programs', { timeout: 60_000 }, () => {
  for (const pass of allPasses) {
    it(`compute the same after ${pass.name}, which finds nothing more in them`, () => {
      forRandomPrograms((sample) => checkPasses(sample, () => [{ pass, options: {} }]));
    });
  }

  it('compute the same after the pipeline compile, whose fusions hide ops from a second run', () => {
    forRandomPrograms((sample) => void checkMeaning(sample, pipelinePasses('compile')));
  });

  for (const name of pipelineNames.filter((each) => each !== 'compile')) {
    it(`compute the same after the pipeline ${name}, which finds nothing more in them`, () => {
      forRandomPrograms((sample) => checkPasses(sample, () => pipelinePasses(name)));
    });
  }
});
