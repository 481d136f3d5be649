/**
 * Limits of the printer alone, in time of the processor, so that neighbours on the machine do not count. On one core of a Cascade Lake
 * server the built printer takes 0.15 s for the 50,000 ops.
 */
import { describe, expect, it } from 'vitest';
import { denseAttr } from '../../../ir/attributes.ts';
import { printAttribute, printModuleTo } from '../../../ir/text/printer.ts';
import { TextSink } from '../../../ir/text/text-sink.ts';
import { writeAttribute } from '../../../ir/text/attribute-text.ts';
import { tensorType } from '../../../ir/types.ts';
import { readModule } from './read.ts';

function milliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Constants, whose names must be kept apart, and ops of several forms. */
function manyOps(count: number): string {
  const type = 'tensor<8x16xf32>';
  const lines = Array.from({ length: count / 4 }, (_, index) => {
    const last = index === 0 ? '%x' : `%d${index - 1}`;
    return [
      `%a${index} = stablehlo.constant dense<${index}.5> : tensor<f32>`,
      `%b${index} = stablehlo.broadcast_in_dim %a${index}, dims = [] : (tensor<f32>) -> ${type}`,
      `%c${index} = stablehlo.add ${last}, %b${index} {mhlo.note = "x"} : ${type}`,
      `%d${index} = "stablehlo.tanh"(%c${index}) : (${type}) -> ${type}`,
    ].join('\n');
  });
  return `func.func @main(%x: ${type}) {\n${lines.join('\n')}\nreturn\n}`;
}

describe('the printer', () => {
  it('prints 50,000 ops in 0.9 s', () => {
    const module = readModule(manyOps(50_000));
    let characters = 0;
    const print = (): void => {
      printModuleTo(module, (chunk) => {
        characters += chunk.length;
      });
    };
    const runs = Array.from({ length: 5 }, () => milliseconds(print));
    expect(characters).toBeGreaterThan(5 * 3_000_000);
    expect(Math.min(...runs)).toBeLessThan(900);
  });

  it('prints a constant of 25 MB in pieces, within 1 s', () => {
    const values = new Float32Array(25_000_000 / 4).fill(1.5);
    const attribute = denseAttr(tensorType([values.length], 'f32'), { splat: false, values });
    let longest = 0;
    const time = milliseconds(() => {
      const sink = new TextSink((chunk) => {
        longest = Math.max(longest, chunk.length);
      });
      writeAttribute(sink, attribute);
      sink.flush();
    });
    expect(longest).toBeLessThan(200_000);
    expect(time).toBeLessThan(1000);
    expect(printAttribute(denseAttr(attribute.type, { splat: true, values: values.slice(0, 1) }))).toBe(
      'dense<1.500000e+00> : tensor<6250000xf32>',
    );
  });
});
