import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { hasRelaxedSimd } from '../../../../compiler/driver/profile/measured-peak.ts';
import { type CliResult, TemporaryFolder, tessera } from '../run-cli.ts';

const folder = new TemporaryFolder();

const layers = folder.file(
  'layers.tess',
  `export fn predict[n](x: f32[n, 24], v: f32[24, 24], w: f32[24, 24]) -> (y: f32[n, 24]) {
  let a = x @ v
  let b = exp(a)
  let c = b @ w
  (y: c / 2)
}
`,
);

const loop = folder.file(
  'loop.mlir',
  `func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %five = stablehlo.constant dense<5> : tensor<i32>
  %0:2 = stablehlo.while(%i = %zero, %a = %x) : tensor<i32>, tensor<64xf32>
  cond {
    %1 = stablehlo.compare LT, %i, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
    %2 = stablehlo.tanh %a : tensor<64xf32>
    stablehlo.return %1, %2 : tensor<i32>, tensor<64xf32>
  }
  return %0#1 : tensor<64xf32>
}
`,
);

function profile(...argv: string[]): Promise<CliResult> {
  return tessera('profile', '--rounds', '3', ...argv);
}

interface Site {
  readonly executions: number;
  readonly seconds: number;
  readonly share: number;
  readonly flops: number;
  readonly movedBytes: number;
  readonly minimumBytes: number;
  readonly predictedSeconds: number;
  readonly locations: readonly string[];
}

interface Report {
  readonly seconds: number;
  readonly peak: { readonly flopsPerSecond: number; readonly copyBytesPerSecond: number };
  readonly kernels: readonly { readonly name: string; readonly seconds: number; readonly sites: readonly Site[] }[];
}

interface Trace {
  readonly traceEvents: readonly {
    readonly ph: string;
    readonly name: string;
    readonly ts: number;
    readonly dur: number;
  }[];
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('tessera profile', () => {
  it('shows a row a kernel, with the lines of the program it comes from', async () => {
    const { code, out, err } = await profile(layers, '--dim', 'n=8');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^@predict on wasm/);
    expect(out).toMatch(/peak [\d.]+ GFLOP\/s, copy [\d.]+ GB\/s/);
    expect(out).toMatch(/kernel +calls +time +share +GFLOP\/s +of peak +GB\/s +of copy +moved +predicted +source/);
    expect(out).toContain('layers.tess:2');
    expect(out).toContain('layers.tess:4');
  });

  it('counts what each kernel is asked for', async () => {
    const path = folder.file('report.json');
    await profile(layers, '--dim', 'n=8', '--json', path);
    const { kernels, peak, seconds } = json(path) as Report;
    const sites = kernels.flatMap((kernel) => kernel.sites);
    const products = sites.filter(({ flops }) => flops >= 2 * 8 * 24 * 24);
    expect(products).toHaveLength(2);
    for (const { movedBytes, minimumBytes, predictedSeconds, executions } of sites) {
      expect(movedBytes).toBeGreaterThanOrEqual(minimumBytes);
      expect(predictedSeconds).toBeGreaterThan(0);
      expect(executions).toBe(1);
    }
    expect(sites.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(peak.flopsPerSecond).toBeGreaterThan(1e8);
    expect(peak.copyBytesPerSecond).toBeGreaterThan(1e8);
    expect(seconds).toBeGreaterThan(0);
  });

  it('counts the turns of a loop', async () => {
    const path = folder.file('loop.json');
    await profile(loop, '--json', path);
    const { kernels } = json(path) as Report;
    const tanh = kernels.find(({ name }) => name.includes('tanh'));
    expect(tanh?.sites.reduce((sum, { executions }) => sum + executions, 0)).toBe(5);
  });

  it('writes a trace of complete events that do not overlap', async () => {
    const path = folder.file('trace.json');
    await profile(loop, '--trace', path);
    const { traceEvents } = json(path) as Trace;
    const events = traceEvents.filter(({ ph }) => ph === 'X');
    expect(events.length).toBeGreaterThanOrEqual(10);
    events.forEach(({ ts, dur }, index) => {
      const next = events[index + 1];
      if (next !== undefined) expect(next.ts).toBeGreaterThanOrEqual(ts + dur - 1e-3);
    });
    expect(traceEvents.filter(({ ph }) => ph === 'M').map(({ name }) => name)).toEqual(['process_name', 'thread_name']);
  });

  it('runs on arrays from files, whose sizes are those of the run', async () => {
    const path = folder.file('sizes.json');
    const x = folder.npy('x.npy', new Tensor('f32', [3, 24], new Float32Array(72).fill(0.5)));
    const { code, err } = await profile(layers, '--dim', 'n=3', '--in', `x=${x}`, '--json', path);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const wrong = await profile(layers, '--dim', 'n=4', '--in', `x=${x}`);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('E5006');
  });

  it('measures the build that it is asked for', async () => {
    expect((await profile(layers, '--dim', 'n=2', '--no-relaxed')).out).toContain('on wasm:');
    const { code, out, err } = await profile(layers, '--dim', 'n=2', '--relaxed');
    if (hasRelaxedSimd()) expect(out).toContain('on wasm-relaxed:');
    else expect({ code, isNamed: err.includes('E5021') }).toEqual({ code: 1, isNamed: true });
  });

  it('refuses what it cannot do', async () => {
    expect((await tessera('profile', layers, '--rounds', '0')).code).toBe(2);
    expect((await profile(layers, '--dim', 'n=1,2')).code).toBe(2);
    expect((await profile(layers)).err).toContain('leaves `n` open');
    expect((await profile(folder.file('broken.mlir', 'func.func @main('))).code).toBe(1);
    expect((await profile(layers, '--dim', 'n=2', '--json', '/nowhere/at/all.json')).err).toContain('E5014');
  });
});
