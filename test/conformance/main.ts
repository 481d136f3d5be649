/** The command `npm run conformance`. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { hasRelaxedSimd } from '../../compiler/driver/profile/measured-peak.ts';
import { runSuite, type SuiteOptions, targetNames } from './run-suite.ts';
import { suiteNames } from './suite.ts';
import type { SuiteReport } from './verdict.ts';

const program = new Command('conformance')
  .description('Runs a foreign conformance suite and scores it by op family.')
  .addOption(new Option('--suite <name>', 'which suite').choices(suiteNames).makeOptionMandatory())
  .requiredOption('--dir <folder>', 'where the suite is unpacked')
  .addOption(new Option('--target <name>', 'what runs the cases').choices(targetNames).default('reference'))
  .addOption(
    new Option('--passes <which>', 'run each pass on each case before evaluating it')
      .choices(['none', 'all'])
      .default('none'),
  )
  .option('--json <file>', 'write the report there')
  .option('--filter <text>', 'only cases whose name contains this')
  .option('--jobs <n>', 'worker threads', String(availableParallelism()))
  .option('--no-cache', 'run every case, however often it has run before')
  .parse();

const options = program.opts<SuiteOptions & { readonly json?: string; readonly jobs: string }>();
if (options.target === 'wasm-relaxed' && !hasRelaxedSimd())
  program.error('this engine has no relaxed SIMD: Node 22 or newer has it', { exitCode: 2 });
const report = await runSuite({
  ...options,
  jobs: Math.max(1, Number.parseInt(options.jobs, 10) || 1),
  onProgress: process.stderr.isTTY ? (done, total) => process.stderr.write(`\r${done}/${total} `) : undefined,
});
if (process.stderr.isTTY) process.stderr.write('\r');
print(report);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, undefined, 1)}\n`);
process.exitCode = report.failed > 0 ? 1 : 0;

function print(result: SuiteReport): void {
  for (const { name, status, message, isApart } of result.cases) {
    if (status !== 'passed' && isApart !== true)
      console.log(`${status.toUpperCase()} ${name}: ${message.split('\n', 1)[0] ?? ''}`);
  }
  const worst = result.families.filter(({ total, passed }) => passed < total);
  for (const { family, total, passed } of worst) console.log(`  ${family}: ${passed} of ${total}`);
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${result.suite} on ${result.target}${result.passes === 'none' ? '' : `, passes ${result.passes}`}: ` +
      `${result.passed} of ${result.total} passed (${percent(result.passed / Math.max(1, result.total))}; average over ${result.families.length} families ${percent(result.familyAverage)}), ` +
      `${result.unsupported} unsupported, ${result.failed} failed; ${result.apart + result.notScored} not scored; ${result.seconds.toFixed(1)} s`,
  );
  const { kernels, copies, copiedOnly, foldedBytes, constantBytes } = result.work;
  if (kernels + copies > 0) {
    console.log(
      `${kernels} kernel calls and ${copies} copies; ${copiedOnly} cases by copies alone (average without them ${percent(result.computedAverage)}); ${foldedBytes} bytes folded; ${constantBytes} bytes of operands constant`,
    );
  }
  if (result.apart > 0) console.log(`${result.apart} cases run several processes and are not scored here`);
}
