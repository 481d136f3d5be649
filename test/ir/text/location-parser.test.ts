import { describe, expect, it } from 'vitest';
import type { Location } from '../../../ir/location.ts';
import { attributeErrors, readAttribute, readModule } from './read.ts';

function readLocation(text: string): Location {
  const attribute = readAttribute(`loc(${text})`);
  if (attribute.kind !== 'location') throw new Error('no location');
  return attribute.location;
}

const a = { kind: 'file', file: 'a.py', line: 1, column: 2 };

describe('locations', () => {
  it('are read in all forms', () => {
    expect(readLocation('"a.py":1:2')).toEqual(a);
    expect(readLocation('"a.py":1:2 to 3:4')).toEqual({ ...a, kind: 'file-range', endLine: 3, endColumn: 4 });
    expect(readLocation('"a.py":1:2 to :4')).toEqual({ ...a, kind: 'file-range', endLine: 1, endColumn: 4 });
    expect(readLocation('unknown')).toEqual({ kind: 'unknown' });
    expect(readLocation('"f"')).toEqual({ kind: 'name', name: 'f', child: { kind: 'unknown' } });
    expect(readLocation('"f"("a.py":1:2)')).toEqual({ kind: 'name', name: 'f', child: a });
    expect(readLocation('callsite("a.py":1:2 at unknown)')).toEqual({
      kind: 'call-site',
      callee: a,
      caller: { kind: 'unknown' },
    });
    expect(readLocation('fused<"m">["a.py":1:2, unknown]')).toEqual({
      kind: 'fused',
      locations: [a, { kind: 'unknown' }],
      metadata: { kind: 'string', value: 'm' },
    });
  });

  it('may stand for aliases that come later, which may use each other', () => {
    const module = readModule(`module {} loc(#loc2)
#loc1 = loc("a.py":1:2)
#loc2 = loc("f"(#loc1))`);
    expect(module.location).toEqual({ kind: 'name', name: 'f', child: a });
  });

  it('are the place in the text where none is written', () => {
    const [func] = readModule('\n  func.func private @f()').region().block.operations();
    expect(func?.location).toEqual({ kind: 'file', file: 'test.mlir', line: 2, column: 3 });
    expect(func?.span).toMatchObject({ start: 3, end: 12 });
  });

  it('are refused when nested too deeply', () => {
    expect(attributeErrors(`loc(${'fused['.repeat(10_000)}`)).toEqual([expect.stringContaining('E1005')]);
  });
});
