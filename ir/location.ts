/**
 * Where an op came from. A location survives every pass, to the profile and the error message. The forms are those of
 * MLIR's builtin location attributes.
 */
import type { Attribute } from './attributes.ts';

export type Location =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | {
      readonly kind: 'file-range';
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly endLine: number;
      readonly endColumn: number;
    }
  | { readonly kind: 'name'; readonly name: string; readonly child: Location }
  | { readonly kind: 'call-site'; readonly callee: Location; readonly caller: Location }
  | { readonly kind: 'fused'; readonly locations: readonly Location[]; readonly metadata: Attribute | undefined };

export const unknownLocation: Location = Object.freeze({ kind: 'unknown' });

export function fileLocation(file: string, line: number, column: number): Location {
  return { kind: 'file', file, line, column };
}

/** An op that stands for more places than this names the first ones: a constant may be merged from thousands. */
const maxFusedLocations = 16;

/** Merges the locations of ops that a pass made into one: nested fusions without metadata are flattened, repeats and unknowns dropped. */
export function fuseLocations(locations: readonly Location[]): Location {
  const merged: Location[] = [];
  const add = (location: Location): void => {
    if (location.kind === 'unknown' || merged.length === maxFusedLocations) return;
    if (location.kind === 'fused' && location.metadata === undefined) location.locations.forEach(add);
    else if (!merged.some((seen) => equalLocations(seen, location))) merged.push(location);
  };
  locations.forEach(add);
  const [first, second] = merged;
  if (first === undefined) return unknownLocation;
  return second === undefined ? first : { kind: 'fused', locations: merged, metadata: undefined };
}

/** `equalMetadata` compares the metadata of fused locations; by identity unless given. */
export function equalLocations(
  a: Location,
  b: Location,
  equalMetadata: (a: Attribute, b: Attribute) => boolean = Object.is,
): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'unknown':
      return b.kind === 'unknown';
    case 'file':
      return b.kind === 'file' && a.file === b.file && a.line === b.line && a.column === b.column;
    case 'file-range':
      return (
        b.kind === 'file-range' &&
        a.file === b.file &&
        a.line === b.line &&
        a.column === b.column &&
        a.endLine === b.endLine &&
        a.endColumn === b.endColumn
      );
    case 'name':
      return b.kind === 'name' && a.name === b.name && equalLocations(a.child, b.child, equalMetadata);
    case 'call-site':
      return (
        b.kind === 'call-site' &&
        equalLocations(a.callee, b.callee, equalMetadata) &&
        equalLocations(a.caller, b.caller, equalMetadata)
      );
    case 'fused':
      return (
        b.kind === 'fused' &&
        equalOptional(a.metadata, b.metadata, equalMetadata) &&
        a.locations.length === b.locations.length &&
        a.locations.every((location, index) => {
          const other = b.locations[index];
          return other !== undefined && equalLocations(location, other, equalMetadata);
        })
      );
    default:
      return a satisfies never;
  }
}

function equalOptional(
  a: Attribute | undefined,
  b: Attribute | undefined,
  equal: (a: Attribute, b: Attribute) => boolean,
): boolean {
  return a === undefined || b === undefined ? a === b : equal(a, b);
}
