/** What parameters and state are before any call: `= zeros`, `= 0.5`, `= nn.glorot`, `= fn(t, key) ...`. */
import type { Span } from '../../../ir/source.ts';
import type { ModelCell } from './cell.ts';
import { conform, isCallable } from './conform.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import type { LanguageType } from './language-type.ts';
import { valueOfLeaves } from './leaves.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { describeKind, typeText } from './type-text.ts';
import type { Value } from './values.ts';

/** Elaborates the initial value of a cell in the function at hand. */
export function initialValue(el: Elaboration, cell: ModelCell): Value {
  const { declaration, instance, type } = cell;
  const { initial } = declaration;
  if (initial === undefined) {
    if (declaration.kind === 'state' && declaration.type === undefined) return el.frame.key(cell.path);
    return el.fail('E6601', declaration.name.span, `\`${cell.name}\` has no initial value`, {
      hint: `write \`${declaration.kind} ${cell.name}: ${typeText(type)} = zeros\``,
    });
  }
  const frame = { name: cell.path, declaration: instance.declaration, self: instance, span: initial.span };
  return el.inCall(frame, () => {
    const given = el.evaluate(initial, instance.scope);
    return fromInitialiser(el, given, type, cell.path, initial.span);
  });
}

/** Numbers fill every leaf; functions are asked for every leaf, with a key of its own. */
function fromInitialiser(el: Elaboration, given: Value, type: LanguageType, path: string, span: Span): Value {
  if (given.kind === 'unknown') throw new UnknownOperand();
  if (isLiteral(given)) {
    const site = el.site(span);
    return valueOfLeaves(type, path, (leaf) => {
      const scalar = literalTensor(given, leaf.dtype, span, site);
      return site.ops.broadcast(scalar, [], leaf.dims);
    });
  }
  if (isCallable(given)) {
    return valueOfLeaves(type, path, (leaf, name) => {
      const value = callInitialiser(el, given, { kind: 'type', type: leaf }, name, span);
      return fitting(el, value, leaf, name, span);
    });
  }
  return fitting(el, given, type, path, span);
}

function fitting(el: Elaboration, value: Value, type: LanguageType, path: string, span: Span): Value {
  const source = { subject: `\`${path}\``, value: 'its initial value', span, declared: undefined };
  if (value.kind === 'tensor' || value.kind === 'tuple' || value.kind === 'list' || isLiteral(value)) {
    return conform(el, value, type, source);
  }
  if (value.kind === 'unknown') throw new UnknownOperand();
  return el.fail('E6608', span, `the initial value of \`${path}\` is ${describeKind(value)}`, {
    hint: 'a number, a tensor, or a function of the type, or of the type and a key: `fn(t: type, key: u32[2])`',
  });
}

function callInitialiser(el: Elaboration, initialiser: Value, type: Value, path: string, span: Span): Value {
  const first = { name: undefined, value: type, span };
  const wantsKey =
    initialiser.kind === 'fn' &&
    initialiser.declaration.parameters.filter(({ defaultValue }) => defaultValue === undefined).length > 1;
  if (!wantsKey) return el.call(initialiser, [first], span);
  return el.call(initialiser, [first, { name: undefined, value: el.frame.key(path), span }], span);
}
