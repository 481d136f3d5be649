/** The table of `--schedules FILE`. */
import { parseTable } from '../../codegen/kernel/tuning/parse-table.ts';
import type { ScheduleTable } from '../../codegen/kernel/tuning/schedule-table.ts';
import type { NamedTable } from '../driver/tuned-schedules.ts';
import { readFile } from './read-file.ts';

/** Throws a DiagnosticError for a file that cannot be read (E5013) or is no table (E5022). */
export function readSchedules(path: string): ScheduleTable {
  return parseTable(new TextDecoder().decode(readFile(path)), path);
}

export const schedulesOption = ['--schedules <file>', 'schedules that `tessera tune` has found'] as const;

/** Of an option that may be absent. */
export function schedulesOf(path: string | undefined): NamedTable | undefined {
  return path === undefined ? undefined : { path, table: readSchedules(path) };
}
