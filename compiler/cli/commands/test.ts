/** `tessera test [FILES]`: runs the `test` blocks of programs. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { type TestedFile, testFile } from '../../driver/run-tests.ts';
import { type RunTarget, runTargets } from '../../driver/run-target.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit-code.ts';
import { diskFiles } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';

interface TestOptions {
  readonly target: RunTarget;
}

export const registerTest: RegisterCommand = (program, context) => {
  program
    .command('test')
    .summary('run the tests of programs')
    .description(
      'Runs the `test` blocks of .tess files, and of those in the folders given. Says for each whether it passed, and shows the assertions that do not hold.',
    )
    .argument('[files...]', 'files and folders (default: the current folder)')
    .addOption(new Option('--target <name>', 'what runs them').choices(runTargets).default('reference'))
    .action(
      context.action((paths: readonly string[], { target }: TestOptions) =>
        runTests(paths.length === 0 ? ['.'] : paths, target, context.terminal),
      ),
    );
};

function runTests(paths: readonly string[], target: RunTarget, terminal: Terminal): ExitCode {
  const files = paths.flatMap(programsIn);
  if (files.length === 0) throw new UsageError(`there is no .tess file in ${paths.join(', ')}`);
  let passed = 0;
  let failed = 0;
  let exitCode: ExitCode = exitCodes.done;
  for (const file of files) {
    const tested = testFile(file, diskFiles, target);
    showResults(file, tested, terminal);
    passed += tested.results.filter(({ isPassed }) => isPassed).length;
    failed += tested.results.filter(({ isPassed }) => !isPassed).length;
    const code = showDiagnostics(tested.sink, terminal);
    if (code !== exitCodes.done) exitCode = code;
  }
  terminal.out(`${passed} passed, ${failed} failed\n`);
  return exitCode;
}

function showResults(file: string, { results }: TestedFile, terminal: Terminal): void {
  if (results.length === 0) return;
  terminal.out(`${file}\n`);
  for (const { name, isPassed, time } of results) {
    terminal.out(`  ${isPassed ? 'ok  ' : 'FAIL'}  ${name} (${Math.round(time)} ms)\n`);
  }
}

/** A file as it is; the programs of a folder, at any depth. */
function programsIn(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
      if (entry.isDirectory()) return programsIn(join(path, entry.name));
      return entry.name.endsWith('.tess') ? [join(path, entry.name)] : [];
    });
}
