// The grammar of .tess as railroad diagrams, from what chevrotain recorded of the parser's own rules: one SVG a rule.
import type { ISerializedGast } from 'chevrotain';
import { TessParser } from '../compiler/dsl/syntax/parser.ts';
import { railroadSvg, type Track } from './railroad.ts';

/** What the parser reads only to report it. */
const unspoken: ReadonlySet<string> = new Set(['Wrong']);

/** File name -> SVG. */
export function grammarDiagrams(): ReadonlyMap<string, string> {
  const rules = new TessParser().getSerializedGastProductions();
  return new Map(
    rules.flatMap((rule) => {
      if (!('name' in rule) || !('definition' in rule)) return [];
      return [[`${kebab(String(rule.name))}.svg`, railroadSvg(sequence(rule.definition))] as const];
    }),
  );
}

/** `callArguments` -> `call-arguments`. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function sequence(parts: readonly ISerializedGast[]): Track {
  const tracks = parts.map(trackOf).filter((track) => track !== undefined);
  const [only] = tracks;
  return tracks.length === 1 && only !== undefined ? only : { kind: 'sequence', parts: tracks };
}

/** A production; chevrotain's own names for their kinds. */
interface Production {
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly ISerializedGast[];
}

function trackOf(part: ISerializedGast): Track | undefined {
  const { type, name = '', label, definition = [] } = part as Production;
  switch (type) {
    case 'Terminal':
      return unspoken.has(name) ? undefined : { kind: 'box', text: label ?? name, isTerminal: true };
    case 'NonTerminal':
      return { kind: 'box', text: kebab(name).replaceAll('-', ' '), isTerminal: false };
    case 'Alternation': {
      const parts = definition.map(trackOf).filter((track) => track !== undefined);
      return { kind: 'choice', parts: parts.filter((track) => track.kind !== 'sequence' || track.parts.length > 0) };
    }
    case 'Option':
      return { kind: 'optional', part: sequence(definition) };
    case 'Repetition':
      return { kind: 'optional', part: { kind: 'loop', part: sequence(definition) } };
    case 'Alternative':
    case 'Flat':
      return sequence(definition);
    default:
      throw new Error(`a diagram for ${type} is missing`);
  }
}
