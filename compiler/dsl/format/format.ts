/** The one way a program is laid out: 100 columns, two blanks a level, comments and single empty lines kept. */
import { DiagnosticSink, invariant } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';
import type { SourceUnit } from '../syntax/ast.ts';
import { parseSource } from '../syntax/parser.ts';
import { layoutOf } from './declaration-layout.ts';
import { renderLayout } from './render-layout.ts';
import { isSameTree } from './same-tree.ts';

export const formatWidth = 100;

/** A comment in an odd place may be moved to one that is kept only in the next round. */
const maxRounds = 4;

/**
 * The text of a program, laid out; undefined, with reports, for a text with syntax errors. Formatting what this gives changes nothing.
 * That it means the same is made sure here, not hoped for, since it replaces somebody's program.
 */
export function formatSource(source: SourceFile, sink: DiagnosticSink): string | undefined {
  const unit = parseSource(source, sink);
  if (sink.hasErrors) return undefined;
  let text = layOut(unit);
  for (let round = 1; round < maxRounds; round++) {
    const next = layOut(readAgain(unit, text));
    if (next === text) return text;
    text = next;
  }
  readAgain(unit, text);
  return text;
}

function layOut(unit: SourceUnit): string {
  const text = renderLayout(layoutOf(unit), formatWidth);
  return text === '' ? '' : `${text}\n`;
}

/** The tree of a text that must mean what `unit` does. */
function readAgain(unit: SourceUnit, text: string): SourceUnit {
  const sink = new DiagnosticSink();
  const again = parseSource(new SourceFile(unit.source.name, text), sink);
  const sameComments = isSameTree(commentTexts(unit), commentTexts(again));
  invariant(
    !sink.hasErrors && sameComments && isSameTree(unit, again),
    `the layout of ${unit.source.name} would change it`,
  );
  return again;
}

function commentTexts({ comments }: SourceUnit): readonly string[] {
  return comments.map((comment) => comment.text);
}
