import { describe, expect, it } from 'vitest';
import type { Contestant, Contestants, Entry } from '../../bench/row.ts';
import { compareResults, setUp } from '../../bench/set-up.ts';

const settings = { threads: 1, relaxed: true, placement: 'copied' } as const;

function giving(...values: readonly number[]): Entry {
  const contestant: Contestant = { call: () => undefined, outputs: () => [Float32Array.from(values)] };
  return async () => contestant;
}

const all: Contestants = {
  tessera: giving(1, 2),
  'onnxruntime-web': giving(1, 2),
  'tfjs-wasm': { missing: 'no such operation' },
  'jax-js': giving(1, 2),
};

describe('setting contestants up', () => {
  it('leaves out a peer that lacks the operation, and says why', async () => {
    const { contestants, missing } = await setUp(all, settings);
    expect([...contestants.keys()]).toEqual(['tessera', 'onnxruntime-web', 'jax-js']);
    expect(missing).toEqual({ 'tfjs-wasm': 'no such operation' });
  });

  it('goes on without a peer that cannot be loaded', async () => {
    const broken: Entry = () => Promise.reject(new Error('no such package'));
    const { missing } = await setUp({ ...all, 'jax-js': broken }, settings);
    expect(missing['jax-js']).toBe('failed: no such package');
  });

  it('goes on without a peer whose first call fails', async () => {
    const contestant: Contestant = { call: () => Promise.reject(new Error('out of memory')) };
    const { missing } = await setUp({ ...all, 'jax-js': async () => contestant }, settings);
    expect(missing['jax-js']).toBe('failed: out of memory');
  });

  it('puts us on one thread beside us on several', async () => {
    const asked: number[] = [];
    const ours: Entry = async (given) => {
      asked.push(given.threads);
      return { call: () => undefined };
    };
    const { contestants } = await setUp({ ...all, tessera: ours }, { ...settings, threads: 2 });
    expect(asked).toEqual([2, 1]);
    expect(contestants.has('tessera, 1 thread')).toBe(true);
  });

  it('does not go on without us', async () => {
    const broken: Entry = () => Promise.reject(new Error('E2003'));
    await expect(setUp({ ...all, tessera: broken }, settings)).rejects.toThrow('E2003');
  });
});

describe('comparing their results', () => {
  it('throws for one that differs, with its name, the element and the values', async () => {
    const { contestants } = await setUp({ ...all, 'jax-js': giving(1, 3) }, settings);
    await expect(compareResults({}, contestants)).rejects.toThrow(
      'jax-js against tessera: 3 instead of 2 at element 1',
    );
  });

  it('wants the same bits of any number of threads', async () => {
    const ours: Entry = async ({ threads }) => ({
      call: () => undefined,
      outputs: () => [Float32Array.of(threads === 1 ? 1 : 1.0000001, 2)],
    });
    const { contestants } = await setUp({ ...all, tessera: ours }, { ...settings, threads: 2 });
    await expect(compareResults({}, contestants)).rejects.toThrow('tessera, 1 thread against tessera');
  });

  it('passes over one that is not to be compared', async () => {
    const timedOnly: Entry = async () => ({ call: () => undefined });
    const { contestants } = await setUp({ ...all, variants: { 'tessera f32': timedOnly } }, settings);
    await expect(compareResults({}, contestants)).resolves.toBeUndefined();
  });
});
