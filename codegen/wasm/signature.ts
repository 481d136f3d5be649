/** What a module says of itself in its custom section `tessera`, as JSON, and what its loader believes. */
import type { DType } from '../../ir/dtype.ts';
import { type Size, symbolsOfSize } from '../kernel/size.ts';
import type { Plan, PlanValue } from '../plan/plan.ts';
import type { MemoryMap } from './memory-map.ts';

/** Counted up with every change that makes an old loader and a new module misunderstand each other. */
export const abiVersion = 1;

export const sectionName = 'tessera';

/** A size: a number, the name of a symbol, or an operation on two sizes. */
export type SignatureSize = number | string | readonly [op: string, lhs: SignatureSize, rhs: SignatureSize];

export interface SignatureValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly SignatureSize[];
  /** Where it is in memory while a call runs. */
  readonly address: number;
}

export interface Signature {
  readonly abi: number;
  /** Of the bytes of the module; 16 hexadecimal digits. */
  readonly hash: string;
  readonly name: string;
  readonly relaxed: boolean;
  readonly symbols: readonly { readonly name: string; readonly max: number }[];
  readonly inputs: readonly SignatureValue[];
  readonly outputs: readonly SignatureValue[];
}

export function signatureOf(plan: Plan, map: MemoryMap, { relaxed }: { readonly relaxed: boolean }): Signature {
  const values = (list: readonly PlanValue[], addresses: readonly number[]): readonly SignatureValue[] =>
    list.map(({ name, dtype, shape }, index) => ({
      name,
      dtype,
      shape: shape.map(signatureSize),
      address: addresses[index] ?? 0,
    }));
  return {
    abi: abiVersion,
    hash: '0'.repeat(16),
    name: plan.name,
    relaxed,
    symbols: plan.symbols.map((name) => ({ name, max: maxOf(plan, name) })),
    inputs: values(plan.inputs, map.inputs),
    outputs: values(plan.outputs, map.outputs),
  };
}

function signatureSize(size: Size): SignatureSize {
  if (typeof size === 'number') return size;
  if (size.kind === 'symbol') return size.symbol.name;
  return [size.kind, signatureSize(size.lhs), signatureSize(size.rhs)];
}

function maxOf(plan: Plan, name: string): number {
  const sizes = [...plan.inputs, ...plan.outputs].flatMap(({ shape }) => shape);
  return sizes.flatMap(symbolsOfSize).find((symbol) => symbol.name === name)?.max ?? 0;
}

/** 64 bits of the bytes: murmur3's mixing over 32-bit words, twice. Not against malice: it tells one build from another. */
export function contentHash(bytes: Uint8Array): string {
  let [low, high] = [0x9747b28c, 0x3c6ef372];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) {
    const word = Math.imul(view.getUint32(at, true), 0xcc9e2d51);
    low = Math.imul(((low ^ word) << 13) | ((low ^ word) >>> 19), 5) + 0xe6546b64;
    high = Math.imul(high ^ word, 0x1b873593) + low;
    high = (high << 15) | (high >>> 17);
  }
  for (let at = whole; at < bytes.length; at++) low = Math.imul(low ^ (bytes[at] ?? 0), 0x85ebca6b);
  return [low ^ bytes.length, high].map((word) => (finish(word) >>> 0).toString(16).padStart(8, '0')).join('');
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
