/** Tint, through Dawn's null back end: checks shaders, runs nothing. In a process of its own, for Dawn may end it. */
import { spawnSync } from 'node:child_process';

const program = `
import { readFileSync } from 'node:fs';
import { create } from 'webgpu';
const code = readFileSync(0, 'utf8');
const gpu = create(['backend=null']);
const adapter = await gpu.requestAdapter();
const device = await adapter.requestDevice();
device.pushErrorScope('validation');
const shader = device.createShaderModule({ code });
const { messages } = await shader.getCompilationInfo();
device.createComputePipeline({ layout: 'auto', compute: { module: shader, entryPoint: 'main' } });
const error = await device.popErrorScope();
const found = [...messages.map(({ message }) => message), ...(error === null ? [] : [error.message])];
process.stdout.write(JSON.stringify(found), () => process.exit(0));
`;

/** What Tint has against a compute shader with the entry point `main`; empty when it accepts it. */
export function tintErrors(code: string): readonly string[] {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    input: code,
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (run.stdout === '') throw new Error(`Tint did not answer: ${run.stderr}`);
  return JSON.parse(run.stdout) as readonly string[];
}
