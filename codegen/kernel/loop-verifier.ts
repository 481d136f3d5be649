/**
 * What must hold of every loop kernel; a violation is our bug and throws an InvariantError that prints the statement.
 *
 * - Types: of every node (loop-verifier-types.ts), of what loops carry and branches give, of indices, masks and stored values.
 * - Variables are defined once, and used only where they are defined; what a body defines is not seen after it. Symbols are listed.
 * - Buffers: parameters are in the arena or the user's; `alloc` makes the others. Loads, stores and atomics keep to the access mode.
 * - Loops: a positive step; `unrolled` ones with constant bounds. `parallel` and `workgroup` loops are outermost and carry nothing. Beside
 *   one there is no effect, for each thread would have it. `invocation` loops are in workgroups, and only in them there are effects.
 * - Barriers: in a workgroup, under conditions and bounds that are the same for all invocations, as far as can be seen without loads.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { Carried, Expr, FlatBuffer, LoopKernel, Statement, Variable } from './loop-ir.ts';
import { Site } from './loop-interpreter-frame.ts';
import { exprText } from './loop-text.ts';
import { typeProblem } from './loop-verifier-types.ts';
import { operandsOf } from './loop-walk.ts';
import { elementaryOps } from './scalar-ops.ts';
import { type Size, symbolsOfSize } from './size.ts';
import { equalValueTypes, scalar, type ValueType, valueTypeText } from './value-type.ts';

export interface VerifierOptions {
  /** After legalising: no elementary functions are left. */
  readonly isLegalised?: boolean;
}

export function verifyLoopKernel(kernel: LoopKernel, options: VerifierOptions = {}): void {
  new Verifier(kernel, options).run();
}

/** Where a statement stands among the loops that run at once. */
type Region = 'serial' | 'parallel' | 'workgroup' | 'invocation';

type For = Extract<Statement, { kind: 'for' }>;

const index = scalar('index');

class Verifier {
  readonly #kernel: LoopKernel;
  readonly #options: VerifierOptions;
  readonly #defined = new Set<number>();
  readonly #visible = new Set<number>();
  /** Variables that may differ between the invocations of a workgroup. */
  readonly #varying = new Set<number>();
  readonly #buffers = new Map<number, FlatBuffer>();
  readonly #symbols: ReadonlySet<string>;
  readonly #isDivided: boolean;
  #region: Region = 'serial';
  #loops = 0;
  /** Enclosing conditions and bounds are the same for all invocations. */
  #isUniform = true;
  #site: Site;

  constructor(kernel: LoopKernel, options: VerifierOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#symbols = new Set(kernel.symbols);
    this.#site = new Site(kernel, undefined);
    this.#isDivided = hasDividedLoop(kernel.body);
  }

  run(): void {
    for (const buffer of this.#kernel.buffers) {
      if (buffer.space !== 'arena' && buffer.space !== 'user')
        this.#fail(`the parameter ${buffer.name} is in ${buffer.space}`);
      this.#addBuffer(buffer);
    }
    for (const tile of [this.#kernel.tileBegin, this.#kernel.tileEnd]) {
      this.#define(tile);
      this.#expectType(tile.name, tile.type, index);
    }
    this.#body(this.#kernel.body);
  }

  #fail(message: string): never {
    return this.#site.fail(`verifier: ${message}`);
  }

  #expectType(what: string, actual: ValueType, expected: ValueType): void {
    if (!equalValueTypes(actual, expected))
      this.#fail(`${what} has type ${valueTypeText(actual)}, not ${valueTypeText(expected)}`);
  }

  #addBuffer(buffer: FlatBuffer): void {
    if (this.#buffers.has(buffer.id)) this.#fail(`two buffers have the id of ${buffer.name}`);
    this.#buffers.set(buffer.id, buffer);
    this.#size(buffer.size);
  }

  #size(size: Size): void {
    for (const { name } of symbolsOfSize(size))
      if (!this.#symbols.has(name)) this.#fail(`the symbol ${name} is not among those of the kernel`);
  }

  #define({ id, name }: Variable): void {
    if (this.#defined.has(id)) this.#fail(`${name} is assigned twice`);
    this.#defined.add(id);
    this.#visible.add(id);
  }

  #buffer(buffer: FlatBuffer): void {
    if (this.#buffers.get(buffer.id) !== buffer) this.#fail(`${buffer.name} does not exist here`);
  }

  /** Checks the expression; true when it is the same for all invocations of a workgroup. */
  #expr(expr: Expr): boolean {
    let isUniform = true;
    for (const operand of operandsOf(expr)) isUniform = this.#expr(operand) && isUniform;
    const problem = typeProblem(expr);
    if (problem !== undefined) this.#fail(`${problem}, in ${exprText(expr)}`);
    if (expr.kind === 'variable') return this.#use(expr.variable);
    if (expr.kind === 'size') this.#size(expr.size);
    if (expr.kind === 'load') this.#buffer(expr.buffer);
    if (
      this.#options.isLegalised === true &&
      (expr.kind === 'unary' || expr.kind === 'binary') &&
      elementaryOps.has(expr.op)
    )
      this.#fail(`${expr.op} is left after legalising`);
    return isUniform && (expr.kind !== 'load' || this.#region !== 'invocation');
  }

  #use({ id, name }: Variable): boolean {
    if (!this.#visible.has(id)) this.#fail(`${name} is used where it is not defined`);
    return !this.#varying.has(id);
  }

  #typed(what: string, expr: Expr, type: ValueType): boolean {
    const isUniform = this.#expr(expr);
    this.#expectType(what, expr.type, type);
    return isUniform;
  }

  /** What it defines is not visible afterwards; the rest runs while it still is. */
  #body(statements: readonly Statement[], end: () => void = () => undefined): void {
    const introduced: Variable[] = [];
    for (const statement of statements) this.#statement(statement, introduced);
    end();
    for (const { id } of introduced) this.#visible.delete(id);
  }

  #statement(statement: Statement, introduced: Variable[]): void {
    const outer = this.#site;
    this.#site = new Site(this.#kernel, statement);
    this.#dispatch(statement, introduced);
    this.#site = outer;
  }

  #dispatch(statement: Statement, introduced: Variable[]): void {
    switch (statement.kind) {
      case 'for':
        return this.#for(statement, introduced);
      case 'while':
        return this.#while(statement, introduced);
      case 'if':
        return this.#if(statement, introduced);
      case 'let':
        if (!this.#typed(statement.variable.name, statement.value, statement.variable.type))
          this.#varying.add(statement.variable.id);
        return this.#introduce(statement.variable, introduced);
      case 'store':
        return this.#store(statement);
      case 'atomic':
        this.#written(statement.buffer, 'atomic');
        if (statement.buffer.access !== 'read-write')
          this.#fail(`atomic on ${statement.buffer.name}, which is not read`);
        this.#typed('the index', statement.index, index);
        this.#typed('the operand', statement.value, scalar(statement.buffer.dtype));
        return undefined;
      case 'alloc':
        return this.#alloc(statement);
      case 'barrier':
        return this.#barrier();
      case 'copy':
        this.#written(statement.to, 'copy');
        this.#buffer(statement.from);
        if (statement.from.access === 'write') this.#fail(`copy from ${statement.from.name}, which is only written`);
        if (statement.from.dtype !== statement.to.dtype) this.#fail('copy between different dtypes');
        for (const each of [statement.fromIndex, statement.toIndex, statement.count])
          this.#typed('a place', each, index);
        return undefined;
      case 'fill':
        this.#written(statement.buffer, 'fill');
        this.#typed('the index', statement.index, index);
        this.#typed('the count', statement.count, index);
        this.#typed('the value', statement.value, scalar(statement.buffer.dtype));
        return undefined;
      case 'prefetch':
        this.#typed('the index', statement.index, index);
        return undefined;
      case 'marker':
        return undefined;
      default:
        return statement satisfies never;
    }
  }

  #introduce(variable: Variable, introduced: Variable[]): void {
    this.#define(variable);
    introduced.push(variable);
  }

  #written(buffer: FlatBuffer, what: string): void {
    this.#buffer(buffer);
    if (buffer.access === 'read') this.#fail(`${what} to ${buffer.name}, which is only read`);
    if (this.#isDivided && this.#region === 'serial') this.#fail(`${what} outside of the parallel loop`);
    if (this.#region === 'workgroup') this.#fail(`${what} outside of the invocations of a workgroup`);
  }

  #store({ buffer, index: at, value, mask }: Extract<Statement, { kind: 'store' }>): void {
    this.#written(buffer, 'store');
    this.#expr(value);
    this.#expr(at);
    this.#expectType('the value', value.type, { dtype: buffer.dtype, lanes: value.type.lanes });
    this.#expectType('the index', at.type, { dtype: 'index', lanes: at.type.lanes === 1 ? 1 : value.type.lanes });
    if (mask !== undefined) this.#typed('the mask', mask, { dtype: 'i1', lanes: value.type.lanes });
  }

  #alloc({ buffer, body }: Extract<Statement, { kind: 'alloc' }>): void {
    if (buffer.space === 'arena' || buffer.space === 'user') this.#fail(`alloc of ${buffer.name} in ${buffer.space}`);
    if (buffer.access !== 'read-write') this.#fail(`alloc of ${buffer.name} with access ${buffer.access}`);
    if (buffer.space === 'workgroup' && this.#region !== 'workgroup')
      this.#fail(`alloc of ${buffer.name} in workgroup memory outside of a workgroup, or in an invocation`);
    this.#addBuffer(buffer);
    this.#body(body);
    this.#buffers.delete(buffer.id);
  }

  #barrier(): void {
    if (this.#region !== 'workgroup' && this.#region !== 'invocation') this.#fail('barrier outside of a workgroup');
    if (!this.#isUniform) this.#fail('barrier where control flow may differ between invocations');
  }

  #carried(carried: readonly Carried[], introduced: Variable[]): void {
    for (const { variable, initial } of carried) this.#typed(variable.name, initial, variable.type);
    for (const { variable } of carried) {
      this.#introduce(variable, introduced);
      if (this.#region === 'invocation') this.#varying.add(variable.id);
    }
  }

  #next(carried: readonly Carried[], next: readonly Expr[]): void {
    if (next.length !== carried.length) this.#fail(`${carried.length} values are carried, ${next.length} are given`);
    next.forEach((value, place) => {
      const variable = carried[place]?.variable;
      if (variable !== undefined) this.#typed(`the next ${variable.name}`, value, variable.type);
    });
  }

  #for(loop: For, introduced: Variable[]): void {
    const { mode, variable, from, to, step, carried, body } = loop;
    const isUniform = [this.#typed('from', from, index), this.#typed('to', to, index)].every(Boolean);
    if (!Number.isInteger(step) || step < 1) this.#fail(`a step of ${step}`);
    this.#expectType(variable.name, variable.type, index);
    if (mode === 'unrolled' && (from.kind !== 'constant' || to.kind !== 'constant'))
      this.#fail('an unrolled loop has constant bounds');
    const region = this.#enter(loop, isUniform);
    this.#carried(carried, introduced);
    if (!isUniform || mode === 'invocation') this.#varying.add(variable.id);
    this.#inside(region, isUniform, () => {
      this.#define(variable);
      this.#body(body, () => this.#next(carried, loop.next));
      this.#visible.delete(variable.id);
    });
  }

  /** The region of a loop's body. */
  #enter({ mode, carried }: For, isUniform: boolean): Region {
    if (mode === 'serial' || mode === 'unrolled') return this.#region;
    if (carried.length !== 0) this.#fail(`a loop of mode ${mode} carries nothing`);
    if (mode === 'invocation') {
      if (this.#region !== 'workgroup' && this.#region !== 'invocation')
        this.#fail('an invocation loop outside of a workgroup');
      if (!isUniform) this.#fail('the bounds of an invocation loop differ between invocations');
      return 'invocation';
    }
    const isNest = mode === 'workgroup' && this.#region === 'workgroup';
    if (!isNest && (this.#loops !== 0 || this.#region !== 'serial')) this.#fail(`a ${mode} loop that is not outermost`);
    return mode;
  }

  #inside(region: Region, isUniform: boolean, body: () => void): void {
    const outer = { region: this.#region, isUniform: this.#isUniform };
    this.#region = region;
    this.#isUniform = outer.isUniform && isUniform;
    this.#loops++;
    body();
    this.#loops--;
    this.#region = outer.region;
    this.#isUniform = outer.isUniform;
  }

  #while(loop: Extract<Statement, { kind: 'while' }>, introduced: Variable[]): void {
    this.#carried(loop.carried, introduced);
    this.#inside(this.#region, this.#region !== 'invocation', () => {
      this.#body(loop.before, () => {
        this.#typed('the condition', loop.condition, scalar('i1'));
        this.#body(loop.body, () => this.#next(loop.carried, loop.next));
      });
    });
  }

  #if(statement: Extract<Statement, { kind: 'if' }>, introduced: Variable[]): void {
    const { results } = statement;
    const isUniform = this.#typed('the condition', statement.condition, scalar('i1'));
    const branch = (body: readonly Statement[], side: 'then' | 'otherwise'): void =>
      this.#inside(this.#region, isUniform, () =>
        this.#body(body, () => {
          for (const each of results) this.#typed(each.variable.name, each[side], each.variable.type);
        }),
      );
    branch(statement.then, 'then');
    branch(statement.otherwise, 'otherwise');
    for (const { variable } of results) {
      this.#introduce(variable, introduced);
      if (this.#region === 'invocation') this.#varying.add(variable.id);
    }
  }
}

/** Whether tiles are divided among threads or workgroups; looks through allocs only, for such loops are outermost. */
function hasDividedLoop(statements: readonly Statement[]): boolean {
  let loops = 0;
  const visit = (each: Statement): void => {
    if (each.kind === 'alloc') each.body.forEach(visit);
    if (each.kind === 'for' && (each.mode === 'parallel' || each.mode === 'workgroup')) loops++;
  };
  statements.forEach(visit);
  if (loops > 1) throw new InvariantError('verifier: two parallel loops in one kernel');
  return loops === 1;
}
