/** Strings: `"text"`, with the escapes `\n`, `\t`, `\r`, `\"`, `\\` and `\u{1F600}`. */

interface EscapeProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

interface ReadString {
  readonly text: string;
  readonly isClosed: boolean;
  readonly problems: readonly EscapeProblem[];
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };
const hint = 'there are `\\n`, `\\t`, `\\r`, `\\"`, `\\\\` and `\\u{1F600}`; a backslash itself is written twice';

/** `image` with its quotes; offsets of problems count from its start. */
export function readString(image: string): ReadString {
  const problems: EscapeProblem[] = [];
  let isEscaped = false;
  let isClosed = false;
  for (let at = 1; at < image.length; at++) {
    if (isEscaped) isEscaped = false;
    else if (image[at] === '\\') isEscaped = true;
    else if (image[at] === '"') isClosed = true;
  }
  const content = image.slice(1, isClosed ? -1 : undefined);
  const text = content.replaceAll(
    /\\(?:u\{([^}"]*)\}|(.))/gsu,
    (whole, code: string | undefined, letter: string | undefined, offset: number) => {
      const replaced = code === undefined ? escapes[letter ?? ''] : codePoint(code);
      if (replaced !== undefined) return replaced;
      const message = `\`${whole}\` is not an escape`;
      problems.push({ offset: offset + 1, length: whole.length, message, hint });
      return '';
    },
  );
  return { text, isClosed, problems };
}

function codePoint(digits: string): string | undefined {
  if (!/^[0-9A-Fa-f]{1,6}$/.test(digits)) return undefined;
  const point = Number.parseInt(digits, 16);
  const isCharacter = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : undefined;
}

/** The text as it is written between quotes; the inverse of `readString`. */
export function quoteString(text: string): string {
  const escaped = text.replaceAll(/[\p{Cc}"\\]/gu, (character) => {
    const found = Object.entries(escapes).find(([, value]) => value === character);
    return found === undefined ? `\\u{${character.charCodeAt(0).toString(16)}}` : `\\${found[0]}`;
  });
  return `"${escaped}"`;
}
