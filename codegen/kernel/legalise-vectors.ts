/**
 * Splits vectors that are wider than the target's registers. All vectors of a kernel are split to one number of lanes, that of its widest
 * numbers, so that masks and what they select line up; narrower numbers then fill a part of a register.
 *
 *     f32x8 with 128 bits:   y[i : 8] = x[i : 8] + a   ->   y[i : 4] = x[i : 4] + a.0;  y[i + 4 : 4] = x[i + 4 : 4] + a.1
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { LoopBuilder } from './loop-builder.ts';
import {
  add,
  binary,
  constant,
  extract,
  insert,
  laneReduce,
  load,
  read,
  splat,
  subtract,
  tailMask,
} from './loop-expressions.ts';
import type { Carried, Expr, Load, LoopKernel, Statement, Variable, VariableId } from './loop-ir.ts';
import { expressionsOf, mapOperands, walkExpr, walkStatements } from './loop-walk.ts';
import { mapStatement } from './map-statement.ts';
import type { TargetInfo } from './target-info.ts';
import { elementBytes, type ValueType, vector } from './value-type.ts';

export function splitVectors(kernel: LoopKernel, target: TargetInfo): LoopKernel {
  const lanes = lanesOfParts(kernel, target);
  if (lanes === undefined) return kernel;
  const builder = new LoopBuilder(kernel);
  new Splitter(builder, lanes).statements(kernel.body);
  const { name, tiles, location, workgroup } = kernel;
  return builder.kernel({ name, tiles, location, ...(workgroup === undefined ? {} : { workgroup }) });
}

/** Lanes that the widest numbers have in a register; undefined when no vector is too wide. */
function lanesOfParts(kernel: LoopKernel, { vectorBits, indexBits }: TargetInfo): number | undefined {
  let isTooWide = false;
  let widest = 1;
  const note = ({ dtype, lanes }: ValueType): void => {
    if (lanes === 1) return;
    const bytes = dtype === 'i1' ? 1 : dtype === 'index' ? indexBits / 8 : elementBytes(dtype);
    widest = Math.max(widest, bytes);
    isTooWide ||= bytes * lanes * 8 > vectorBits;
  };
  walkStatements(kernel.body, (statement) => {
    for (const expr of expressionsOf(statement)) walkExpr(expr, ({ type }) => note(type));
  });
  return isTooWide ? Math.max(1, vectorBits / 8 / widest) : undefined;
}

class Splitter {
  readonly #builder: LoopBuilder;
  readonly #lanes: number;
  readonly #parts = new Map<VariableId, readonly Variable[]>();

  constructor(builder: LoopBuilder, lanes: number) {
    this.#builder = builder;
    this.#lanes = lanes;
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #isWide({ lanes }: ValueType): boolean {
    return lanes > this.#lanes;
  }

  #count({ lanes }: ValueType): number {
    return Math.max(1, lanes / this.#lanes);
  }

  #partType({ dtype, lanes }: ValueType): ValueType {
    return vector(dtype, Math.min(lanes, this.#lanes));
  }

  #variables(variable: Variable): readonly Variable[] {
    if (!this.#isWide(variable.type)) return [variable];
    const known = this.#parts.get(variable.id);
    if (known !== undefined) return known;
    const type = this.#partType(variable.type);
    const parts = Array.from({ length: this.#count(variable.type) }, () => this.#builder.variable(variable.name, type));
    this.#parts.set(variable.id, parts);
    return parts;
  }

  /** A value that is not too wide itself. */
  readonly #narrow = (expr: Expr): Expr => {
    const [only = expr] = this.#split(expr);
    return only;
  };

  /** The parts of a value, in order; itself when it is not too wide. */
  readonly #split = (expr: Expr): readonly Expr[] => {
    if (this.#isWide(expr.type)) return this.#wide(expr);
    if (expr.kind === 'variable') return [expr];
    if (expr.kind === 'extract' && this.#isWide(expr.operand.type)) {
      const part = this.#split(expr.operand)[Math.floor(expr.lane / this.#lanes)];
      return part === undefined ? [expr] : [extract(part, expr.lane % this.#lanes)];
    }
    if (expr.kind === 'lane-reduce' && this.#isWide(expr.operand.type)) {
      let parts = this.#split(expr.operand);
      while (parts.length > 1) {
        const half = parts.length / 2;
        parts = parts.slice(0, half).map((part, at) => binary(expr.op, part, parts[at + half] ?? part));
      }
      return parts.map((part) => laneReduce(expr.op, part));
    }
    if (expr.kind === 'shuffle' && this.#isWide(expr.lhs.type)) return this.#shuffle(expr);
    return [mapOperands(expr, this.#narrow)];
  };

  #wide(expr: Expr): readonly Expr[] {
    const count = this.#count(expr.type);
    const type = this.#partType(expr.type);
    const parts = (make: (at: number) => Expr): readonly Expr[] => Array.from({ length: count }, (_, at) => make(at));
    switch (expr.kind) {
      case 'constant':
        return parts(() => constant(type, expr.value));
      case 'variable':
        return this.#variables(expr.variable).map(read);
      case 'unary':
      case 'binary':
      case 'compare':
      case 'convert':
      case 'fma':
      case 'select':
      case 'bitcast':
        return this.#elementwise(expr, type, count);
      case 'splat': {
        const operand = this.#builder.let('s', this.#narrow(expr.operand));
        return parts(() => splat(operand, type.lanes));
      }
      case 'insert': {
        const operands = this.#split(expr.operand);
        const value = this.#narrow(expr.value);
        const place = Math.floor(expr.lane / this.#lanes);
        return operands.map((part, at) => (at === place ? insert(part, expr.lane % this.#lanes, value) : part));
      }
      case 'shuffle':
        return this.#shuffle(expr);
      case 'load':
        return this.#load(expr, type, count);
      case 'tail-mask': {
        const left = this.#builder.let('count', this.#narrow(expr.count));
        return parts((at) => tailMask(subtract(left, at * this.#lanes), type.lanes));
      }
      case 'size':
      case 'extract':
      case 'lane-reduce':
        throw new InvariantError(`splitting vectors: a ${expr.kind} has one lane`);
      default:
        return expr satisfies never;
    }
  }

  /** Each part from the same part of every operand; a scalar operand serves all of them. */
  #elementwise(expr: Expr, type: ValueType, count: number): readonly Expr[] {
    const operands: (readonly Expr[])[] = [];
    mapOperands(expr, (operand) => {
      const parts = this.#split(operand);
      if (parts.length !== 1 && parts.length !== count)
        throw new InvariantError(
          `splitting vectors: ${expr.kind} of ${operand.type.lanes} lanes to ${expr.type.lanes}`,
        );
      operands.push(parts.length === 1 && count > 1 ? parts.map((part) => this.#builder.let('s', part)) : parts);
      return operand;
    });
    return Array.from({ length: count }, (_, at) => {
      let next = 0;
      const part = mapOperands(expr, (operand) => {
        const parts = operands[next++] ?? [operand];
        return parts[parts.length === 1 ? 0 : at] ?? operand;
      });
      return { ...part, type };
    });
  }

  /** Lane by lane. */
  #shuffle(expr: Extract<Expr, { readonly kind: 'shuffle' }>): readonly Expr[] {
    const type = this.#partType(expr.type);
    const sources = [expr.lhs, expr.rhs].flatMap((operand) =>
      this.#split(operand).map((part) => this.#builder.let('p', part)),
    );
    const width = Math.min(expr.lhs.type.lanes, this.#lanes);
    const laneAt = (lane: number): Expr => {
      const source = sources[Math.floor(lane / width)];
      if (source === undefined) throw new InvariantError(`splitting vectors: no lane ${lane} to shuffle`);
      return extract(source, lane % width);
    };
    return Array.from({ length: this.#count(expr.type) }, (_, part) => {
      const lanes = expr.lanes.slice(part * type.lanes, (part + 1) * type.lanes);
      return lanes
        .slice(1)
        .reduce((all, lane, at) => insert(all, at + 1, laneAt(lane)), splat(laneAt(lanes[0] ?? 0), type.lanes));
    });
  }

  #load(expr: Load, type: ValueType, count: number): readonly Expr[] {
    const masks = expr.mask === undefined ? undefined : this.#split(expr.mask);
    const indices = this.#split(expr.index);
    const base = indices.length === 1 ? this.#builder.let('at', indices[0] ?? expr.index) : undefined;
    return Array.from({ length: count }, (_, at): Expr => {
      const index =
        base === undefined ? (indices[at] ?? expr.index) : expr.mode === 'splat' ? base : add(base, at * this.#lanes);
      if (type.lanes === 1 && masks === undefined) return load(expr.buffer, index);
      return { ...expr, type, index, mask: masks?.[at] };
    });
  }

  #carried(carried: readonly Carried[]): readonly Carried[] {
    return carried.flatMap(({ variable, initial }) => {
      const initials = this.#split(initial);
      return this.#variables(variable).map((part, at) => ({ variable: part, initial: initials[at] ?? initial }));
    });
  }

  #nested(
    body: readonly Statement[],
    after: readonly Expr[],
  ): { readonly statements: readonly Statement[]; readonly result: readonly Expr[] } {
    return this.#builder.nested(() => {
      this.statements(body);
      return after.flatMap(this.#split);
    });
  }

  #statement(statement: Statement): void {
    const builder = this.#builder;
    switch (statement.kind) {
      case 'for': {
        const head = {
          from: this.#narrow(statement.from),
          to: this.#narrow(statement.to),
          carried: this.#carried(statement.carried),
        };
        const body = this.#nested(statement.body, statement.next);
        builder.emit({ ...statement, ...head, body: body.statements, next: body.result });
        return;
      }
      case 'while': {
        const carried = this.#carried(statement.carried);
        const before = this.#nested(statement.before, [statement.condition]);
        const body = this.#nested(statement.body, statement.next);
        const condition = before.result[0] ?? statement.condition;
        builder.emit({
          kind: 'while',
          carried,
          before: before.statements,
          condition,
          body: body.statements,
          next: body.result,
        });
        return;
      }
      case 'if': {
        const condition = this.#narrow(statement.condition);
        const then = this.#nested(
          statement.then,
          statement.results.map((each) => each.then),
        );
        const otherwise = this.#nested(
          statement.otherwise,
          statement.results.map((each) => each.otherwise),
        );
        const variables = statement.results.flatMap((each) => this.#variables(each.variable));
        const results = variables.map((variable, at) => {
          const [yes, no] = [then.result[at], otherwise.result[at]];
          if (yes === undefined || no === undefined) throw new InvariantError('splitting vectors: an if lost a result');
          return { variable, then: yes, otherwise: no };
        });
        builder.emit({ ...statement, condition, then: then.statements, otherwise: otherwise.statements, results });
        return;
      }
      case 'let': {
        const values = this.#split(statement.value);
        this.#variables(statement.variable).forEach((variable, at) => {
          builder.emit({ kind: 'let', variable, value: values[at] ?? statement.value });
        });
        return;
      }
      case 'store':
        return this.#store(statement);
      case 'atomic':
      case 'alloc':
      case 'copy':
      case 'fill':
      case 'prefetch':
      case 'barrier':
      case 'marker':
        builder.emit(
          mapStatement(statement, {
            expr: (expr) => this.#narrow(expr),
            body: (body) => ({ statements: this.#nested(body, []).statements, last: [] }),
          }),
        );
        return;
      default:
        statement satisfies never;
    }
  }

  #store(statement: Extract<Statement, { readonly kind: 'store' }>): void {
    const builder = this.#builder;
    const { buffer } = statement;
    const masks = statement.mask === undefined ? undefined : this.#split(statement.mask);
    const parts = this.#split(statement.value);
    const indices = this.#split(statement.index);
    const only = parts.length === 1;
    // All is read before any of it is written.
    const values = only ? parts : parts.map((part) => builder.let('v', part));
    const base = only || indices.length > 1 ? undefined : builder.let('at', indices[0] ?? statement.index);
    values.forEach((value, at) => {
      const index = base === undefined ? (indices[at] ?? statement.index) : add(base, at * this.#lanes);
      builder.emit({ kind: 'store', buffer, index, value, mask: masks?.[at] });
    });
  }
}
