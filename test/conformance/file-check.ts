/**
 * The part of LLVM's FileCheck that the suites use: `CHECK:`, `CHECK-NEXT:`, `CHECK-LABEL:`, `{LITERAL}` and `{{regular
 * expressions}}` (llvm.org/docs/CommandGuide/FileCheck.html).
 */

interface Directive {
  readonly next: boolean;
  readonly pattern: RegExp;
  readonly text: string;
}

/** The first directive under `prefix` that `output` does not satisfy, in words; undefined when all hold. */
export function checkOutput(checks: string, prefix: string, output: string): string | undefined {
  const lines = output.split('\n');
  let at = 0;
  for (const directive of parseDirectives(checks, prefix)) {
    const found = directive.next
      ? directive.pattern.test(normalise(lines[at] ?? ''))
        ? at
        : -1
      : lines.findIndex((line, index) => index >= at && directive.pattern.test(normalise(line)));
    if (found < 0)
      return `${prefix}${directive.next ? '-NEXT' : ''}: '${directive.text}' does not match the output from line ${at + 1}`;
    at = found + 1;
  }
  return undefined;
}

export function hasDirectives(checks: string, prefix: string): boolean {
  return parseDirectives(checks, prefix).length > 0;
}

function parseDirectives(checks: string, prefix: string): Directive[] {
  const directive = new RegExp(`//\\s*${prefix}(-NEXT|-LABEL)?(\\{LITERAL\\})?:(.*)$`);
  return checks.split('\n').flatMap((line) => {
    const match = directive.exec(line);
    if (match === null) return [];
    const text = normalise(match[3] ?? '').trim();
    return [{ next: match[1] === '-NEXT', pattern: toPattern(text, match[2] !== undefined), text }];
  });
}

function normalise(line: string): string {
  return line.replaceAll(/[ \t]+/g, ' ');
}

function toPattern(text: string, isLiteral: boolean): RegExp {
  if (isLiteral) return new RegExp(escape(text));
  const parts = text.split(/(\{\{.*?\}\})/);
  return new RegExp(parts.map((part) => (part.startsWith('{{') ? part.slice(2, -2) : escape(part))).join(''));
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
