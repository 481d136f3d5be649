import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { tessera } from '../compiler/cli/run-cli.ts';

const folder = 'editors/vscode';

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly languages: readonly {
      readonly id: string;
      readonly configuration: string;
      readonly extensions: readonly string[];
    }[];
    readonly grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
    readonly commands: readonly { readonly command: string }[];
  };
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const manifest = json(`${folder}/package.json`) as Manifest;
const { languages, grammars, configuration, commands } = manifest.contributes;
const source = readFileSync(`${folder}/${manifest.main}`, 'utf8');

interface FakeClient {
  readonly server: { readonly command: string; readonly args: readonly string[]; readonly transport: string };
  readonly options: { readonly documentSelector: readonly unknown[] };
  state: string;
}

/** Runs the extension with an editor that is not there. */
function load(setting: string, folders: readonly string[]) {
  const clients: FakeClient[] = [];
  const registered = new Map<string, () => Promise<void>>();
  class LanguageClient implements FakeClient {
    readonly server: FakeClient['server'];
    readonly options: FakeClient['options'];
    state = 'made';
    constructor(_id: string, _name: string, server: FakeClient['server'], options: FakeClient['options']) {
      this.server = server;
      this.options = options;
      clients.push(this);
    }
    start(): Promise<void> {
      this.state = 'started';
      return Promise.resolve();
    }
    dispose(): Promise<void> {
      this.state = 'ended';
      return Promise.resolve();
    }
  }
  const modules: Readonly<Record<string, unknown>> = {
    vscode: {
      commands: { registerCommand: (name: string, run: () => Promise<void>) => registered.set(name, run) },
      workspace: {
        getConfiguration: (section: string) => ({
          get: (name: string) => (Object.hasOwn(configuration.properties, `${section}.${name}`) ? setting : undefined),
        }),
        workspaceFolders: folders.map((fsPath) => ({ uri: { fsPath } })),
        createFileSystemWatcher: (pattern: string) => pattern,
      },
    },
    'vscode-languageclient/node': { LanguageClient, TransportKind: { stdio: 'stdio' } },
  };
  const nodeRequire = createRequire(import.meta.url);
  const exported: { activate?: (context: unknown) => Promise<void>; deactivate?: () => Promise<void> } = {};
  const run = runInThisContext(`(require, exports) => {${source}\n}`) as (require: unknown, exports: unknown) => void;
  run((name: string) => (Object.hasOwn(modules, name) ? modules[name] : (nodeRequire(name) as unknown)), exported);
  return { exported, clients, registered };
}

describe('the extension for Visual Studio Code', () => {
  it('names files that are there', () => {
    const named = [
      manifest.main,
      ...languages.map((language) => language.configuration),
      ...grammars.map((grammar) => grammar.path),
    ];
    for (const file of named) expect(existsSync(`${folder}/${file}`), file).toBe(true);
  });

  it('needs what it requires, and packs it', () => {
    const required = [...source.matchAll(/require\('([^']+)'\)/g)].map(([, name = '']) => name);
    const packages = required.filter((name) => !name.startsWith('node:') && name !== 'vscode');
    expect(packages.map((name) => name.split('/')[0])).toEqual(Object.keys(manifest.dependencies));
    // A list of files would leave its node_modules out of the package.
    expect(manifest).not.toHaveProperty('files');
  });

  it('calls the language the same everywhere', () => {
    const [language] = languages;
    expect(languages).toHaveLength(1);
    expect(language?.extensions).toEqual(['.tess']);
    for (const grammar of grammars) {
      expect(grammar.language).toBe(language?.id);
      expect(json(`${folder}/${grammar.path}`)).toMatchObject({ scopeName: grammar.scopeName });
    }
    expect(source).toContain(`language: '${language?.id}'`);
  });

  it('has the version of the compiler', () => {
    expect(json('package.json')).toMatchObject({ version: manifest.version });
    expect(readFileSync(`${folder}/README.md`, 'utf8')).toContain(`-${manifest.version}.vsix`);
  });

  it('has patterns that can be read', () => {
    const { wordPattern, indentationRules, onEnterRules } = json(`${folder}/language-configuration.json`) as {
      readonly wordPattern: string;
      readonly indentationRules: Readonly<Record<string, string>>;
      readonly onEnterRules: readonly { readonly beforeText: string }[];
    };
    const indents = new RegExp(indentationRules['increaseIndentPattern'] ?? '');
    expect('export model A {'.match(indents)).not.toBeNull();
    expect('let a = f(x)'.match(indents)).toBeNull();
    expect('  // like this: {'.match(indents)).toBeNull();
    expect('let x_1 = 2.5'.match(new RegExp(wordPattern, 'g'))).toEqual(['let', 'x_1', '2.5']);
    expect(onEnterRules.map(({ beforeText }) => new RegExp(beforeText).test('  /// text'))).toEqual([true, false]);
  });

  it('starts the command that the settings name, and ends it', async () => {
    const { exported, clients, registered } = load('/opt/tessera', []);
    await exported.activate?.({ subscriptions: [] });
    expect(clients.map(({ server, state }) => [server.command, server.args, server.transport, state])).toEqual([
      ['/opt/tessera', ['language-server'], 'stdio', 'started'],
    ]);
    expect([...registered.keys()]).toEqual(commands.map(({ command }) => command));
    await registered.get('tessera.restart')?.();
    expect(clients.map(({ state }) => state)).toEqual(['ended', 'started']);
    await exported.deactivate?.();
    expect(clients.map(({ state }) => state)).toEqual(['ended', 'ended']);
  });

  it('starts the tessera on the PATH where the project has none', async () => {
    const { exported, clients } = load('', [folder]);
    await exported.activate?.({ subscriptions: [] });
    expect(clients[0]?.server.command).toBe('tessera');
  });

  it('starts a command that there is', async () => {
    expect((await tessera('language-server', '--help')).out).toContain('--stdio');
  });
});
