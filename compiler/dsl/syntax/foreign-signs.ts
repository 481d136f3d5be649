/** Signs of other languages and of word processors, with what is written here instead. */
import type { TokenType } from 'chevrotain';
import * as tokens from './tokens.ts';

export interface ForeignSign {
  readonly code: 'E6003' | 'E6011';
  /** What the parser reads in its place. */
  readonly type: TokenType;
  readonly message: string;
  readonly hint: string;
}

function operator(type: TokenType, message: string, hint: string): ForeignSign {
  return { code: 'E6011', type, message, hint };
}

function instead(type: TokenType, sign: string, right: string): ForeignSign {
  return operator(type, `\`${sign}\` is not an operator here`, `write \`${right}\``);
}

const foreignSigns: Readonly<Record<string, ForeignSign>> = {
  '&&': instead(tokens.And, '&&', 'and'),
  '||': instead(tokens.Or, '||', 'or'),
  '!': instead(tokens.Not, '!', 'not'),
  '^': instead(tokens.Power, '^', '**'),
  '===': instead(tokens.EqualTo, '===', '=='),
  '!==': instead(tokens.NotEqualTo, '!==', '!='),
  '<>': instead(tokens.NotEqualTo, '<>', '!='),
  '|': operator(
    tokens.Or,
    '`|` is not an operator here',
    'write `or` for conditions, `|>` for pipes, `bit_or(a, b)` for bits',
  ),
  '~': operator(tokens.Not, '`~` is not an operator here', 'write `not` for conditions'),
  '=>': operator(tokens.Wrong, '`=>` means nothing here', 'a function without a name is `fn(x) = x + 1`'),
  '?': operator(
    tokens.Wrong,
    '`?` means nothing here',
    'choose with `if c { a } else { b }`; a size that is not known yet has a name',
  ),
  '::': operator(
    tokens.Colon,
    '`::` means nothing here',
    'a step is `by`: `x[0..10 by 2]`; a member of a module is `nn.Dense`',
  ),
  '..=': operator(tokens.DotDot, 'a range never includes its upper end', 'write `a..b + 1`'),
  '..<': operator(tokens.DotDot, 'a range never includes its upper end, so `<` says nothing', 'write `a..b`'),
  '**=': compound(),
  '+=': compound(),
  '-=': compound(),
  '*=': compound(),
  '/=': compound(),
  '%=': compound(),
  '@=': compound(),
  '^=': compound(),
  '&=': compound(),
  '|=': compound(),
};

/** Reported by the parser, which knows what is assigned to. */
function compound(): ForeignSign {
  return operator(tokens.CompoundAssign, '', '');
}

export function foreignSign(image: string): ForeignSign {
  const known = foreignSigns[image];
  if (known !== undefined) return known;
  return {
    code: 'E6003',
    type: tokens.Wrong,
    message: `the character \`${image}\` means nothing here`,
    hint: 'delete it',
  };
}

type LookAlike =
  | { readonly kind: 'sign'; readonly name: string; readonly sign: string; readonly type: TokenType }
  | { readonly kind: 'quote' }
  | { readonly kind: 'blank'; readonly name: string };

function sign(name: string, text: string, type: TokenType): LookAlike {
  return { kind: 'sign', name, sign: text, type };
}

const lookAlikes: Readonly<Record<string, LookAlike>> = {
  '−': sign('a mathematical minus', '-', tokens.Minus),
  '–': sign('a dash', '-', tokens.Minus),
  '—': sign('a dash', '-', tokens.Minus),
  '‐': sign('a typographic hyphen', '-', tokens.Minus),
  '×': sign('a multiplication sign', '*', tokens.Star),
  '·': sign('a multiplication dot', '*', tokens.Star),
  '∗': sign('a mathematical asterisk', '*', tokens.Star),
  '÷': sign('a division sign', '/', tokens.Slash),
  '∕': sign('a division slash', '/', tokens.Slash),
  '≤': sign('one character', '<=', tokens.LessOrEqual),
  '≥': sign('one character', '>=', tokens.GreaterOrEqual),
  '≠': sign('one character', '!=', tokens.NotEqualTo),
  '→': sign('one character', '->', tokens.Arrow),
  '…': sign('one character', '...', tokens.Ellipsis),
  '（': sign('a full-width parenthesis', '(', tokens.LeftParen),
  '）': sign('a full-width parenthesis', ')', tokens.RightParen),
  '，': sign('a full-width comma', ',', tokens.Comma),
  '：': sign('a full-width colon', ':', tokens.Colon),
  '；': sign('a full-width semicolon', ';', tokens.Semicolon),
  '＝': sign('a full-width equals sign', '=', tokens.Equals),
  '“': { kind: 'quote' },
  '”': { kind: 'quote' },
  '„': { kind: 'quote' },
  '‘': { kind: 'quote' },
  '’': { kind: 'quote' },
  '\u00a0': { kind: 'blank', name: 'a space that does not break' },
  '\u2007': { kind: 'blank', name: 'a typographic space' },
  '\u2009': { kind: 'blank', name: 'a thin space' },
  '\u200a': { kind: 'blank', name: 'a hair space' },
  '\u202f': { kind: 'blank', name: 'a narrow space' },
  '\u200b': { kind: 'blank', name: 'an invisible space' },
  '\u200c': { kind: 'blank', name: 'an invisible character' },
  '\u200d': { kind: 'blank', name: 'an invisible character' },
  '\u2060': { kind: 'blank', name: 'an invisible character' },
  '\u3000': { kind: 'blank', name: 'a full-width space' },
  '\u2028': { kind: 'blank', name: 'a line separator' },
  '\u2029': { kind: 'blank', name: 'a paragraph separator' },
};

/** What a character outside ASCII was meant to be. */
export function lookAlike(character: string): LookAlike | undefined {
  return lookAlikes[character];
}

const greek = [
  ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa', 'lambda', 'mu', 'nu', 'xi', 'omicron', 'pi'],
  ['rho', 'sigma', 'sigma', 'tau', 'upsilon', 'phi', 'chi', 'psi', 'omega'],
].flat(); // prettier-ignore

/** A name in ASCII: `μ` is `mu`, `café` is `cafe`; `name` where nothing is left. */
export function spellOut(name: string): string {
  const letters = Array.from(name.normalize('NFD'), (letter) => {
    const index = (letter.toLowerCase().codePointAt(0) ?? 0) - 0x3b1;
    return greek[index] ?? letter;
  });
  const plain = letters.join('').replaceAll(/\W/g, '');
  return /^[A-Za-z_]/.test(plain) ? plain : 'name';
}
