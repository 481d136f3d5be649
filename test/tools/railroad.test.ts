import { describe, expect, it } from 'vitest';
import { grammarDiagrams } from '../../tools/grammar-diagrams.ts';
import { railroadSvg } from '../../tools/railroad.ts';

const box = { kind: 'box', text: 'a < b', isTerminal: true } as const;

describe('railroad diagrams', () => {
  it('escape what XML would misread', () => {
    expect(railroadSvg(box)).toContain('>a &lt; b</text>');
  });

  it('grow with their parts', () => {
    const width = (svg: string): number => Number(/width="(\d+)"/.exec(svg)?.[1]);
    const one = railroadSvg(box);
    const two = railroadSvg({ kind: 'sequence', parts: [box, box] });
    expect(width(two)).toBeGreaterThan(width(one));
    expect(width(railroadSvg({ kind: 'optional', part: box }))).toBeGreaterThan(width(one));
  });

  it('of the grammar name each rule that they use', () => {
    const diagrams = grammarDiagrams();
    const used = [...diagrams.values()].flatMap((svg) =>
      [...svg.matchAll(/rx="0"\/>\n<text [^>]*>([^<]*)</g)].map((found) => found[1]),
    );
    expect(used.length).toBeGreaterThan(50);
    for (const name of used) expect(diagrams.has(`${name?.replaceAll(' ', '-')}.svg`), name).toBe(true);
  });
});
