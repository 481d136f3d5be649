/** From what the parser expected and what it found to a sentence that helps. */
import { EOF, type TokenType } from 'chevrotain';
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { SyntaxCode } from '../diagnostics/catalog-syntax.ts';
import type { Problems } from './problems.ts';
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
  /** What to point at instead of what was found. */
  readonly at?: Token | undefined;
}

export function explainFailure(failure: Failure, problems: Problems): void {
  const { actual } = failure;
  if (actual.tokenType === tokens.Wrong) return;
  const { code, message, hint, at } = explain(failure, describeToken(actual));
  const [start, end] = at === undefined ? placeOf(failure, code, problems) : [at.startOffset, at.endOffset];
  problems.report(code, start, end, message, { hint });
}

/** Codes of something that is missing: before a line break, that is at the end of the line. */
const missing: ReadonlySet<SyntaxCode> = new Set(['E6036', 'E6038', 'E6050', 'E6070', 'E6081']);

/** The token that does not fit; where the line or the text ends too early, the place right after the last token. */
function placeOf({ actual, previous }: Failure, code: SyntaxCode, problems: Problems): readonly [number, number] {
  const isMissing = actual.endOffset === actual.startOffset || (actual.startsLine && missing.has(code));
  if (!isMissing) return [actual.startOffset, actual.endOffset];
  const at = previous?.endOffset ?? problems.source.start;
  return [at, at + 1];
}

function describeToken({ tokenType, image }: Token): string {
  if (tokenType === EOF) return 'the end of the file';
  if (tokenType === tokens.Newline) return 'the end of the line';
  if (image === '') return describeType(tokenType);
  return `\`${image.length > 40 ? `${image.slice(0, 40)}...` : image}\``;
}

function explain(failure: Failure, found: string): Explanation {
  return (
    explainReserved(failure) ??
    explainEquals(failure) ??
    explainByRule(failure, found) ??
    explainExpected(failure, found)
  );
}

function endsLine({ actual }: Failure): boolean {
  return actual.tokenType === EOF || actual.tokenType === tokens.Newline || actual.tokenType === tokens.RightBrace;
}

/** A word of the language where somebody's own name has to stand. */
function explainReserved({ actual, expected, rule, previous }: Failure): Explanation | undefined {
  const isFirst = previous?.tokenType === tokens.LeftParen || previous?.tokenType === tokens.Comma;
  const wantsParameter = rule === 'parameters' && expected === tokens.RightParen && isFirst;
  const wantsName = expected === tokens.Name || (rule === 'pattern' && expected === undefined) || wantsParameter;
  if (!reservedWords.has(actual.image) || !wantsName) return undefined;
  const message = `\`${actual.image}\` is a word of the language and cannot be a name`;
  return { code: 'E6061', message, hint: `choose another name: \`${actual.image}_\`, or a longer one` };
}

/** `f(axis = 1)`, `if x = 1 { }`: `=` where it means nothing. */
function explainEquals({ actual, rule, expected }: Failure): Explanation | undefined {
  if (actual.tokenType !== tokens.Equals && actual.tokenType !== tokens.Assign) return undefined;
  if (rule === 'callArguments' || rule === 'tuple') {
    const message = `a name and its value are joined by \`:\`, not \`${actual.image}\``;
    return { code: 'E6064', message, hint: 'write `f(x, axis: 1)`, `(probs: p)`' };
  }
  if (expected !== tokens.LeftBrace) return undefined;
  return { code: 'E6067', message: `\`${actual.image}\` compares nothing`, hint: 'write `==`' };
}

type ByRule = (failure: Failure, found: string) => Explanation | undefined;

/** Rule -> what it has to say about its own failures. */
const byRule: Readonly<Record<string, ByRule>> = {
  operand: explainOperand,
  statement: ({ actual }) => explainNoOperand(actual),
  pattern: ({ expected, actual }, found) => {
    if (expected === tokens.RightParen && actual.tokenType === tokens.In) {
      return { code: 'E6065', message: '`for` takes no parentheses', hint: 'write `for i in 0..n { ... }`' };
    }
    if (expected !== undefined) return undefined;
    return missingName(found, 'write a name, `_`, or a tuple of them: `(a, b)`');
  },
  binding: explainBinding,
  letItem: explainBinding,
  typeAlias: (failure, found) => {
    if (failure.expected !== tokens.Equals) return undefined;
    return { code: 'E6038', message: `\`=\` is missing before ${found}`, hint: 'write `type Name[n] = (x: f32[n])`' };
  },
  exportBinding: (failure, found) => {
    if (failure.expected !== tokens.Equals) return undefined;
    return {
      code: 'E6038',
      message: `\`=\` is missing before ${found}`,
      hint: 'write `export train step = minimize(loss, optimiser)`',
    };
  },
  param: ({ expected }, found) => {
    if (expected !== tokens.Colon) return undefined;
    return {
      code: 'E6077',
      message: `\`:\` and the type are missing before ${found}`,
      hint: 'write `param w: f32[n] = zeros`',
    };
  },
  parameters: ({ expected, actual }, found) => {
    if (expected !== tokens.LeftParen) return undefined;
    if (actual.tokenType === tokens.Less) {
      const hint = 'write `fn f[n](x: f32[n])`, `fn f[T: dtype](x: T)`';
      return { code: 'E6082', message: 'what a function is generic in stands in `[` and `]`', hint };
    }
    return {
      code: 'E6082',
      message: `the parameters are missing before ${found}`,
      hint: 'write `fn f(x: f32) -> f32`, `fn f()`',
    };
  },
  list: ({ expected, actual, previous }) => {
    if (expected !== tokens.RightBracket || previous?.tokenType !== tokens.LeftBracket) return undefined;
    return explainNoOperand(actual);
  },
  binder: ({ actual, previous }) => {
    if (actual.tokenType !== tokens.RightBracket || previous?.tokenType !== tokens.LeftBracket) return undefined;
    return { code: 'E6063', message: 'these brackets are empty', hint: 'leave them out, or name a dimension: `[n]`' };
  },
  fn: explainFn,
  lambda: explainFn,
  fnType: ({ expected }, found) => {
    if (expected !== tokens.Arrow) return undefined;
    const hint = 'the type of a function is `fn(f32[n]) -> f32`';
    return { code: 'E6071', message: `\`->\` is missing before ${found}`, hint };
  },
  block: explainBlock,
  members: explainBlock,
  for: explainIn,
  comprehensionClause: explainIn,
  test: ({ expected }, found) => {
    if (expected !== tokens.String) return undefined;
    return {
      code: 'E6078',
      message: `the name of the test is missing before ${found}`,
      hint: 'write `test "adds" { ... }`',
    };
  },
  use: (_, found) => explainUse(found),
  useNames: (_, found) => explainUse(found),
  annotation: (_, found) => {
    const hint = 'write `@name("the.name.in.the.file")` before a member';
    return { code: 'E6076', message: `this annotation cannot be read from ${found} on`, hint };
  },
  indexItem: ({ actual }) => {
    if (actual.tokenType !== tokens.RightBracket) return undefined;
    const hint = 'a scalar is `f32`; all of a tensor is `x[...]`';
    return { code: 'E6063', message: 'these brackets are empty', hint };
  },
  item: ({ actual }, found) => {
    const close = nearest(actual.image, ['export', 'fn', 'let', 'model', 'test', 'type', 'use']);
    const all = 'a file holds `use`, `fn`, `model`, `type`, `let` and `test`';
    const hint = close === undefined ? all : `did you mean \`${close}\`?`;
    return { code: 'E6043', message: `a declaration is missing before ${found}`, hint };
  },
  member: ({ actual }, found) => {
    const close = nearest(actual.image, ['export', 'fn', 'let', 'param', 'state']);
    const all = 'a model holds `param`, `state`, `let`, `fn`, and sub-models as `name: Name(...)`';
    const hint = close === undefined ? all : `did you mean \`${close}\`?`;
    return { code: 'E6043', message: `a member is missing before ${found}`, hint };
  },
};

function explainByRule(failure: Failure, found: string): Explanation | undefined {
  return byRule[failure.rule]?.(failure, found);
}

function missingName(found: string, hint: string): Explanation {
  return { code: 'E6081', message: `a name is missing before ${found}`, hint };
}

function explainOperand(failure: Failure, found: string): Explanation {
  const { previous, actual } = failure;
  if (previous?.tokenType === tokens.Dot)
    return missingName(found, 'after `.` stands the name of a member, or its number: `x.0`');
  const special = explainNoOperand(actual);
  if (special !== undefined) return special;
  if (previous !== undefined && isInfix(previous)) {
    const message = `\`${previous.image}\` has nothing on its right`;
    return { code: 'E6051', message, hint: 'write the second operand, or delete the operator', at: previous };
  }
  if (isInfix(actual)) {
    const message = `\`${actual.image}\` has nothing on its left`;
    const hint =
      actual.tokenType === tokens.Plus
        ? 'a number needs no `+` before it'
        : 'write the first operand, or delete the operator';
    return { code: 'E6051', message, hint };
  }
  return {
    code: 'E6050',
    message: `a value is missing before ${found}`,
    hint: 'a name, a number, a call or `(...)` may stand here',
  };
}

/** What looks as if it could be a value. */
function explainNoOperand({ tokenType, image }: Token): Explanation | undefined {
  switch (tokenType) {
    case tokens.Else:
      return { code: 'E6037', message: 'this `else` has no `if`', hint: 'an `else` follows the `}` of its `if`' };
    case tokens.Ampersand: {
      const hint = 'write `&` before an argument for an `inout` parameter: `f(&kv[i])`';
      return { code: 'E6055', message: '`&` is only for arguments', hint };
    }
    case tokens.For: {
      const hint = 'the element comes first: `[f(x) for x in xs]`';
      return { code: 'E6050', message: 'a value is missing before `for`', hint };
    }
    case tokens.Fn:
      return { code: 'E6082', message: 'the parameters are missing after `fn`', hint: 'write `fn(x) = x + 1`' };
    default: {
      if (!reservedWords.has(image) || image === 'and' || image === 'or' || image === 'by') return undefined;
      const message = `\`${image}\` is a word of the language and no value`;
      return { code: 'E6061', message, hint: 'choose another name, if it is meant as one' };
    }
  }
}

function isInfix({ tokenType }: Token): boolean {
  return (tokenType.CATEGORIES ?? []).includes(tokens.InfixOperator);
}

function explainBinding(failure: Failure, found: string): Explanation | undefined {
  if (failure.expected === tokens.Name)
    return missingName(found, 'a constant of a file or a model has one name: `let size = 10`');
  if (failure.expected !== tokens.Equals) return undefined;
  if (endsLine(failure)) {
    return {
      code: 'E6038',
      message: 'this name gets no value',
      hint: 'write `let x = 1`; a tensor may start as `zeros(f32[n])`',
    };
  }
  return {
    code: 'E6038',
    message: `\`=\` is missing before ${found}`,
    hint: 'write `let x = 1`, or with a type `let x: f32 = 1`',
  };
}

function explainFn({ kind, actual, rule }: Failure, found: string): Explanation | undefined {
  if (kind !== 'no-alternative') return undefined;
  const isType =
    actual.tokenType === tokens.Colon || actual.tokenType === tokens.Name || actual.tokenType === tokens.LeftParen;
  if (isType) {
    return {
      code: 'E6071',
      message: `\`->\` is missing before ${found}`,
      hint: 'write `->` before the type of the result',
    };
  }
  const example = rule === 'fn' ? '`fn f(x: f32) -> f32 = x + 1`' : '`fn(x) = x + 1`';
  return {
    code: 'E6070',
    message: 'this function has no body',
    hint: `write \`= value\` or \`{ ... }\` after its signature: ${example}`,
  };
}

function explainBlock({ expected, actual }: Failure, found: string): Explanation | undefined {
  if (expected !== tokens.LeftBrace) return undefined;
  if (actual.tokenType === tokens.Colon) {
    return { code: 'E6035', message: 'a block does not start with `:`', hint: 'put the block into braces: `{ ... }`' };
  }
  return {
    code: 'E6036',
    message: `\`{\` is missing before ${found}`,
    hint: 'blocks are in braces, also those of one line',
  };
}

function explainIn({ expected }: Failure, found: string): Explanation | undefined {
  if (expected !== tokens.In) return undefined;
  const hint = 'write `for i in 0..n { ... }`, `[f(i) for i in 0..n]`';
  return { code: 'E6065', message: `\`in\` is missing before ${found}`, hint };
}

function explainUse(found: string): Explanation {
  const hint = 'write `use nn`, `use nn.losses as l`, `use nn (Dense, relu)`, `use "./file.tess" as f`';
  return { code: 'E6079', message: `this \`use\` cannot be read from ${found} on`, hint };
}

function explainExpected({ expected }: Failure, found: string): Explanation {
  if (expected === tokens.RightParen || expected === tokens.RightBracket) {
    const message = `\`,\` or ${describeType(expected)} is missing before ${found}`;
    return { code: 'E6059', message, hint: 'an operator or a comma may be lost here' };
  }
  if (expected === tokens.Name) return missingName(found, 'names start with a letter or `_`');
  if (expected === undefined)
    return { code: 'E6060', message: `${found} does not fit here`, hint: 'docs/language.md shows what does' };
  return {
    code: 'E6060',
    message: `${describeType(expected)} is missing before ${found}`,
    hint: `write ${describeType(expected)}`,
  };
}
