/** `tessera compile` of the built program, with what it used. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const main = resolve('dist/compiler/cli/main.js');

/** Writes what the process used to its standard error, last. */
const usageHook = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write('\\n' + JSON.stringify({ bytes: maxRSS * 1024, seconds: (userCPUTime + systemCPUTime) / 1e6 }));
});`)}`;

export interface Run {
  readonly code: number | null;
  readonly err: string;
  /** Most resident memory, and time of all its threads on a processor. */
  readonly bytes: number;
  readonly seconds: number;
}

export function compile(cwd: string, ...argv: readonly string[]): Run {
  const args = ['--import', usageHook, main, 'compile', ...argv];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const end = stderr.lastIndexOf('\n');
  const { bytes, seconds } = JSON.parse(stderr.slice(end + 1)) as Pick<Run, 'bytes' | 'seconds'>;
  return { code: status, err: stderr.slice(0, end), bytes, seconds };
}
