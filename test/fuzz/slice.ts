/** Programs of consecutive seeds, checked one after the other; what fails is made smaller. */
import type { ThreadHost } from '../../compiler/driver/run-wasm.ts';
import { printModule } from '../../ir/text/printer.ts';
import { checkProgram, type ProgramVerdict, withResult } from './check-program.ts';
import { mainOf } from './read-program.ts';
import { choicesOf } from './choices.ts';
import { randomProgram } from './op-table.ts';
import type { RandomProgram } from './program-writer.ts';

export interface Failure {
  readonly seed: number;
  readonly message: string;
  /** A program that fails in the same way, and the profiles of its arguments. */
  readonly text: string;
}

export interface SliceReport {
  readonly agreed: number;
  /** Compared elements, and those of them about which the rule says nothing. */
  readonly elements: number;
  readonly unchecked: number;
  readonly kernels: number;
  /** Runs of compiled programs: several of one with late sizes. */
  readonly runs: number;
  readonly failures: readonly Failure[];
  /** Why programs were not compared, and how many for each reason. */
  readonly unsupported: Readonly<Record<string, number>>;
}

export const emptyReport: SliceReport = {
  agreed: 0,
  elements: 0,
  unchecked: 0,
  kernels: 0,
  runs: 0,
  failures: [],
  unsupported: {},
};

export function mergeReports(a: SliceReport, b: SliceReport): SliceReport {
  const unsupported = { ...a.unsupported };
  for (const [reason, count] of Object.entries(b.unsupported)) unsupported[reason] = (unsupported[reason] ?? 0) + count;
  return {
    agreed: a.agreed + b.agreed,
    elements: a.elements + b.elements,
    unchecked: a.unchecked + b.unchecked,
    kernels: a.kernels + b.kernels,
    runs: a.runs + b.runs,
    failures: [...a.failures, ...b.failures],
    unsupported,
  };
}

/** The programs of the seeds from `from` on. */
export function checkSlice(
  from: number,
  count: number,
  onSeed: (seed: number) => void,
  host?: ThreadHost,
): SliceReport {
  let report = emptyReport;
  for (let seed = from; seed < from + count; seed++) {
    onSeed(seed);
    report = mergeReports(report, checkSeed(seed, host));
  }
  return report;
}

function checkSeed(seed: number, host: ThreadHost | undefined): SliceReport {
  const program = randomProgram(choicesOf(seed));
  const verdict = checkProgram(program, seed, host);
  switch (verdict.kind) {
    case 'agreed': {
      const { elements, unchecked, kernels, runs } = verdict;
      return { ...emptyReport, agreed: 1, elements, unchecked, kernels, runs };
    }
    case 'unsupported':
      return { ...emptyReport, unsupported: { [signatureOf(verdict.message)]: 1 } };
    case 'failed':
      return { ...emptyReport, failures: [failureOf(seed, program, verdict.message, host)] };
    default:
      return verdict satisfies never;
  }
}

/** The first line of a message without what differs from program to program. */
export function signatureOf(message: string): string {
  return (message.split('\n')[0] ?? '').replaceAll(/\d+(\.\d+)?(e[+-]?\d+)?/g, '#').slice(0, 90);
}

function failureOf(seed: number, program: RandomProgram, message: string, host: ThreadHost | undefined): Failure {
  const small = reduced(seed, program, message, host);
  const verdict = checkProgram(small, seed, host);
  const text = `// values: ${small.profiles.join(', ')}\n${printModule(small.module)}`;
  return { seed, message: verdict.kind === 'failed' ? verdict.message : message, text };
}

/** A program that fails in the same way: of fewer choices, then with one result and what it needs. */
function reduced(seed: number, program: RandomProgram, message: string, host: ThreadHost | undefined): RandomProgram {
  const start = signatureOf(message).slice(0, 24);
  const fails = (candidate: RandomProgram): boolean => {
    const verdict: ProgramVerdict = checkProgram(candidate, seed, host);
    return verdict.kind === 'failed' && signatureOf(verdict.message).startsWith(start);
  };
  const list = choicesOf(seed);
  const lengths = Array.from({ length: 24 }, (_, step) => Math.ceil((list.length * (step + 1)) / 24));
  const short = lengths.map((length) => randomProgram(list.slice(0, length))).find(fails) ?? program;
  const count = mainOf(short.module).region().block.terminator?.operandCount ?? 0;
  const singles = Array.from({ length: count }, (_, index) => withResult(short, index));
  return singles.find(fails) ?? short;
}
