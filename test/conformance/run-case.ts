/** The verdict of one case. */
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { equalOperations } from '../../ir/equality.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { SymbolTable, symbolName } from '../../ir/symbol-table.ts';
import { parseModule } from '../../ir/text/parser.ts';
import { printModule } from '../../ir/text/printer.ts';
import { verify } from '../../ir/verifier.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelineNames, pipelinePasses } from '../../passes/pipeline.ts';
import { allPasses } from '../../passes/registry.ts';
import type { CachedVerdict } from './cache.ts';
import { checkOutput, hasDirectives } from './file-check.ts';
import { interpreterArguments, printResults } from './interpreter-output.ts';
import { type CompiledTarget, isCompiledTarget, runCompiled } from './run-compiled.ts';
import type { ConformanceCase } from './suite.ts';

const passed: CachedVerdict = { status: 'passed', message: '' };

/** Never throws: what escapes is a failure of the case. */
export function runCase(testCase: ConformanceCase, target: string, passes: string): CachedVerdict {
  try {
    if (target === 'text') return roundTrip(testCase);
    if (isCompiledTarget(target)) return compiledCase(testCase, target);
    if (passes === 'all') return afterEachPass(testCase);
    return evaluateCase(testCase, load(testCase));
  } catch (error) {
    return verdictOf(error);
  }
}

function verdictOf(error: unknown): CachedVerdict {
  if (error instanceof DiagnosticError) {
    const { kind, code, message } = error.diagnostic;
    return { status: kind === 'unsupported' ? 'unsupported' : 'failed', message: `${code} ${message}` };
  }
  return { status: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function load(testCase: ConformanceCase): Operation {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile(testCase.name, testCase.text), sink);
  if (parsed !== undefined && !sink.hasErrors) verify(parsed.root, sink);
  const [first] = sink.all.filter(({ severity }) => severity === 'error');
  if (first !== undefined) throw new DiagnosticError(first);
  if (parsed === undefined) throw new Error('no module and no diagnostic');
  return parsed.root;
}

function evaluateCase(testCase: ConformanceCase, module: Operation): CachedVerdict {
  const entry = entryPoint(module);
  if (entry === undefined) return passed;
  const lines: string[] = [];
  const inputs = interpreterArguments(testCase.runLines);
  const results = evaluateFunction(module, entry, inputs, { host: { print: (line) => void lines.push(line) } });
  const problem = problemOfOutput(testCase, [...lines, ...printResults(results)]);
  return problem === undefined ? passed : { status: 'failed', message: problem };
}

function compiledCase(testCase: ConformanceCase, target: CompiledTarget): CachedVerdict {
  const module = load(testCase);
  const entry = entryPoint(module);
  if (entry === undefined) return passed;
  return runCompiled(module, {
    entry,
    target,
    given: interpreterArguments(testCase.runLines),
    returns: printsResults(testCase),
    checkReturned: (results) => problemOfOutput(testCase, printResults(results)),
  });
}

/** Whether lines in it say how its results are printed. */
function printsResults({ text, runLines }: ConformanceCase): boolean {
  return hasDirectives(text, 'CHECK') && runLines.some((line) => line.includes('FileCheck'));
}

function problemOfOutput(testCase: ConformanceCase, lines: readonly string[]): string | undefined {
  return printsResults(testCase) ? checkOutput(testCase.text, 'CHECK', lines.join('\n')) : undefined;
}

/** `@main`, else the function without arguments that is left. */
function entryPoint(module: Operation): string | undefined {
  const table = new SymbolTable(module);
  if (table.lookup('main') !== undefined) return 'main';
  const functions = table.functions().filter((func) => func.regions.length > 0);
  const free = functions.filter((func) => func.region().block.arguments.length === 0);
  const [entry] = free.length > 0 ? free : functions;
  return entry === undefined ? undefined : symbolName(entry);
}

/** print(parse(x)) parses again to an equal module, and printing is a fixed point. */
function roundTrip(testCase: ConformanceCase): CachedVerdict {
  const module = load(testCase);
  const text = printModule(module);
  const again = load({ ...testCase, name: `${testCase.name} (printed)`, text });
  if (!equalOperations(module, again))
    return { status: 'failed', message: 'the printed module is read back as another' };
  if (printModule(again) !== text) return { status: 'failed', message: 'printing is not a fixed point' };
  return passed;
}

/** Each pass alone on a fresh module; evaluated again only where it changed something. */
function afterEachPass(testCase: ConformanceCase): CachedVerdict {
  const before = verdictWithoutPasses(testCase);
  for (const pass of allPasses) {
    const module = load(testCase);
    const sink = new DiagnosticSink();
    const [report] = runPasses(module, [{ pass, options: {} }], sink);
    const [error] = sink.all.filter(({ severity }) => severity === 'error');
    if (error !== undefined) return { status: 'failed', message: `after ${pass.name}: ${error.code} ${error.message}` };
    if (report?.changed !== true) continue;
    const after = guarded(() => evaluateCase(testCase, module));
    if (after.status !== before.status) {
      return {
        status: 'failed',
        message: `${before.status} before ${pass.name}, ${after.status} after: ${after.message}`,
      };
    }
    const [second] = runPasses(module, [{ pass, options: {} }], sink);
    if (second?.changed === true) return { status: 'failed', message: `${pass.name} is not idempotent` };
  }
  return afterEachPipeline(testCase, before);
}

/** All passes of a pipeline together: calls are inlined, so that what passes see is the whole computation. */
function afterEachPipeline(testCase: ConformanceCase, before: CachedVerdict): CachedVerdict {
  for (const name of pipelineNames) {
    const module = load(testCase);
    const sink = new DiagnosticSink();
    runPasses(module, pipelinePasses(name), sink);
    const after = guarded(() => evaluateCase(testCase, module));
    if (sink.hasErrors || after.status !== before.status) {
      const why = sink.all.find(({ severity }) => severity === 'error')?.message ?? after.message;
      return {
        status: 'failed',
        message: `${before.status} before the pipeline ${name}, ${after.status} after: ${why}`,
      };
    }
  }
  return before;
}

function verdictWithoutPasses(testCase: ConformanceCase): CachedVerdict {
  return guarded(() => evaluateCase(testCase, load(testCase)));
}

function guarded(run: () => CachedVerdict): CachedVerdict {
  try {
    return run();
  } catch (error) {
    return verdictOf(error);
  }
}
