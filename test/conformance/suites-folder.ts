/**
 * Finds the foreign suites: archives in `../shared/suites` beside the repository, or in the folder that `TESSERA_SUITES` names. They are
 * unpacked once, outside of what git sees.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SuiteName } from './suite.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');
const cacheFolder = join(repository, 'node_modules/.cache/tessera/suites');

/** The unpacked suite, or why it is not there. */
export type SuiteFolder =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'absent'; readonly reason: string };

export function findSuiteFolder(suite: SuiteName): SuiteFolder {
  const folder = process.env['TESSERA_SUITES'] ?? join(repository, '../shared/suites');
  const archive = join(folder, `${suite}.tar.xz`);
  if (!existsSync(archive)) {
    return {
      kind: 'absent',
      reason: `${suite}.tar.xz is not in ${folder}: docs/conformance.md says where the suite comes from`,
    };
  }
  if (!hasXz()) return { kind: 'absent', reason: 'xz is not installed: apt-get install xz-utils' };
  const { size, mtimeMs } = statSync(archive);
  const target = join(cacheFolder, `${suite}-${size}-${Math.floor(mtimeMs)}`);
  if (!existsSync(target)) unpack(archive, target);
  return { kind: 'found', path: join(target, suite) };
}

/** Under a temporary name first, so that a run that is broken off leaves no half-unpacked suite. */
function unpack(archive: string, target: string): void {
  const temporary = `${target}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  execFileSync('tar', ['-xJf', archive, '-C', temporary]);
  renameSync(temporary, target);
}

/** Installs xz where that is possible (Debian, as root); a suite in the tests' reach must not be skipped for want of it. */
function hasXz(): boolean {
  if (succeeds('xz', ['--version'])) return true;
  if (process.getuid?.() !== 0 || !succeeds('apt-get', ['--version'])) return false;
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = (): boolean => succeeds('apt-get', ['install', '-y', '-q', 'xz-utils'], quiet);
  return install() || (succeeds('apt-get', ['update', '-q'], quiet) && install());
}

function succeeds(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', env: { ...process.env, ...environment } });
    return true;
  } catch {
    return false;
  }
}
