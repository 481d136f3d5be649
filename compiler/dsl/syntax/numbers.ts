/** The forms of numbers: `1_000`, `0xff`, `0b101`, `1.5`, `1e-5`. */
import type { TokenType } from 'chevrotain';
import { Float, Int } from './tokens.ts';

interface NumberProblem {
  readonly code: 'E6008' | 'E6009';
  readonly message: string;
  readonly hint: string;
}

interface ClassifiedNumber {
  readonly type: TokenType;
  readonly problem?: NumberProblem;
}

const whole = /^(?:0|[1-9](?:_?\d)*)$/;
const prefixed = /^0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|b[01](?:_?[01])*)$/;
const real = /^\d(?:_?\d)*(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?$/;

/** What a text that starts with a digit is; a wrong one counts as what it is nearest to. */
export function classifyNumber(image: string): ClassifiedNumber {
  if (whole.test(image) || prefixed.test(image)) return { type: Int };
  if (image.endsWith('.')) {
    return { type: Float, problem: problem('E6009', 'a point needs digits on both sides', `write \`${image}0\``) };
  }
  if (/^0\d[\d_]*$/.test(image)) {
    const plain = image.replace(/^[0_]+(?=\d)/, '');
    return { type: Int, problem: problem('E6008', 'a whole number has no zeros in front', `write \`${plain}\``) };
  }
  if (real.test(image)) return { type: Float };
  return { type: /^\d[\d_]*\./.test(image) ? Float : Int, problem: explain(image) };
}

function explain(image: string): NumberProblem {
  const message = `\`${image.length > 40 ? `${image.slice(0, 40)}...` : image}\` is not a number`;
  if (/^0x/i.test(image)) return problem('E6008', message, 'hexadecimal is `0x` and the digits 0 to 9 and a to f');
  if (/^0b/i.test(image)) return problem('E6008', message, 'binary is `0b` and the digits 0 and 1');
  if (/^0o/i.test(image)) return problem('E6008', message, 'octal does not exist here: use decimal or `0x`');
  if (/__|_$|_[.eE]/.test(image)) return problem('E6008', message, 'put each `_` between two digits');
  if (/[eE][+-]?$/.test(image)) return problem('E6008', message, 'an exponent has digits: `1e-5`');
  if (/^[\d_.]+(?:f|F|l|L|u|U|j|J|f16|f32|f64|i32|i64|bf16)$/.test(image)) {
    const [, digits, suffix] = /^([\d_.]+)(.*)$/.exec(image) ?? [];
    const dtype = suffix !== undefined && /\d/.test(suffix) ? suffix : 'f32';
    return problem(
      'E6008',
      message,
      `numbers have no suffix: they adapt to what they meet; \`${dtype}(${digits})\` says it`,
    );
  }
  return problem('E6008', message, 'put a space or an operator after the digits; a name starts with a letter');
}

function problem(code: NumberProblem['code'], message: string, hint: string): NumberProblem {
  return { code, message, hint };
}

/** The value of an integer token; wrong digits count for nothing. */
export function integerValue(image: string): bigint {
  const digits = image.replaceAll('_', '');
  if (prefixed.test(image) || whole.test(image)) return BigInt(digits);
  return BigInt(/^\d+/.exec(digits)?.[0] ?? '0');
}
