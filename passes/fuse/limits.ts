/** The numbers fusion decides by. */

/** Ops of one fusion, views apart. */
export const maxOps = 150;
/** Operands and results of one fusion: each is a parameter of the kernel. */
export const maxValues = 48;
/** Operations an element may cost, recomputed producers included. */
export const maxCost = 600;
/** What a contraction may compute of an operand each time it reads one: a bias, a relu. Windows read each element many times. */
export const maxPrologueCost = 2;
export const maxWindowPrologueCost = 0.5;
/** Bytes of a row that is read by several stages: it should be in a cache still when the next stage reads it. */
export const maxRowBytes = 1 << 20;
/** A tensor this small is fused with whatever uses it: starting a kernel costs more than reading it again. */
export const smallBytes = 4096;
/** A reduction of the rows that a row kernel gives is part of that kernel when it reads this many times less than the kernel. */
export const smallRatio = 8;
/** What starting one more kernel costs, in bytes that could have been moved meanwhile. */
export const kernelBytes = 2048;
/** Operations computed in the time that one byte is moved. */
export const operationsPerByte = 2;
/** What small work may cost an element, for each of several kernels to do it for itself. */
export const maxDissolvedCost = 16;
