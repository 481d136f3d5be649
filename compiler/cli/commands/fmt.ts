/** `tessera fmt [FILES] [--check] [--stdout]`: lays programs out the one way there is. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticError, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { formatSource } from '../../dsl/format/format.ts';
import type { RegisterCommand } from '../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit-code.ts';
import { readFile } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';
import { writeFilesAtomically } from '../write-file.ts';

interface FmtOptions {
  readonly check?: boolean;
  readonly stdout?: boolean;
}

export const registerFmt: RegisterCommand = (program, context) => {
  program
    .command('fmt')
    .summary('lay programs out')
    .description(
      'Lays .tess programs out, in place. What they mean and their comments stay as they are. A file with a syntax error is not touched.',
    )
    .argument(
      '[files...]',
      'files, or folders to look for .tess files in; without any, this folder; - reads standard input',
    )
    .option('--check', 'change nothing; name the files that are laid out otherwise, and end with exit code 1')
    .option('--stdout', 'write the programs to standard output instead')
    .action(
      context.action((paths: readonly string[], options: FmtOptions) => {
        if (options.check === true && options.stdout === true)
          throw new UsageError('--check writes no program to --stdout');
        const found = (paths.length === 0 ? ['.'] : paths).flatMap((path) => programsIn(path));
        if (found.length === 0) throw new UsageError('there are no .tess files here');
        const codes = found.map((path) => formatFile(path, options, context.terminal));
        return codes.find((code) => code !== exitCodes.done) ?? exitCodes.done;
      }),
    );
};

/** Folders that hold programs of others. */
const foreignFolders: ReadonlySet<string> = new Set(['node_modules', 'dist']);

/** The path itself, or the programs in a folder and its folders, in order of name. */
function programsIn(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || foreignFolders.has(entry.name) ? [] : programsIn(join(path, entry.name));
    }
    return entry.isFile() && entry.name.endsWith('.tess') ? [join(path, entry.name)] : [];
  });
}

function formatFile(path: string, { check, stdout }: FmtOptions, terminal: Terminal): ExitCode {
  const sink = new DiagnosticSink();
  const source = tryRead(path, sink);
  const formatted = source === undefined ? undefined : formatSource(source, sink);
  const code = showDiagnostics(sink, terminal);
  if (source === undefined || formatted === undefined) return code;
  if (stdout === true || path === '-') terminal.out(formatted);
  else if (formatted === new TextDecoder().decode(source.bytes)) return code;
  else if (check === true) {
    terminal.err(`${path} is laid out otherwise: \`tessera fmt ${path}\` changes it\n`);
    return exitCodes.diagnostics;
  } else writeFilesAtomically([{ path, write: (chunk) => chunk(formatted) }]);
  return code;
}

function tryRead(path: string, sink: DiagnosticSink): SourceFile | undefined {
  try {
    return new SourceFile(path === '-' ? '<stdin>' : path, readFile(path));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    sink.report(error.diagnostic);
    return undefined;
  }
}
