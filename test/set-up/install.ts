/** Installs components with apt, where this process may: as root, or with a sudo that asks for no password. */
import { spawnSync } from 'node:child_process';
import { type Component, components, type ComponentName, componentNames, missingText } from './components.ts';

/** Runs a command; tests give their own. */
export interface Shell {
  /** True when it ended with 0. */
  run(command: string, args: readonly string[]): boolean;
  /** What it printed; undefined when it did not end with 0. */
  read(command: string, args: readonly string[]): string | undefined;
  readonly isRoot: boolean;
}

/** Ten minutes: a browser with all it depends on, over a slow line. */
const timeout = 10 * 60_000;

export const systemShell: Shell = {
  run: (command, args) => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout }).status === 0,
  read: (command, args) => {
    const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout });
    return status === 0 ? stdout : undefined;
  },
  isRoot: process.getuid?.() === 0,
};

/** Those that a test needs and that are not here. */
export function missingComponents(): readonly ComponentName[] {
  return componentNames.filter((name) => {
    const { tests, find }: Component = components[name];
    return tests.length > 0 && find() === undefined;
  });
}

/** Installs what is missing, and says what it could not; never throws. Nothing is started when all is there. */
export function installMissing(
  missing: readonly ComponentName[],
  say: (line: string) => void,
  shell: Shell = systemShell,
): void {
  if (missing.length === 0) return;
  const apt = aptFor(shell);
  if (apt === undefined) {
    for (const name of missing) say(`${missingText(name)} (not installed here: that takes apt, and root or sudo)`);
    return;
  }
  let packages = packagesOf(missing, shell);
  // A fresh image has no package lists.
  if (packages.size < missing.length && apt(['update', '-q'])) packages = packagesOf(missing, shell);
  for (const name of missing) {
    const names = packages.get(name);
    if (names === undefined) {
      say(`${missingText(name)} (apt knows none of these here)`);
      continue;
    }
    say(`installing ${names.join(' ')}, which tests need`);
    if (!installNamed(names, apt)) say(`${missingText(name)} (apt could not install it)`);
  }
}

type Apt = (args: readonly string[]) => boolean;

/** Lists may be older than what the archive still has: once more with fresh ones. */
function installNamed(names: readonly string[], apt: Apt): boolean {
  const install = (): boolean => apt(['install', '-y', '-q', '--no-install-recommends', ...names]);
  return install() || (apt(['update', '-q']) && install());
}

/** Undefined without apt, or without the right to install. Waits for another apt to end. */
function aptFor(shell: Shell): Apt | undefined {
  if (shell.read('apt-get', ['--version']) === undefined) return undefined;
  const common = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300'];
  if (shell.isRoot) return (args) => shell.run('env', [...common, ...args]);
  if (shell.read('sudo', ['-n', 'true']) === undefined) return undefined;
  return (args) => shell.run('sudo', ['-n', 'env', ...common, ...args]);
}

function packagesOf(missing: readonly ComponentName[], shell: Shell): ReadonlyMap<ComponentName, readonly string[]> {
  const found = new Map<ComponentName, readonly string[]>();
  for (const name of missing) {
    const sets: readonly (readonly string[])[] = components[name].packages;
    const names = sets.find((set) => set.every((each) => hasCandidate(each, shell)));
    if (names !== undefined) found.set(name, names);
  }
  return found;
}

function hasCandidate(name: string, shell: Shell): boolean {
  const candidate = /Candidate: (\S+)/.exec(shell.read('apt-cache', ['policy', name]) ?? '')?.[1];
  return candidate !== undefined && candidate !== '(none)';
}
