import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { commands } from '../../../compiler/cli/commands.ts';
import { runCli } from '../../../compiler/cli/program.ts';
import { encodeNpy } from '../../../compiler/files/npy.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { collectingTerminal } from './collecting-terminal.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command line, in this process. */
export async function tessera(...argv: string[]): Promise<CliResult> {
  const terminal = collectingTerminal();
  const code = await runCli(argv, terminal, commands);
  return { code, ...terminal.written };
}

/** A folder that lives as long as the test file's tests. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'tessera-test-'));

  constructor() {
    afterAll(() => {
      rmSync(this.path, { recursive: true, force: true });
    });
  }

  /** The path of a file in it. */
  file(name: string, content?: string | Uint8Array): string {
    const path = join(this.path, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  }

  npy(name: string, tensor: Tensor): string {
    return this.file(name, encodeNpy(tensor));
  }
}
