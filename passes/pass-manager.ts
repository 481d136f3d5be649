/**
 * Runs passes in order: times each, verifies after each, dumps on request. A pass that throws or leaves an invalid module
 * is a bug of ours: the error names the pass and, where known, the op.
 */
import { DiagnosticError, DiagnosticSink, InvariantError } from '../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../ir/operation.ts';
import { verify } from '../ir/verifier.ts';
import { type Pass, type PassOptions, SinkContext } from './pass.ts';

/** A pass with the options of one run. */
export interface PassInvocation {
  readonly pass: Pass;
  readonly options: PassOptions;
  /** Neighbours with one and the same group are run again, together, for as long as one of them changes something. */
  readonly group?: RepeatGroup | undefined;
}

export interface RepeatGroup {
  /** Rounds at most; the last one usually finds nothing. */
  readonly limit: number;
}

export interface PassManagerOptions {
  /** Verify after each pass that changed something; true by default. */
  readonly verifyEach?: boolean;
  /** Called after each pass that is named here, or after all with `*`. */
  readonly printAfter?: ReadonlySet<string>;
  readonly onPrint?: (module: Operation, pass: string) => void;
  /** Called before each pass, for progress. */
  readonly onStart?: (pass: string, index: number, count: number) => void;
  /** Milliseconds now; injected so that `passes/` needs no clock. */
  readonly clock?: () => number;
}

export interface PassReport {
  readonly pass: string;
  readonly changed: boolean;
  readonly milliseconds: number;
  /** Operations in the module afterwards. */
  readonly operations: number;
}

/** Runs a pipeline on a verified module; stops early when a pass reports an error of the user's. */
export function runPasses(
  module: Operation,
  pipeline: readonly PassInvocation[],
  sink: DiagnosticSink,
  options: PassManagerOptions = {},
): readonly PassReport[] {
  const reports: PassReport[] = [];
  const remarks = new Set<string>();
  let round = { start: 0, count: 1, changed: false };
  for (let index = 0; index < pipeline.length; index++) {
    const invocation = pipeline[index];
    if (invocation === undefined) break;
    options.onStart?.(invocation.pass.name, index, pipeline.length);
    const report = runOne(module, invocation, sink, { ...options, remarks });
    reports.push(report);
    if (sink.hasErrors) break;
    if (wantsPrint(options, invocation.pass)) options.onPrint?.(module, invocation.pass.name);
    round.changed ||= report.changed;
    const { group } = invocation;
    if (group !== undefined && pipeline[index + 1]?.group === group) continue;
    if (group !== undefined && round.changed && round.count < group.limit) {
      index = round.start - 1;
      round = { start: round.start, count: round.count + 1, changed: false };
    } else round = { start: index + 1, count: 1, changed: false };
  }
  return reports;
}

function wantsPrint({ printAfter }: PassManagerOptions, pass: Pass): boolean {
  return printAfter !== undefined && (printAfter.has('*') || printAfter.has(pass.name));
}

function runOne(
  module: Operation,
  invocation: PassInvocation,
  sink: DiagnosticSink,
  options: PassManagerOptions & { readonly remarks: Set<string> },
): PassReport {
  const { pass } = invocation;
  const clock = options.clock ?? (() => 0);
  const context = new SinkContext(sink, pass.name, options.remarks);
  const start = clock();
  let changed: boolean;
  try {
    changed = pass.run(module, context, { ...pass.options, ...invocation.options });
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw blame(pass, context.current, error);
  }
  const milliseconds = clock() - start;
  if (changed && options.verifyEach !== false && !sink.hasErrors) verifyAfter(module, pass);
  return { pass: pass.name, changed, milliseconds, operations: countOperations(module) };
}

function blame(pass: Pass, op: Operation | undefined, error: unknown): InvariantError {
  const where = op === undefined ? '' : ` at ${op.name}`;
  const failure = new InvariantError(
    `pass ${pass.name} failed${where}: ${error instanceof Error ? error.message : String(error)}`,
  );
  failure.cause = error;
  return failure;
}

function verifyAfter(module: Operation, pass: Pass): void {
  const check = new DiagnosticSink(5);
  if (verify(module, check)) return;
  const messages = check.all.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`);
  throw new InvariantError(`pass ${pass.name} left an invalid module: ${messages.join('; ')}`);
}

/** Operations in and including `root`. */
export function countOperations(root: Operation): number {
  let count = 0;
  root.walk(() => count++);
  return count;
}
