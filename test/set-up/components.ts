/**
 * What some tests need besides Node and the npm packages: how each is found, what Debian calls it, and which tests fall out without it.
 * `npm test` installs what is missing (install.ts); a test asks `findComponent` for the path, and skips visibly where there is none.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Component {
  /** A path or a command that tests run; undefined when it is not here. */
  readonly find: () => string | undefined;
  /** Sets of packages, the one wanted most first: the first set that the package lists have is installed. */
  readonly packages: readonly (readonly string[])[];
  /** Test files that skip without it. */
  readonly tests: readonly string[];
}

/** The program of that name in PATH. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Pointers without types, as we print them: from LLVM 15 on. */
const leastLlvm = 15;
const llvmVersions = [22, 21, 20, 19, 18, 17, 16, 15];

function findOpt(): string | undefined {
  for (const version of llvmVersions) {
    const path = findProgram(`opt-${version}`);
    if (path !== undefined) return path;
  }
  const path = findProgram('opt');
  if (path === undefined) return undefined;
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return Number(/LLVM version (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= leastLlvm ? path : undefined;
}

function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.map(findProgram).find((path) => path !== undefined);
}

/** The description of a Vulkan driver that needs no GPU: lavapipe, or the SwiftShader that Chromium brings. */
function findSoftwareVulkan(): string | undefined {
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  return [
    '/usr/share/vulkan/icd.d/lvp_icd.json',
    `/usr/share/vulkan/icd.d/lvp_icd.${architecture}.json`,
    '/usr/lib/chromium/vk_swiftshader_icd.json',
  ].find((path) => existsSync(path));
}

export const components = {
  llvm: {
    find: findOpt,
    packages: [['llvm-22'], ['llvm-19'], ['llvm-18'], ['llvm-17'], ['llvm-16'], ['llvm-15']],
    tests: ['test/codegen/independence/llvm.test.ts'],
  },
  chromium: {
    find: findChromium,
    packages: [['chromium']],
    tests: ['test/compiler/browser/browser.slow.test.ts', 'test/compiler/browser/threads.slow.test.ts'],
  },
  'software-vulkan': {
    find: findSoftwareVulkan,
    packages: [['libvulkan1', 'mesa-vulkan-drivers']],
    tests: [],
  },
} as const satisfies Readonly<Record<string, Component>>;

export type ComponentName = keyof typeof components;
export const componentNames = Object.keys(components) as readonly ComponentName[];

/** True on a machine that runs tests for others: what is missing there is a failure, not a skip. */
export function isContinuousIntegration(): boolean {
  const value = process.env['CI'];
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

/**
 * Where a component is; undefined where tests have to skip. With CI set it throws instead, so that the file that asks fails and says what
 * to install.
 */
export function findComponent(name: ComponentName): string | undefined {
  const path = components[name].find();
  if (path === undefined && isContinuousIntegration()) throw new Error(missingText(name));
  return path;
}

/** `llvm is missing: apt-get install llvm-19 (or llvm-18, ...)`. */
export function missingText(name: ComponentName): string {
  const sets: readonly (readonly string[])[] = components[name].packages;
  const [first, ...others] = sets.map((names) => names.join(' '));
  const otherwise = others.length === 0 ? '' : ` (or ${others.join(', or ')})`;
  return `${name} is missing, which tests need: apt-get install ${first}${otherwise}`;
}
