import { posix } from 'node:path';

export interface DocProblem {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Links of Markdown pages (path relative to the repository -> text) that lead nowhere inside the repository: a file or
 * folder that is not in `paths`, or a heading that the page does not have. Links to other sites are not followed.
 */
export function findDeadLinks(pages: ReadonlyMap<string, string>, paths: ReadonlySet<string>): DocProblem[] {
  const problems: DocProblem[] = [];
  for (const [file, text] of pages) {
    for (const { line, target } of linksOf(text)) {
      const [path = '', anchor] = target.split('#', 2);
      const to = path === '' ? file : posix.join(posix.dirname(file), path).replace(/\/$/, '');
      const page = pages.get(to);
      if (!paths.has(to)) problems.push({ file, line, message: `'${target}' leads to no file` });
      else if (anchor !== undefined && page !== undefined && !anchorsOf(page).has(anchor)) {
        problems.push({ file, line, message: `'${to}' has no heading '#${anchor}'` });
      }
    }
  }
  return problems;
}

/** Packages of package.json that no row of the README's dependency table names, as `name` in its first cell. */
export function findUnexplainedDependencies(readme: string, names: readonly string[]): string[] {
  const explained = new Set([...readme.matchAll(/^\| ([^|]*)\|/gm)].flatMap(([, cell = '']) => codeSpans(cell)));
  return names.filter((name) => !explained.has(name));
}

const codeSpans = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);

function* linksOf(text: string): Iterable<{ line: number; target: string }> {
  for (const { line, prose } of proseLines(text)) {
    for (const [, target = ''] of prose.matchAll(/\]\(<?([^)\s>]+)>?\)/g)) {
      if (!/^[a-z]+:/.test(target)) yield { line, target };
    }
  }
}

/** The anchors of a page's headings, as hosts of Markdown make them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const { prose } of proseLines(text)) {
    const [, title] = /^#+ +(.*)$/.exec(prose) ?? [];
    if (title !== undefined)
      anchors.add(
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replace(/ /g, '-'),
      );
  }
  return anchors;
}

/** The lines outside fenced code; inline code keeps its text but loses what could look like a link. */
function* proseLines(text: string): Iterable<{ line: number; prose: string }> {
  let isFenced = false;
  for (const [index, content] of text.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(content)) isFenced = !isFenced;
    else if (!isFenced) {
      yield { line: index + 1, prose: content.replace(/`[^`]*`/g, (code) => code.replace(/[`\][()]/g, '')) };
    }
  }
}
