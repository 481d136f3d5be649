import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { type ElidedText, HexElider } from '../../../ir/text/hex-elision.ts';
import { parseModule } from '../../../ir/text/parser.ts';
import { printModule } from '../../../ir/text/printer.ts';

const long = 1 << 16;

function elide(text: string, partBytes: number): ElidedText {
  const bytes = new TextEncoder().encode(text);
  const elider = new HexElider(bytes.length);
  for (let at = 0; at < bytes.length; at += partBytes) elider.push(bytes.subarray(at, at + partBytes));
  return elider.finish();
}

function textOf({ bytes }: ElidedText): string {
  return new TextDecoder().decode(bytes);
}

/** Digits that count up, so that a part in the wrong place shows. */
function digits(count: number): string {
  return Array.from({ length: count }, (_, at) => ((at * 7 + (at >> 4)) % 16).toString(16)).join('');
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function sourceOf({ bytes, outOfLine }: ElidedText): SourceFile {
  return new SourceFile('weights.mlir', bytes, 0, Infinity, outOfLine);
}

describe('long hexadecimal strings', () => {
  const hex = digits(long + 38);
  const text = `a "0x12" b "0x" c dense<"0x${hex}"> : d\n"e"`;

  it.each([1 << 30, 65_536, 1000, 7, 1])('are taken out of a text read in parts of %i bytes', (partBytes) => {
    const elided = elide(text, partBytes);
    expect(textOf(elided)).toBe('a "0x12" b "0x" c dense<"0x"> : d\n"e"');
    expect([...elided.outOfLine.keys()]).toEqual([24]);
    expect(elided.outOfLine.get(24)).toEqual(bytesOf(hex));
  });

  it('stay where they are when they are short', () => {
    const short = `dense<"0x${digits(long - 1)}">`;
    expect(textOf(elide(short, 1000))).toBe(short);
  });

  it('lie aligned: elements, and those behind the first word of a resource', () => {
    const { outOfLine } = elide(`dense<"0x${hex}"> {key: "0x${hex}"} dense<"0x${hex}">`, 5000);
    const offsets = [...outOfLine.values()].map(({ byteOffset }) => byteOffset % 64);
    expect(offsets).toEqual([0, 60, 0]);
    for (const blob of outOfLine.values()) expect(blob).toEqual(bytesOf(hex));
  });

  it('leave what is not a digit to the reader', () => {
    for (const partBytes of [1 << 30, 1001, 3]) {
      expect(textOf(elide(`"0x${digits(long + 1)}"`, partBytes))).toMatch(/^"0x[0-9a-f]"$/);
      expect(textOf(elide(`"0x${digits(long)}zz12"`, partBytes))).toBe('"0xzz12"');
      expect(textOf(elide(`"0x${digits(long + 4)}`, partBytes))).toBe('"0x');
    }
  });
});

describe('a text without its long strings', () => {
  const elements = long / 4;
  const module = (hex: string): string => `module {
  %0 = stablehlo.constant dense<"0x${hex}"> : tensor<${elements}xi16>
  %1 = stablehlo.constant dense_resource<w> : tensor<${elements}xi16>
}
{-#
  dialect_resources: {builtin: {w: "0x04000000${hex}"}}
#-}`;

  it('is the same module', () => {
    const text = module(digits(long));
    const read = (source: SourceFile): string => {
      const sink = new DiagnosticSink();
      const parsed = parseModule(source, sink);
      expect(sink.all).toEqual([]);
      return parsed === undefined ? '' : printModule(parsed.root);
    };
    expect(read(sourceOf(elide(text, 4096)))).toBe(read(new SourceFile('weights.mlir', text)));
  });

  it.each([
    ['digits that are odd in number', digits(long + 1), 'E1606'],
    ['something that is no digit', `${digits(long)}0g`, 'E1606'],
    ['too many bytes', digits(long + 4), 'E1607'],
  ])('says where there are %s', (_, hex, code) => {
    const sink = new DiagnosticSink();
    parseModule(sourceOf(elide(module(hex), 4096)), sink);
    expect(sink.all[0]).toMatchObject({ code, severity: 'error' });
    const { span } = sink.all[0] ?? {};
    expect(span?.source.lineColumn(span.start).line).toBe(2);
  });
});
