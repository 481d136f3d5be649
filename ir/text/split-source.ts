/** Files of several modules, divided by lines that start with `// -----`, as MLIR's tools do with `--split-input-file`. */

import { SourceFile } from '../source.ts';

const LINE_FEED = 0x0a;
const MARKER = '// -----';

/** The parts between the marker lines; positions stay those of the whole file, so that lines keep their numbers. */
export function splitSources({ name, bytes, outOfLine }: SourceFile): SourceFile[] {
  const parts: SourceFile[] = [];
  let start = 0;
  for (let line = 0; line < bytes.length;) {
    const lineEnd = bytes.indexOf(LINE_FEED, line);
    const next = lineEnd === -1 ? bytes.length : lineEnd + 1;
    if (isMarker(bytes, line)) {
      parts.push(new SourceFile(name, bytes, start, line, outOfLine));
      start = next;
    }
    line = next;
  }
  parts.push(new SourceFile(name, bytes, start, Infinity, outOfLine));
  return parts;
}

function isMarker(bytes: Uint8Array, line: number): boolean {
  for (let index = 0; index < MARKER.length; index++) {
    if (bytes[line + index] !== MARKER.charCodeAt(index)) return false;
  }
  return true;
}
