/** A table of schedules in use by one compilation; what it has for other kernels is said in a remark. */
import type { ScheduleSource } from '../../codegen/kernel/compile-kernel.ts';
import { type ScheduleTable, tableSource } from '../../codegen/kernel/tuning/schedule-table.ts';
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';

export interface NamedTable {
  readonly path: string;
  readonly table: ScheduleTable;
}

/** Runs with the table's schedules, if there is one, and reports afterwards which entries nothing asked for. */
export function withSchedules<T>(
  given: NamedTable | undefined,
  sink: DiagnosticSink,
  run: (tuned: ScheduleSource | undefined) => T,
): T {
  if (given === undefined) return run(undefined);
  const { source, used } = tableSource(given.table, given.path);
  const result = run(source);
  const unknown = [...given.table.entries].filter(([key]) => !used.has(key)).map(([, { kernel }]) => kernel);
  if (unknown.length > 0)
    sink.report({
      code: 'E5024',
      severity: 'remark',
      message: `${given.path}: ${unknown.length} of ${given.table.entries.size} schedules are for kernels that are not here: ${unknown.slice(0, 5).join(', ')}`,
    });
  return result;
}
