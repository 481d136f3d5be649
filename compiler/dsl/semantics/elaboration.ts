/**
 * The state of one elaboration: where ops go, which cells change, what is being called, what was reported. The rules that read the tree
 * are in files of their own and find each other through `rules`, so that no file imports the one that imports it.
 */
import { Builder } from '../../../ir/builder.ts';
import { type DiagnosticSink, invariant, type Note } from '../../../ir/diagnostics/diagnostic.ts';
import { Block as IrBlock } from '../../../ir/operation.ts';
import type { Span } from '../../../ir/source.ts';
import type { LanguageCode } from '../diagnostics/catalog-language.ts';
import type { Block, Expr, Fn, Lambda, Model, TypeAlias } from '../syntax/ast.ts';
import type { ArgumentValue } from './builtin.ts';
import type { CallSite } from './call-site.ts';
import type { Cell, ModelCell } from './cell.ts';
import type { DimensionVariable } from './dimension.ts';
import type { Instance } from './instance.ts';
import { libraryPrefix } from '../library-prefix.ts';
import { type Frame, type FrameKind, Journal, type Written } from './journal.ts';
import { type ErrorDetail, LanguageError, UnknownOperand } from './language-error.ts';
import type { OpenType } from './open-type.ts';
import type { Place } from './place.ts';
import { refuseOpenSize } from './refuse-open-size.ts';
import type { Scope } from './scope.ts';
import { TensorOps } from './tensor-ops.ts';
import { mostParts, partsOf } from './value-size.ts';
import { type BuiltinValue, type FunctionValue, type TensorValue, unknownValue, type Value } from './values.ts';

/** An argument that may be `&place`. */
export interface CallArgument extends ArgumentValue {
  readonly place?: Place | undefined;
}

/** The rules of the language, by what they read. */
export interface Rules {
  evaluate(el: Elaboration, expr: Expr, scope: Scope): Value;
  evaluateType(el: Elaboration, expr: Expr, scope: Scope): OpenType;
  runBlock(el: Elaboration, block: Block, scope: Scope): Value;
  call(el: Elaboration, callee: Value, args: readonly CallArgument[], span: Span): Value;
  callFunction(el: Elaboration, fn: FunctionValue, args: readonly CallArgument[], span: Span): Value;
  instantiate(el: Elaboration, model: Model, scope: Scope, args: readonly CallArgument[], span: Span): Instance;
  builtin(name: string): BuiltinValue | undefined;
}

export interface CallFrame {
  readonly name: string;
  readonly declaration: Fn | Lambda | Model | TypeAlias;
  readonly self: Instance | undefined;
  /** The call. */
  readonly span: Span;
  /** The function or model that is checked or exported: nobody calls it. */
  readonly isEntry?: boolean;
  /** Its `static` parameters that are `true`. */
  readonly switches?: string[];
}

/** What the function being elaborated does with the parameters and state that it reads. */
export interface FunctionFrame {
  readonly kind: 'export' | 'test' | 'initial' | 'check' | 'shapes';
  readonly block: IrBlock;
  /** The value on entry of a parameter or state field. */
  load(cell: ModelCell): Value;
  /** The RNG key of a parameter or state field, `u32[2]`. */
  key(path: string): TensorValue;
  /** What a test asserts; undefined in all that is no test. */
  readonly assertions?: Assertion[];
}

/** What a test claims. */
export interface Assertion {
  /** A scalar `bool`. */
  readonly holds: TensorValue;
  /** Of `assert_close`: the largest difference, an f64. */
  readonly difference: TensorValue | undefined;
  readonly span: Span;
  readonly message: string | undefined;
}

/** Where a cell of a model was first written. */
export interface WriteRecord {
  readonly span: Span;
  /** The functions and fields from the exported function down: `predict`, `logits`, `bn`. */
  readonly trail: readonly string[];
  /** Static flags of those functions that are on: without them the field might not be written. */
  readonly switches: readonly string[];
}

/** What the checker learns of names and expressions, for an editor. The same place may be told of several times, once for each call. */
export interface NameRecorder {
  value(span: Span, value: Value, definition: Span | undefined): void;
}

/** What a part of a program does when it is tried out. */
export interface Trial {
  readonly written: readonly Written[];
  readonly mistakes: readonly LanguageError[];
}

/** Steps of compile-time evaluation in one program. */
const fuelForOneProgram = 500_000;
/** Parts of a program that are looked at after one that took all, and the steps of each: together a fifth more. */
const mostRefuelled = 8;
const fuelOfOnePart = fuelForOneProgram / 40;
/** Calls inside calls. */
const deepestCall = 200;

export class Elaboration {
  readonly sink: DiagnosticSink;
  readonly rules: Rules;
  readonly ops: TensorOps;
  readonly journal = new Journal();
  readonly stack: CallFrame[] = [];
  readonly recorder: NameRecorder | undefined;
  /** True while sizes may be variables and the IR is thrown away. */
  readonly isGeneric: boolean;
  /** The function whose ops are being made. */
  frame: FunctionFrame;
  /** Cells of models that the function at hand writes, with where it first does. */
  readonly writes = new Map<ModelCell, WriteRecord>();
  readonly #reported = new Set<string>();
  #fuel = fuelForOneProgram;
  #refuelled = 0;
  /** What the trials that are running have found wrong; nothing is reported meanwhile. */
  readonly #trials: LanguageError[][] = [];

  constructor(init: {
    readonly sink: DiagnosticSink;
    readonly rules: Rules;
    readonly origin: Span;
    readonly isGeneric: boolean;
    readonly recorder?: NameRecorder | undefined;
  }) {
    this.sink = init.sink;
    this.rules = init.rules;
    this.isGeneric = init.isGeneric;
    this.recorder = init.recorder;
    const block = new IrBlock();
    this.frame = noFunction(block);
    this.ops = new TensorOps(new Builder(block), init.origin, new Map<DimensionVariable, Span>());
  }

  // ------------------------------------------------------------------------------------------------------- recursion

  evaluate(expr: Expr, scope: Scope): Value {
    this.burn(expr.span);
    const value = this.rules.evaluate(this, expr, scope);
    // With sizes given, what is not known depends on one that is open until the call: no branch is taken by chance.
    if (!this.isGeneric && (value.kind === 'bool' || value.kind === 'float') && value.value === undefined)
      refuseOpenSize(this, expr.span);
    this.recorder?.value(expr.span, value, undefined);
    return value;
  }

  evaluateType(expr: Expr, scope: Scope): OpenType {
    this.burn(expr.span);
    return this.rules.evaluateType(this, expr, scope);
  }

  call(callee: Value, args: readonly CallArgument[], span: Span): Value {
    return this.rules.call(this, callee, args, span);
  }

  /** Runs with a call on the stack. */
  inCall<T>(frame: CallFrame, body: () => T): T {
    if (this.stack.length >= deepestCall) {
      this.fail('E6505', frame.span, `calls are nested more than ${deepestCall} deep`, {
        hint: `the innermost are ${this.stack
          .slice(-4)
          .map(({ name }) => `\`${name}\``)
          .join(' -> ')}`,
      });
    }
    this.stack.push(frame);
    const { origin } = this.ops;
    try {
      return body();
    } finally {
      this.stack.pop();
      this.ops.origin = origin;
    }
  }

  // -------------------------------------------------------------------------------------------------------- mistakes

  fail(code: LanguageCode, span: Span, message: string, detail: ErrorDetail = {}): never {
    throw new LanguageError(code, span, message, detail);
  }

  site(span: Span): CallSite {
    this.ops.origin = span;
    return new ElaborationSite(this, span);
  }

  /** What `body` gives, or the unknown value after reporting why it gives nothing. */
  guard(body: () => Value): Value {
    return this.attempt(body) ?? unknownValue;
  }

  attempt<T>(body: () => T): T | undefined {
    const depth = this.stack.length;
    try {
      return body();
    } catch (error) {
      this.#catch(error, depth);
      return undefined;
    }
  }

  report(error: LanguageError): void {
    const { code, span, message } = error.init;
    const trial = this.#trials.at(-1);
    if (trial !== undefined) {
      trial.push(error);
      return;
    }
    const place = this.#userPlace(span);
    const key = `${code}|${place?.source.name}|${place?.start}|${this.isGeneric ? '' : message}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const inner = place === span || span === undefined ? [] : [{ message: 'found here, in the library', span }];
    const notes = [...(error.init.notes ?? []), ...inner, ...this.#trail(place)];
    this.sink.report({ ...error.init, span: place, notes });
  }

  /** Reports what a trial found wrong, where what follows depends on what it left unknown. */
  giveUp({ mistakes }: Trial): never {
    for (const mistake of mistakes) this.report(mistake);
    throw new UnknownOperand();
  }

  warn(code: LanguageCode, span: Span, message: string, detail: ErrorDetail = {}): void {
    const key = `${code}|${span.source.name}|${span.start}`;
    if (this.#trials.length > 0 || this.#reported.has(key)) return;
    this.#reported.add(key);
    this.sink.report({ code, severity: 'warning', span, message, notes: detail.notes ?? [], hint: detail.hint });
  }

  #catch(error: unknown, depth: number): void {
    if (error instanceof LanguageError) this.report(error);
    else if (error instanceof RangeError && this.stack.length > depth) this.#reportDepth();
    else if (!(error instanceof UnknownOperand)) throw error;
    this.stack.length = depth;
  }

  /** The engine's own stack is used up before the limit on calls. */
  #reportDepth(): void {
    const [outermost] = this.stack;
    if (outermost === undefined) return;
    this.report(new LanguageError('E6505', outermost.span, 'calls are nested too deep', {}));
  }

  /** A mistake that shows within the library is at the call that led there, from the user's own file. */
  #userPlace(span: Span | undefined): Span | undefined {
    if (span === undefined || !isLibrary(span)) return span;
    return this.stack.findLast((frame) => !isLibrary(frame.span))?.span ?? span;
  }

  /** How the program got to the place of a mistake. */
  #trail(span: Span | undefined): readonly Note[] {
    const notes: Note[] = [];
    for (const frame of this.stack.toReversed()) {
      if (notes.length === 6) break;
      if (frame.isEntry === true) break;
      if (isLibrary(frame.span)) continue;
      if (frame.span.source === span?.source && frame.span.start === span.start) continue;
      notes.push({ message: `in \`${frame.name}\`, called here`, span: frame.span });
    }
    return notes;
  }

  // ------------------------------------------------------------------------------------------------------------ fuel

  /** Steps of the run at compile time: an expression that is evaluated, an element that is made. */
  burn(span: Span, steps = 1): void {
    if (this.#fuel < 0) throw new UnknownOperand();
    this.#fuel -= steps;
    if (this.#fuel < 0) this.#stop(span);
  }

  /** Where one part of a program ran out, the next few have some of their own: what is wrong with them is said too. */
  refuel(): void {
    if (this.#fuel >= 0 || this.#refuelled === mostRefuelled) return;
    this.#refuelled += 1;
    this.#fuel = fuelOfOnePart;
  }

  /** Said once, also in a trial: nothing that follows can be looked at. */
  #stop(span: Span): never {
    this.sink.report({
      code: 'E6501',
      span,
      message: `the program takes more than ${fuelForOneProgram} steps at compile time`,
      notes: this.#trail(span),
      hint: 'loops over numbers known at compile time are unrolled; `scan` and `while` over tensors run at run time',
    });
    throw new UnknownOperand();
  }

  /** A tuple, list or string that was put together; one that grows without bound is refused. */
  sized<T extends Value>(value: T, span: Span): T {
    const parts = partsOf(value);
    if (parts > mostParts) {
      this.fail('E6504', span, `this value has more than ${mostParts} parts`, {
        hint: 'what is large is a tensor; lists and tuples are taken apart at compile time',
      });
    }
    this.burn(span, parts >> 3);
    return value;
  }

  // ----------------------------------------------------------------------------------------------------------- cells

  read(cell: Cell): Value {
    cell.value ??= this.frame.load(cell as ModelCell);
    return cell.value;
  }

  /** Ops made meanwhile go to `block`; what is written is taken back, and told. */
  inFrame<T>(kind: FrameKind, span: Span, block: IrBlock, body: () => T): { result: T; written: readonly Written[] } {
    const frame: Frame = this.journal.enter(kind, span);
    let isDone = false;
    try {
      const result = this.ops.inBlock(block, body);
      isDone = true;
      return { result, written: this.journal.leave(frame) };
    } finally {
      if (!isDone) this.journal.leave(frame);
    }
  }

  /**
   * Elaborates only to see what is written. Ops are thrown away; mistakes are kept, to be reported if nothing follows that would find them
   * again.
   */
  trial(span: Span, body: () => void): Trial {
    this.burn(span, 20);
    const block = new IrBlock();
    const writes = new Map(this.writes);
    const mistakes: LanguageError[] = [];
    this.#trials.push(mistakes);
    try {
      const { written } = this.inFrame('trial', span, block, () => this.attempt(body));
      return { written, mistakes };
    } finally {
      this.#trials.pop();
      this.writes.clear();
      for (const [cell, record] of writes) this.writes.set(cell, record);
      for (const op of block.operations()) op.dropUses();
    }
  }

  /** Makes the ops of one function. */
  inFunction<T>(frame: FunctionFrame, body: () => T): T {
    const outer = this.frame;
    this.frame = frame;
    try {
      return this.ops.inBlock(frame.block, body);
    } finally {
      this.frame = outer;
    }
  }
}

/** The site of a call or operator; builtins that make regions find the elaboration in it. */
class ElaborationSite implements CallSite {
  readonly elaboration: Elaboration;
  readonly span: Span;

  constructor(elaboration: Elaboration, span: Span) {
    this.elaboration = elaboration;
    this.span = span;
  }

  get ops(): TensorOps {
    return this.elaboration.ops;
  }

  fail(code: LanguageCode, message: string, detail: ErrorDetail & { readonly span?: Span } = {}): never {
    return this.elaboration.fail(code, detail.span ?? this.span, message, detail);
  }

  call(callee: Value, args: readonly ArgumentValue[]): Value {
    const value = this.elaboration.call(callee, args, this.span);
    this.ops.origin = this.span;
    return value;
  }
}

/** The elaboration that a site belongs to. */
export function elaborationOf(site: CallSite): Elaboration {
  invariant(site instanceof ElaborationSite, 'this builtin needs an elaboration');
  return site.elaboration;
}

function isLibrary({ source }: Span): boolean {
  return source.name.startsWith(libraryPrefix);
}

function noFunction(block: IrBlock): FunctionFrame {
  const none = (): never => {
    throw new UnknownOperand();
  };
  return { kind: 'shapes', block, load: none, key: none };
}
