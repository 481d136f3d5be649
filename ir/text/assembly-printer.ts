/** Prints the pretty form of an op by its compiled assembly, after the op's name. */
import { isDefault } from '../attribute-equality.ts';
import type { Operation } from '../operation.ts';
import { functionTypeText } from '../types.ts';
import { type AssemblyFormat, assemblyFormat, type FormatElement } from './assembly-format.ts';
import type { FormatTarget } from './format-target.ts';
import { hasInlineForm, printInlineAttribute } from './inline-attribute.ts';
import type { OpPrinter } from './op-printer.ts';
import { OpView } from './op-view.ts';

/** The format, when it can say all there is of this op, so that reading gives the same op. */
export function fittingFormat(op: Operation): AssemblyFormat | undefined {
  const format = assemblyFormat(op.definition);
  if (format === undefined) return undefined;
  const view = new OpView(op);
  if (!view.isWellFormed && !format.isWhole) return undefined;
  if (format.untold.length > 0 && !hasToldTypes(view, format.untold)) return undefined;
  return format.elements.every((element) => elementFits(view, element)) ? format : undefined;
}

export function printAssembly(printer: OpPrinter, op: Operation, format: AssemblyFormat): void {
  printElements(printer, new OpView(op), format, format.elements);
}

/** The types that are not written are what the reader takes them for. */
function hasToldTypes(view: OpView, untold: readonly number[]): boolean {
  const { op } = view;
  const first = op.definition.operands.findIndex((_, group) => !untold.includes(group));
  const type = first === -1 ? op.results[0]?.type : view.types({ kind: 'operand-types', group: first })[0];
  return untold.every((group) => view.types({ kind: 'operand-types', group }).every((own) => own === type));
}

function elementFits(view: OpView, element: FormatElement): boolean {
  switch (element.kind) {
    case 'target':
      return targetFits(view, element.target);
    case 'custom':
      return element.directive.fits?.(view, element.args) ?? true;
    case 'optional': {
      const isPresent = isGroupPresent(view, element);
      const [printed, skipped] = isPresent ? [element.present, element.absent] : [element.absent, element.present];
      return (
        printed.every((child) => elementFits(view, child)) && !skipped.some((child) => saysMore(view, child, printed))
      );
    }
    case 'literal':
    case 'functional-type':
    case 'attr-dict':
      return true;
    default:
      return element satisfies never;
  }
}

/** True when the element, which is not printed, would tell an attribute that is there and not otherwise told. */
function saysMore(view: OpView, element: FormatElement, printed: readonly FormatElement[]): boolean {
  if (element.kind === 'optional') return element.present.some((child) => saysMore(view, child, printed));
  if (element.kind !== 'target' || element.target.kind !== 'attribute') return false;
  const { name, codec } = element.target;
  const attribute = view.op.attribute(name);
  const isPrinted = printed.some((other) => {
    return other.kind === 'target' && other.target.kind === 'attribute' && other.target.name === name;
  });
  return attribute !== undefined && !isPrinted && !isDefault(codec, attribute);
}

function targetFits(view: OpView, target: FormatTarget): boolean {
  if (target.kind !== 'attribute') return true;
  const attribute = view.attribute(target);
  return attribute !== undefined && hasInlineForm(attribute, target.codec);
}

/** An attribute that has its default value counts as left out. */
function isGroupPresent(view: OpView, { anchor }: FormatElement & { readonly kind: 'optional' }): boolean {
  return anchor.some((target) => {
    if (!view.isPresent(target)) return false;
    const attribute = target.kind === 'attribute' ? view.attribute(target) : undefined;
    return target.kind !== 'attribute' || attribute === undefined || !isDefault(target.codec, attribute);
  });
}

function printElements(
  printer: OpPrinter,
  view: OpView,
  format: AssemblyFormat,
  elements: readonly FormatElement[],
): void {
  for (const element of elements) printElement(printer, view, format, element);
}

function printElement(printer: OpPrinter, view: OpView, format: AssemblyFormat, element: FormatElement): void {
  switch (element.kind) {
    case 'literal':
      printer.write(element.printed);
      return;
    case 'target':
      printer.write(element.before);
      printTarget(printer, view, element.target);
      return;
    case 'functional-type':
      printer.write(element.before);
      if (element.inputs.kind === 'all-operand-types' && element.results.kind === 'all-result-types') {
        printer.functionalType(view.op);
      } else printer.write(functionTypeText(view.types(element.inputs), view.types(element.results)));
      return;
    case 'attr-dict':
      printer.attrDict(view.op, format.named, element.keyword ? 'attributes' : undefined);
      return;
    case 'optional':
      printElements(printer, view, format, isGroupPresent(view, element) ? element.present : element.absent);
      return;
    case 'custom':
      printer.write(element.before);
      element.directive.print(printer, view, element.args);
      return;
    default:
      element satisfies never;
  }
}

function printTarget(printer: OpPrinter, view: OpView, target: FormatTarget): void {
  switch (target.kind) {
    case 'operand':
    case 'operands':
      printer.values(view.values(target));
      return;
    case 'operand-types':
    case 'result-types':
    case 'all-operand-types':
    case 'all-result-types':
      printer.types(view.types(target));
      return;
    case 'attribute': {
      const attribute = view.attribute(target);
      if (attribute !== undefined) printInlineAttribute(printer, attribute, target.codec);
      return;
    }
    case 'region':
    case 'regions':
      for (const [index, region] of view.regions(target).entries()) {
        if (index > 0) printer.write(', ');
        printer.region(region, 'with-arguments');
      }
      return;
    default:
      target satisfies never;
  }
}
