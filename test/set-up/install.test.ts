import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ComponentName, components, componentNames, missingText } from './components.ts';
import { installMissing, type Shell } from './install.ts';

/** A machine with apt that knows some packages; each command is written down. */
function machine(options: {
  readonly isRoot?: boolean;
  readonly sudo?: boolean;
  readonly known: readonly string[];
  readonly fresh?: boolean;
  readonly offline?: boolean;
}) {
  const commands: string[] = [];
  let hasLists = options.fresh !== true;
  const shell: Shell = {
    isRoot: options.isRoot ?? true,
    read: (command, args) => {
      if (command === 'sudo') return options.sudo === true ? '' : undefined;
      if (command === 'apt-get') return 'apt 2.6.1';
      const isKnown = hasLists && options.known.includes(args[1] ?? '');
      return `${args[1]}:\n  Installed: (none)\n  Candidate: ${isKnown ? '1.0' : '(none)'}\n`;
    },
    run: (command, args) => {
      commands.push([command, ...args].filter((word) => !/^(env|-.*|DEBIAN.*|DPkg.*)$/.test(word)).join(' '));
      if (options.offline === true) return false;
      hasLists ||= args.includes('update');
      return true;
    },
  };
  const said: string[] = [];
  return { shell, commands, said, say: (line: string) => void said.push(line) };
}

describe('the set-up of tests', () => {
  it('starts nothing when nothing is missing', () => {
    const { shell, commands, said, say } = machine({ known: [] });
    installMissing([], say, shell);
    expect([commands, said]).toEqual([[], []]);
  });

  it('installs the first set of packages that apt knows', () => {
    const { shell, commands, say } = machine({ known: ['llvm-19', 'llvm-15', 'chromium'] });
    installMissing(['llvm', 'chromium'], say, shell);
    expect(commands).toEqual(['apt-get install llvm-19', 'apt-get install chromium']);
  });

  it('fetches package lists first on a machine without any', () => {
    const { shell, commands, say } = machine({ known: ['llvm-16'], fresh: true });
    installMissing(['llvm'], say, shell);
    expect(commands).toEqual(['apt-get update', 'apt-get install llvm-16']);
  });

  it('uses a sudo that asks for no password', () => {
    const { shell, commands, say } = machine({ known: ['llvm-19'], isRoot: false, sudo: true });
    installMissing(['llvm'], say, shell);
    expect(commands).toEqual(['sudo apt-get install llvm-19']);
  });

  it('names what to install where it may not, and goes on', () => {
    const { shell, commands, said, say } = machine({ known: ['llvm-19'], isRoot: false });
    installMissing(['llvm'], say, shell);
    expect(commands).toEqual([]);
    expect(said.join()).toContain('apt-get install llvm-22 (or llvm-19,');
  });

  it('names what to install where there is no network, and goes on', () => {
    const { shell, said, say } = machine({ known: ['chromium'], offline: true });
    installMissing(['chromium'], say, shell);
    expect(said.at(-1)).toContain('apt could not install it');
  });

  it('has packages for every component, and looks for it without failing', () => {
    for (const name of componentNames) {
      expect(components[name].packages.length).toBeGreaterThan(0);
      expect(() => components[name].find()).not.toThrow();
      expect(missingText(name)).toContain('apt-get install');
    }
  });

  it('lists every test file that asks for a component', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.test.ts'),
    );
    const asking = new Map(componentNames.map((name) => [name, [] as string[]]));
    for (const file of files.map((path) => `test/${path}`))
      for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/findComponent\('([\w-]+)'\)/g))
        asking.get(name as ComponentName)?.push(file);
    for (const name of componentNames) expect(asking.get(name)?.toSorted()).toEqual(components[name].tests.toSorted());
  });
});
