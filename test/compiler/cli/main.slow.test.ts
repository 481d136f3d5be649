import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const main = 'dist/compiler/cli/main.js';

function spawn(argv: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], { input, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('the built program', () => {
  it('runs the sample', () => {
    const { code, out, err } = spawn(['run', 'samples/mlp.mlir', '--arg0', 'samples/mlp-arg0.npy']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('out0: tensor<4x1xf32>');
  });

  it('reads standard input and writes standard output', () => {
    const { code, out } = spawn(['opt', '-', '--passes', 'dce'], readFileSync('samples/mlp.mlir', 'utf8'));
    expect(code).toBe(0);
    expect(out).toContain('module @mlp {');
  });

  it('ends with the code of what went wrong, without colour and without a stack', () => {
    const { code, out, err } = spawn(['check', '-'], 'func.func @main() {\n}\n');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^<stdin>:1:1: error\[E2011\]/);
    expect(err).not.toContain('\u001b');
    expect(err).not.toMatch(/\n +at /);
    expect(spawn(['chek']).code).toBe(2);
  });

  it('answers an editor until the editor ends it', () => {
    const messages = [
      { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
      { method: 'initialized', params: {} },
      { id: 2, method: 'shutdown' },
      { method: 'exit' },
    ].map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    const framed = messages.map((message) => `Content-Length: ${message.length}\r\n\r\n${message}`);
    const { code, out, err } = spawn(['language-server', '--stdio'], framed.join(''));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('"serverInfo":{"name":"tessera"');
    expect(spawn(['language-server', '--stdio']).code).toBe(1);
    expect(spawn(['language-server']).code).toBe(2);
  });

  it('finds its pages', () => {
    expect(spawn(['explain', 'E1001']).out).toMatch(/^# E1001: /);
  });
});
