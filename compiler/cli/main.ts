#!/usr/bin/env node
import { commands } from './commands.ts';
import { runCli } from './program.ts';
import { reportError } from './report-error.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();

// What escapes a command (a callback that throws, a promise nobody awaits) is a bug as well, with the same exit code.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    process.exit(reportError(error, terminal, process.argv.includes('--verbose')));
  });
}

process.exitCode = await runCli(process.argv.slice(2), terminal, commands);
