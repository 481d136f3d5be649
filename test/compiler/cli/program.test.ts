import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RegisterCommand } from '../../../compiler/cli/command.ts';
import { exitCodes, UsageError } from '../../../compiler/cli/exit-code.ts';
import { runCli } from '../../../compiler/cli/program.ts';
import { DiagnosticError } from '../../../ir/diagnostics/diagnostic.ts';
import { collectingTerminal } from './collecting-terminal.ts';

/** A command that does what its argument says, to reach every way a command can end. */
const registerEnd: RegisterCommand = (program, context) => {
  program
    .command('end <how>')
    .option('--loud')
    .action(
      context.action(async (how: string, options: { loud?: boolean }) => {
        if (options.loud === true) context.terminal.out(new TextEncoder().encode('LOUD\n'));
        switch (how) {
          case 'done':
            return exitCodes.done;
          case 'diagnostics':
            return exitCodes.diagnostics;
          case 'diagnostic':
            throw new DiagnosticError({ code: 'E4010', message: 'check.expect_eq: they differ', hint: 'look' });
          case 'usage':
            throw new UsageError('--in expects NAME=FILE');
          case 'unreadable':
            readFileSync('no/such/model.mlir');
            return exitCodes.done;
          case 'folder':
            readFileSync('.');
            return exitCodes.done;
          default:
            throw new TypeError(`pass cse, op 7: ${how}`);
        }
      }),
    );
};

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = collectingTerminal();
  const code = await runCli(argv, terminal, [registerEnd]);
  return { code, ...terminal.written };
}

describe('exit code 0', () => {
  test('a command that returns done ends with 0 and writes nothing of its own', async () => {
    expect(await run('end', 'done')).toEqual({ code: 0, out: '', err: '' });
  });

  test('options and bytes reach the command and the output', async () => {
    expect(await run('end', 'done', '--loud')).toEqual({ code: 0, out: 'LOUD\n', err: '' });
  });

  test('--help lists the commands on standard output', async () => {
    const { code, out, err } = await run('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('end [options] <how>');
    expect(out).toContain('Exit codes: 0 done');
  });

  test('a command has its own --help', async () => {
    const { code, out } = await run('end', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: tessera end [options] <how>');
  });

  test("--version prints the package's version", async () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await run('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });
});

describe('exit code 1', () => {
  test('a command that reported diagnostics ends with 1', async () => {
    expect(await run('end', 'diagnostics')).toEqual({ code: 1, out: '', err: '' });
  });

  test('a diagnostic that stops a command is shown with its code and hint', async () => {
    const err = 'error[E4010]: check.expect_eq: they differ\n  hint: look\n1 error\n';
    expect(await run('end', 'diagnostic')).toEqual({ code: 1, out: '', err });
  });

  test('a file that is not there is named, without a stack', async () => {
    const { code, err } = await run('end', 'unreadable');
    expect({ code, err }).toEqual({ code: 1, err: 'error: no/such/model.mlir: no such file or folder\n' });
  });

  test('a folder where a file belongs is said in words', async () => {
    const { code, err } = await run('end', 'folder');
    expect({ code, err }).toEqual({ code: 1, err: 'error: a file cannot be read or written: it is a folder\n' });
  });
});

describe('exit code 2', () => {
  test.each([
    ['an unknown command', ['ned'], "error: unknown command 'ned'"],
    ['an unknown option', ['end', 'done', '--laud'], "error: unknown option '--laud'\n(Did you mean --loud?)"],
    ['a missing argument', ['end'], "error: missing required argument 'how'"],
    ['an argument too many', ['end', 'done', 'more'], 'error: too many arguments'],
    ["the command's own complaint", ['end', 'usage'], 'error: --in expects NAME=FILE'],
    ['no command at all', [], 'Usage: tessera [options] [command]'],
  ])('%s is wrong usage, explained on standard error', async (_, argv, message) => {
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});

describe('exit code 3', () => {
  test('an unexpected throw is called a bug and shows no stack', async () => {
    expect(await run('end', 'badly')).toEqual({
      code: 3,
      out: '',
      err: 'internal error: pass cse, op 7: badly\nThis is a bug in tessera; --verbose shows where.\n',
    });
  });

  test.each([
    ['before', ['--verbose', 'end', 'badly']],
    ['after', ['end', 'badly', '--verbose']],
  ])('--verbose %s the command shows the stack', async (_, argv) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(3);
    expect(err).toMatch(/TypeError: pass cse, op 7: badly\n +at .*program\.test\.ts/);
  });
});

test('runs do not share state: a code of one is not seen by the next', async () => {
  const terminal = collectingTerminal();
  const codes = [];
  for (const how of ['diagnostics', 'done']) codes.push(await runCli(['end', how], terminal, [registerEnd]));
  expect(codes).toEqual([1, 0]);
});
