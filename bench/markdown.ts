/** The figures of a run as a table for a README: `npm run bench -- --markdown FILE`. */
import { headLine, number, type Report, type ReportRow } from './report.ts';
import { peerNames } from './row.ts';

export function tableOf(report: Report): string {
  const head = ['row', 'unit', 'tessera', ...peerNames, 'ratio', 'of the peak'];
  const lines = [head, head.map((_, column) => (column < 2 ? '---' : '---:')), ...report.rows.map(cells)];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n\n${headLine(report)}.`;
}

function cells(row: ReportRow): readonly string[] {
  const peers = peerNames.map((name) => {
    const figure = row.peers[name];
    return figure === undefined ? '–' : number(figure);
  });
  const ratio = row.ratio === undefined ? '–' : `**${row.ratio.toFixed(2)}x**`;
  return [row.name, row.unit, number(row.ours), ...peers, ratio, `${(100 * row.ofPeak).toFixed(0)} %`];
}
