/** `.tess` text to its syntax tree. */
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../../ir/source.ts';
import type { SourceUnit } from './ast.ts';
import { matchBrackets, tooDeep, tooDeepHint } from './brackets.ts';
import { DeclarationGrammar } from './declaration-grammar.ts';
import { replaceHabits } from './habits.ts';
import { insertNewlines } from './newlines.ts';
import { Problems } from './problems.ts';
import { scan } from './scan.ts';
import { decodeSource } from './source-text.ts';
import type { Token } from './tokens.ts';
import { findTooDeep } from './tree-height.ts';

/** The grammar, complete. */
export class TessParser extends DeclarationGrammar {
  constructor({ skipValidations = true }: { readonly skipValidations?: boolean } = {}) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** What the tokens say; problems are reported, and stand in the tree as `error` nodes. */
  parse(all: readonly Token[], problems: Problems): Pick<SourceUnit, 'uses' | 'items' | 'parenthesised'> {
    this.start(all, problems);
    const { uses, items } = this.file();
    return { uses, items, parenthesised: this.parenthesised };
  }
}

let parser: TessParser | undefined;

/** Always gives a tree: what cannot be read is reported to the sink and stands in the tree as `error` nodes. */
export function parseSource(source: SourceFile, sink: DiagnosticSink): SourceUnit {
  const problems = new Problems(source, sink.limit);
  const unit = parse(source, problems);
  problems.flush(sink);
  return unit;
}

function parse(source: SourceFile, problems: Problems): SourceUnit {
  const span = problems.span(source.start, source.end);
  const nothing: SourceUnit = {
    source,
    span,
    doc: undefined,
    uses: [],
    items: [],
    comments: [],
    parenthesised: new Set(),
  };
  const text = decodeSource(source, problems);
  if (text === undefined) return nothing;
  const scanned = scan(text, problems);
  const balanced = matchBrackets(replaceHabits(scanned.tokens, problems), problems);
  if (balanced === undefined) return nothing;
  const tree = parseTokens(insertNewlines(balanced, problems), problems);
  if (tree === undefined) return nothing;
  const deep = findTooDeep(tree.items);
  if (deep !== undefined) {
    problems.report('E6017', deep.start, deep.end, tooDeep, { hint: tooDeepHint });
    return nothing;
  }
  return { ...nothing, ...tree, doc: scanned.doc, comments: scanned.comments };
}

/** Undefined, with a report, where the caller has left too little of the stack. */
function parseTokens(all: readonly Token[], problems: Problems): ReturnType<TessParser['parse']> | undefined {
  parser ??= new TessParser();
  try {
    return parser.parse(all, problems);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // What the parser keeps of its own is no longer in order.
    parser = undefined;
    const { start } = problems.source;
    problems.report('E6017', start, start + 1, tooDeep, { hint: tooDeepHint });
    return undefined;
  }
}
