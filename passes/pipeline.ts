/** The pipelines, as a table of contents: what happens to a module, in order. */
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import type { PassInvocation } from './pass-manager.ts';
import { parsePassList } from './pass-list.ts';

/** Passes that run again, together, until none of them finds anything. */
interface Repeated {
  readonly untilStable: readonly string[];
}

/** Rounds of a repeated group: the programs of the test suites need two or three, the last of which finds nothing. */
const maxRounds = 6;

/**
 * Why this comes to an end: rules make ops fewer or simpler, canonical forms are fixed points of each other, and the sinking passes
 * move data movement one way only, down past what computes. Transposes sink before reshapes, since a reshape between two of them
 * would keep them apart, and broadcasts last, since they take their dimensions from what has sunk. No pass undoes another.
 */
const simplify: readonly (string | Repeated)[] = [
  'inline',
  {
    untilStable: [
      'refine-shapes',
      // What the program says twice, or in a roundabout way.
      'canonicalize',
      'constant-fold',
      'algebraic-simplify',
      'cse',
      // Data movement goes down, and meets other data movement.
      'sink-transpose',
      'sink-reshape',
      'sink-broadcast',
      'loop-invariant-code-motion',
      'dce',
    ],
  },
  'while-trip-count',
];

/** What back ends need not know, in simpler ops. */
const expand = ['expand-checkpoint', 'expand-legacy', 'expand-chlo', 'expand-batch-norm'] as const;

/** The same for kernels, which know the error function. */
const expandForKernels = [
  'expand-checkpoint',
  'expand-legacy',
  'expand-chlo{keepErf=true}',
  'expand-batch-norm',
] as const;

export const pipelines = {
  /** The module in its simplest form; ops stay as they are. */
  simplify,
  /** Simplified, with everything expanded that back ends need not know, and simplified again. */
  default: [...simplify, ...expand, ...simplify],
  /** What back ends compile: nothing is left that they need not know, and what becomes one kernel is one op. */
  compile: [
    'expand-composite',
    ...simplify,
    'single-process',
    ...expandForKernels,
    'expand-quantized',
    'expand-fft',
    'expand-rng',
    'expand-complex',
    'expand-small-types',
    'winograd',
    ...simplify,
    'pair-products',
    'dce',
    'layout',
    'fuse',
  ],
} as const satisfies Readonly<Record<string, readonly (string | Repeated)[]>>;

export const pipelineNames: readonly string[] = Object.keys(pipelines);

/** The passes of a named pipeline; `pipelineNames` lists the names. */
export function pipelinePasses(name: string): readonly PassInvocation[] {
  const entries = Object.entries(pipelines).find(([known]) => known === name)?.[1];
  if (entries === undefined) throw new InvariantError(`there is no pipeline '${name}'`);
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return invocations([entry]);
    const group = { limit: maxRounds };
    return invocations(entry.untilStable).map((invocation) => ({ ...invocation, group }));
  });
}

function invocations(passes: readonly string[]): readonly PassInvocation[] {
  const parsed = parsePassList(passes.join(','));
  if (parsed.kind === 'error') throw new InvariantError(parsed.message);
  return parsed.invocations;
}
