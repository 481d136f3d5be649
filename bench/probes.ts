/** What the machine can do: multiply-adds in registers, and copying memory. Both in WebAssembly, as the contestants are. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface Probes {
  readonly multiplyAdd: () => void;
  /** Floating-point operations of one call. */
  readonly flops: number;
  /** `memory.copy`, which may write past the caches. */
  readonly copy: () => void;
  /** A loop over vectors, which cannot: what reads and writes memory in WebAssembly. */
  readonly copyLoop: () => void;
  /** Bytes read and written by a call of either. */
  readonly copiedBytes: number;
}

const accumulators = 12;
const iterations = 400_000;
const copyBytes = 64 << 20;

interface BinaryenModule {
  setFeatures(features: number): void;
  emitBinary(): Uint8Array;
  dispose(): void;
}

interface Binaryen {
  parseText(text: string): BinaryenModule;
  readonly Features: { readonly All: number };
}

const require = createRequire(new URL('../package.json', import.meta.url));
const { default: binaryen } = (await import(pathToFileURL(require.resolve('binaryen')).href)) as { default: Binaryen };

/** Whether this engine has relaxed SIMD. */
export const hasRelaxedSimd = WebAssembly.validate(probeBytes(true));

/** Without relaxed SIMD the peak is that of a multiplication and an addition. */
export function makeProbes(relaxed: boolean): Probes {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(probeBytes(relaxed)));
  const peak = exports['peak'] as (count: number, seed: number) => number;
  const copy = exports['copy'] as () => void;
  const copyLoop = exports['copyLoop'] as () => void;
  return {
    multiplyAdd: () => void peak(iterations, 0.5),
    flops: 2 * 4 * accumulators * iterations,
    copy,
    copyLoop,
    copiedBytes: 2 * copyBytes,
  };
}

function probeBytes(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(probeText(relaxed));
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary().slice();
  module.dispose();
  return bytes;
}

/** Independent accumulators hide the latency of a multiply-add; its operands vary, or the engine would hoist the product. */
function probeText(relaxed: boolean): string {
  const madd = (index: number): string =>
    relaxed
      ? `(f32x4.relaxed_madd (local.get $a${index}) (local.get $x) (local.get $y))`
      : `(f32x4.add (f32x4.mul (local.get $a${index}) (local.get $x)) (local.get $y))`;
  const each = (make: (index: number) => string): string =>
    Array.from({ length: accumulators }, (_, index) => make(index)).join('\n');
  const sum = Array.from({ length: accumulators - 1 }, (_, index) => index + 1).reduce(
    (text, index) => `(f32x4.add ${text} (local.get $a${index}))`,
    '(local.get $a0)',
  );
  return `(module
    (memory ${(2 * copyBytes) >> 16})
    (func (export "copy") (memory.copy (i32.const ${copyBytes}) (i32.const 0) (i32.const ${copyBytes})))
    (func (export "copyLoop") (local $i i32)
      (loop $l
        ${[0, 16, 32, 48].map((at) => `(v128.store offset=${copyBytes + at} (local.get $i) (v128.load offset=${at} (local.get $i)))`).join('\n')}
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 64))) (i32.const ${copyBytes})))))
    (func (export "peak") (param $n i32) (param $s f32) (result f32)
      ${each((index) => `(local $a${index} v128)`)} (local $x v128) (local $y v128)
      (local.set $x (f32x4.splat (local.get $s)))
      (local.set $y (f32x4.splat (f32.sub (local.get $s) (f32.const 0.25))))
      ${each((index) => `(local.set $a${index} (f32x4.splat (f32.const 0.${index + 1})))`)}
      (loop $l
        ${each((index) => `(local.set $a${index} ${madd(index)})`)}
        (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (f32x4.extract_lane 0 ${sum})))`;
}
