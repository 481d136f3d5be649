/**
 * An op's `assembly` compiled for the reader and the printer: a small list of elements, with names resolved against the definition and
 * the spaces between elements decided as MLIR's format generator decides them. Compiled once, when the op is first met.
 */
import { InvariantError } from '../diagnostics/diagnostic.ts';
import type { OpDefinition } from '../op-definition.ts';
import { type NotationNode, readNotation } from './assembly-notation.ts';
import type { Directive } from './custom/directive.ts';
import { directives } from './custom/directives.ts';
import type { FormatTarget } from './format-target.ts';

export type FormatElement =
  | { readonly kind: 'literal'; readonly text: string; readonly printed: string }
  /** `before` is the space or nothing that is printed first. */
  | { readonly kind: 'target'; readonly target: FormatTarget; readonly before: string }
  | {
      readonly kind: 'functional-type';
      readonly inputs: FormatTarget;
      readonly results: FormatTarget;
      readonly before: string;
    }
  | { readonly kind: 'attr-dict'; readonly keyword: boolean }
  | {
      readonly kind: 'optional';
      readonly anchor: readonly FormatTarget[];
      readonly present: readonly FormatElement[];
      readonly absent: readonly FormatElement[];
    }
  | {
      readonly kind: 'custom';
      readonly directive: Directive;
      readonly args: readonly FormatTarget[];
      readonly before: string;
    };

export interface AssemblyFormat {
  readonly definition: OpDefinition;
  readonly elements: readonly FormatElement[];
  /** Attributes that the elements print, and that `attr-dict` therefore leaves out. */
  readonly named: ReadonlySet<string>;
  /** Operand groups whose types are not written: they have the type of the first operand whose type is, else of the only result. */
  readonly untold: readonly number[];
  /** One directive prints everything, and checks the numbers of operands and so on itself. */
  readonly isWhole: boolean;
}

const formats = new WeakMap<OpDefinition, AssemblyFormat>();

/** Undefined for an op that only has the generic form. Throws InvariantError when the assembly does not fit the definition. */
export function assemblyFormat(definition: OpDefinition): AssemblyFormat | undefined {
  if (definition.assembly === undefined) return undefined;
  let format = formats.get(definition);
  if (format === undefined) {
    format = new FormatCompiler(definition).compile(definition.assembly);
    formats.set(definition, format);
  }
  return format;
}

class FormatCompiler {
  readonly #definition: OpDefinition;
  readonly #told = new Set<string>();
  readonly #named = new Set<string>();
  #attrDicts = 0;
  #needsSpace = true;
  #afterPunctuation = false;

  constructor(definition: OpDefinition) {
    this.#definition = definition;
  }

  compile(assembly: string): AssemblyFormat {
    const elements = this.#elements(readNotation(assembly));
    const isWhole = elements.some((element) => element.kind === 'custom' && element.directive.isWholeOp === true);
    return {
      definition: this.#definition,
      elements,
      named: this.#named,
      untold: isWhole ? [] : this.#checkComplete(),
      isWhole,
    };
  }

  /** Everything must be said; the answer is the operand groups whose types follow from others. */
  #checkComplete(): readonly number[] {
    const { operands, results, regions } = this.#definition;
    if (this.#attrDicts !== 1) this.#fail(`needs attr-dict once, not ${this.#attrDicts} times`);
    for (const { name } of operands) if (!this.#isTold('operand', name)) this.#fail(`does not tell $${name}`);
    for (const { name } of results) if (!this.#isTold('type', name)) this.#fail(`does not tell type($${name})`);
    for (const { name } of regions) if (!this.#isTold('region', name)) this.#fail(`does not tell $${name}`);
    const untold = operands.flatMap(({ name }, group) => (this.#isTold('type', name) ? [] : [group]));
    const first = operands[untold[0] ?? 0];
    if (untold.length === operands.length && first !== undefined && results.length !== 1) {
      this.#fail(`does not tell type($${first.name})`);
    }
    return untold;
  }

  #isTold(what: string, name: string): boolean {
    return this.#told.has(`${what} ${name}`);
  }

  #fail(what: string): never {
    throw new InvariantError(`the assembly of ${this.#definition.name} ${what}`);
  }

  #elements(nodes: readonly NotationNode[]): FormatElement[] {
    return nodes.flatMap((node) => this.#element(node) ?? []);
  }

  #element(node: NotationNode): FormatElement | undefined {
    switch (node.kind) {
      case 'literal':
        return this.#literal(node.text);
      case 'name': {
        const before = this.#space();
        return { kind: 'target', target: this.#lookup(node.name), before };
      }
      case 'directive':
        return this.#directive(node);
      case 'group':
        return this.#optional(node);
      default:
        return node satisfies never;
    }
  }

  /** Rules of MLIR's OpFormatGen: which punctuation takes a space before it, and after which none follows. */
  #literal(text: string): FormatElement | undefined {
    if (text.trim() === '') {
      this.#needsSpace = text !== '';
      this.#afterPunctuation = true;
      return undefined;
    }
    const takesSpace = this.#needsSpace && spaceBefore(text, this.#afterPunctuation);
    this.#needsSpace = !['<', '(', '{', '['].includes(text);
    this.#afterPunctuation = !/^[A-Za-z_]/.test(text);
    return { kind: 'literal', text, printed: takesSpace ? ` ${text}` : text };
  }

  #space(): string {
    const before = this.#needsSpace || !this.#afterPunctuation ? ' ' : '';
    this.#needsSpace = true;
    this.#afterPunctuation = false;
    return before;
  }

  #directive(node: NotationNode & { readonly kind: 'directive' }): FormatElement {
    if (node.name === 'attr-dict' || node.name === 'attr-dict-with-keyword') {
      this.#attrDicts++;
      this.#needsSpace = true;
      this.#afterPunctuation = false;
      return { kind: 'attr-dict', keyword: node.name !== 'attr-dict' };
    }
    const directive = node.custom === undefined ? undefined : directives.get(node.custom);
    if (node.custom !== undefined && directive === undefined) this.#fail(`uses the unknown custom<${node.custom}>`);
    if (directive?.isWholeOp === true) {
      return { kind: 'custom', directive, args: node.args.map((arg) => this.#target(arg)), before: '' };
    }
    const before = this.#space();
    if (node.name === 'functional-type') {
      const [inputs, results] = node.args;
      if (inputs === undefined || results === undefined) this.#fail('gives functional-type too few arguments');
      return { kind: 'functional-type', inputs: this.#typesOf(inputs), results: this.#typesOf(results), before };
    }
    if (directive === undefined) return { kind: 'target', target: this.#target(node), before };
    return { kind: 'custom', directive, args: node.args.map((arg) => this.#target(arg)), before };
  }

  #optional(node: NotationNode & { readonly kind: 'group' }): FormatElement {
    const anchors = node.present.filter((child) => 'anchor' in child && child.anchor);
    const [anchor] = anchors;
    if (anchor === undefined || anchors.length > 1) this.#fail('needs one anchor in each optional group');
    const present = this.#elements(node.present);
    const absent = this.#elements(node.absent);
    const custom = anchor.kind === 'directive' && anchor.custom !== undefined;
    const targets = custom ? anchor.args.map((arg) => this.#target(arg)) : [this.#target(anchor)];
    return { kind: 'optional', anchor: targets, present, absent };
  }

  #target(node: NotationNode): FormatTarget {
    if (node.kind === 'name') return this.#lookup(node.name);
    if (node.kind !== 'directive') return this.#fail('has an argument that is neither a name nor a directive');
    const [arg] = node.args;
    switch (node.name) {
      case 'operands':
        for (const { name } of this.#definition.operands) this.#told.add(`operand ${name}`);
        return { kind: 'operands' };
      case 'results':
        return this.#typesOf(node);
      case 'regions':
        for (const { name } of this.#definition.regions) this.#told.add(`region ${name}`);
        return { kind: 'regions' };
      case 'ref':
        return arg === undefined ? this.#fail('has an empty ref()') : this.#target(arg);
      case 'type':
        return arg === undefined ? this.#fail('has an empty type()') : this.#typesOf(arg);
      default:
        return this.#fail(`uses the unknown directive ${node.name}`);
    }
  }

  /** `operands`, `results`, `$a` or `type($a)`, for their types. */
  #typesOf(node: NotationNode): FormatTarget {
    const { operands, results } = this.#definition;
    if (node.kind === 'directive' && node.name === 'operands') {
      for (const { name } of operands) this.#told.add(`type ${name}`);
      return { kind: 'all-operand-types' };
    }
    if (node.kind === 'directive' && node.name === 'results') {
      for (const { name } of results) this.#told.add(`type ${name}`);
      return { kind: 'all-result-types' };
    }
    if (node.kind === 'directive' && node.name === 'type' && node.args[0] !== undefined)
      return this.#typesOf(node.args[0]);
    if (node.kind !== 'name') return this.#fail('asks for the type of what has none');
    this.#told.add(`type ${node.name}`);
    const operand = operands.findIndex(({ name }) => name === node.name);
    if (operand !== -1) return { kind: 'operand-types', group: operand };
    const result = results.findIndex(({ name }) => name === node.name);
    return result === -1
      ? this.#fail(`names $${node.name}, which is no value`)
      : { kind: 'result-types', group: result };
  }

  #lookup(name: string): FormatTarget {
    const { operands, regions, attributes } = this.#definition;
    const group = operands.findIndex((operand) => operand.name === name);
    if (group !== -1) {
      this.#told.add(`operand ${name}`);
      return { kind: 'operand', group };
    }
    const index = regions.findIndex((region) => region.name === name);
    if (index !== -1) {
      this.#told.add(`region ${name}`);
      return { kind: 'region', index };
    }
    const codec = attributes[name];
    if (codec === undefined) return this.#fail(`names $${name}, which is neither operand, region nor attribute`);
    this.#named.add(name);
    return { kind: 'attribute', name, codec };
  }
}

function spaceBefore(text: string, afterPunctuation: boolean): boolean {
  if (text.length !== 1 && text !== '->') return true;
  return !(afterPunctuation ? '>)}],' : '<>(){}[],').includes(text.charAt(0));
}
