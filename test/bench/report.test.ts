import { describe, expect, it } from 'vitest';
import { tableOf } from '../../bench/markdown.ts';
import { lineOf, missingLines, predictionLine, type Report, reportRow } from '../../bench/report.ts';
import { peerNames, placementOf, type Row } from '../../bench/row.ts';

const row: Row = {
  name: 'matmul 100',
  unit: 'GFLOP/s',
  flops: 2e6,
  dataBytes: 8e4,
  weightBytes: 4e4,
  contestants: () => {
    throw new Error('not here');
  },
};

const peak = { multiplyAddGflops: 50, copyGBs: 20 };

function measuredRow(of: Row = row) {
  const samples = new Map([
    ['tessera', [0.04, 0.05, 0.06]],
    ['onnxruntime-web', [0.1, 0.1, 0.1]],
    ['tfjs-wasm', [0.08, 0.08, 0.08]],
    ['tessera f32', [0.2, 0.2, 0.2]],
  ]);
  const compilation = {
    moduleBytes: 3000,
    seconds: 0.2,
    predict: ({ multiplyAddGflops }: typeof peak) => 2 / multiplyAddGflops,
  };
  return reportRow(of, peerNames, {
    samples,
    peak,
    threads: 1,
    missing: { 'jax-js': 'no such operation' },
    compilation,
  });
}

describe('the report of a row', () => {
  it('gives speeds, the ratio to the best peer and the share of the peak', () => {
    expect(measuredRow()).toMatchObject({
      name: 'matmul 100',
      target: 'wasm',
      placement: 'copied',
      ours: 40,
      peers: { 'onnxruntime-web': 20, 'tfjs-wasm': 25 },
      variants: { 'tessera f32': 10 },
      missing: { 'jax-js': 'no such operation' },
      ratio: 1.6,
      ofPeak: 0.8,
      milliseconds: 0.05,
      predicted: 0.04,
    });
  });

  it('counts bytes against copying where a row is bound by memory', () => {
    const moved = measuredRow({ ...row, unit: 'GB/s', flops: 1e5 });
    expect(moved.placement).toBe('resident');
    expect(moved.ours).toBeCloseTo(2.4);
    expect(moved.ofPeak).toBeCloseTo(0.12);
  });

  it('has no ratio where no peer has the operation', () => {
    const samples = new Map([['tessera', [1]]]);
    const compilation = { moduleBytes: 1, seconds: 1, predict: () => 1 };
    const alone = reportRow(row, peerNames, { samples, peak, threads: 1, missing: {}, compilation });
    expect(alone).not.toHaveProperty('ratio');
    expect(JSON.parse(JSON.stringify(alone))).toEqual(alone);
  });

  it('reads as a line', () => {
    expect(lineOf(measuredRow())).toBe(
      'matmul 100: tessera 40.0 GFLOP/s (80 % of the peak, spread 20 %, 0.0500 ms, 0.0400 predicted), ' +
        'onnxruntime-web 20.0, tfjs-wasm 25.0, tessera f32 10.0; 1.60x the best peer',
    );
  });
});

describe('the report of a run', () => {
  it('says once why a peer has no figures', () => {
    const rows = [measuredRow(), { ...measuredRow(), name: 'matmul 200' }];
    expect(missingLines(rows)).toEqual(['no figure of jax-js: no such operation (matmul 100; matmul 200)']);
  });

  it('counts predictions within a factor of 1.5, of both sides', () => {
    const predicting = (milliseconds: number) => ({ ...measuredRow(), predicted: milliseconds });
    const rows = [0.034, 0.074, 0.033, 0.076].map(predicting);
    expect(predictionLine(rows)).toBe('predicted within 1.5x: 2 of 4 rows (50 %)');
  });

  it('becomes a table for a README', () => {
    const report: Report = {
      machine: { cpu: 'CPU', cores: 2, memoryGiB: 8 },
      node: 'v24',
      date: '2026-01-02',
      threads: 1,
      relaxed: true,
      rounds: 9,
      versions: { 'onnxruntime-web': '1' },
      peak,
      rows: [measuredRow()],
      errors: [],
    };
    const [head, , first, , last] = tableOf(report).split('\n');
    expect(head).toBe('| row | unit | tessera | onnxruntime-web | tfjs-wasm | jax-js | ratio | of the peak |');
    expect(first).toBe('| matmul 100 | GFLOP/s | 40.0 | 20.0 | 25.0 | – | **1.60x** | 80 % |');
    expect(last).toBe(
      'CPU, 2 cores, Node v24, with relaxed SIMD; 1 thread; peak 50.0 GFLOP/s, copy 20.0 GB/s; onnxruntime-web 1; 2026-01-02.',
    );
  });
});

describe('where data lies', () => {
  it('follows from operations and bytes alone', () => {
    expect(placementOf({ flops: 2000, dataBytes: 100 })).toBe('copied');
    expect(placementOf({ flops: 1999, dataBytes: 100 })).toBe('resident');
  });
});
