/**
 * The IR as text: the pretty form as MLIR prints it, so that dumps compare with other tools' dumps and read back to the same module.
 * An op without a pretty form, or whose contents it cannot say, prints in the generic form:
 *
 *     %0 = "stablehlo.if"(%arg0) <{inherent}> ({
 *       ...
 *     }) {discardable} : (tensor<i1>) -> tensor<f32>
 */
import type { Operation } from '../operation.ts';
import { writeResources } from './resource-text.ts';
import { ModulePrinter } from './module-printer.ts';
import { TextSink, textOf } from './text-sink.ts';

export interface PrintOptions {
  /** Print `loc(...)` behind each op: as it is, or as `#loc1` with its definition at the end. Left out unless given. */
  readonly locations?: 'none' | 'inline' | 'aliases';
  /** Print all ops in the generic form. */
  readonly generic?: boolean;
}

/** Hands the text on in chunks, so that it may be longer than a string can be. */
export function printModuleTo(op: Operation, write: (chunk: string) => void, options: PrintOptions = {}): void {
  const sink = new TextSink(write);
  print(sink, op, options);
  sink.flush();
}

/** As one string; for what is known to be small. */
export function printModule(op: Operation, options: PrintOptions = {}): string {
  return textOf((sink) => {
    print(sink, op, options);
  });
}

function print(sink: TextSink, op: Operation, options: PrintOptions): void {
  new ModulePrinter(sink, op, options).print();
  writeResources(sink);
}
