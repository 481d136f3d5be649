/**
 * Counter-based random number generators: Threefry-2x32 with 20 rounds and Philox-4x32 with 10, of Salmon et al., "Parallel
 * random numbers: as easy as 1, 2, 3" (SC 2011). Words are unsigned 32-bit numbers.
 */

const threefryRotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Encrypts two counter words in place. */
export function threefry2x32(words: Uint32Array, key0: number, key1: number): void {
  const keys = [key0, key1, key0 ^ key1 ^ 0x1bd11bda] as const;
  let x = ((words[0] ?? 0) + key0) | 0;
  let y = ((words[1] ?? 0) + key1) | 0;
  for (let group = 0; group < 5; group++) {
    for (const distance of threefryRotations[group % 2 === 0 ? 0 : 1]) {
      x = (x + y) | 0;
      y = ((y << distance) | (y >>> (32 - distance))) ^ x;
    }
    x = (x + (keys[(group + 1) % 3] ?? 0)) | 0;
    y = (y + (keys[(group + 2) % 3] ?? 0) + group + 1) | 0;
  }
  words[0] = x;
  words[1] = y;
}

/** The upper 32 bits of the product of two unsigned words. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65536);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor((aLow * bHigh + (middle % 65536)) / 65536)) >>> 0;
}

/** Encrypts four counter words in place. */
export function philox4x32(words: Uint32Array, key0: number, key1: number): void {
  let [x0 = 0, x1 = 0, x2 = 0, x3 = 0] = words;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = [multiplyHigh(x0, 0xd2511f53), Math.imul(x0, 0xd2511f53) >>> 0];
    const [high1, low1] = [multiplyHigh(x2, 0xcd9e8d57), Math.imul(x2, 0xcd9e8d57) >>> 0];
    [x0, x1, x2, x3] = [(high1 ^ x1 ^ key0) >>> 0, low1, (high0 ^ x3 ^ key1) >>> 0, low0];
    key0 = (key0 + 0x9e3779b9) >>> 0;
    key1 = (key1 + 0xbb67ae85) >>> 0;
  }
  words.set([x0, x1, x2, x3]);
}
