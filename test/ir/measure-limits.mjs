// Measures the built ground floor on a module of 50,000 ops and on a constant of 50 MB of hex digits; prints JSON. Run by limits.speed.test.ts
// in a process of its own, so that the test runner's transforms and heap do not count.
import { DiagnosticSink } from '../../dist/ir/diagnostics/diagnostic.js';
import { SourceFile } from '../../dist/ir/source.js';
import { parseModule } from '../../dist/ir/text/parser.js';
import { printModuleTo } from '../../dist/ir/text/printer.js';
import { verify } from '../../dist/ir/verifier.js';
import { parsePassList } from '../../dist/passes/pass-list.js';
import { runPasses } from '../../dist/passes/pass-manager.js';

const row = 'tensor<8x16xf32>';

/** Ten ops of a network's layer, again and again. */
function manyOps(count) {
  const lines = [`func.func @main(%x: ${row}, %w: tensor<16x16xf32>, %zero: tensor<f32>) -> ${row} {`];
  let last = '%x';
  for (let k = 0; k < count; k += 10) {
    lines.push(
      `  %a${k} = stablehlo.dot_general ${last}, %w, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (${row}, tensor<16x16xf32>) -> ${row}`,
      `  %b${k} = stablehlo.constant dense<${k % 97}.5> : tensor<f32>`,
      `  %c${k} = stablehlo.broadcast_in_dim %b${k}, dims = [] : (tensor<f32>) -> ${row}`,
      `  %d${k} = stablehlo.add %a${k}, %c${k} : ${row}`,
      `  %e${k} = stablehlo.reduce(%d${k} init: %zero) applies stablehlo.maximum across dimensions = [1] : (${row}, tensor<f32>) -> tensor<8xf32>`,
      `  %f${k} = stablehlo.broadcast_in_dim %e${k}, dims = [0] : (tensor<8xf32>) -> ${row}`,
      `  %g${k} = stablehlo.compare GT, %d${k}, %f${k}, FLOAT : (${row}, ${row}) -> tensor<8x16xi1>`,
      `  %h${k} = stablehlo.select %g${k}, %d${k}, %f${k} : tensor<8x16xi1>, ${row}`,
      `  %i${k} = stablehlo.reshape %h${k} : (${row}) -> tensor<128xf32>`,
      `  %j${k} = stablehlo.reshape %i${k} : (tensor<128xf32>) -> ${row}`,
    );
    last = `%j${k}`;
  }
  lines.push(`  return ${last} : ${row}`, '}');
  return new TextEncoder().encode(lines.join('\n'));
}

function hexConstant(digits) {
  const text = `func.func @main() {\n  %0 = stablehlo.constant dense<"0x${'0123456789ABCDEF'.repeat(digits / 16)}"> : tensor<${digits / 8}xf32>\n  return\n}\n`;
  return new TextEncoder().encode(text);
}

function timed(run) {
  const clock = performance.now();
  const processor = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(processor);
  // Processor time counts the engine's helper threads, the clock counts the neighbours: the truth is below both.
  return { result, seconds: Math.min((user + system) / 1e6, (performance.now() - clock) / 1e3) };
}

function load(bytes) {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('big.mlir', bytes), sink);
  verify(parsed.root, sink);
  if (sink.hasErrors) throw new Error(sink.all[0].message);
  return parsed.root;
}

const text = manyOps(50_000);
globalThis.gc();
const heapBefore = process.memoryUsage().heapUsed;
const loaded = timed(() => load(text));
const heapMegabytes = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
const printed = timed(() => printModuleTo(loaded.result, () => {}));
const simplified = timed(() =>
  runPasses(loaded.result, parsePassList('canonicalize,cse,dce').invocations, new DiagnosticSink()),
);
const blob = hexConstant(50 * 2 ** 20);
const constant = timed(() => load(blob));
console.log(
  JSON.stringify({
    parseAndVerify: loaded.seconds,
    heapMegabytes,
    print: printed.seconds,
    simplify: simplified.seconds,
    constant: constant.seconds,
  }),
);
