/**
 * The plan around the kernels: what a compiled function does when it is called. Native code and WebAssembly turn it into code,
 * WebGPU into recorded dispatches; the interpreter runs it as the target `kernel`.
 *
 * All temporary memory is one arena with static offsets, planned with every symbol at its maximum. Constants are one block (the
 * weights), in the order of `constants`, each at its offset.
 */
import type { DenseElementsAttr, DenseResourceAttr } from '../../ir/attributes.ts';
import type { DType } from '../../ir/dtype.ts';
import type { Location } from '../../ir/location.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import type { PhysicalLayout } from '../kernel/physical-layout.ts';
import type { Size } from '../kernel/size.ts';
import type { KernelTraffic } from '../kernelize/traffic.ts';

/**
 * A place in memory. Offsets are bytes; arena and constant offsets are multiples of 64. A donated input and its output are one place,
 * named `input`; all other inputs are only read.
 */
export type PlanPlace =
  | { readonly kind: 'arena'; readonly offset: number }
  | { readonly kind: 'constant'; readonly offset: number }
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'output'; readonly index: number };

export interface PlanBuffer {
  readonly place: PlanPlace;
  /** Bytes added to the place's own: a view into it. A size where the view moves with a symbol. */
  readonly byteOffset: Size;
  readonly dtype: DType;
  /** Elements. */
  readonly size: Size;
}

export interface PlanValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Size[];
}

/** An input that shares memory with an output: a donated argument, updated in place. */
export interface Donation {
  readonly input: number;
  readonly output: number;
}

export interface PlanConstant {
  readonly attribute: DenseElementsAttr | DenseResourceAttr;
  /** How a kernel wants it; row-major unless packed. */
  readonly layout: PhysicalLayout | undefined;
  readonly offset: number;
  readonly bytes: number;
}

export type PlanStep =
  | {
      readonly kind: 'call';
      readonly kernel: LoopKernel;
      /** One a buffer parameter of the kernel. */ readonly buffers: readonly PlanBuffer[];
      readonly traffic: KernelTraffic | undefined;
      readonly location: Location;
    }
  | { readonly kind: 'copy'; readonly from: PlanBuffer; readonly to: PlanBuffer; readonly location: Location }
  /** Reads an i1 scalar after `before`; runs `body` while it is true. */
  | {
      readonly kind: 'while';
      readonly before: readonly PlanStep[];
      readonly condition: PlanBuffer;
      readonly body: readonly PlanStep[];
      /** Times that the body runs, where it is known. */
      readonly turns: number | undefined;
      readonly location: Location;
    }
  /** An integer scalar chooses the branch; out of range, the last. */
  | {
      readonly kind: 'case';
      readonly index: PlanBuffer;
      readonly branches: readonly (readonly PlanStep[])[];
      /** Of all times, how often each branch is taken, where it is known. */
      readonly shares: readonly number[] | undefined;
      readonly location: Location;
    };

export interface Plan {
  readonly name: string;
  readonly inputs: readonly PlanValue[];
  readonly outputs: readonly PlanValue[];
  readonly donations: readonly Donation[];
  readonly constants: readonly PlanConstant[];
  readonly constantBytes: number;
  /** With 64 bytes of readable slack at its end. */
  readonly arenaBytes: number;
  /** What is in use of the arena; the largest live set, which no plan of the same order can beat; and the peak of program order. */
  readonly peakBytes: number;
  readonly lowerBoundBytes: number;
  readonly programOrderBytes: number;
  readonly symbols: readonly string[];
  readonly steps: readonly PlanStep[];
}

export type LeafStep = Extract<PlanStep, { readonly kind: 'call' | 'copy' }>;
export type PlanCall = Extract<PlanStep, { readonly kind: 'call' }>;

/** Calls and copies, wherever they stand, in the order of the text. */
export function leafSteps(steps: readonly PlanStep[]): readonly LeafStep[] {
  const leaves: LeafStep[] = [];
  const visit = (inner: readonly PlanStep[]): void => {
    for (const step of inner) {
      if (step.kind === 'while') [step.before, step.body].forEach(visit);
      else if (step.kind === 'case') step.branches.forEach(visit);
      else leaves.push(step);
    }
  };
  visit(steps);
  return leaves;
}

/** Each distinct kernel once, in order of first use. */
export function planKernels(plan: Plan): readonly LoopKernel[] {
  return [...new Set(leafSteps(plan.steps).flatMap((step) => (step.kind === 'call' ? [step.kernel] : [])))];
}
