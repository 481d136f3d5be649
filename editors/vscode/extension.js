// Starts `tessera language-server --stdio` for programs and lets it answer the editor. All that it knows is in the compiler.
// Oldest supported versions of the editor load CommonJS alone.
/* oxlint-disable typescript/no-require-imports */
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { commands, workspace } = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

const compiler = join('node_modules', 'tessera', 'dist', 'compiler', 'cli', 'main.js');

/** The command that the settings name, else the project's own compiler, else the one on the PATH. */
function serverCommand() {
  const named = workspace.getConfiguration('tessera').get('server');
  if (named) return { command: named, args: [], options: { shell: process.platform === 'win32' } };
  for (const { uri } of workspace.workspaceFolders ?? []) {
    const installed = join(uri.fsPath, compiler);
    if (existsSync(installed)) return { command: 'node', args: [installed], options: { cwd: uri.fsPath } };
  }
  return { command: 'tessera', args: [], options: { shell: process.platform === 'win32' } };
}

let client;

async function start() {
  const { command, args, options } = serverCommand();
  // The client says `--stdio` itself.
  const server = { command, args: [...args, 'language-server'], options, transport: TransportKind.stdio };
  client = new LanguageClient('tessera', 'Tessera', server, {
    documentSelector: [{ language: 'tess' }],
    synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.tess') },
  });
  await client.start();
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.dispose();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    commands.registerCommand('tessera.restart', async () => {
      await stop();
      await start();
    }),
  );
  await start();
};

exports.deactivate = stop;
