/** `loc(...)`, without aliases. */
import type { Attribute } from '../attributes.ts';
import type { Location } from '../location.ts';
import { stringText } from './name-text.ts';
import type { TextSink } from './text-sink.ts';

/** Writes the metadata of a fused location; attributes import this file, not the other way round. */
export type AttributeWriter = (sink: TextSink, attribute: Attribute) => void;

/** What stands between the parentheses of `loc(...)`. */
function writeLocationBody(sink: TextSink, location: Location, writeAttribute: AttributeWriter): void {
  switch (location.kind) {
    case 'unknown':
      sink.write('unknown');
      return;
    case 'file':
      sink.write(`${stringText(location.file)}:${location.line}:${location.column}`);
      return;
    case 'file-range':
      sink.write(fileRangeText(location));
      return;
    case 'name':
      sink.write(stringText(location.name));
      if (location.child.kind === 'unknown') return;
      sink.write('(');
      writeLocationBody(sink, location.child, writeAttribute);
      sink.write(')');
      return;
    case 'call-site':
      sink.write('callsite(');
      writeLocationBody(sink, location.callee, writeAttribute);
      sink.write(' at ');
      writeLocationBody(sink, location.caller, writeAttribute);
      sink.write(')');
      return;
    case 'fused':
      writeFused(sink, location, writeAttribute);
      return;
    default:
      location satisfies never;
  }
}

export function writeLocation(sink: TextSink, location: Location, writeAttribute: AttributeWriter): void {
  sink.write('loc(');
  writeLocationBody(sink, location, writeAttribute);
  sink.write(')');
}

/** `"f":1:2 to 3:4`, or `to :4` within one line. */
function fileRangeText(range: Location & { readonly kind: 'file-range' }): string {
  const start = `${stringText(range.file)}:${range.line}:${range.column}`;
  const endLine = range.endLine === range.line ? '' : String(range.endLine);
  return `${start} to ${endLine}:${range.endColumn}`;
}

function writeFused(
  sink: TextSink,
  { locations, metadata }: Location & { readonly kind: 'fused' },
  writeAttribute: AttributeWriter,
): void {
  sink.write('fused');
  if (metadata !== undefined) {
    sink.write('<');
    writeAttribute(sink, metadata);
    sink.write('>');
  }
  sink.write('[');
  for (const [index, location] of locations.entries()) {
    if (index > 0) sink.write(', ');
    writeLocationBody(sink, location, writeAttribute);
  }
  sink.write(']');
}
