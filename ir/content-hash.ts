/** A hash for telling one thing from another. */

/**
 * 64 bits of the bytes: murmur3's mixing over 32-bit words, in four chains that do not wait for each other. Not against malice: it tells
 * one build from another. The mixing is written out in the loop, which for weights of some megabytes is over before an engine has compiled it.
 */
export function contentHash(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 16);
  const isAligned = bytes.byteOffset % 4 === 0;
  const words = isAligned
    ? new Int32Array(bytes.buffer, bytes.byteOffset, whole / 4)
    : new Int32Array(bytes.slice(0, whole).buffer);
  const state = Int32Array.of(0x9747b28c, 0x3c6ef372, 0x2545f491, 0x6a09e667);
  for (let chain = 0; chain < 4; chain++) {
    let mixed = state[chain] ?? 0;
    for (let at = chain; at < words.length; at += 4) {
      const scrambled = Math.imul(words[at] as number, 0xcc9e2d51);
      mixed ^= Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
      mixed = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
    }
    state[chain] = mixed;
  }
  const [first = 0, b = 0, c = 0, d = 0] = state;
  let a = first;
  for (let at = whole; at < bytes.length; at++) a = mix(a, bytes[at] ?? 0);
  const sums = [mix(mix(a, c), bytes.length), mix(mix(b, d), a)];
  return sums.map((sum) => (finish(sum) >>> 0).toString(16).padStart(8, '0')).join('');
}

function mix(state: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = state ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
