/** Reads a table of schedules: text from outside, decoded once. */
import { DiagnosticError } from '../../../ir/diagnostics/diagnostic.ts';
import type { ScheduleData, StageData } from './schedule-data.ts';
import { type ScheduleTable, type TableEntry, tableVersion } from './schedule-table.ts';

/** Throws a DiagnosticError (E5022) that says where the text is wrong. */
export function parseTable(text: string, path: string): ScheduleTable {
  return new TableReader(path).read(text);
}

type Json = unknown;

class TableReader {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(text: string): ScheduleTable {
    const root = this.#object(this.#json(text), 'the table');
    const version = root['tesseraSchedules'];
    if (version !== tableVersion)
      throw this.#error(
        version === undefined
          ? 'it is no table of schedules'
          : `it is of version ${JSON.stringify(version)}, this is ${tableVersion}`,
      );
    const machine = root['machine'] ?? '';
    if (typeof machine !== 'string') throw this.#error('"machine" is no text');
    const schedules = this.#object(root['schedules'], '"schedules"');
    const entries = Object.entries(schedules).map(([key, entry]) => [key, this.#entry(key, entry)] as const);
    return { machine, entries: new Map(entries) };
  }

  #json(text: string): Json {
    try {
      return JSON.parse(text) as Json;
    } catch (error) {
      throw this.#error(`it is no JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
    }
  }

  #error(message: string): DiagnosticError {
    return new DiagnosticError({
      code: 'E5022',
      message: `${this.#path}: ${message}`,
      hint: '`tessera tune MODEL -o FILE` writes such a table',
    });
  }

  #object(value: Json, what: string): Readonly<Record<string, Json>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#error(`${what} is no object`);
    return value as Readonly<Record<string, Json>>;
  }

  #array(value: Json, what: string): readonly Json[] {
    if (!Array.isArray(value)) throw this.#error(`${what} is no list`);
    return value as readonly Json[];
  }

  #entry(key: string, value: Json): TableEntry {
    const what = `the schedule ${key}`;
    if (!/^[0-9a-f]{16}$/.test(key)) throw this.#error(`${JSON.stringify(key.slice(0, 40))} is no key of a kernel`);
    const { kernel = '', gain = 1, stages } = this.#object(value, what);
    if (typeof kernel !== 'string' || typeof gain !== 'number') throw this.#error(`${what} has no name and gain`);
    const list = this.#array(stages, `"stages" of ${what}`);
    const data: ScheduleData = list.map((stage, index) => this.#stage(stage, `stage ${index} of ${what}`));
    return { kernel, gain, stages: data };
  }

  #stage(value: Json, what: string): StageData {
    const stage = this.#object(value, what);
    const { kind } = stage;
    const count = (name: string, least = 1): number => this.#count(stage[name], `"${name}" of ${what}`, least);
    if (kind === 'loops') {
      const order = this.#array(stage['order'], `"order" of ${what}`);
      const vector = stage['vector'] === undefined ? undefined : this.#object(stage['vector'], `"vector" of ${what}`);
      return {
        kind,
        order: order.map((axis) => this.#count(axis, `an axis of ${what}`, 0)),
        ...(vector && {
          vector: {
            axis: this.#count(vector['axis'], `the vector's axis of ${what}`, 0),
            lanes: this.#count(vector['lanes'], `the lanes of ${what}`, 2),
          },
        }),
        unroll: count('unroll'),
        ...(stage['stream'] !== undefined && { stream: this.#stream(stage['stream'], what) }),
        ...(stage['turned'] !== undefined && { turned: this.#turned(stage['turned'], what) }),
      };
    }
    if (kind === 'window') return { kind, tile: count('tile'), bandRows: count('bandRows') };
    if (kind !== 'contraction') throw this.#error(`${what} is of no kind that there is: ${JSON.stringify(kind)}`);
    const rhs = this.#oneOf(stage['rhs'], ['panel', 'direct'], `"rhs" of ${what}`);
    const lhs = this.#oneOf(stage['lhs'], ['panel', 'direct', 'image'], `"lhs" of ${what}`);
    const inner =
      stage['inner'] === undefined
        ? {}
        : { inner: this.#oneOf(stage['inner'], ['rows', 'columns'], `"inner" of ${what}`) };
    const [mr, nr, kc, mc, nc] = [count('mr'), count('nr'), count('kc'), count('mc'), count('nc')];
    return { kind, mr, nr, kc, mc, nc, rhs, lhs, ...inner };
  }

  #stream(value: Json, what: string): { readonly rows: number; readonly columns: number } {
    const { rows, columns } = this.#object(value, `"stream" of ${what}`);
    return {
      rows: this.#count(rows, `the rows of ${what}`, 1),
      columns: this.#count(columns, `the columns of ${what}`, 1),
    };
  }

  #turned(value: Json, what: string): { readonly axis: number; readonly block: number } {
    const { axis, block } = this.#object(value, `"turned" of ${what}`);
    return {
      axis: this.#count(axis, `the turned axis of ${what}`, 0),
      block: this.#count(block, `the block of ${what}`, 1),
    };
  }

  #count(value: Json, what: string, least: number): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > 2 ** 31)
      throw this.#error(`${what} is ${JSON.stringify(value)}, no whole number from ${least} on`);
    return value;
  }

  #oneOf<T extends string>(value: Json, names: readonly T[], what: string): T {
    const found = names.find((name) => name === value);
    if (found === undefined) throw this.#error(`${what} is ${JSON.stringify(value)}, not ${names.join(' or ')}`);
    return found;
  }
}
