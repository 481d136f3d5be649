import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { parsePassList } from '../../passes/pass-list.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { load } from './pass-fixture.ts';

/** 50,000 ops that look like a model's: chains of arithmetic with repeats, copies, constants and dead ends. */
function largeProgram(ops: number): string {
  const lines: string[] = [];
  const type = 'tensor<8x16xf32>';
  const turned = 'tensor<16x8xf32>';
  let last = '%x';
  for (let index = 0; lines.length < ops; index++) {
    const v = (part: string): string => `%v${index}_${part}`;
    lines.push(
      `${v('c')} = stablehlo.constant dense<${(index % 7) + 0.5}> : ${type}`,
      `${v('a')} = stablehlo.multiply ${v('c')}, ${last} : ${type}`,
      `${v('b')} = stablehlo.multiply ${v('c')}, ${last} : ${type}`,
      `${v('t')} = stablehlo.transpose ${v('a')}, dims = [1, 0] : (${type}) -> ${turned}`,
      `${v('u')} = stablehlo.transpose ${v('t')}, dims = [1, 0] : (${turned}) -> ${type}`,
      `${v('r')} = stablehlo.reshape ${v('u')} : (${type}) -> tensor<128xf32>`,
      `${v('s')} = stablehlo.reshape ${v('r')} : (tensor<128xf32>) -> ${type}`,
      `${v('d')} = stablehlo.negate ${v('s')} : ${type}`,
      `${v('e')} = stablehlo.add ${v('s')}, ${v('b')} : ${type}`,
      `${v('f')} = stablehlo.tanh ${v('e')} : ${type}`,
    );
    last = v('f');
  }
  return `func.func @f(%x: ${type}) -> ${type} {\n${lines.join('\n')}\nreturn ${last} : ${type}\n}`;
}

/** One value that all ops use, and that each stops using when it is rewritten. */
function hubProgram(ops: number): string {
  const type = 'tensor<4xf32>';
  const lines = Array.from(
    { length: ops },
    (_, index) => `%v${index} = stablehlo.add ${index === 0 ? '%x' : `%v${index - 1}`}, %hub : ${type}`,
  );
  return `func.func @f(%x: ${type}) -> ${type} {
    %hub = stablehlo.negate %x : ${type}
    ${lines.join('\n')}
    return %v${ops - 1} : ${type}
  }`;
}

/** Milliseconds that a list of passes takes, without the verification after each; the best of three runs. */
function timePasses(text: string, passes: string): number {
  const parsed = parsePassList(passes);
  if (parsed.kind === 'error') throw new Error(parsed.message);
  const { invocations } = parsed;
  const times = [1, 2, 3].map(() => {
    const module = load(text);
    const start = performance.now();
    runPasses(module, invocations, new DiagnosticSink(), { verifyEach: false });
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('simplifying 50,000 ops', () => {
  const text = largeProgram(50_000);

  it('canonicalize, cse and dce take less than two seconds together', () => {
    expect(timePasses(text, 'canonicalize,cse,dce')).toBeLessThan(2000);
  });

  it('the other simplifying passes take less than two seconds together', () => {
    const passes =
      'constant-fold,algebraic-simplify,sink-transpose,sink-reshape,sink-broadcast,loop-invariant-code-motion';
    expect(timePasses(text, passes)).toBeLessThan(2000);
  });

  it('takes time in proportion to the ops also where one value is used by all', () => {
    expect(timePasses(hubProgram(50_000), 'canonicalize,algebraic-simplify,sink-broadcast')).toBeLessThan(2000);
  });
});
