/** What a module says of itself in its custom section `tessera`, as JSON, and what its loader believes. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { DType } from '../../ir/dtype.ts';
import { type Size, symbolsOfSize } from '../kernel/size.ts';
import type { Plan, PlanValue } from '../plan/plan.ts';
import type { MemoryMap } from './memory-map.ts';

/** Counted up with every change that makes an old loader and a new module misunderstand each other. */
export const abiVersion = 2;

export const sectionName = 'tessera';

/** A size: a number, the name of a symbol, or an operation on two sizes. */
export type SignatureSize = number | string | readonly [op: string, lhs: SignatureSize, rhs: SignatureSize];

export interface SignatureValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly SignatureSize[];
  /** Where it is in memory while a call runs. */
  readonly address: number;
  /** Of a donated input: the output that it becomes, at the same address. */
  readonly donatedTo?: string;
}

/** One way to call a function: for sizes that are open up to a bound, or for these. */
export interface SignatureVariant {
  /** The name under which the module exports it. */
  readonly run: string;
  readonly symbols: readonly { readonly name: string; readonly max: number }[];
  readonly inputs: readonly SignatureValue[];
  readonly outputs: readonly SignatureValue[];
}

/** What a module that threads may share wants of its memory. */
export interface SignatureThreads {
  /** Pages of 64 KiB for one thread, and for each of the others. */
  readonly pages: number;
  readonly stackPages: number;
}

export interface Signature extends SignatureVariant {
  readonly abi: number;
  /** Of the bytes of the module; 16 hexadecimal digits. */
  readonly hash: string;
  readonly name: string;
  readonly relaxed: boolean;
  /** Of a module that imports its memory. */
  readonly threads?: SignatureThreads;
  /** All variants, where there are several: the first whose shapes are those of a call takes it. */
  readonly variants?: readonly SignatureVariant[];
}

export function runName(variant: number): string {
  return variant === 0 ? 'run' : `run${variant}`;
}

export function signatureOf(
  plans: readonly Plan[],
  maps: readonly MemoryMap[],
  { relaxed, threads }: { readonly relaxed: boolean; readonly threads: SignatureThreads | undefined },
): Signature {
  const variants = plans.flatMap((plan, index) => {
    const map = maps[index];
    return map === undefined ? [] : [variantOf(plan, map, runName(index))];
  });
  const [first] = variants;
  invariant(first !== undefined, 'a module of no plan');
  const name = plans[0]?.name ?? '';
  return {
    abi: abiVersion,
    hash: '0'.repeat(16),
    name,
    relaxed,
    ...(threads === undefined ? {} : { threads }),
    ...first,
    ...(variants.length > 1 ? { variants } : {}),
  };
}

function variantOf(plan: Plan, map: MemoryMap, run: string): SignatureVariant {
  const values = (list: readonly PlanValue[], addresses: readonly number[]): readonly SignatureValue[] =>
    list.map(({ name, dtype, shape }, index) => ({
      name,
      dtype,
      shape: shape.map(signatureSize),
      address: addresses[index] ?? 0,
    }));
  return {
    run,
    symbols: plan.symbols.map((name) => ({ name, max: maxOf(plan, name) })),
    inputs: values(plan.inputs, map.inputs).map((value, index) => ({ ...value, ...donation(plan, index) })),
    outputs: values(plan.outputs, map.outputs),
  };
}

function donation({ donations, outputs }: Plan, index: number): { readonly donatedTo?: string } {
  const output = donations.find(({ input }) => input === index)?.output;
  const name = output === undefined ? undefined : outputs[output]?.name;
  return name === undefined ? {} : { donatedTo: name };
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
