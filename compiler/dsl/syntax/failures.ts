/** From what the parser expected and what it found to a sentence that helps. */
import { EOF, type TokenType } from 'chevrotain';
import type { SyntaxCode } from '../diagnostics/catalog-syntax.ts';
import type { ProblemDetails, Problems } from './problems.ts';
import * as tokens from './tokens.ts';
import { describeType, reservedWords, type Token } from './tokens.ts';

/** Where and on what a rule could not go on. */
export interface Failure {
  readonly kind: 'mismatch' | 'no-alternative';
  /** The only type that would do, for a mismatch. */
  readonly expected: TokenType | undefined;
  readonly actual: Token;
  readonly previous: Token | undefined;
  readonly rule: string;
}

interface Explanation {
  readonly code: SyntaxCode;
  readonly message: string;
  readonly hint: string;
}

export function explainFailure(failure: Failure, problems: Problems): void {
  const { actual } = failure;
  if (actual.tokenType === tokens.Wrong) return;
  const { code, message, hint } = explain(failure);
  const [start, end] = placeOf(failure, problems);
  problems.report(code, start, end, message, { hint } satisfies ProblemDetails);
}

/** The token that does not fit; where the line or the text ends too early, the place right after the last token. */
function placeOf({ actual, previous }: Failure, problems: Problems): readonly [number, number] {
  const isMissing = actual.endOffset === actual.startOffset;
  if (!isMissing) return [actual.startOffset, actual.endOffset];
  const at = previous?.endOffset ?? problems.source.start;
  return [at, at + 1];
}

function explain(failure: Failure): Explanation {
  return explainReserved(failure) ?? explainByRule(failure) ?? explainExpected(failure);
}

function describeActual({ actual }: Failure): string {
  if (actual.tokenType === EOF) return 'the end of the file';
  if (actual.tokenType === tokens.Newline) return 'the end of the line';
  return `\`${actual.image.length > 40 ? `${actual.image.slice(0, 40)}...` : actual.image}\``;
}

/** A word of the language where somebody's own name has to stand. */
function explainReserved(failure: Failure): Explanation | undefined {
  const { actual, expected, rule } = failure;
  if (!reservedWords.has(actual.image)) return undefined;
  const wantsName = expected === tokens.Name || rule === 'pattern';
  if (!wantsName) return undefined;
  const hint = `choose another name: \`${actual.image}_\`, or a longer one`;
  return { code: 'E6061', message: `\`${actual.image}\` is a word of the language and cannot be a name`, hint };
}

function explainByRule(failure: Failure): Explanation | undefined {
  const found = describeActual(failure);
  switch (failure.rule) {
    case 'operand':
      return explainOperand(failure, found);
    case 'pattern':
      return {
        code: 'E6081',
        message: `a name is missing before ${found}`,
        hint: 'write a name, `_`, or a tuple of them: `(a, b)`',
      };
    case 'let':
    case 'var':
    case 'letItem':
      return explainLet(failure, found);
    case 'fn':
    case 'lambda':
      return explainFn(failure, found);
    case 'block':
      return explainBlock(failure, found);
    case 'conditional':
    case 'while':
    case 'for':
      return explainBlock(failure, found);
    default:
      return undefined;
  }
}

function explainOperand({ previous, actual }: Failure, found: string): Explanation {
  const isAfterOperator =
    previous !== undefined && (previous.tokenType.CATEGORIES ?? []).includes(tokens.InfixOperator);
  if (actual.tokenType === tokens.Else) {
    return { code: 'E6037', message: 'this `else` has no `if`', hint: 'an `else` follows the `}` of its `if`' };
  }
  if (actual.tokenType === tokens.Ampersand) {
    const hint = 'write `&` before an argument for an `inout` parameter: `f(&kv[i])`';
    return { code: 'E6055', message: '`&` is only for arguments', hint };
  }
  if (reservedWords.has(actual.image)) {
    const hint = 'a name of your own needs another spelling';
    return { code: 'E6061', message: `\`${actual.image}\` is a word of the language and no value`, hint };
  }
  if (isAfterOperator) {
    const message = `\`${previous.image}\` has nothing on its right, but ${found}`;
    return { code: 'E6051', message, hint: 'write the second operand, or delete the operator' };
  }
  return {
    code: 'E6050',
    message: `a value is missing before ${found}`,
    hint: 'a name, a number, a call, `(`...`)` may stand here',
  };
}

function explainLet({ expected, actual }: Failure, found: string): Explanation | undefined {
  if (expected !== tokens.Equals) return undefined;
  if (actual.tokenType === tokens.Newline || actual.tokenType === EOF || actual.tokenType === tokens.RightBrace) {
    return {
      code: 'E6038',
      message: 'this name gets no value',
      hint: 'write `= ` and the value; names are never empty',
    };
  }
  return {
    code: 'E6038',
    message: `\`=\` is missing before ${found}`,
    hint: 'write `let x = 1`, or with a type `let x: f32 = 1`',
  };
}

function explainFn({ kind, expected, actual, previous }: Failure, found: string): Explanation | undefined {
  if (expected === tokens.LeftParen) {
    const hint = 'parameters are in parentheses: `fn f(x: f32) -> f32`';
    return { code: 'E6082', message: `the parameters are missing before ${found}`, hint };
  }
  if (kind !== 'no-alternative') return undefined;
  if (actual.tokenType === tokens.Colon || actual.tokenType === tokens.Name) {
    const hint = 'write `->` before the type of the result';
    return { code: 'E6071', message: `\`->\` is missing before ${found}`, hint: previous === undefined ? hint : hint };
  }
  return {
    code: 'E6070',
    message: 'this function has no body',
    hint: 'write `= value` or `{ ... }` after its signature',
  };
}

function explainBlock({ expected }: Failure, found: string): Explanation | undefined {
  if (expected === tokens.LeftBrace) {
    return {
      code: 'E6036',
      message: `\`{\` is missing before ${found}`,
      hint: 'blocks are in braces, also those of one line',
    };
  }
  return undefined;
}

function explainExpected(failure: Failure): Explanation {
  const found = describeActual(failure);
  const { expected } = failure;
  if (expected === tokens.RightParen || expected === tokens.RightBracket) {
    const message = `${describeType(expected)} or \`,\` is missing before ${found}`;
    return { code: 'E6059', message, hint: 'an operator or a comma may be lost here' };
  }
  if (expected === tokens.Name)
    return { code: 'E6081', message: `a name is missing before ${found}`, hint: 'names start with a letter' };
  if (expected === undefined)
    return { code: 'E6060', message: `${found} does not fit here`, hint: 'see the grammar in docs/language.md' };
  return {
    code: 'E6060',
    message: `${describeType(expected)} is missing before ${found}`,
    hint: `write ${describeType(expected)}`,
  };
}
