/** The loops of a kernel as a tree of what runs how often, does how much, and touches which memory. */
import type { Expr, FlatBuffer, LoopKernel, Statement } from '../loop-ir.ts';
import { expressionsOf, walkExpr } from '../loop-walk.ts';
import { elementBytes } from '../value-type.ts';
import { countExecutions, type ExecutionCounts, sizeGuess } from './execution-counts.ts';
import { constantForm, type IndexForm, IndexForms, type LoopId } from './index-form.ts';
import { type InstructionCosts, noWork, type Work } from './instruction-cost.ts';

/** A load or a store, wherever it is written. */
export interface AccessSite {
  readonly buffer: FlatBuffer;
  readonly form: IndexForm;
  /** Of one execution, bytes. */
  readonly bytes: number;
  readonly isStore: boolean;
}

/** A body: of a loop, of a branch, or of the kernel. */
export interface Nest {
  readonly loop: LoopId | undefined;
  /** Times its loop is begun in the whole call; executions of a branch. */
  readonly entries: number;
  /** Times the body runs in the whole call. */
  readonly executions: number;
  /** Of one execution of the body, without the bodies inside. */
  readonly work: Work;
  /** Cycles that one iteration waits for the one before. */
  readonly recurrence: number;
  readonly sites: readonly AccessSite[];
  readonly children: readonly Nest[];
}

export interface NestTree {
  readonly root: Nest;
  readonly tiles: number;
  /** Elements of a buffer. */
  readonly sizeOf: (buffer: FlatBuffer) => number;
}

export function nestTree(kernel: LoopKernel, symbols: ReadonlyMap<string, number>, costs: InstructionCosts): NestTree {
  return new TreeBuilder(kernel, symbols, costs).build();
}

type Body = readonly Statement[];

class TreeBuilder {
  readonly #kernel: LoopKernel;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #costs: InstructionCosts;
  readonly #counts: ExecutionCounts;
  readonly #forms: IndexForms;
  #nextLoop = 0;

  constructor(kernel: LoopKernel, symbols: ReadonlyMap<string, number>, costs: InstructionCosts) {
    this.#kernel = kernel;
    this.#symbols = symbols;
    this.#costs = costs;
    this.#counts = countExecutions(kernel, symbols);
    this.#forms = new IndexForms(({ size }) => sizeGuess(size, symbols));
  }

  build(): NestTree {
    const { body, tileBegin, tileEnd } = this.#kernel;
    const { tiles } = this.#counts;
    this.#forms.define(tileBegin.id, constantForm(0));
    this.#forms.define(tileEnd.id, constantForm(tiles));
    const root = this.#nest(body, undefined, 1, 0, noWork());
    return { root, tiles, sizeOf: ({ size }) => sizeGuess(size, this.#symbols) };
  }

  #nest(body: Body, loop: LoopId | undefined, entries: number, recurrence: number, work: Work): Nest {
    const sites: AccessSite[] = [];
    const children: Nest[] = [];
    this.#statements(body, work, sites, children);
    return { loop, entries, executions: this.#counts.bodies.get(body) ?? 0, work, recurrence, sites, children };
  }

  #statements(body: Body, work: Work, sites: AccessSite[], children: Nest[]): void {
    for (const statement of body) {
      // A loop's own work belongs to its body, and the same memory is in use inside an `alloc` as around it.
      if (statement.kind === 'alloc') this.#statements(statement.body, work, sites, children);
      else if (statement.kind === 'for') this.#for(statement, children);
      else if (statement.kind === 'while') this.#while(statement, children);
      else this.#plain(statement, work, sites, children);
    }
  }

  #for(statement: Extract<Statement, { readonly kind: 'for' }>, children: Nest[]): void {
    const { variable, from, step, body, carried } = statement;
    const { entries, iterations } = this.#countsOf(statement);
    if (iterations === 0) return;
    const loop = this.#loop();
    const counter = this.#forms.counter([loop], iterations / entries, false);
    const start = this.#forms.formOf(from);
    this.#forms.define(variable.id, { constant: start.constant, terms: new Map([...start.terms, [counter, step]]) });
    this.#defineCarried(carried, statement.next, loop);
    const work = noWork();
    this.#costs.addStatement(statement, work);
    const waits = this.#costs.addSpills(statement, work);
    children.push(this.#nest(body, loop, entries, this.#costs.recurrenceCycles(statement) + waits, work));
  }

  #while(statement: Extract<Statement, { readonly kind: 'while' }>, children: Nest[]): void {
    const { before, body, carried } = statement;
    const { entries, iterations } = this.#countsOf(statement);
    const loop = this.#loop();
    this.#defineCarried(carried, statement.next, loop);
    const work = noWork();
    this.#costs.addStatement(statement, work);
    const recurrence = this.#costs.recurrenceCycles(statement);
    if (before.length > 0) children.push(this.#nest(before, loop, entries, 0, noWork()));
    if (iterations > 0) children.push(this.#nest(body, loop, entries, recurrence, work));
  }

  #loop(): LoopId {
    this.#nextLoop += 1;
    return this.#nextLoop as LoopId;
  }

  #countsOf(loop: Statement): { readonly entries: number; readonly iterations: number } {
    return this.#counts.loops.get(loop) ?? { entries: 0, iterations: 0 };
  }

  /** An index that a loop hands on: it moves on with the iterations, whether by one or by none. */
  #defineCarried(
    carried: Extract<Statement, { readonly kind: 'for' }>['carried'],
    next: readonly Expr[],
    loop: LoopId,
  ): void {
    for (const [index, { variable, initial }] of carried.entries()) {
      if (!mayBeIndex(variable.type)) continue;
      const start = this.#forms.formOf(initial);
      const isKept = next[index]?.kind === 'variable' && next[index].variable === variable;
      const terms = isKept ? start.terms : new Map([...start.terms, [this.#forms.counter([loop], 1 << 20, false), 1]]);
      this.#forms.define(variable.id, { constant: start.constant, terms });
    }
  }

  #plain(statement: Statement, work: Work, sites: AccessSite[], children: Nest[]): void {
    this.#costs.addStatement(statement, work);
    this.#addSites(statement, sites);
    if (statement.kind === 'let' && mayBeIndex(statement.variable.type))
      this.#forms.define(statement.variable.id, this.#forms.formOf(statement.value));
    if (statement.kind !== 'if') return;
    for (const body of [statement.then, statement.otherwise]) {
      const executions = this.#counts.bodies.get(body) ?? 0;
      if (executions > 0) children.push(this.#nest(body, undefined, executions, 0, noWork()));
    }
    for (const { variable, then } of statement.results)
      if (mayBeIndex(variable.type)) this.#forms.define(variable.id, this.#forms.formOf(then));
  }

  #addSites(statement: Statement, sites: AccessSite[]): void {
    for (const expr of expressionsOf(statement))
      walkExpr(expr, (each) => {
        if (each.kind !== 'load') return;
        const { buffer, index, type, mode } = each;
        const elements = mode === 'plain' || mode === 'masked' ? type.lanes : 1;
        this.#site(sites, buffer, index, elements, false, mode === 'gather' ? type.lanes : 1);
      });
    if (statement.kind === 'store' || statement.kind === 'atomic') {
      const { buffer, index, value } = statement;
      const lanes = index.type.lanes > 1 ? index.type.lanes : 1;
      this.#site(sites, buffer, index, lanes > 1 ? 1 : value.type.lanes, true, lanes);
    } else if (statement.kind === 'copy') {
      const count = this.#forms.formOf(statement.count).constant;
      this.#site(sites, statement.from, statement.fromIndex, count, false, 1);
      this.#site(sites, statement.to, statement.toIndex, count, true, 1);
    } else if (statement.kind === 'fill')
      this.#site(sites, statement.buffer, statement.index, this.#forms.formOf(statement.count).constant, true, 1);
  }

  #site(sites: AccessSite[], buffer: FlatBuffer, index: Expr, elements: number, isStore: boolean, lanes: number): void {
    if (buffer.space === 'register') return;
    const width = elementBytes(buffer.dtype);
    const form = this.#forms.formOf(index);
    for (let lane = 0; lane < lanes; lane += 1) sites.push({ buffer, form, bytes: elements * width, isStore });
  }
}

function mayBeIndex({ dtype }: Expr['type']): boolean {
  return dtype === 'index' || dtype === 'i32' || dtype === 'i64' || dtype === 'ui32' || dtype === 'ui64';
}
