/** Files of several modules, divided by lines that start with `// -----`, as MLIR's tools do with `--split-input-file`. */

/** The bytes `[start, end)` of a source. */
export interface SourcePart {
  readonly start: number;
  readonly end: number;
}

const LINE_FEED = 0x0a;
const MARKER = '// -----';

/** The parts between the marker lines; offsets are those of the whole file, so that lines keep their numbers. */
export function splitSource(bytes: Uint8Array): SourcePart[] {
  const parts: SourcePart[] = [];
  let start = 0;
  for (let line = 0; line !== -1 && line < bytes.length;) {
    const lineEnd = bytes.indexOf(LINE_FEED, line);
    const next = lineEnd === -1 ? bytes.length : lineEnd + 1;
    if (isMarker(bytes, line)) {
      parts.push({ start, end: line });
      start = next;
    }
    line = next;
  }
  parts.push({ start, end: bytes.length });
  return parts;
}

function isMarker(bytes: Uint8Array, line: number): boolean {
  for (let index = 0; index < MARKER.length; index++) {
    if (bytes[line + index] !== MARKER.charCodeAt(index)) return false;
  }
  return true;
}
