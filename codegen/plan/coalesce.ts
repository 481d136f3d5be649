/**
 * Gives pieces that may share a place one: classes grow by affinities, those that save the most copying first, as long as nothing in a
 * class is live while another piece needs the same bytes for something else.
 */
import type { Affinity, MemoryGraph, Piece } from './memory-graph.ts';
import { liveSegments } from './liveness.ts';
import type { Segment, Timeline } from './timeline.ts';

/** One part of a piece's life, in bytes of its class. */
interface Entry extends Segment {
  readonly piece: Piece;
  readonly low: number;
  readonly high: number;
}

/** Pieces in one place. Offsets are relative to the class and may be negative. */
export class PieceClass {
  /** By first position. */
  entries: Entry[];
  /** Bytes that belong to the caller. */
  pin: { readonly piece: Piece; readonly low: number } | undefined;
  low: number;
  high: number;
  readonly pieces = new Map<Piece, number>();
  /** The longest entry: how far before a position one may begin that is still live there. */
  #span: number;

  constructor(piece: Piece, segments: readonly Segment[]) {
    this.entries = segments.map(({ first, last }) => ({ first, last, piece, low: 0, high: piece.maxBytes }));
    this.pin = piece.kind === 'output' || piece.kind === 'argument' ? { piece, low: 0 } : undefined;
    this.low = 0;
    this.high = piece.maxBytes;
    this.pieces.set(piece, 0);
    this.#span = Math.max(0, ...segments.map(({ first, last }) => last - first));
  }

  /** The entries live somewhere between two positions. */
  *between({ first, last }: Segment): Generator<Entry> {
    for (let index = this.#indexOf(first - this.#span); index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry === undefined || entry.first > last) return;
      if (entry.last >= first) yield entry;
    }
  }

  /** Takes in another class, `shift` bytes further on. */
  take(other: PieceClass, shift: number): void {
    for (const entry of other.entries) {
      const moved = { ...entry, low: entry.low + shift, high: entry.high + shift };
      this.entries.splice(this.#indexOf(entry.first + 1), 0, moved);
    }
    for (const [piece, offset] of other.pieces) this.pieces.set(piece, offset + shift);
    if (other.pin !== undefined) this.pin = { piece: other.pin.piece, low: other.pin.low + shift };
    this.low = Math.min(this.low, other.low + shift);
    this.high = Math.max(this.high, other.high + shift);
    this.#span = Math.max(this.#span, other.#span);
  }

  /** The first entry that begins at the position or later. */
  #indexOf(position: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle]?.first ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function coalesce(graph: MemoryGraph, timeline: Timeline): ReadonlyMap<Piece, PieceClass> {
  const classes = new Map<Piece, PieceClass>();
  for (const piece of graph.pieces) classes.set(piece, new PieceClass(piece, liveSegments(piece, graph, timeline)));
  const meetings = new Meetings(graph.affinities, timeline);
  for (const affinity of graph.affinities.toSorted(byWorth)) join(affinity, classes, meetings);
  return classes;
}

/** Copies in inner loops first, then large ones; what only saves memory last. */
function byWorth(a: Affinity, b: Affinity): number {
  const savesCopy = ({ kind }: Affinity): number => (kind === 'share' ? 0 : 1);
  return savesCopy(b) - savesCopy(a) || b.depth - a.depth || b.from.maxBytes - a.from.maxBytes;
}

function join(affinity: Affinity, classes: Map<Piece, PieceClass>, meetings: Meetings): void {
  const from = classes.get(affinity.from);
  const to = classes.get(affinity.to);
  if (from === undefined || to === undefined || from === to) return;
  const shift = (to.pieces.get(affinity.to) ?? 0) + affinity.byteOffset - (from.pieces.get(affinity.from) ?? 0);
  const [large, small, moved] = from.entries.length > to.entries.length ? [from, to, -shift] : [to, from, shift];
  if (!staysInPin(large, small, moved)) return;
  for (const entry of small.entries)
    for (const other of large.between(entry)) if (meetings.isConflict(entry, moved, other)) return;
  large.take(small, moved);
  for (const piece of small.pieces.keys()) classes.set(piece, large);
}

/** What belongs to the caller has an end. */
function staysInPin(large: PieceClass, small: PieceClass, shift: number): boolean {
  if (large.pin !== undefined && small.pin !== undefined) return false;
  const smallPin = small.pin && { piece: small.pin.piece, low: small.pin.low + shift };
  const pin = large.pin ?? smallPin;
  if (pin === undefined) return true;
  const low = Math.min(large.low, small.low + shift);
  const high = Math.max(large.high, small.high + shift);
  return low >= pin.low && high <= pin.low + pin.piece.maxBytes;
}

/** Where pieces may follow each other in one place, or hold the same. */
class Meetings {
  readonly #handed = new Set<string>();
  readonly #same = new Map<string, number>();

  constructor(affinities: readonly Affinity[], timeline: Timeline) {
    for (const { from, to, at, kind, byteOffset } of affinities) {
      if (kind === 'concatenate') this.#same.set(`${from.id} ${to.id}`, byteOffset);
      else this.#handed.add(`${from.id} ${to.id} ${timeline.startOf(at)}`);
    }
  }

  isConflict(entry: Entry, shift: number, other: Entry): boolean {
    const [low, high] = [entry.low + shift, entry.high + shift];
    if (low >= other.high || other.low >= high) return false;
    if (this.#holdsSame(entry.piece, low, other.piece, other.low)) return false;
    if (low !== other.low) return true;
    return !this.#isHanded(entry, other) && !this.#isHanded(other, entry);
  }

  #holdsSame(a: Piece, lowOfA: number, b: Piece, lowOfB: number): boolean {
    return (
      this.#same.get(`${a.id} ${b.id}`) === lowOfA - lowOfB || this.#same.get(`${b.id} ${a.id}`) === lowOfB - lowOfA
    );
  }

  #isHanded(before: Entry, after: Entry): boolean {
    return before.last === after.first && this.#handed.has(`${before.piece.id} ${after.piece.id} ${after.first}`);
  }
}
