/**
 * Tables of tuned schedules: JSON, by a hash of the kernel's text and the name of the target. The same table gives the same code, on every
 * machine; what a table has of kernels that are not there is left alone.
 */
import { DiagnosticError, InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { contentHash } from '../../../ir/content-hash.ts';
import { compileScheduled, type ScheduleSource } from '../compile-kernel.ts';
import type { Schedule } from '../schedule.ts';
import { symbolsOfSize } from '../size.ts';
import { structuredKernelText } from '../structured-text.ts';
import type { StructuredKernel } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { type ScheduleData, scheduleOfData } from './schedule-data.ts';

export interface TableEntry {
  /** For people: names are not part of the key. */
  readonly kernel: string;
  /** Of the time before, where it was measured. */
  readonly gain: number;
  readonly stages: ScheduleData;
}

export interface ScheduleTable {
  /** Where it was measured, for people. */
  readonly machine: string;
  readonly entries: ReadonlyMap<string, TableEntry>;
}

export const tableVersion = 1;

/** The same for equal kernels, whatever they are called, and for no others that a schedule would tell apart. `kernel` has its axes collapsed. */
export function scheduleKey(kernel: StructuredKernel, target: TargetInfo): string {
  const sizes = [...kernel.axes.map(({ extent }) => extent), ...kernel.buffers.flatMap(({ shape }) => shape)];
  const bounds = new Set(sizes.flatMap(symbolsOfSize).map(({ name, max }) => `${name} <= ${max ?? '?'}`));
  const text = [target.name, structuredKernelText({ ...kernel, name: '' }), ...bounds].join('\n');
  return contentHash(new TextEncoder().encode(text));
}

/** Sorted, so that the same entries are the same bytes. */
export function tableText({ machine, entries }: ScheduleTable): string {
  const sorted = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = sorted.map(([key, entry]) => `  ${JSON.stringify(key)}: ${JSON.stringify(entry)}`);
  const body = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n }`;
  return `{\n "tesseraSchedules": ${tableVersion},\n "machine": ${JSON.stringify(machine)},\n "schedules": ${body}\n}\n`;
}

/** The schedules of a table, for one compilation; `used` says afterwards which it was asked for. */
export interface TableSource {
  readonly source: ScheduleSource;
  readonly used: ReadonlySet<string>;
}

/** Throws a DiagnosticError (E5023) for a schedule that does not fit its kernel. `path` is the table's. */
export function tableSource({ entries }: ScheduleTable, path: string): TableSource {
  const used = new Set<string>();
  const source: ScheduleSource = (kernel, target) => {
    const key = scheduleKey(kernel, target);
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    used.add(key);
    return fitting(kernel, entry, target, (problem) => unfit(path, key, kernel, problem));
  };
  return { source, used };
}

function unfit(path: string, key: string, { name, location }: StructuredKernel, problem: string): DiagnosticError {
  return new DiagnosticError({
    code: 'E5023',
    message: `${path}: the schedule ${key} does not fit the kernel ${name}: ${problem}`,
    location,
    hint: 'run `tessera tune` again, or take the entry out',
  });
}

function fitting(
  kernel: StructuredKernel,
  { stages }: TableEntry,
  target: TargetInfo,
  refuse: (problem: string) => DiagnosticError,
): Schedule {
  const outcome = scheduleOfData(kernel, stages, target);
  if (outcome.kind === 'problem') throw refuse(outcome.problem);
  try {
    compileScheduled(kernel, outcome.schedule, target);
  } catch (error) {
    // What no check has foreseen is the table's fault all the same.
    if (error instanceof InvariantError) throw refuse(error.message);
    throw error;
  }
  return outcome.schedule;
}
