/** Operators between compile-time values: sizes are polynomials and divide exactly; a float makes the result a float. */
import type { CallSite } from './call-site.ts';
import {
  addDimensions,
  areEqualSizes,
  constantDimension,
  constantOf,
  type Dimension,
  dimensionText,
  divideExactly,
  multiplyDimensions,
  remainderOf,
  subtractDimensions,
} from './dimension.ts';
import { type Operand, refuse, type ValueOperator } from './operand.ts';
import { pow } from '../../../ir/numerics/index.ts';
import { typeText } from './type-text.ts';
import type { Value } from './values.ts';

const maxSafe = Number.MAX_SAFE_INTEGER;

export function compileTimeBinary(operator: ValueOperator, lhs: Operand, rhs: Operand, site: CallSite): Value {
  const a = lhs.value;
  const b = rhs.value;
  if (a.kind === 'int' && b.kind === 'int') return ints(operator, a.value, b.value, lhs, rhs, site);
  if ((a.kind === 'int' || a.kind === 'float') && (b.kind === 'int' || b.kind === 'float')) {
    return floats(operator, floatOf(a), floatOf(b), lhs, rhs, site);
  }
  if (a.kind === 'bool' && b.kind === 'bool') return bools(operator, a.value, b.value, lhs, rhs, site);
  if (a.kind === 'str' && b.kind === 'str') {
    if (operator === '+') return { kind: 'str', value: a.value + b.value };
    if (operator === '==' || operator === '!=') return bool((a.value === b.value) === (operator === '=='));
  }
  if (a.kind === 'list' && b.kind === 'list' && operator === '+') {
    return { kind: 'list', elements: [...a.elements, ...b.elements] };
  }
  if ((operator === '==' || operator === '!=') && (a.kind === 'dtype' || a.kind === 'type') && a.kind === b.kind) {
    const same = a.kind === 'dtype' && b.kind === 'dtype' ? a.dtype === b.dtype : sameType(a, b);
    return bool(same === (operator === '=='));
  }
  return refuse(operator, [lhs, rhs], site);
}

function sameType(a: Value, b: Value): boolean {
  return a.kind === 'type' && b.kind === 'type' && typeText(a.type) === typeText(b.type);
}

function bool(value: boolean | undefined): Value {
  return { kind: 'bool', value };
}

function int(value: Dimension): Value {
  return { kind: 'int', value };
}

function ints(operator: ValueOperator, a: Dimension, b: Dimension, lhs: Operand, rhs: Operand, site: CallSite): Value {
  switch (operator) {
    case '+':
      return int(inRange(addDimensions(a, b), site));
    case '-':
      return int(inRange(subtractDimensions(a, b), site));
    case '*':
      return int(inRange(multiplyDimensions(a, b), site));
    case '/': {
      const exact = divideExactly(a, b);
      if (exact !== undefined) return int(exact);
      return notWhole(a, b, site);
    }
    case '%': {
      const rest = remainderOf(a, b);
      return rest === undefined ? notWhole(a, b, site) : int(rest);
    }
    case '**':
      return intPower(a, b, site);
    case '==':
    case '!=': {
      const isEqual = areEqualSizes(a, b);
      return bool(isEqual === undefined ? undefined : isEqual === (operator === '=='));
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareNumbers(operator, constantOf(subtractDimensions(a, b)), 0);
    case '@':
    case 'and':
    case 'or':
      return refuse(operator, [lhs, rhs], site);
  }
}

function notWhole(a: Dimension, b: Dimension, site: CallSite): never {
  const [x, y] = [dimensionText(a), dimensionText(b)];
  if (constantOf(b) === 0) return site.fail('E6312', `${x} divided by 0`);
  return site.fail('E6312', `${x}/${y} is not a whole number`, {
    hint: `\`div(${x}, ${y})\` rounds down; \`${x}.0 / ${y}\` is a fraction`,
  });
}

function intPower(a: Dimension, b: Dimension, site: CallSite): Value {
  const exponent = constantOf(b);
  if (exponent === undefined) return { kind: 'float', value: undefined, text: undefined };
  if (exponent < 0) {
    const base = constantOf(a);
    return { kind: 'float', value: base === undefined ? undefined : pow(base, exponent), text: undefined };
  }
  if (exponent > 64 && constantOf(a) === undefined) {
    return site.fail('E6321', `the power ${exponent} of a size is too large`);
  }
  // Beyond 64 only powers of 0, 1 and -1 are in range: the sign tells even from odd.
  const steps = exponent > 64 ? 64 + (exponent % 2) : exponent;
  let product = constantDimension(1);
  for (let step = 0; step < steps; step++) product = inRange(multiplyDimensions(product, a), site);
  return int(product);
}

function inRange(dimension: Dimension, site: CallSite): Dimension {
  if (dimension.terms.every((term) => Math.abs(term.coefficient) <= maxSafe)) return dimension;
  return site.fail('E6321', 'this integer is beyond 2^53');
}

function floatOf(value: Value): number | undefined {
  if (value.kind === 'float') return value.value;
  return value.kind === 'int' ? constantOf(value.value) : undefined;
}

function floats(
  operator: ValueOperator,
  a: number | undefined,
  b: number | undefined,
  lhs: Operand,
  rhs: Operand,
  site: CallSite,
): Value {
  const compute = (f: (x: number, y: number) => number): Value => ({
    kind: 'float',
    value: a === undefined || b === undefined ? undefined : f(a, b),
    text: undefined,
  });
  switch (operator) {
    case '+':
      return compute((x, y) => x + y);
    case '-':
      return compute((x, y) => x - y);
    case '*':
      return compute((x, y) => x * y);
    case '/':
      return compute((x, y) => x / y);
    case '%':
      return compute((x, y) => x - y * Math.floor(x / y));
    case '**':
      return compute(pow);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareNumbers(operator, a, b);
    case '@':
    case 'and':
    case 'or':
      return refuse(operator, [lhs, rhs], site);
  }
}

function compareNumbers(
  operator: '==' | '!=' | '<' | '<=' | '>' | '>=',
  a: number | undefined,
  b: number | undefined,
): Value {
  if (a === undefined || b === undefined) return bool(undefined);
  switch (operator) {
    case '==':
      return bool(a === b);
    case '!=':
      return bool(a !== b);
    case '<':
      return bool(a < b);
    case '<=':
      return bool(a <= b);
    case '>':
      return bool(a > b);
    case '>=':
      return bool(a >= b);
  }
}

function bools(
  operator: ValueOperator,
  a: boolean | undefined,
  b: boolean | undefined,
  lhs: Operand,
  rhs: Operand,
  site: CallSite,
): Value {
  const unknown = a === undefined || b === undefined;
  switch (operator) {
    case 'and':
      return bool(a === false || b === false ? false : unknown ? undefined : true);
    case 'or':
      return bool(a === true || b === true ? true : unknown ? undefined : false);
    case '==':
      return bool(unknown ? undefined : a === b);
    case '!=':
      return bool(unknown ? undefined : a !== b);
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '@':
    case '**':
      return refuse(operator, [lhs, rhs], site);
  }
}
