/**
 * `PrecisionConfig($precision_config)`: `, precision = [DEFAULT, HIGHEST]` or nothing;
 * `PrecisionConfigAndAlgorithm($precision_config, $algorithm)`: also `, algorithm = <...>`. Each with its comma.
 */
import type { FormatTarget } from '../format-target.ts';
import type { AssemblyState } from '../assembly-state.ts';
import { hasInlineForm, parseInlineAttribute, printInlineAttribute } from '../inline-attribute.ts';
import type { OpPrinter } from '../op-printer.ts';
import type { OpView } from '../op-view.ts';
import type { Directive } from './directive.ts';

const keywords = ['precision', 'algorithm'] as const;

/** The comma belongs to the next of the parts, in their order. */
function parse(state: AssemblyState, args: readonly FormatTarget[]): void {
  const { parser } = state;
  let next = 0;
  while (next < args.length && parser.consumeIf(',')) {
    const found = keywords.findIndex(
      (keyword, index) => index >= next && index < args.length && parser.isNext(keyword),
    );
    const target = args[found];
    if (target?.kind !== 'attribute') throw parser.expected(`'${keywords.slice(next, args.length).join("' or '")}'`);
    parser.parseKeyword('a keyword');
    parser.expect('=');
    state.setAttribute(target, parseInlineAttribute(parser, target.codec));
    next = found + 1;
  }
}

function print(printer: OpPrinter, view: OpView, args: readonly FormatTarget[]): void {
  for (const [index, target] of args.entries()) {
    const attribute = view.attribute(target);
    if (attribute === undefined || target.kind !== 'attribute') continue;
    printer.write(`, ${keywords[index] ?? ''} = `);
    printInlineAttribute(printer, attribute, target.codec);
  }
}

function fits(view: OpView, args: readonly FormatTarget[]): boolean {
  return args.every((target) => {
    const attribute = view.attribute(target);
    return attribute === undefined || (target.kind === 'attribute' && hasInlineForm(attribute, target.codec));
  });
}

export const precisionConfig: Directive = { name: 'PrecisionConfig', parse, print, fits };

export const precisionConfigAndAlgorithm: Directive = { name: 'PrecisionConfigAndAlgorithm', parse, print, fits };
