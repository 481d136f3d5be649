import { describe, expect, it } from 'vitest';
import { moduleErrors, operationsOf, readModule } from './read.ts';

describe('aliases', () => {
  it('stand for attributes and types', () => {
    const root = readModule(`!t = tensor<2xf32>
#width = 4 : i32
module attributes {w = #width} {
  func.func private @f(!t) -> !t
}`);
    expect(root.attribute('w')).toMatchObject({ value: 4n });
    expect(operationsOf(root)[0]?.attribute('function_type')).toMatchObject({
      type: { text: '(tensor<2xf32>) -> tensor<2xf32>' },
    });
  });

  it('may be defined after their use', () => {
    expect(readModule('module attributes {a = #x} {}\n#x = [#y]\n#y = "end"').attribute('a')).toEqual({
      kind: 'array',
      elements: [{ kind: 'string', value: 'end' }],
    });
  });

  it('may stand for the encoding of a tensor', () => {
    const [f] = operationsOf(readModule('#b = #stablehlo.bounds<8>\nfunc.func private @f(tensor<?xf32, #b>)'));
    expect(f?.attribute('function_type')).toMatchObject({
      type: { text: '(tensor<?xf32, #stablehlo.bounds<8>>) -> ()' },
    });
  });

  it('that use themselves are reported once', () => {
    expect(moduleErrors('module attributes {a = #x} {}\n#x = [#y]\n#y = [#x]')).toEqual([
      "3:7 E1703 the alias '#x' is defined in terms of itself",
    ]);
  });

  it('that use each other in a long chain are a diagnostic', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `#a${index} = [#a${index + 1}]`);
    expect(moduleErrors(`module attributes {a = #a0} {}\n${lines.join('\n')}`)).toContainEqual(
      expect.stringContaining('E1005'),
    );
  });
});
