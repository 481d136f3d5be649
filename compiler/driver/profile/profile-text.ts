/** A profile as a table, as JSON, and as a trace. */
import { secondsText } from '../../../codegen/kernel/cost/prediction-text.ts';
import type { Profile, ProfileKernel, ProfileSite } from './profile-model.ts';

const heading = [
  'kernel', 'calls', 'time', 'share', 'GFLOP/s', 'of peak', 'GB/s', 'of copy', 'moved', 'predicted', 'source',
] as const; // prettier-ignore

/** Columns that are names, to the left. */
const names = new Set([0, heading.length - 1]);

/** `limit`: of source lines in a row. */
export function profileText(profile: Profile, limit = 3): string {
  const rows = [heading, ...profile.kernels.flatMap((kernel) => kernelRows(kernel, limit))];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        names.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return `${[...summary(profile), '', ...rows.map(line)].join('\n')}\n`;
}

function summary({ functionName, target, rounds, peak, ...times }: Profile): readonly string[] {
  const { seconds, stepSeconds, predictedSeconds, markSeconds } = times;
  const rate = (value: number): string => (value / 1e9).toFixed(1);
  return [
    `@${functionName} on ${target}: ${secondsText(seconds)} a call, ${secondsText(predictedSeconds)} predicted; medians of ${rounds} rounds`,
    `kernels ${secondsText(stepSeconds)}, ${secondsText(markSeconds)} a call taken off for the clock`,
    `peak ${rate(peak.flopsPerSecond)} GFLOP/s, copy ${rate(peak.copyBytesPerSecond)} GB/s, measured in the same rounds`,
  ];
}

function kernelRows({ name, sites, ...total }: ProfileKernel, limit: number): readonly (readonly string[])[] {
  const [only] = sites;
  if (only !== undefined && sites.length === 1) return [siteRow(name, only, limit)];
  const { seconds, share, predictedSeconds } = total;
  const calls = sites.reduce((sum, { executions }) => sum + executions, 0);
  return [
    [`${name}, ${sites.length} places`, String(calls), secondsText(seconds), percent(share), '', '', '', '', '', secondsText(predictedSeconds), ''],
    ...sites.map((site) => siteRow(`  ${name}`, site, limit)),
  ]; // prettier-ignore
}

function siteRow(name: string, site: ProfileSite, limit: number): readonly string[] {
  const { executions, seconds, share, flopsPerSecond, ofPeak, bytesPerSecond, ofCopy, predictedSeconds } = site;
  const { movedBytes, minimumBytes, locations } = site;
  const more = locations.length > limit ? [`${locations.length - limit} more`] : [];
  return [
    name,
    String(executions),
    secondsText(seconds),
    percent(share),
    (flopsPerSecond / 1e9).toFixed(1),
    percent(ofPeak),
    (bytesPerSecond / 1e9).toFixed(1),
    percent(ofCopy),
    minimumBytes === 0 ? '-' : `${(movedBytes / minimumBytes).toFixed(2)}x`,
    secondsText(predictedSeconds),
    [...locations.slice(0, limit), ...more].join(', '),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

/** Everything but the trace. */
export function profileJson(profile: Profile): string {
  return `${JSON.stringify({ ...profile, trace: undefined }, undefined, 1)}\n`;
}

/** The trace event format that Chrome and Perfetto read: complete events, times in microseconds. */
export function traceJson({ functionName, target, trace, kernels }: Profile): string {
  const sites = new Map(kernels.flatMap(({ sites: list }) => list.map((site) => [site.step, site] as const)));
  const named = (name: string, args: object): object => ({ ph: 'M', pid: 1, tid: 1, name, args });
  const events = trace.map(({ step, name, start, end }) => {
    const site = sites.get(step);
    const args = {
      source: site?.locations.join(', ') ?? '',
      gflops: site === undefined ? 0 : site.flops / (end - start) / 1e9,
      moved: site?.movedBytes ?? 0,
    };
    return { ph: 'X', pid: 1, tid: 1, cat: 'kernel', name, ts: start * 1e6, dur: (end - start) * 1e6, args };
  });
  const head = [
    named('process_name', { name: 'tessera' }),
    named('thread_name', { name: `@${functionName} on ${target}` }),
  ];
  return `${JSON.stringify({ displayTimeUnit: 'ns', traceEvents: [...head, ...events] })}\n`;
}
