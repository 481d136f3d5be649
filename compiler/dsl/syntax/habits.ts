/**
 * Words of other languages, where they can only be meant as such: each is reported with the word of this language and replaced by it,
 * so that the rest of the program is still read.
 */
import type { TokenType } from 'chevrotain';
import type { Problems } from './problems.ts';
import * as tokens from './tokens.ts';
import { retype, type Token, virtualToken } from './tokens.ts';

/** What a habit does with the token at `at`: how many tokens it takes away, and what it puts there instead. */
interface Repair {
  readonly taken: number;
  readonly put: readonly Token[];
}

type Habit = (token: Token, next: Token | undefined, context: HabitContext) => Repair | undefined;

interface HabitContext {
  readonly all: readonly Token[];
  readonly at: number;
  readonly previous: Token | undefined;
  readonly problems: Problems;
}

export function replaceHabits(all: readonly Token[], problems: Problems): readonly Token[] {
  let result: Token[] | undefined;
  for (let at = 0; at < all.length; at++) {
    const token = all[at];
    if (token === undefined) break;
    const previous = result === undefined ? all[at - 1] : result.at(-1);
    const habit = token.tokenType === tokens.Name ? habits.get(token.image) : undefined;
    const repair = habit?.(token, all[at + 1], { all, at, previous, problems });
    if (repair === undefined) result?.push(token);
    else {
      result ??= all.slice(0, at);
      result.push(...repair.put);
      at += repair.taken - 1;
      passLineStart(token, repair, all[at + 1]);
    }
  }
  return result ?? all;
}

/** What follows a token that was taken away from the start of a line starts the line now. */
function passLineStart(token: Token, { put }: Repair, next: Token | undefined): void {
  if (put.length > 0 || !token.startsLine || next === undefined) return;
  next.startsLine = true;
  next.doc ??= token.doc;
}

function startsStatement(token: Token, previous: Token | undefined): boolean {
  return token.startsLine || previous === undefined || previous.tokenType === tokens.LeftBrace || isModifier(previous);
}

function isModifier({ tokenType }: Token): boolean {
  return tokenType === tokens.Export || tokenType === tokens.Mut;
}

function isSameLine(next: Token | undefined): next is Token {
  return next !== undefined && !next.startsLine;
}

/** `def f(x)`: a keyword of another language before a name. */
function declaration(type: TokenType, advice: string, follows: readonly TokenType[] = [tokens.Name]): Habit {
  return (token, next, { previous, problems }) => {
    if (!startsStatement(token, previous) || !isSameLine(next)) return undefined;
    if (!follows.some((type) => isOfType(next, type))) return undefined;
    problems.report('E6018', token.startOffset, token.endOffset, `\`${token.image}\` is not a word of this language`, {
      hint: advice,
    });
    retype(token, type);
    return { taken: 1, put: [token] };
  };
}

function isOfType(token: Token, type: TokenType): boolean {
  return token.tokenType === type || (token.tokenType.CATEGORIES ?? []).includes(type);
}

/** A word that stands before something that is right without it. */
function superfluous(code: 'E6018' | 'E6019' | 'E6023', message: string, hint: string, isMeant: Habit): Habit {
  return (token, next, context) => {
    const repair = isMeant(token, next, context);
    if (repair !== undefined) context.problems.report(code, token.startOffset, token.endOffset, message, { hint });
    return repair;
  };
}

const dropped: Repair = { taken: 1, put: [] };

const operandStarts: ReadonlySet<TokenType> = new Set([
  tokens.Int, tokens.Float, tokens.String, tokens.True, tokens.False, tokens.LeftParen, tokens.LeftBracket, tokens.Not, tokens.If, tokens.Fn,
]); // prettier-ignore

function startsOperand(token: Token): boolean {
  const isMinus = token.tokenType === tokens.Minus && !token.spaceAfter && token.spaceBefore;
  return isMinus || operandStarts.has(token.tokenType) || isOfType(token, tokens.Name);
}

const returns = superfluous(
  'E6019',
  'there is no `return`: the last expression of a block is its value',
  'leave the word out; to end early, put the rest into an `else`',
  (token, next, { previous }) => {
    if (!startsStatement(token, previous)) return undefined;
    return isSameLine(next) && !startsOperand(next) && next.tokenType !== tokens.RightBrace ? undefined : dropped;
  },
);

const visibility = superfluous(
  'E6018',
  'every declaration can be used by other files, so no word says so',
  'leave it out; `export` marks what an artifact offers',
  (token, next, { previous }) => {
    const isBeforeDeclaration =
      isSameLine(next) && [tokens.Fn, tokens.Model, tokens.Let, tokens.Type].includes(next.tokenType);
    return startsStatement(token, previous) && isBeforeDeclaration ? dropped : undefined;
  },
);

const selfMember = superfluous(
  'E6023',
  'members are in scope under their own names',
  'leave out what stands before the name: `weight`, not `self.weight`',
  (_, next, { all, at, previous }) => {
    if (previous?.tokenType === tokens.Dot) return undefined;
    if (next?.tokenType === tokens.Dot) return { taken: 2, put: [] };
    const isFirstParameter = previous?.tokenType === tokens.LeftParen && isSignature(all, at);
    if (!isFirstParameter) return undefined;
    return next?.tokenType === tokens.Comma ? { taken: 2, put: [] } : dropped;
  },
);

/** Whether the bracket before `at` follows `fn name`. */
function isSignature(all: readonly Token[], at: number): boolean {
  return all[at - 3]?.tokenType === tokens.Fn;
}

const elif: Habit = (token, next, { previous, problems }) => {
  if (previous?.tokenType !== tokens.RightBrace || next === undefined) return undefined;
  const hint = 'write `else if`';
  problems.report('E6020', token.startOffset, token.endOffset, `\`${token.image}\` is not a word of this language`, {
    hint,
  });
  retype(token, tokens.Else);
  return { taken: 1, put: [token, virtualToken(tokens.If, token.endOffset, 0)] };
};

const lambda: Habit = (token, next, { all, at, problems }) => {
  if (!isSameLine(next) || (next.tokenType !== tokens.Name && next.tokenType !== tokens.Colon)) return undefined;
  const hint = 'write `fn(x) = x + 1`';
  problems.report('E6021', token.startOffset, token.endOffset, '`lambda` is not a word of this language', { hint });
  problems.settle(token.startOffset, lineEnd(all, at));
  return undefined;
};

/** The end of the last token on the line of the token at `at`. */
function lineEnd(all: readonly Token[], at: number): number {
  let last = at;
  while (isSameLine(all[last + 1])) last++;
  return all[last]?.endOffset ?? 0;
}

function capitalised(type: TokenType): Habit {
  return (token, next, { previous, problems }) => {
    if (isDeclaredOrMember(previous, next)) return undefined;
    const right = token.image.toLowerCase();
    problems.report('E6022', token.startOffset, token.endOffset, `\`${token.image}\` is not a value here`, {
      hint: `write \`${right}\``,
    });
    retype(token, type);
    return { taken: 1, put: [token] };
  };
}

const nothing: Habit = (token, next, { previous, problems }) => {
  if (isDeclaredOrMember(previous, next)) return undefined;
  problems.report('E6022', token.startOffset, token.endOffset, `there is no \`${token.image}\`: every value is there`, {
    hint: 'give a parameter a default value, or leave the argument out',
  });
  retype(token, tokens.Wrong);
  return { taken: 1, put: [token] };
};

/** `x.None`, `None: e`: somebody's own name. */
function isDeclaredOrMember(previous: Token | undefined, next: Token | undefined): boolean {
  return previous?.tokenType === tokens.Dot || next?.tokenType === tokens.Colon;
}

const jump = superfluous(
  'E6018',
  'loops run to their end: there is no jump out of one',
  'put what must not run into an `if`, or into the condition of a `while`',
  (token, next, { previous }) =>
    startsStatement(token, previous) && (!isSameLine(next) || next.tokenType === tokens.RightBrace)
      ? dropped
      : undefined,
);

const noStatement = superfluous(
  'E6018',
  'a block may be empty, so there is no `pass`',
  'leave it out',
  (token, next, { previous }) =>
    startsStatement(token, previous) && (!isSameLine(next) || next.tokenType === tokens.RightBrace)
      ? dropped
      : undefined,
);

const fromImport: Habit = (token, next, { all, at, previous, problems }) => {
  if (!startsStatement(token, previous) || !isSameLine(next)) return undefined;
  if (!isOfType(next, tokens.Name) && next.tokenType !== tokens.String) return undefined;
  const hint = 'write `use nn (Dense, relu)`, or `use "./file.tess" (f)`';
  problems.report('E6018', token.startOffset, token.endOffset, '`from` is not a word of this language', { hint });
  problems.settle(token.startOffset, lineEnd(all, at));
  retype(token, tokens.Wrong);
  return { taken: 1, put: [token] };
};

const functionWord = declaration(tokens.Fn, 'a function is `fn name(x: f32) -> f32 = x`');
const modelWord = declaration(tokens.Model, 'a model is `model Name(size: int) { ... }`');
const useWord = declaration(tokens.Use, 'write `use nn`, or `use "./file.tess"`', [tokens.Name, tokens.String]);
const letWord = declaration(tokens.Let, 'write `let x = 1`; `var` for what changes', [tokens.Name, tokens.LeftParen]);

const habits: ReadonlyMap<string, Habit> = new Map([
  ...['def', 'func', 'function', 'fun', 'defun'].map((word) => [word, functionWord] as const),
  ...['class', 'struct'].map((word) => [word, modelWord] as const),
  ...['import', 'include', 'require'].map((word) => [word, useWord] as const),
  ...['const', 'val', 'auto'].map((word) => [word, letWord] as const),
  ...['pub', 'public', 'private'].map((word) => [word, visibility] as const),
  ...['self', 'this'].map((word) => [word, selfMember] as const),
  ...['elif', 'elsif', 'elseif'].map((word) => [word, elif] as const),
  ...['None', 'null', 'nil', 'undefined'].map((word) => [word, nothing] as const),
  ...['break', 'continue'].map((word) => [word, jump] as const),
  ['from', fromImport],
  ['pass', noStatement],
  ['return', returns],
  ['lambda', lambda],
  ['True', capitalised(tokens.True)],
  ['False', capitalised(tokens.False)],
]);
