/**
 * Addresses of elements: base + index * size, in parts. Each part is computed in the outermost scope where it is known, and once; what
 * counts with a loop becomes a pointer that the loop advances; a constant part goes into the instruction.
 */
import type { Expr, FlatBuffer } from '../kernel/loop-ir.ts';
import { elementBytes } from '../kernel/value-type.ts';
import type { Local, Place, WasmExpr } from './builder.ts';
import type { BufferBinding, KernelContext } from './kernel-context.ts';
import { type IndexTerm, type LinearIndex, linearIndex } from './linear-index.ts';

/**
 * An instruction adds its constant without wrapping around, so the rest must not be negative. So many bytes at the start of memory belong
 * to nobody: a constant up to that is safe in any case.
 */
export const reservedBytes = 1024;

type Memory = Extract<BufferBinding, { kind: 'memory' }>;

/** The place of the element at a scalar index. */
export function placeOf(context: KernelContext, buffer: FlatBuffer, memory: Memory, index: Expr): Place {
  return placeAt(context, buffer, memory, linearIndex(context, index));
}

function placeAt(context: KernelContext, buffer: FlatBuffer, memory: Memory, index: LinearIndex): Place {
  const bytes = elementBytes(buffer.dtype);
  const constant = index.constant * bytes + memory.offset;
  const isRestSafe = index.terms.every(({ factor, isNonNegative }) => factor > 0 && isNonNegative);
  const isFolded = constant >= 0 && constant < 2 ** 31 && (constant < reservedBytes || isRestSafe);
  let sum: Partial = { local: memory.pointer, key: `${memory.pointer.index}` };
  // Neighbours share what does not fit: places of a window before its first are read by few pointers, not by one each.
  const offset = isFolded ? constant : constant - Math.floor(constant / reservedBytes) * reservedBytes;
  if (offset !== constant) sum = addConstant(context, sum, constant - offset);
  const terms = index.terms.map((term) => ({ ...term, factor: term.factor * bytes }));
  const deepest = Math.max(0, ...terms.map(({ depth }) => depth));
  for (let depth = 0; depth <= deepest; depth++) {
    const here = terms.filter((term) => term.depth === depth);
    const counters = here.filter(({ counter }) => counter !== undefined);
    const others = here.filter(({ counter }) => counter === undefined);
    for (const term of counters) sum = addCounter(context, sum, term, depth);
    if (others.length > 0) sum = addTerms(context, sum, others, depth);
  }
  const address = sum.local === undefined ? sum.value() : context.f.get(sum.local);
  return { address, offset, align: bytes };
}

/** Part of an address: in a local, or, last and not worth one, to be computed. */
type Partial =
  | { readonly local: Local; readonly key: string }
  | { readonly local: undefined; readonly value: () => WasmExpr };

function get(context: KernelContext, sum: Partial): WasmExpr {
  return sum.local === undefined ? sum.value() : context.f.get(sum.local);
}

function addConstant(context: KernelContext, sum: Partial, constant: number): Partial {
  const key = sum.local === undefined ? undefined : `${sum.key}+${constant}`;
  return keep(context, 0, key, () => context.f.binary('AddInt32', get(context, sum), context.f.i32(constant)));
}

function addTerms(context: KernelContext, sum: Partial, terms: readonly IndexTerm[], depth: number): Partial {
  const keys = terms.map(({ key, factor }) => (key === undefined ? undefined : `${key}*${factor}`));
  const isReusable = sum.local !== undefined && !keys.includes(undefined);
  const key = isReusable ? `${sum.key}+${keys.join('+')}` : undefined;
  return keep(context, depth, key, () =>
    terms.reduce((total, term) => context.f.binary('AddInt32', total, scaled(context, term)), get(context, sum)),
  );
}

function scaled(context: KernelContext, { print, factor }: IndexTerm): WasmExpr {
  return factor === 1 ? print() : context.f.binary('MulInt32', print(), context.f.i32(factor));
}

function keep(context: KernelContext, depth: number, key: string | undefined, compute: () => WasmExpr): Partial {
  if (key === undefined) return { local: undefined, value: compute };
  const known = context.knownAddress(depth, key);
  if (known !== undefined) return { local: known, key };
  const local = context.f.local('i32');
  context.f.inScope(depth, () => context.f.set(local, compute()));
  context.keepAddress(depth, key, local);
  return { local, key };
}

/** A pointer that starts before the loop and moves with it. */
function addCounter(context: KernelContext, sum: Partial, term: IndexTerm, depth: number): Partial {
  const { f } = context;
  const { counter, factor } = term;
  if (counter === undefined || sum.local === undefined || term.key === undefined)
    return addTerms(context, sum, [term], depth);
  const key = `${sum.key}+${term.key}*${factor}`;
  const known = context.knownAddress(depth, key);
  if (known !== undefined) return { local: known, key };
  const pointer = f.local('i32');
  const start = (): WasmExpr =>
    f.binary('AddInt32', get(context, sum), scaled(context, { ...term, print: () => f.get(counter.local) }));
  f.inScope(depth - 1, () => f.set(pointer, start()));
  const advanced = f.binary('AddInt32', f.get(pointer), f.i32(factor * counter.step));
  f.scopeAt(depth).latch.push(f.assignment(pointer, advanced));
  context.keepAddress(depth, key, pointer);
  return { local: pointer, key };
}
