/**
 * The words of the language, as chevrotain knows them. The lexer proper tells few kinds apart (a name, a number, a string, a piece
 * of punctuation); `lexer.ts` then gives each its final type, so that keywords cost one look-up and not one pattern each.
 */
import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';

/** A token with what the passes after the lexer and the parser need. `startOffset` and `endOffset` are bytes, the end excluded. */
export interface Token extends IToken {
  startOffset: number;
  endOffset: number;
  /** The first of its line. */
  startsLine: boolean;
  /** White space, a comment or the end of the line follows. */
  spaceAfter: boolean;
  /** White space, a comment or the start of the line comes before. */
  spaceBefore: boolean;
  /** How many brackets are open around it; an opener and its closer have the number of what is around them. */
  depth: number;
  /** The `///` lines right before it, without slashes. */
  doc: string | undefined;
  /** A string's text with its escapes replaced. */
  text: string | undefined;
  /** A string without an end: it took the rest of its line, closing brackets included. */
  swallowsLine: boolean;
}

/** Types that no pattern makes: `lexer.ts` assigns them. */
function assigned(name: string, label: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, label, pattern: Lexer.NA, categories });
}

function word(text: string, categories: TokenType[] = []): TokenType {
  return assigned(text[0]?.toUpperCase() + text.slice(1), text, categories);
}

// ------------------------------------------------------------------------------------------------------------------ names

export const Name = assigned('Name', 'name');
/** Operators between two operands, however tight: `operators.ts` knows which is tighter. */
export const InfixOperator = assigned('InfixOperator', 'operator');

/** Words that mean something in one place and are names everywhere else. */
export const Use = word('use', [Name]);
export const As = word('as', [Name]);
export const Model = word('model', [Name]);
export const Param = word('param', [Name]);
export const State = word('state', [Name]);
export const Type = word('type', [Name]);
export const Test = word('test', [Name]);
export const Train = word('train', [Name]);

/** Words that are never names. */
export const Export = word('export');
export const Mut = word('mut');
export const Fn = word('fn');
export const Let = word('let');
export const Var = word('var');
export const For = word('for');
export const In = word('in');
export const If = word('if');
export const Else = word('else');
export const While = word('while');
export const New = word('new');
export const Static = word('static');
export const Inout = word('inout');
export const True = word('true');
export const False = word('false');
export const Not = word('not');
export const And = word('and', [InfixOperator]);
export const Or = word('or', [InfixOperator]);
export const By = word('by', [InfixOperator]);

const softWords = [Use, As, Model, Param, State, Type, Test, Train];
const hardWords = [
  Export, Mut, Fn, Let, Var, For, In, If, Else, While, New, Static, Inout, True, False, Not, And, Or, By,
]; // prettier-ignore

function byLabel(types: readonly TokenType[]): ReadonlyMap<string, TokenType> {
  return new Map(types.map((type) => [type.LABEL ?? type.name, type]));
}

/** Word -> its type. */
export const words = byLabel([...softWords, ...hardWords]);
/** The words that cannot be names. */
export const reservedWords: ReadonlySet<string> = new Set(byLabel(hardWords).keys());

// --------------------------------------------------------------------------------------------------------------- literals

export const Int = assigned('Int', 'integer');
export const Float = assigned('Float', 'float');
export const String = assigned('String', 'string');

// ------------------------------------------------------------------------------------------------------------ punctuation

function sign(name: string, text: string, categories: TokenType[] = []): TokenType {
  return assigned(name, text, categories);
}

export const LeftParen = sign('LeftParen', '(');
export const RightParen = sign('RightParen', ')');
export const LeftBracket = sign('LeftBracket', '[');
export const RightBracket = sign('RightBracket', ']');
export const LeftBrace = sign('LeftBrace', '{');
export const RightBrace = sign('RightBrace', '}');
export const Comma = sign('Comma', ',');
export const Semicolon = sign('Semicolon', ';');
export const Colon = sign('Colon', ':');
export const Dot = sign('Dot', '.');
export const Ellipsis = sign('Ellipsis', '...');
export const Arrow = sign('Arrow', '->');
export const Equals = sign('Equals', '=');
export const Assign = sign('Assign', ':=');
export const Ampersand = sign('Ampersand', '&');
/** `@` at the start of a line, right before a name. */
export const Annotation = assigned('Annotation', '@');

export const Pipe = sign('Pipe', '|>', [InfixOperator]);
export const EqualTo = sign('EqualTo', '==', [InfixOperator]);
export const NotEqualTo = sign('NotEqualTo', '!=', [InfixOperator]);
export const Less = sign('Less', '<', [InfixOperator]);
export const LessOrEqual = sign('LessOrEqual', '<=', [InfixOperator]);
export const Greater = sign('Greater', '>', [InfixOperator]);
export const GreaterOrEqual = sign('GreaterOrEqual', '>=', [InfixOperator]);
export const DotDot = sign('DotDot', '..', [InfixOperator]);
export const Plus = sign('Plus', '+', [InfixOperator]);
export const Minus = sign('Minus', '-', [InfixOperator]);
export const Star = sign('Star', '*', [InfixOperator]);
export const Slash = sign('Slash', '/', [InfixOperator]);
export const Percent = sign('Percent', '%', [InfixOperator]);
export const At = sign('At', '@', [InfixOperator]);
export const Power = sign('Power', '**', [InfixOperator]);

const signs = [
  LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace, Comma, Semicolon, Colon, Dot, Ellipsis, Arrow, Equals,
  Assign, Ampersand, Pipe, EqualTo, NotEqualTo, Less, LessOrEqual, Greater, GreaterOrEqual, DotDot, Plus, Minus, Star, Slash, Percent,
  At, Power,
]; // prettier-ignore

/** Sign -> its type. */
export const punctuation = byLabel(signs);

/** The end of a statement: a line break where one counts. */
export const Newline = assigned('Newline', 'new line');
/** `+=` and its like, which the language does not have: read so that the message can say so. */
export const CompoundAssign = assigned('CompoundAssign', '+=');
/** What is no word of the language and has been reported already. */
export const Wrong = assigned('Wrong', 'unreadable text');

/** All that the parser can meet. */
export const tokenTypes: readonly TokenType[] = [
  Name, InfixOperator, ...softWords, ...hardWords, Int, Float, String, ...signs, Annotation, Newline, CompoundAssign, Wrong,
]; // prettier-ignore

/** How a message names a type of token: `` `)` ``, `a name`. */
export function describeType(type: TokenType): string {
  switch (type) {
    case Name:
      return 'a name';
    case Int:
      return 'a whole number';
    case Float:
      return 'a number';
    case String:
      return 'a string in double quotes';
    case Newline:
      return 'a new line';
    case InfixOperator:
      return 'an operator';
    default:
      return `\`${type.LABEL ?? type.name}\``;
  }
}

/** A token that is not in the text, of no width. */
export function virtualToken(type: TokenType, at: number, depth: number): Token {
  return {
    image: '', tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0, startOffset: at, endOffset: at, startsLine: false,
    spaceAfter: true, spaceBefore: true, depth, doc: undefined, text: undefined, swallowsLine: false,
  }; // prettier-ignore
}

/** Changes what a token counts as. */
export function retype(token: Token, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}
