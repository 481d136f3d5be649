import { describe, expect, it } from 'vitest';
import { isChosen, parseOptions } from '../../bench/options.ts';
import { runRounds } from '../../bench/rounds.ts';
import { medianOf, spreadOf } from '../../bench/statistics.ts';
import { nchwOfNhwc, seeded, transposed } from '../../bench/values.ts';

describe('figures of samples', () => {
  it('are medians, which one disturbed sample does not move', () => {
    expect(medianOf([3, 1, 100, 2, 2])).toBe(2);
  });

  it('spread by half the distance of the quartiles over the median', () => {
    expect(spreadOf([8, 9, 10, 11, 12])).toBeCloseTo(0.1);
    expect(spreadOf([5, 5, 5])).toBe(0);
  });
});

describe('rounds', () => {
  it('call everyone once a round, and begin with another one each time', async () => {
    const calls: string[] = [];
    const slow = (name: string) => ({
      name,
      call: async () => {
        calls.push(name);
        await new Promise((resolve) => setTimeout(resolve, 45));
      },
    });
    const samples = await runRounds([slow('a'), slow('b')], 2);
    expect(calls.slice(-4)).toEqual(['a', 'b', 'b', 'a']);
    expect(samples.get('a')).toHaveLength(2);
    expect(medianOf(samples.get('b') ?? [])).toBeGreaterThan(40);
  });
});

describe('a contestant that takes long', () => {
  it('is left out of further rounds', async () => {
    const [quick, slow] = [5, 250].map((milliseconds) => ({
      name: String(milliseconds),
      call: () => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    }));
    const samples = quick && slow && (await runRounds([quick, slow], 3, 200));
    expect(samples?.get('5')).toHaveLength(3);
    expect(samples?.get('250')).toHaveLength(1);
  });
});

describe('inputs', () => {
  it('are the same for the same seed', () => {
    expect(seeded([2, 3], 7)).toEqual(seeded([2, 3], 7));
    expect(seeded([2, 3], 7).data).not.toEqual(seeded([2, 3], 8).data);
  });

  it('are brought into another order of dimensions', () => {
    const image = { dims: [1, 2, 2, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) };
    const planes = nchwOfNhwc(image);
    expect([...planes.data]).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
    expect(transposed(planes, [0, 2, 3, 1])).toEqual(image);
  });
});

describe('options', () => {
  it('choose rows by parts of their names', () => {
    const options = parseOptions(['--only', 'matmul,conv']);
    expect(isChosen('conv 3x3 56x56x64', options)).toBe(true);
    expect(isChosen('softmax', options)).toBe(false);
    expect(isChosen('softmax', parseOptions([]))).toBe(true);
    expect(parseOptions(['--only', 'matmul 512, both at run time,conv']).only).toHaveLength(2);
  });

  it('refuse what is no count', () => {
    expect(() => parseOptions(['--rounds', '0'])).toThrow("--rounds wants a positive number, not '0'");
    expect(() => parseOptions(['--threads', 'two'])).toThrow("--threads wants a positive number, not 'two'");
    expect(() => parseOptions(['--fast'])).toThrow();
  });
});
