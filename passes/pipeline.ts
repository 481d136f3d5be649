/** The pipelines, as a table of contents: what happens to a module, in order. */
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import type { PassInvocation } from './pass-manager.ts';
import { parsePassList } from './pass-list.ts';

const simplify = [
  'inline',
  'refine-shapes',
  'constant-fold',
  'algebraic-simplify',
  'cse',
  'loop-invariant-code-motion',
  'while-trip-count',
  'dce',
] as const;

const expand = ['expand-batch-norm'] as const;

export const pipelines = {
  /** The module in its simplest form; ops stay as they are. */
  simplify,
  /** Simplified, with everything expanded that back ends need not know, and simplified again. */
  default: [...simplify, ...expand, ...simplify],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const pipelineNames: readonly string[] = Object.keys(pipelines);

/** The passes of a named pipeline; `pipelineNames` lists the names. */
export function pipelinePasses(name: string): readonly PassInvocation[] {
  const passes = Object.entries(pipelines).find(([known]) => known === name)?.[1];
  if (passes === undefined) throw new InvariantError(`there is no pipeline '${name}'`);
  const parsed = parsePassList(passes.join(','));
  if (parsed.kind === 'error') throw new InvariantError(parsed.message);
  return parsed.invocations;
}
