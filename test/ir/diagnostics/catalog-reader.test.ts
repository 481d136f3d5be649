import { describe, expect, it } from 'vitest';
import { readerCatalog, type ReaderCode } from '../../../ir/diagnostics/catalog-reader.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseModule } from '../../../ir/text/parser.ts';

/** Where each example is wrong: line, column, and the text under the caret. */
const places: Readonly<Record<ReaderCode, readonly [line: number, column: number, text: string]>> = {
  E1001: [2, 22, '~'],
  E1002: [1, 24, '"abc} {'],
  E1003: [1, 27, '\\q'],
  E1004: [2, 3, '%'],
  E1005: [1, 280, '['],
  E1006: [2, 25, '%a'],
  E1007: [3, 1, ''],
  E1008: [1, 41, '>'],
  E1009: [1, 59, '99999999999999999999'],
  E1101: [2, 8, 'stablehlo.subtrac'],
  E1102: [2, 8, 'add'],
  E1103: [2, 23, '(%a, %a)'],
  E1104: [2, 3, '%0'],
  E1105: [2, 20, '['],
  E1107: [2, 56, '{'],
  E1108: [2, 8, 'stablehlo.all_gather'],
  E1109: [2, 25, '@f(%a) : () -> ()'],
  E1201: [3, 10, '%sun'],
  E1202: [2, 22, '%0'],
  E1203: [2, 3, '%a'],
  E1204: [3, 10, '%0#1'],
  E1205: [2, 22, '%a'],
  E1206: [2, 6, '0'],
  E1301: [3, 3, '^bb1'],
  E1302: [2, 3, '^bb0'],
  E1303: [4, 1, '}'],
  E1902: [2, 58, ':'],
  E1903: [2, 35, 'tensor<2xf32>'],
  E1904: [2, 91, '[[1, 2, 3]]'],
  E1905: [2, 27, '1.0 : f32'],
  E1906: [2, 33, ': tensor<2xf32>, tensor<2xf32>'],
  E1907: [3, 46, 'stablehlo.abs'],
  E1908: [1, 29, '{'],
  E1401: [1, 22, 'tensr'],
  E1402: [1, 29, '99999999999999999999'],
  E1403: [1, 31, '!stablehlo.token'],
  E1404: [2, 22, '!rwo'],
  E1405: [1, 31, 'si8'],
  E1406: [1, 38, '#stablehlo.bounds<8>'],
  E1407: [1, 38, '#stablehlo.bounds<8, 4>'],
  E1408: [1, 46, 'f8'],
  E1409: [1, 46, 'i8<-200:100>'],
  E1410: [1, 49, 'i32'],
  E1411: [1, 54, '0.0'],
  E1412: [1, 53, '-1'],
  E1413: [1, 62, '[0, 0]'],
  E1414: [1, 39, 'tensor<f32>'],
  E1415: [1, 54, '0.1:200'],
  E1416: [1, 80, '{0.3}'],
  E1501: [1, 24, 'ture'],
  E1502: [2, 24, '#widht'],
  E1503: [2, 1, '#a'],
  E1504: [1, 24, '300'],
  E1505: [1, 24, '1'],
  E1506: [1, 24, '-1'],
  E1507: [1, 24, '0x7F8000000'],
  E1508: [1, 32, 'a'],
  E1509: [1, 30, 'i4'],
  E1510: [1, 42, 'ofset_dims'],
  E1511: [1, 61, 'offset_dims'],
  E1512: [1, 47, '0'],
  E1513: [1, 50, 'handle = 1'],
  E1514: [1, 56, 'LESS'],
  E1601: [1, 37, 'tensor<?xf32>'],
  E1602: [1, 31, '1'],
  E1603: [1, 37, '3'],
  E1604: [1, 30, '1.5'],
  E1606: [1, 30, '"0x0102030"'],
  E1607: [1, 30, '"0x010203"'],
  E1608: [1, 30, '1.0'],
  E1701: [2, 33, 'fusd'],
  E1702: [2, 33, '#loc'],
  E1703: [4, 21, '#loc'],
  E1704: [2, 37, '-1'],
  E1705: [2, 33, '#loc'],
  E1801: [2, 3, 'dialect_resource'],
  E1802: [2, 36, '"0x04"'],
  E1803: [2, 52, 'w'],
  E1804: [2, 27, 'dense_resource<w> : tensor<2xf32>'],
  E1805: [2, 33, 'w'],
  E1806: [1, 1, '#my.width'],
};

const codes = Object.keys(readerCatalog) as ReaderCode[];

function diagnose(text: string) {
  const sink = new DiagnosticSink();
  parseModule(new SourceFile('example.mlir', text), sink);
  return sink.all;
}

describe("the reader's catalog", () => {
  it.each(codes)('%s: the example provokes this error alone, at its place', (code) => {
    const [diagnostic, ...others] = diagnose(readerCatalog[code].example);
    expect(others).toEqual([]);
    expect(diagnostic?.code).toBe(code);
    const { source, start = 0, end = 0 } = diagnostic?.span ?? {};
    const { line, column } = source?.lineColumn(start) ?? {};
    expect([line, column, new TextDecoder().decode(source?.bytes.subarray(start, end))]).toEqual(places[code]);
  });

  it.each(codes.filter((code) => 'corrected' in readerCatalog[code]))('%s: the corrected example is read', (code) => {
    const entry = readerCatalog[code];
    expect('corrected' in entry ? diagnose(entry.corrected) : undefined).toEqual([]);
  });

  it('has a code for every error of the reader', () => {
    expect(codes.length).toBeGreaterThanOrEqual(70);
  });
});
