/** The command `npm run bench`. Every row runs in a process of its own, so that no engine's heap or compiler disturbs the next. */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchFolder } from './folder.ts';
import { tableOf } from './markdown.ts';
import { isChosen, type Options, parseOptions, usage } from './options.ts';
import { hasRelaxedSimd } from './probes.ts';
import { headLine, lineOf, missingLines, predictionLine, type Report, type ReportRow } from './report.ts';
import type { Row } from './row.ts';
import { runRow } from './run-row.ts';
import { rows } from './rows/rows.ts';
import { medianOf } from './statistics.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) return 2;
  if (options.help) console.log(usage);
  else if (options.row !== undefined) await answer(options.row, options);
  else if (options.markdown !== undefined) console.log(tableOf(readReport(options.markdown, options)));
  else return runAll(options);
  return 0;
}

/** Where the command was given: npm runs it in the folder of the benchmark. */
function fileAt(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

/** With the rows that are chosen. */
function readReport(file: string, options: Options): Report {
  const report = JSON.parse(readFileSync(fileAt(file), 'utf8')) as Report;
  return { ...report, rows: report.rows.filter(({ name }) => isChosen(name, options)) };
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return undefined;
  }
}

async function runAll(options: Options): Promise<number> {
  const chosen = rows.filter(({ name }) => isChosen(name, options));
  if (chosen.length === 0 || options.list) {
    const names = rows.filter(({ name }) => !options.list || isChosen(name, options)).map(({ name }) => name);
    if (!options.list) console.error(`no row has ${options.only.join(' or ')} in its name; there are`);
    console.log(names.join('\n'));
    return options.list ? 0 : 2;
  }
  const report = await measure(chosen, options);
  for (const line of missingLines(report.rows)) console.log(line);
  const prediction = predictionLine(report.rows);
  if (prediction !== undefined) console.log(prediction);
  if (report.rows.length > 0) console.log(headLine(report));
  if (options.json !== undefined) writeFileSync(fileAt(options.json), `${JSON.stringify(report, undefined, 1)}\n`);
  return report.errors.length === 0 ? 0 : 1;
}

async function measure(chosen: readonly Row[], options: Options): Promise<Report> {
  const done: ReportRow[] = [];
  const errors: { readonly name: string; readonly message: string }[] = [];
  for (const { name } of chosen) {
    const result = await ask(name, options);
    if (typeof result === 'string') {
      errors.push({ name, message: result });
      console.error(`${name}: ${result}`);
    } else {
      done.push(result);
      console.log(lineOf(result));
    }
  }
  const cpu = cpus()[0]?.model ?? 'unknown';
  return {
    machine: { cpu, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) },
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    threads: options.threads,
    relaxed: isRelaxed(options),
    rounds: options.rounds,
    versions: versionsOf(['onnxruntime-web', '@tensorflow/tfjs-backend-wasm', '@jax-js/jax']),
    peak: {
      multiplyAddGflops: medianOf(done.map(({ peak }) => peak.multiplyAddGflops)),
      copyGBs: medianOf(done.map(({ peak }) => peak.copyGBs)),
    },
    rows: done,
    errors,
  };
}

function isRelaxed({ baseline }: Options): boolean {
  return hasRelaxedSimd && !baseline;
}

type Answer = ReportRow | string;

/** The figures of a row from a process of its own, or why there are none. */
function ask(name: string, { rounds, threads, baseline }: Options): Promise<Answer> {
  const args = ['--row', name, '--rounds', String(rounds), '--threads', String(threads)];
  const child = fork(fileURLToPath(import.meta.url), baseline ? [...args, '--baseline'] : args);
  return new Promise((resolve) => {
    let result: Answer | undefined;
    child.on('message', (message: Answer) => (result = message));
    child.on('exit', (code, signal) => resolve(result ?? `its process ended with ${signal ?? code}`));
  });
}

async function answer(name: string, options: Options): Promise<void> {
  const row = rows.find((candidate) => candidate.name === name);
  const { rounds, threads } = options;
  const send = (result: Answer): void => void process.send?.(result, () => process.exit(0));
  try {
    if (row === undefined) throw new Error('there is no such row');
    send(await runRow(row, { threads, relaxed: isRelaxed(options) }, rounds));
  } catch (error) {
    send(error instanceof Error ? error.message : String(error));
  }
}

/** Of peers, from their packages: what is measured, whatever package.json asks for. */
function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  const version = (name: string): string => {
    const manifest = new URL(`node_modules/${name}/package.json`, benchFolder);
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
  };
  return Object.fromEntries(packages.map((name) => [name, version(name)]));
}
