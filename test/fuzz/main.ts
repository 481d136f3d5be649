/**
 * Random programs in volume: `npm run fuzz -- --from 1 --count 5000`. Prints what fails, made smaller, with its seed; exit code 1 when
 * something did. `--threads 4` runs each on four threads too, in tiles as small as may be. `--count 1` runs one seed again; `--json` prints the report for a machine.
 */
import { parseArgs } from 'node:util';
import { hasRelaxedSimd } from '../../compiler/driver/profile/measured-peak.ts';
import { signatureOf, type SliceReport } from './slice.ts';
import { runVolume } from './volume.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    jobs: { type: 'string', default: '1' },
    cache: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

function summary({ agreed, failures, unsupported, elements, unchecked, kernels, runs }: SliceReport): string {
  const others = Object.values(unsupported).reduce((sum, count) => sum + count, 0);
  return (
    `${agreed} programs agree, ${failures.length} do not, ${others} unsupported; ${runs} runs, ${kernels} kernels, ` +
    `${elements} numbers, of ${unchecked} nothing can be said; relaxed SIMD: ${hasRelaxedSimd() ? 'yes' : 'no'}`
  );
}

function printReport(report: SliceReport): void {
  const seen = new Set<string>();
  for (const { seed, message, text } of report.failures) {
    const signature = signatureOf(message);
    console.log(seen.has(signature) ? `\nseed ${seed}: ${signature}` : `\nseed ${seed}: ${message}\n${text}`);
    seen.add(signature);
  }
  for (const [reason, count] of Object.entries(report.unsupported).toSorted((a, b) => b[1] - a[1]))
    console.log(`${count} x ${reason}`);
  console.log(summary(report));
}

const report = await runVolume({
  from: Number(options.from),
  count: Number(options.count),
  jobs: Number(options.jobs),
  cache: options.cache,
  threads: Number(options.threads),
  onProgress: (done, soFar) => {
    if (!options.json && done % 500 === 0) console.log(`${done}: ${summary(soFar)}`);
  },
});
if (options.json) console.log(JSON.stringify(report));
else printReport(report);
process.exitCode = report.failures.length > 0 ? 1 : 0;
