import { describe, expect, it } from 'vitest';
import { parameters } from '../../../compiler/api/index.ts';
import { hashPath } from '../../../compiler/parameters/path-key.ts';

/** The initial values of a model's parameters, by name. */
function initialValues(declarations: string, seed = 0n): ReadonlyMap<string, readonly number[]> {
  const text = `use nn\n\nexport model Net {\n${declarations}\n  export fn all() -> (w: f32) = (w: 0.0)\n}\n`;
  const listed = parameters({ main: 'net.tess', files: { 'net.tess': text } });
  if (!listed.ok) throw new Error(listed.text);
  return new Map(listed.parameters.map(({ name, initial }) => [name, Array.from(initial(seed).data, Number)]));
}

function values(initialiser: string, shape: string, seed = 0n, name = 'w'): readonly number[] {
  return initialValues(`  param ${name}: f32[${shape}] = ${initialiser}`, seed).get(name) ?? [];
}

function moments(numbers: readonly number[]): { mean: number; variance: number } {
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return { mean, variance: numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [{ mean: meanA, variance: varianceA }, { mean: meanB, variance: varianceB }] = [moments(a), moments(b)];
  const sum = a.reduce((total, value, index) => total + (value - meanA) * ((b[index] ?? 0) - meanB), 0);
  return sum / a.length / Math.sqrt(varianceA * varianceB);
}

const count = 40 * 160;
/** Of a mean of so many numbers of deviation 1: five of its own deviations. */
const slack = 5 / Math.sqrt(count);

describe('the initialisers of nn', () => {
  it.each([
    ['nn.uniform_of(2.0)', 4 / 3],
    ['nn.normal_of(0.5)', 0.25],
    ['nn.truncated(2.0)', (2 * 0.8796256610342398) ** 2],
    ['nn.glorot', 2 / (40 + 160)],
    ['nn.glorot_normal', 2 / (40 + 160)],
    ['nn.he', 2 / 40],
    ['nn.he_uniform', 2 / 40],
    ['nn.lecun', 1 / 40],
  ])('%s has mean 0 and variance %d for [40, 160]', (initialiser, variance) => {
    const found = moments(values(initialiser, '40, 160'));
    expect(Math.abs(found.mean) / Math.sqrt(variance)).toBeLessThan(slack);
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(slack * Math.SQRT2);
  });

  it('count the window of a convolution into the fan', () => {
    const { variance } = moments(values('nn.he', '3, 3, 20, 30'));
    expect(Math.abs((variance * 9 * 20) / 2 - 1)).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(9 * 20 * 30));
  });

  it('are normal where they say so: a share of numbers in each range', () => {
    const normal = values('nn.normal_of(1.0)', '40, 160');
    // The normal distribution function at -2, -1, 0, 1, 2.
    const shares = [0.02275013, 0.15865525, 0.5, 0.84134475, 0.97724987];
    for (const [index, share] of shares.entries()) {
      const below = normal.filter((value) => value < index - 2).length / count;
      expect(Math.abs(below - share)).toBeLessThan(slack * Math.sqrt(share * (1 - share)));
    }
    expect(values('nn.truncated(1.0)', '40, 160').every((value) => Math.abs(value) <= 2)).toBe(true);
  });

  it.each([['6, 6'], ['20, 7'], ['7, 20'], ['1, 1']])(
    'orthogonal gives orthonormal rows or columns of [%s]',
    (shape) => {
      const matrix = values('nn.orthogonal', shape);
      const [rows = 0, columns = 0] = shape.split(', ').map(Number);
      const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
      const entry = (which: number, index: number): number =>
        matrix[rows >= columns ? index * columns + which : which * columns + index] ?? 0;
      for (let a = 0; a < short; a++) {
        for (let b = 0; b <= a; b++) {
          let dot = 0;
          for (let index = 0; index < long; index++) dot += entry(a, index) * entry(b, index);
          expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-5);
        }
      }
    },
  );

  it('give numbers and constants as they are', () => {
    const found = initialValues(
      '  param a: f32[2] = zeros\n  param b: f32[2] = ones\n  param c: f32[2] = nn.constant(0.25)',
    );
    expect([...found]).toEqual([
      ['a', [0, 0]],
      ['b', [1, 1]],
      ['c', [0.25, 0.25]],
    ]);
  });
});

describe('initial values', () => {
  const uniform = 'nn.uniform_of(1.0)';

  it('depend on the seed and the name of a parameter, and on no other parameter', () => {
    const alone = initialValues(`  param w: f32[3] = ${uniform}`);
    const more = initialValues(
      `  param first: f32[5] = nn.uniform_of(2.0)\n  param w: f32[3] = ${uniform}\n  layer: nn.Dense(2, 2)`,
    );
    expect(more.get('w')).toEqual(alone.get('w'));
    expect(initialValues(`  param w: f32[3] = ${uniform}`, 1n).get('w')).not.toEqual(alone.get('w'));
  });

  it.each([
    ['another name', 'v', 0n],
    ['another seed', 'w', 1n],
    ['a seed with other high bits', 'w', 1n << 32n],
  ])('are independent for %s', (_, name, seed) => {
    const [a, b] = [values(uniform, '40, 160'), values(uniform, '40, 160', seed, name)];
    expect(Math.abs(correlation(a, b))).toBeLessThan(slack);
    expect(Math.abs(correlation(a.slice(1), b.slice(0, -1)))).toBeLessThan(slack);
    expect(Math.abs(correlation(a.slice(1), a.slice(0, -1)))).toBeLessThan(slack);
  });

  it('never change: a seed and a name mean these numbers for ever', () => {
    const found = ['nn.glorot', 'nn.he', 'nn.orthogonal', 'nn.truncated(1.0)'].map((initialiser) =>
      values(initialiser, '2, 2', 42n, 'weight').join(' '),
    );
    expect(found).toMatchInlineSnapshot(`
      [
        "0.17000150680541992 0.8845919370651245 1.0232425928115845 0.5890742540359497",
        "0.1748541295528412 1.0854244232177734 1.390009880065918 0.6448523998260498",
        "0.15904244780540466 0.9872717261314392 0.987271785736084 -0.15904244780540466",
        "0.16682203114032745 1.0139700174331665 1.2743475437164307 0.6114411950111389",
      ]
    `);
  });
});

describe('the key of a path', () => {
  it('differs for paths that begin alike, and for each seed', () => {
    const paths = ['', 'w', 'w.0', 'w\0', 'blocks.0.qkv.weight', 'blocks.1.qkv.weight', '\0\0\0\0\0\0\0\0'];
    const keys = paths.flatMap((path) => [0n, 1n, 1n << 32n, 1n << 63n].map((seed) => hashPath(seed, path).join()));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('never changes', () => {
    expect(hashPath(42n, 'blocks.0.qkv.weight')).toMatchInlineSnapshot(`
      [
        1211245312,
        20339150,
      ]
    `);
  });
});
