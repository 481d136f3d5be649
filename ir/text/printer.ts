/**
 * The IR as text: the pretty form as MLIR prints it, so that dumps compare with other tools' dumps and read back to the same module.
 * An op without a pretty form, or whose contents it cannot say, prints in the generic form:
 *
 *     %0 = "stablehlo.if"(%arg0) <{inherent}> ({
 *       ...
 *     }) {discardable} : (tensor<i1>) -> tensor<f32>
 */
import type { Attribute } from '../attributes.ts';
import type { Operation } from '../operation.ts';
import { writeAttribute } from './attribute-text.ts';
import { ModulePrinter } from './module-printer.ts';
import type { PrintOptions } from './print-options.ts';
import { writeResources } from './resource-text.ts';
import { TextSink, textOf } from './text-sink.ts';

export type { PrintOptions };

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

/** One attribute as text: `dense<1> : tensor<2xi32>`. */
export function printAttribute(attribute: Attribute): string {
  return textOf((sink) => {
    writeAttribute(sink, attribute);
  });
}

function print(sink: TextSink, op: Operation, options: PrintOptions): void {
  new ModulePrinter(sink, op, options).print();
  writeResources(sink);
}
