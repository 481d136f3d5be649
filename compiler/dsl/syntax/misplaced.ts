/** Declarations and statements where they do not belong, known by their first words: what to say instead of "does not fit here". */
import type { TokenType } from 'chevrotain';
import type { SyntaxCode } from '../diagnostics/catalog-syntax.ts';
import * as tokens from './tokens.ts';
import type { Token } from './tokens.ts';

export interface Advice {
  readonly code: SyntaxCode;
  readonly message: string;
  readonly hint: string;
}

type Place = 'block' | 'model' | 'file';

const placeNames: Readonly<Record<Place, string>> = {
  block: 'in a block',
  model: 'in a model',
  file: 'outside of a model',
};

/** Keyword -> the place where it may not stand -> what to do. */
const movers: ReadonlyMap<TokenType, Partial<Readonly<Record<Place, string>>>> = new Map([
  [
    tokens.Param,
    {
      block: 'parameters are members of a `model`, beside its functions',
      file: 'parameters are members of a `model`',
    },
  ],
  [
    tokens.State,
    {
      block: 'state is a member of a `model`; within a function write `var`',
      file: 'state is a member of a `model`',
    },
  ],
  [
    tokens.Model,
    {
      block: 'declare the model in the file itself',
      model: 'declare it beside this model; a sub-model is `name: Name(...)`',
    },
  ],
  [tokens.Type, { block: 'name the type in the file itself', model: 'name the type in the file itself' }],
  [tokens.Use, { block: 'move the `use` to the head of the file', model: 'move the `use` to the head of the file' }],
  [tokens.Test, { block: 'move the test out', model: 'move the test out: it makes the model with `Name(...)`' }],
  [tokens.Export, { block: 'only declarations of a file or of a model are exported' }],
  [tokens.Mut, { block: 'write `var x = 1` for what changes' }],
  [tokens.Annotation, { block: 'annotations stand before members of a model; the matrix product is `a @ b`' }],
  [
    tokens.Var,
    { model: 'what changes in a model is `state x: f32 = zeros`', file: 'a file has constants: `let x = 1`' },
  ],
]);

const hardWords: ReadonlySet<TokenType> = new Set([tokens.Export, tokens.Mut, tokens.Annotation, tokens.Var]);

/** For the first two tokens of something in `place`; undefined when it may stand there, or when nothing better is known. */
export function adviseOnPlace(place: Place, token: Token, next: Token): Advice | undefined {
  return adviseOnKeyword(place, token, next) ?? (place === 'block' ? undefined : adviseOnStatement(place, token, next));
}

function adviseOnKeyword(place: Place, token: Token, next: Token): Advice | undefined {
  const hint = movers.get(token.tokenType)?.[place];
  if (hint === undefined) return undefined;
  const isDeclaration = token.tokenType === tokens.Test ? next.tokenType === tokens.String : isName(next);
  if (!hardWords.has(token.tokenType) && (!isDeclaration || next.startsLine)) return undefined;
  const where = place === 'file' && token.tokenType === tokens.Var ? 'outside of a function' : placeNames[place];
  return { code: 'E6040', message: `\`${token.image}\` does not belong ${where}`, hint };
}

const statementWords: ReadonlySet<TokenType> = new Set([
  tokens.For, tokens.While, tokens.If, tokens.Int, tokens.Float, tokens.String, tokens.True, tokens.False, tokens.Minus, tokens.Not,
  tokens.LeftParen, tokens.LeftBracket, tokens.LeftBrace,
]); // prettier-ignore

function adviseOnStatement(place: 'file' | 'model', token: Token, next: Token): Advice | undefined {
  const code = place === 'file' ? 'E6041' : 'E6042';
  const where = place === 'file' ? 'a file holds declarations' : 'a model holds members';
  if (statementWords.has(token.tokenType)) {
    return { code, message: `${where}, not statements`, hint: 'put it into a `fn`, or into a `test "..." { }`' };
  }
  if (!isName(token)) return undefined;
  if (place === 'file' && token.tokenType === tokens.Test && (next.tokenType === tokens.LeftBrace || isName(next))) {
    return { code: 'E6078', message: 'this test has no name', hint: 'write `test "adds" { ... }`' };
  }
  const isNameless =
    token.tokenType === tokens.Model || token.tokenType === tokens.Param || token.tokenType === tokens.State;
  if (isNameless && (next.startsLine || next.tokenType === tokens.LeftBrace || next.tokenType === tokens.RightBrace)) {
    return {
      code: 'E6081',
      message: `a name is missing after \`${token.image}\``,
      hint: 'names start with a letter or `_`',
    };
  }
  switch (next.tokenType) {
    case tokens.Equals:
    case tokens.Assign:
    case tokens.EqualTo:
      return { code, message: `\`${token.image}\` is not declared here`, hint: adviseOnBinding(place, token.image) };
    case tokens.LeftParen:
    case tokens.Dot:
    case tokens.LeftBracket:
    case tokens.CompoundAssign:
      return { code, message: `${where}, not statements`, hint: 'put it into a `fn`, or into a `test "..." { }`' };
    case tokens.Colon:
      if (place === 'model') return undefined;
      return {
        code,
        message: `\`${token.image}\` is not declared here`,
        hint: `write \`let ${token.image}: ... = ...\``,
      };
    default:
      return undefined;
  }
}

function adviseOnBinding(place: 'file' | 'model', name: string): string {
  if (place === 'file') return `write \`let ${name} = ...\``;
  return `write \`let ${name} = ...\` for a constant, \`${name}: ...\` for a sub-model, \`param\` or \`state\` for tensors`;
}

export function isName({ tokenType }: Token): boolean {
  return tokenType === tokens.Name || (tokenType.CATEGORIES ?? []).includes(tokens.Name);
}
