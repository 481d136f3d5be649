/** What the plan asks of the kernel compiler. */
import type { DenseElementsAttr, DenseResourceAttr } from '../../ir/attributes.ts';
import type { Operation } from '../../ir/operation.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import type { PhysicalLayout } from '../kernel/physical-layout.ts';
import type { KernelTraffic } from '../kernelize/traffic.ts';

/** Where a buffer parameter of a kernel comes from, in the kernel's order. */
export type KernelParameter =
  | {
      readonly kind: 'operand';
      readonly index: number;
      /** How the kernel wants a constant operand; row-major when undefined. */ readonly layout:
        | PhysicalLayout
        | undefined;
    }
  | { readonly kind: 'result'; readonly index: number }
  /** Holds operand `operand` before and result `result` after: only part of it is written. */
  | { readonly kind: 'update'; readonly operand: number; readonly result: number }
  | {
      readonly kind: 'constant';
      readonly attribute: DenseElementsAttr | DenseResourceAttr;
      readonly layout: PhysicalLayout | undefined;
    }
  | { readonly kind: 'scratch'; readonly maxBytes: number };

/** A kernel that is called. */
export interface CompiledCall {
  readonly kernel: LoopKernel;
  /** Its buffers in order: indices into the parameters of all calls. */
  readonly arguments: readonly number[];
  /** Not known of ops that write their loops themselves. */
  readonly traffic: KernelTraffic | undefined;
}

export interface CompiledKernel {
  /** One after the other; more than one where threads share a reduction. */
  readonly calls: readonly CompiledCall[];
  readonly parameters: readonly KernelParameter[];
  /** Pairs that may share memory: every element of the operand is read before, and only where, the result's is written. */
  readonly mayShare: readonly { readonly operand: number; readonly result: number }[];
}

/** Compiles a fusion, or an op outside of one. `constants` are the operands known at compile time. */
export type KernelSource = (op: Operation, constants: ReadonlySet<number>) => CompiledKernel;
