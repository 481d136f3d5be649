/**
 * Complex tensors become pairs of real ones:
 *
 *     %2 = stablehlo.multiply %0, %1 : tensor<4xcomplex<f32>>
 *       ->
 *     %re = a c - b d : tensor<4xf32>, %im = a d + b c : tensor<4xf32>      of the parts a, b of %0 and c, d of %1
 *
 * through arithmetic, elementary functions (expand-complex/), data movement, contractions, reductions, sorts, and what loops and branches
 * carry. At function boundaries, calls and ops that have no rule, complex values stay: `complex` joins the parts for them, and `real`
 * and `imag` split what they give, so that these three are all that a back end must know. `expand-fft` and `expand-chlo` come before.
 */
import { dtypeInfo } from '../ir/dtype.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { opSite } from '../ir/op-site.ts';
import type { compare } from '../ir/ops/stablehlo/compare.ts';
import { complex } from '../ir/ops/stablehlo/complex.ts';
import type { OpName } from '../ir/ops/registry.ts';
import type { sort } from '../ir/ops/stablehlo/sort.ts';
import { hasDType, isTensor, type TensorType, type Type } from '../ir/types.ts';
import { constantOf } from './constants.ts';
import * as arithmetic from './expand-complex/arithmetic.ts';
import * as functions from './expand-complex/functions.ts';
import * as logarithm from './expand-complex/logarithm.ts';
import { type ExpandKit, partType, present } from './expand-kit.ts';
import type { ComplexTerm } from './expand-chlo/expansion.ts';
import { Formula, type Term } from './expand-chlo/term.ts';
import { notExpanded } from './expansions.ts';
import { dataMovement, fullNames, type StableHloName } from './op-groups.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import {
  convertToParts,
  flattened,
  keepsTypes,
  type PartConversion,
  partwise,
  type PartRule,
  type PartScheme,
} from './value-parts.ts';

const scheme: PartScheme = {
  partTypes: (type) => (isComplex(type) ? [partType(type), partType(type)] : undefined),
  split: (kit, value) => [kit.real(value), kit.imag(value)],
  join: (kit, [re, im]) => kit.complex(present(re), present(im)),
  isJoin: (op) => op.name === complex.name,
  rule: (op) => rules.get(op.name) ?? (isKept(op) ? undefined : () => notExpanded('it has no form on parts')),
};

export const expandComplex = definePass({
  name: 'expand-complex',
  summary: 'replace complex tensors by pairs of real ones',
  run: (module, context) => convertToParts(module, context, scheme),
});

interface ComplexTensor extends TensorType {
  readonly element: 'complex<f32>' | 'complex<f64>';
}

function isComplex(type: Type): type is ComplexTensor {
  return isTensor(type) && hasDType(type) && dtypeInfo(type.element).kind === 'complex';
}

/** Boundaries: what is not StableHLO's, ends a block, or hands values on. */
function isKept({ name, definition }: Operation): boolean {
  const isStableHlo = name.startsWith('stablehlo.') || name.startsWith('chlo.');
  return !isStableHlo || definition.traits.has('terminator') || boundaries.has(name);
}

const boundaries: ReadonlySet<string> = new Set(
  fullNames(['tuple', 'get_tuple_element', 'custom_call', 'composite', 'infeed', 'outfeed', 'send', 'recv']),
);

type ComplexFunction = (...operands: readonly ComplexTerm[]) => ComplexTerm;

/** Operands as terms over one formula. */
function complexTerms(conversion: PartConversion, kit: ExpandKit, op: Operation): readonly ComplexTerm[] {
  const parts = op.operands.map((value) => conversion.parts(value));
  const formula = new Formula(kit.rewriter, op, present(parts[0]?.[0]));
  return parts.map(([re, im]) => ({ re: formula.term(present(re)), im: formula.term(present(im)) }));
}

function byFormula(formula: (...operands: [ComplexTerm, ComplexTerm]) => ComplexTerm): PartRule {
  return (conversion, kit, op) => {
    const [x, y] = complexTerms(conversion, kit, op);
    // Functions of one operand do not look at the second.
    const { re, im } = formula(present(x), y ?? present(x));
    return [[re.value, im.value]];
  };
}

function choose(condition: Term, onTrue: ComplexTerm, onFalse: ComplexTerm): ComplexTerm {
  return { re: condition.choose(onTrue.re, onFalse.re), im: condition.choose(onTrue.im, onFalse.im) };
}

function toReal(formula: (operand: ComplexTerm) => Term): PartRule {
  return (conversion, kit, op) => [[formula(present(complexTerms(conversion, kit, op)[0])).value]];
}

/** The part where it is known; of a boundary's value `real` and `imag` stay. */
function partOf(index: 0 | 1): PartRule {
  return (conversion, _, op) => {
    const part = conversion.knownParts(op.operand(0))?.[index];
    return part === undefined ? keepsTypes : [[part]];
  };
}

const constantRule: PartRule = (_, kit, op) => {
  const attribute = constantOf(op.result());
  if (attribute?.kind !== 'dense') return notExpanded('its elements are out of line');
  const type = partType(attribute.type);
  const { splat, values } = attribute.data;
  const parts = [0, 1].map((part) =>
    Array.from(values as ArrayLike<number>).filter((_slot, slot) => slot % 2 === part),
  );
  return [parts.map((numbers) => (splat ? kit.constant(numbers[0] ?? 0, type) : kit.constantOf(numbers, type)))];
};

const convertRule: PartRule = (conversion, kit, op) => {
  const [re, im] = conversion.parts(op.operand(0));
  const type = tensorOf(op.result());
  if (!isComplex(type)) return [[kit.convert(present(re), type.element)]];
  const { element } = partType(type);
  const real = kit.convert(present(re), element);
  return [[real, im === undefined ? kit.constantLike(0, real) : kit.convert(im, element)]];
};

const compareRule: PartRule = (conversion, kit, op) => {
  const [x, y] = complexTerms(conversion, kit, op);
  const [lhs, rhs] = [present(x), present(y)];
  const { comparison_direction: direction } = opSite<typeof compare.attributes>(op).attrs;
  switch (direction) {
    case 'EQ':
      return [[arithmetic.isEqual(lhs, rhs).value]];
    case 'NE':
      return [[lhs.re.ne(rhs.re).or(lhs.im.ne(rhs.im)).value]];
    case 'LT':
      return [[arithmetic.isLess(lhs, rhs).value]];
    case 'GT':
      return [[arithmetic.isLess(rhs, lhs).value]];
    case 'LE':
      return [[arithmetic.isLess(lhs, rhs).or(arithmetic.isEqual(lhs, rhs)).value]];
    case 'GE':
      return [[arithmetic.isLess(rhs, lhs).or(arithmetic.isEqual(lhs, rhs)).value]];
    default:
      return direction satisfies never;
  }
};

/** Contractions: `(a + i b) (c + i d)` with the op for each product. */
const bilinear: PartRule = (conversion, kit, op) => {
  const [lhs, rhs, ...others] = op.operands.map((value) => conversion.parts(value));
  const type = op.result().type;
  if (!isComplex(type)) return notExpanded('its result is not complex');
  const [a, b, c, d] = [lhs?.[0], lhs?.[1], rhs?.[0], rhs?.[1]].map(present);
  const product = (x: Value | undefined, y: Value | undefined): Value => {
    const operands = [present(x), present(y), ...others.flat()];
    const made = kit.rewriter.createBefore(op, op.definition, operands, {}, { resultTypes: [partType(type)] });
    made.attributes = op.attributes;
    return made.result();
  };
  return [[kit.subtract(product(a, c), product(b, d)), kit.add(product(a, d), product(b, c))]];
};

/** A generated sequence is real. */
const realOnly: PartRule = (_, kit, op) => {
  const type = tensorOf(op.result());
  const made = kit.rewriter.createBefore(op, op.definition, op.operands, {}, { resultTypes: [partType(type)] });
  made.attributes = op.attributes;
  return [[made.result(), kit.constantLike(0, made.result())]];
};

/** The comparator takes two arguments for each input: both real parts, then both imaginary ones. */
const sortRule: PartRule = (conversion, { rewriter }, op) => {
  const region = conversion.flatRegion(op.region(), (groups) =>
    groups.flatMap((group, index) => {
      if (index % 2 === 1) return [];
      return group.flatMap((part, at) => [part, present(groups[index + 1]?.[at])]);
    }),
  );
  const resultTypes = conversion.flatTypes(op.results.map(({ type }) => type));
  const { attrs } = opSite<typeof sort.attributes>(op);
  const operands = conversion.flatParts(op.operands);
  const made = rewriter.createBefore(op, op.definition, operands, attrs, { resultTypes, regions: [region] });
  return conversion.grouped(made.results, op.results);
};

function unary(
  formulas: Readonly<Partial<Record<StableHloName, ComplexFunction>>>,
): readonly (readonly [string, PartRule])[] {
  return Object.entries(formulas).map(([name, formula]) => [`stablehlo.${name}`, byFormula(formula)] as const);
}

function all(rule: PartRule, names: readonly StableHloName[]): readonly (readonly [OpName, PartRule])[] {
  return fullNames(names).map((name) => [name, rule] as const);
}

const rules: ReadonlyMap<string, PartRule> = new Map<string, PartRule>([
  ...dataMovement.map((name) => [name, partwise] as const),
  ...all(partwise, ['add', 'subtract', 'negate']),
  ...all(flattened, [
    'while', 'if', 'case', 'optimization_barrier', 'reduce', 'reduce_window', 'scatter',
  ]), // prettier-ignore
  ...all(bilinear, ['dot', 'dot_general', 'convolution', 'dynamic_conv', 'einsum']),
  ...all(realOnly, ['iota', 'dynamic_iota']),
  ...all(toReal(arithmetic.modulus), ['abs']),
  ...all(partOf(0), ['real']),
  ...all(partOf(1), ['imag']),
  ...all(constantRule, ['constant']),
  ...all(convertRule, ['convert']),
  ...all(compareRule, ['compare']),
  ...all(sortRule, ['sort']),
  ...unary({
    cbrt: (z) => functions.cbrt(present(z)),
    cosine: (z) => functions.cos(present(z)),
    exponential: (z) => functions.exp(present(z)),
    exponential_minus_one: (z) => functions.expm1(present(z)),
    log: (z) => logarithm.log(present(z)),
    log_plus_one: (z) => logarithm.log1p(present(z)),
    logistic: (z) => functions.logistic(present(z)),
    rsqrt: (z) => logarithm.rsqrt(present(z)),
    sign: (z) => arithmetic.sign(present(z)),
    sine: (z) => functions.sin(present(z)),
    sqrt: (z) => logarithm.sqrt(present(z)),
    tan: (z) => functions.tan(present(z)),
    tanh: (z) => functions.tanh(present(z)),
  }),
  ['stablehlo.atan2', byFormula(logarithm.atan2)],
  ['stablehlo.multiply', byFormula(arithmetic.multiply)],
  ['stablehlo.divide', byFormula(arithmetic.divide)],
  ['stablehlo.power', byFormula(functions.power)],
  ['stablehlo.maximum', byFormula((x, y) => choose(arithmetic.isLess(y, x), x, y))],
  ['stablehlo.minimum', byFormula((x, y) => choose(arithmetic.isLess(x, y), x, y))],
]);
