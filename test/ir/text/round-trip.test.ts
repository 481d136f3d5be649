import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { equalOperations, hashOperation } from '../../../ir/equality.ts';
import type { Operation } from '../../../ir/operation.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModules } from '../../../ir/text/parser.ts';
import { printModule } from '../../../ir/text/printer.ts';
import { readModule } from './read.ts';

const folder = new URL('../../fixtures/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.mlir'));

function modulesOf(name: string): Operation[] {
  const sink = new DiagnosticSink();
  const modules = parseModules(new SourceFile(name, readFileSync(new URL(name, folder))), sink);
  expect(sink.all.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  return modules.flatMap((module) => module?.root ?? []);
}

describe.each(fixtures)('%s', (name) => {
  it('prints to a text that reads back to an equal module and prints the same', () => {
    for (const module of modulesOf(name)) {
      const text = printModule(module);
      const again = readModule(text);
      expect(equalOperations(again, module)).toBe(true);
      expect(hashOperation(again)).toBe(hashOperation(module));
      expect(printModule(again)).toBe(text);
    }
  });

  it('reads back to an equal module from the generic form, with locations', () => {
    for (const module of modulesOf(name)) {
      for (const locationAliases of [false, true]) {
        const text = printModule(module, { generic: true, locations: true, locationAliases });
        expect(equalOperations(readModule(text), module, { locations: true })).toBe(true);
      }
    }
  });
});
