/**
 * Text to tokens and comments, line breaks forgotten but for `startsLine`. What is no word of the language is reported here and
 * replaced by what was meant, so that the parser does not stumble over it again.
 */
import { type IToken, Lexer, type TokenType, createToken } from 'chevrotain';
import type { Comment } from './ast.ts';
import { foreignSign, lookAlike, spellOut } from './foreign-signs.ts';
import { classifyNumber } from './numbers.ts';
import type { Problems } from './problems.ts';
import type { SourceText } from './source-text.ts';
import { readString } from './strings.ts';
import * as tokens from './tokens.ts';
import type { Token } from './tokens.ts';

export interface ScannedText {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** The `//!` lines at the head of the file. */
  readonly doc: string | undefined;
}

// Raw kinds; the order is the precedence. None of the patterns can need more than a glance back.
const Blank = createToken({ name: 'Blank', pattern: /[ \t\r\f\v\ufeff]+/, group: Lexer.SKIPPED });
const LineBreak = createToken({ name: 'LineBreak', pattern: /\n/, line_breaks: true });
const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\n]*/ });
const BlockComment = createToken({ name: 'BlockComment', pattern: /\/\*[\s\S]*?\*\//, line_breaks: true });
const Word = createToken({ name: 'Word', pattern: /[A-Za-z_][A-Za-z0-9_]*/ });
const Digits = createToken({
  name: 'Digits',
  pattern: /0[xXbBoO]\w*|\d[\d_]*(?:\.\d[\d_]*)?[eE][+-]\w+|\d\w*(?:\.\d\w*)?/,
});
const Quoted = createToken({ name: 'Quoted', pattern: /"(?:[^"\\\n]|\\[^\n])*["\\]?/ });
const Apostrophes = createToken({ name: 'Apostrophes', pattern: /'[^'\n]*'?/ });
const Sign = createToken({
  name: 'Sign',
  pattern:
    /\.\.\.|\.\.[=<]|\*\*=|===|!==|\/\*|->|=>|\.\.|:=|::|==|!=|<=|>=|<>|&&|\|\||\|>|\*\*|[-+*/%@^&|]=|[-+*/%@^&|!<>=.,:;()[\]{}?~#$`\\]/,
});
const Other = createToken({
  name: 'Other',
  pattern: /[\ud800-\udbff][\udc00-\udfff]|[^\n]/,
  line_breaks: false,
});

const rawLexer = new Lexer(
  [Blank, LineBreak, LineComment, BlockComment, Word, Digits, Quoted, Apostrophes, Sign, Other],
  {
    positionTracking: 'onlyOffset',
    skipValidations: true,
  },
);

/** Splits the text; every byte of it is in a token, in a comment, or blank. */
export function scan({ text, byteAt }: SourceText, problems: Problems): ScannedText {
  return new Scanner(text, byteAt, problems).scan();
}

class Scanner {
  readonly #text: string;
  readonly #byteAt: (offset: number) => number;
  readonly #problems: Problems;
  readonly #tokens: Token[] = [];
  readonly #comments: Comment[] = [];
  #fileDoc: string[] | undefined;
  #doc: string[] = [];
  #startsLine = true;
  /** Offset from which raw tokens count again: the rest of a line may be passed over. */
  #resumeAt = 0;

  constructor(text: string, byteAt: (offset: number) => number, problems: Problems) {
    this.#text = text;
    this.#byteAt = byteAt;
    this.#problems = problems;
  }

  scan(): ScannedText {
    for (const raw of rawLexer.tokenize(this.#text).tokens) {
      if (raw.startOffset < this.#resumeAt || this.#problems.isFull) continue;
      if (raw.tokenType === LineBreak) this.#startsLine = true;
      else if (raw.tokenType === LineComment) this.#addComment(raw.image, raw.startOffset);
      else if (raw.tokenType === BlockComment) this.#skipBlockComment(raw);
      else this.#addToken(raw);
    }
    return { tokens: this.#tokens, comments: this.#comments, doc: this.#fileDoc?.join('\n') };
  }

  #addToken(raw: IToken): void {
    switch (raw.tokenType) {
      case Word:
        return void this.#push(tokens.words.get(raw.image) ?? tokens.Name, raw.image, raw.startOffset);
      case Digits:
        return this.#addNumber(raw);
      case Quoted:
        return this.#addString(raw.image, raw.startOffset);
      case Apostrophes:
        return this.#addApostrophes(raw);
      case Sign:
        return this.#addSign(raw);
      default:
        return this.#addOther(raw);
    }
  }

  #push(type: TokenType, image: string, start: number, text?: string): Token {
    const end = start + image.length;
    const token: Token = {
      image,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx ?? 0,
      startOffset: this.#byteAt(start),
      endOffset: this.#byteAt(end),
      startsLine: this.#startsLine,
      spaceBefore: start === 0 || isBlank(this.#text.charCodeAt(start - 1)),
      spaceAfter: end === this.#text.length || isBlank(this.#text.charCodeAt(end)) || this.#text.startsWith('//', end),
      depth: 0,
      doc: this.#doc.length === 0 ? undefined : this.#doc.join('\n'),
      text,
      swallowsLine: false,
    };
    if (this.#doc.length > 0) this.#doc = [];
    this.#startsLine = false;
    this.#tokens.push(token);
    return token;
  }

  // ------------------------------------------------------------------------------------------------------------ comments

  #addComment(image: string, start: number): void {
    const text = image.trimEnd();
    const span = this.#problems.span(this.#byteAt(start), this.#byteAt(start + text.length));
    this.#comments.push({ text, span });
    if (/^\/\/\/(?!\/)/.test(text)) this.#doc.push(text.slice(3).replace(/^ /, ''));
    else if (text.startsWith('//!') && this.#tokens.length === 0) {
      this.#fileDoc ??= [];
      this.#fileDoc.push(text.slice(3).replace(/^ /, ''));
    }
    this.#warnOfDivision(text, span.start, span.end);
  }

  /** `x // 2`: who comes from Python means a division. */
  #warnOfDivision(text: string, start: number, end: number): void {
    if (this.#startsLine || !/^\/\/ ?\(?[\d][\w.]*\)*$/.test(text)) return;
    this.#problems.report('E6012', start, end, '`//` starts a comment, so this divides nothing', {
      severity: 'warning',
      hint: 'write `/` to divide; whole numbers divide without a rest',
    });
  }

  #skipBlockComment({ image, startOffset }: IToken): void {
    const start = this.#byteAt(startOffset);
    const hint = 'start each line of the comment with `//`';
    this.#problems.report('E6010', start, start + 2, 'comments between `/*` and `*/` do not exist here', { hint });
    if (image.includes('\n')) this.#startsLine = true;
  }

  #skipLine(start: number): void {
    const lineBreak = this.#text.indexOf('\n', start);
    this.#resumeAt = lineBreak === -1 ? this.#text.length : lineBreak;
  }

  // ------------------------------------------------------------------------------------------------------------ literals

  #addNumber(raw: IToken): void {
    const { startOffset, image } = raw;
    if (this.#isTupleMember(startOffset)) return this.#addTupleMembers(image, startOffset);
    const next = this.#text.charCodeAt(startOffset + image.length);
    const endsInPoint = next === 46 && !/[.\w]/.test(this.#text.charAt(startOffset + image.length + 1));
    const whole = endsInPoint && !image.includes('.') ? `${image}.` : image;
    if (whole !== image) this.#resumeAt = startOffset + whole.length;
    const { type, problem } = classifyNumber(whole);
    if (problem !== undefined) this.#report(problem.code, startOffset, whole.length, problem.message, problem.hint);
    this.#push(type, whole, startOffset);
  }

  /** The `0` of `t.0`, which is no number with a point. */
  #isTupleMember(start: number): boolean {
    const last = this.#tokens.at(-1);
    return last?.tokenType === tokens.Dot && !last.spaceAfter && this.#byteAt(start) === last.endOffset;
  }

  /** `0.1` after a point is the member 1 of the member 0. */
  #addTupleMembers(image: string, start: number): void {
    let at = start;
    for (const [index, part] of image.split('.').entries()) {
      if (index > 0) this.#push(tokens.Dot, '.', at - 1);
      const { type, problem } = classifyNumber(part);
      if (problem !== undefined) this.#report(problem.code, at, part.length, problem.message, problem.hint);
      this.#push(type, part, at);
      at += part.length + 1;
    }
  }

  #addString(image: string, start: number): void {
    const { text, isClosed, problems } = readString(image);
    const token = this.#push(tokens.String, image, start, text);
    for (const { offset, length, message, hint } of problems)
      this.#report('E6007', start + offset, length, message, hint);
    if (isClosed) return;
    token.swallowsLine = true;
    const hint = 'put a `"` at its end; a line break is written `\\n`';
    this.#report('E6005', start, image.length, 'this string does not end on its line', hint);
  }

  #addApostrophes({ image, startOffset }: IToken): void {
    const isClosed = image.length > 1 && image.endsWith("'");
    if (!isClosed) {
      this.#report('E6003', startOffset, 1, 'an apostrophe means nothing here', 'strings are written `"like this"`');
      this.#resumeAt = startOffset + 1;
      this.#skipLine(startOffset);
      this.#push(tokens.Wrong, image, startOffset).swallowsLine = true;
      return;
    }
    const content = image.slice(1, -1);
    const hint = `write \`"${content}"\``;
    this.#report('E6006', startOffset, image.length, 'strings are written in double quotes', hint);
    this.#push(tokens.String, image, startOffset, content);
  }

  // --------------------------------------------------------------------------------------------------------------- signs

  #addSign({ image, startOffset }: IToken): void {
    if (image === '.' && this.#addNumberWithoutWholePart(startOffset)) return;
    const known = tokens.punctuation.get(image);
    if (known !== undefined) return void this.#push(known, image, startOffset);
    if (image === '#' || image === '/*') return this.#skipForeignComment(image, startOffset);
    const foreign = foreignSign(image);
    if (foreign.type !== tokens.CompoundAssign) {
      this.#report(foreign.code, startOffset, image.length, foreign.message, foreign.hint);
    }
    this.#push(foreign.type, image, startOffset);
  }

  /** `.5`: a point where an operand would start, right before digits. */
  #addNumberWithoutWholePart(start: number): boolean {
    const digits = /^\.\d\w*(?:(?<=[eE])[+-]\d+)?/.exec(this.#text.slice(start, start + 64))?.[0];
    const last = this.#tokens.at(-1);
    const touches = last !== undefined && last.endOffset === this.#byteAt(start);
    if (digits === undefined || (touches && endsOperand(last))) return false;
    this.#report('E6009', start, digits.length, 'a number starts with a digit', `write \`0${digits}\``);
    const token = this.#push(tokens.Float, digits, start);
    token.image = `0${digits}`;
    this.#resumeAt = start + digits.length;
    return true;
  }

  #skipForeignComment(image: string, start: number): void {
    this.#report(
      'E6010',
      start,
      image.length,
      'comments start with `//`',
      'write `//` before the comment, on each of its lines',
    );
    this.#skipLine(start);
  }

  #addOther({ image, startOffset }: IToken): void {
    const meant = lookAlike(image);
    if (meant?.kind === 'quote') return this.#addCurlyString(startOffset, image);
    if (meant?.kind === 'blank') {
      return this.#report(
        'E6004',
        startOffset,
        image.length,
        `this is ${meant.name}, not a plain space`,
        'type a space over it',
      );
    }
    if (meant?.kind === 'sign') {
      const message = `this is ${meant.name}, not \`${meant.sign}\``;
      this.#report('E6004', startOffset, image.length, message, `type \`${meant.sign}\` over it`);
      return void this.#push(meant.type, image, startOffset);
    }
    this.#addUnknown(startOffset);
  }

  /** A run of characters that mean nothing is one mistake, and may be meant as a name or as part of one. */
  #addUnknown(at: number): void {
    const run =
      /^(?:[^\p{ASCII}]|\w|(?!\s)\p{Cc})+/u.exec(this.#text.slice(at, at + 256))?.[0] ?? this.#text.charAt(at);
    this.#resumeAt = at + run.length;
    if (!/^[\p{L}\p{M}\p{N}_]+$/u.test(run)) {
      const message = `the character ${describeCharacter(run)} means nothing here`;
      const isText = !run.includes('\0');
      this.#report('E6003', at, run.length, message, isText ? 'delete it' : 'programs are text, and this file is none');
      return void this.#push(tokens.Wrong, run, at);
    }
    const head = this.#takeTouchingName(at);
    const name = head + run;
    const start = at - head.length;
    const message = `names are made of the letters a to z, digits and \`_\`, so \`${name}\` is none`;
    this.#report('E6003', start, name.length, message, `spell it in plain letters: \`${spellOut(name)}\``);
    this.#push(tokens.Name, name, start);
  }

  /** The `caf` of `café`, which then is no token of its own. */
  #takeTouchingName(at: number): string {
    const last = this.#tokens.at(-1);
    if (last?.tokenType !== tokens.Name || last.endOffset !== this.#byteAt(at)) return '';
    this.#tokens.pop();
    this.#startsLine = last.startsLine;
    return last.image;
  }

  /** “text”: what a word processor makes of "text". */
  #addCurlyString(start: number, opener: string): void {
    const found = /^[^"“”„‘’\n]*["“”‘’]?/u.exec(this.#text.slice(start + 1))?.[0] ?? '';
    const content = found.replace(/["“”‘’]$/u, '');
    this.#report(
      'E6004',
      start,
      1,
      `this is a typographic quotation mark (${opener}), not \`"\``,
      `write \`"${content}"\``,
    );
    const token = this.#push(tokens.String, opener + found, start, content);
    this.#resumeAt = start + 1 + found.length;
    token.swallowsLine = found === content;
  }

  #report(code: Parameters<Problems['report']>[0], start: number, length: number, message: string, hint: string): void {
    this.#problems.report(code, this.#byteAt(start), this.#byteAt(start + length), message, { hint });
  }
}

const operandEnds: ReadonlySet<TokenType> = new Set([
  tokens.Name, tokens.Int, tokens.Float, tokens.String, tokens.RightParen, tokens.RightBracket, tokens.RightBrace, tokens.True, tokens.False,
]); // prettier-ignore

function endsOperand(token: Token): boolean {
  return operandEnds.has(token.tokenType) || /^[a-z]/.test(token.image);
}

function isBlank(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

function describeCharacter(run: string): string {
  const point = run.codePointAt(0) ?? 0;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]/u.test(run) ? `${String.fromCodePoint(point)} (${code})` : code;
}
