/**
 * The verifier. It holds of every module, between any two passes, that
 *
 * 1. an op has the operands, results, attributes and regions its definition names, each of an accepted kind;
 * 2. its result types are those its definition infers, up to sizes that are not known;
 * 3. its own constraints hold (those of the StableHLO specification, cited by their ids);
 * 4. every use is dominated by its definition, and nothing inside an isolated op uses a value from outside;
 * 5. a region whose op wants it ends in a terminator, and only there;
 * 6. symbols are unique in their table.
 *
 * All violations are reported, up to the sink's limit; checks that depend on one that failed are skipped.
 */
import { decodeAttributes } from './attribute-schema.ts';
import { type DiagnosticInit, type DiagnosticSink } from './diagnostics/diagnostic.ts';
import type { Attribute } from './attributes.ts';
import { compatibleDims } from './dimension.ts';
import type { ConstraintCheck, ValueSpec } from './op-definition.ts';
import { opSite, splitGroups } from './op-site.ts';
import type { Block, Operation, Region, Value } from './operation.ts';
import { printAttribute } from './text/printer.ts';
import { isTensor, type Type } from './types.ts';
import type { VerifierCode } from './diagnostics/catalog-verifier.ts';
import { elementsCompatible } from './type-compatibility.ts';

/**
 * Verifies an op and everything inside it; true when nothing was wrong. `unread` are functions that the reader could not read
 * completely: an undefined value or a missing terminator in them is a consequence of what it has reported, and passed over.
 */
export function verify(root: Operation, sink: DiagnosticSink, unread: ReadonlySet<Operation> = new Set()): boolean {
  const before = sink.errorCount;
  new Verifier(sink, unread).operation(root);
  return sink.errorCount === before;
}

class Verifier {
  readonly #sink: DiagnosticSink;
  readonly #unread: ReadonlySet<Operation>;
  #isUnread = false;
  /** Violations passed over in unread functions. */
  #consequences = 0;

  constructor(sink: DiagnosticSink, unread: ReadonlySet<Operation>) {
    this.#sink = sink;
    this.#unread = unread;
  }

  /** Grows with every violation, reported or not. */
  get #violations(): number {
    return this.#sink.errorCount + this.#consequences;
  }

  operation(op: Operation): void {
    if (this.#isUnread || !this.#unread.has(op)) return this.#operation(op);
    this.#isUnread = true;
    this.#operation(op);
    this.#isUnread = false;
  }

  #operation(op: Operation): void {
    const before = this.#violations;
    this.#values(op, op.definition.operands, 'operand');
    // The type of a result mostly follows from those of the operands, and would be wrong with them.
    if (this.#sink.errorCount === before) this.#values(op, op.definition.results, 'result');
    this.#attributes(op);
    this.#uses(op);
    if (this.#hasItsRegions(op)) for (const region of op.regions) this.#region(op, region);
    if (this.#violations === before) this.#ownConstraints(op);
  }

  #report(op: Operation, code: VerifierCode, message: string, rest: Partial<DiagnosticInit> = {}): void {
    if (this.#isUnread && (code === 'E2009' || code === 'E2011')) this.#consequences++;
    else this.#sink.report({ code, message: `${op.name}: ${message}`, span: op.span, location: op.location, ...rest });
  }

  #values(op: Operation, specs: readonly ValueSpec[], role: 'operand' | 'result'): void {
    const count = role === 'operand' ? op.operandCount : op.results.length;
    if (specs.every(isSingle)) {
      if (count !== specs.length) return this.#wrongCount(op, specs, role, count);
      for (const [index, spec] of specs.entries()) this.#value(op, spec, role, index);
      return;
    }
    const groups = splitGroups(specs, count);
    if (groups === undefined) return this.#wrongCount(op, specs, role, count);
    for (const spec of specs) {
      const [start, end] = groups.get(spec.name) ?? [0, 0];
      for (let index = start; index < end; index++) this.#value(op, spec, role, index);
    }
  }

  #wrongCount(op: Operation, specs: readonly ValueSpec[], role: 'operand' | 'result', count: number): void {
    const wanted = specs.map((spec) => (isSingle(spec) ? spec.name : `${spec.name}...`)).join(', ');
    const expected = specs.every(isSingle) ? `${specs.length}` : `groups of fitting size`;
    this.#report(
      op,
      role === 'operand' ? 'E2001' : 'E2003',
      `expected ${expected} ${role}${specs.length === 1 ? '' : 's'} (${wanted === '' ? 'none' : wanted}), got ${count}`,
    );
  }

  #value(op: Operation, spec: ValueSpec, role: 'operand' | 'result', index: number): void {
    const value = role === 'operand' ? op.operandUses[index]?.value : op.results[index];
    if (value === undefined) return;
    if (!spec.type.accepts(value.type)) {
      const code = role === 'operand' ? 'E2002' : 'E2004';
      this.#report(op, code, `${role} '${spec.name}' must be ${spec.type.describe}, but is ${value.type.text}`);
    }
    if (role === 'result' && isTensor(value.type) && value.type.order !== undefined)
      this.#order(op, value.type.order, value.type);
  }

  #order(op: Operation, order: readonly number[], type: Type): void {
    const rank = isTensor(type) ? type.shape.length : 0;
    const isPermutation =
      order.length === rank && new Set(order).size === rank && order.every((axis) => axis >= 0 && axis < rank);
    if (!isPermutation)
      this.#report(op, 'E2014', `the dimension order of ${type.text} is not a permutation of its ${rank} dimensions`);
  }

  #attributes(op: Operation): void {
    if (op.decodedAttributes !== undefined) return;
    const { values, errors } = decodeAttributes(op.definition.attributes, op.attributes);
    for (const error of errors) {
      const given = op.attribute(error.name);
      if (error.kind === 'missing' || given === undefined) this.#report(op, 'E2005', error.message);
      else this.#report(op, 'E2006', `${error.message}, but is ${describeAttribute(given)}`);
    }
    if (errors.length === 0) op.decodedAttributes = values;
  }

  /** False, and reported, when there are more or fewer than the definition has. */
  #hasItsRegions(op: Operation): boolean {
    const specs = op.definition.regions;
    const count = op.regions.length;
    if (specs.length === 0 && count === 0) return true;
    const single = specs.filter((spec) => spec.arity !== 'variadic').length;
    const fits = single === specs.length ? count === single : count >= single;
    const isDeclaration = op.definition.traits.has('symbol') && count === 0;
    if (fits || isDeclaration) return true;
    const wanted = `${single}${single === specs.length ? '' : ' or more'} region${single === 1 ? '' : 's'}`;
    this.#report(op, 'E2007', `expected ${wanted}, got ${count}`);
    return false;
  }

  #uses(op: Operation): void {
    for (const use of op.operandUses) {
      const problem = useProblem(op, use.value);
      if (problem === undefined) continue;
      const definition = use.value.definingOp;
      this.#report(op, problem, messageOf(problem, use.index), {
        notes:
          definition === undefined ? [] : [{ message: `defined by ${definition.name} here`, span: definition.span }],
      });
    }
  }

  #region(op: Operation, region: Region): void {
    const { block } = region;
    for (const argument of block.arguments) {
      if (isTensor(argument.type) && argument.type.order !== undefined)
        this.#order(op, argument.type.order, argument.type);
    }
    if (op.definition.traits.has('symbol-table')) this.#symbols(block);
    else this.#terminator(op, block);
    for (let inner = block.first; inner !== undefined; inner = inner.next) {
      if (this.#sink.isFull) return;
      this.operation(inner);
    }
  }

  #terminator(op: Operation, block: Block): void {
    if (block.terminator === undefined) {
      const hint = op.name === 'func.func' ? 'end the body with `return`' : 'end the region with `stablehlo.return`';
      this.#report(op, 'E2011', 'a region does not end in a terminator', { hint });
    }
    for (let inner = block.first; inner !== undefined && inner !== block.last; inner = inner.next) {
      if (inner.definition.traits.has('terminator'))
        this.#report(inner, 'E2012', 'there are ops after this terminator');
    }
  }

  #symbols(block: Block): void {
    const seen = new Map<string, Operation>();
    for (let inner = block.first; inner !== undefined; inner = inner.next) {
      const name = inner.attribute('sym_name');
      if (name?.kind !== 'string' || !inner.definition.traits.has('symbol')) continue;
      const first = seen.get(name.value);
      if (first === undefined) seen.set(name.value, inner);
      else {
        const notes = [{ message: 'first defined here', span: first.span }];
        this.#report(inner, 'E2013', `the symbol @${name.value} is defined twice`, { notes });
      }
    }
  }

  #ownConstraints(op: Operation): void {
    const { definition } = op;
    if (definition.inferTypes === undefined && definition.verify === undefined) return;
    const before = this.#sink.errorCount;
    const site = opSite(op);
    const check: ConstraintCheck = {
      require: (condition, id, detail) => {
        if (!condition) this.#sink.report(constraintDiagnostic(op, id, detail()));
        return condition;
      },
    };
    const inferred = definition.inferTypes?.(site, check);
    if (inferred !== undefined && this.#sink.errorCount === before) this.#inferred(op, inferred);
    if (this.#sink.errorCount === before) definition.verify?.(site, check);
  }

  #inferred(op: Operation, inferred: readonly Type[]): void {
    const ids = op.definition.resultConstraint;
    for (const [index, result] of op.results.entries()) {
      const expected = inferred[index];
      if (expected === undefined || compatibleTypes(expected, result.type)) continue;
      const which = op.results.length === 1 ? 'the result' : `result ${index}`;
      const cited = ids === '' ? '' : ` (${op.name.replace(/^\w+\./, '')} ${ids})`;
      this.#report(op, 'E2008', `${which} must be ${expected.text}, but is declared ${result.type.text}${cited}`);
    }
  }
}

function isSingle(spec: ValueSpec): boolean {
  return spec.arity === undefined || spec.arity === 'single';
}

/** `dot_general C11: <the constraint>: <what is there>`, under the op's own code. */
function constraintDiagnostic(op: Operation, id: string, detail: string): DiagnosticInit {
  const { definition } = op;
  const shortName = definition.name.replace(/^stablehlo\./, '');
  const constraint = definition.constraints[id];
  const message = `${shortName} ${id}: ${constraint === undefined ? '' : `${constraint}: `}${detail}`;
  return { code: definition.code, message, span: op.span, location: op.location };
}

/** Equal up to sizes that are not known. */
export function compatibleTypes(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (isTensor(a) && isTensor(b)) {
    if (a.shape.length !== b.shape.length || !elementsCompatible(a.element, b.element)) return false;
    for (let axis = 0; axis < a.shape.length; axis++) {
      const left = a.shape[axis];
      const right = b.shape[axis];
      if (left === undefined || right === undefined || !compatibleDims(left, right)) return false;
    }
    return true;
  }
  if ((a.kind === 'tuple' && b.kind === 'tuple') || (a.kind === 'future' && b.kind === 'future')) {
    return (
      a.elements.length === b.elements.length &&
      a.elements.every((element, index) => {
        const other = b.elements[index];
        return other !== undefined && compatibleTypes(element, other);
      })
    );
  }
  return false;
}

/** As it is printed, when that is short. */
function describeAttribute(attribute: Attribute): string {
  if (attribute.kind === 'dense' || attribute.kind === 'dense-resource') return `a constant of ${attribute.type.text}`;
  const text = printAttribute(attribute);
  return text.length <= 80 ? text : `${text.slice(0, 60)} ...`;
}

/** What is wrong with `op` using `value`, if anything. */
function useProblem(op: Operation, value: Value): 'E2009' | 'E2010' | undefined {
  const home = value.block;
  if (home === undefined) return 'E2009';
  let at: Operation = op;
  while (at.block !== home) {
    const parent = at.parentOp;
    if (parent === undefined) return 'E2009';
    if (parent.definition.traits.has('isolated')) return isOutside(parent, home) ? 'E2010' : 'E2009';
    at = parent;
  }
  const definition = value.definingOp;
  if (definition === undefined) return undefined;
  return definition !== at && definition.isBefore(at) ? undefined : 'E2009';
}

/** True when `block` encloses `op`. */
function isOutside(op: Operation, block: Block): boolean {
  for (let at: Operation | undefined = op; at !== undefined; at = at.parentOp) if (at.block === block) return true;
  return false;
}

function messageOf(problem: 'E2009' | 'E2010', index: number): string {
  return problem === 'E2009'
    ? `operand ${index} is used where it is not defined`
    : `operand ${index} is defined outside of an isolated op`;
}
