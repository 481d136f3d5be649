/** A statement with its expressions and bodies mapped: what each pass over loop IR does with the statements that it does not change. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { definedBy } from './loop-walk.ts';
import type { Carried, Expr, FlatBuffer, Statement, Variable } from './loop-ir.ts';

export interface MappedBody {
  readonly statements: readonly Statement[];
  /** As many as were given. */
  readonly last: readonly Expr[];
}

export interface StatementMap {
  readonly expr: (expr: Expr) => Expr;
  /** A body and the values at its end, which see what it defines; and the variables that the statement around it defines for it. */
  readonly body: (body: readonly Statement[], last: readonly Expr[], defined: readonly Variable[]) => MappedBody;
  /** Variables that are carried, given or named, where these change. */
  readonly variable?: (variable: Variable) => Variable;
  readonly buffer?: (buffer: FlatBuffer) => FlatBuffer;
  /** A value on its way into a buffer, where that is not as any other. */
  readonly stored?: (value: Expr, buffer: FlatBuffer) => Expr;
}

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;

/** In the order in which the statement is run. */
export function mapStatement(statement: Statement, map: StatementMap): Statement {
  const { expr, variable = same, buffer = same, stored = expr } = map;
  switch (statement.kind) {
    case 'for':
      return mapFor(statement, map);
    case 'while':
      return mapWhile(statement, map);
    case 'if':
      return mapIf(statement, map);
    case 'alloc':
      return { ...statement, buffer: buffer(statement.buffer), body: map.body(statement.body, [], []).statements };
    case 'let':
      return { ...statement, value: expr(statement.value), variable: variable(statement.variable) };
    case 'store': {
      const mask = statement.mask === undefined ? undefined : expr(statement.mask);
      const index = expr(statement.index);
      const value = stored(statement.value, statement.buffer);
      return { ...statement, buffer: buffer(statement.buffer), index, value, mask };
    }
    case 'atomic': {
      const index = expr(statement.index);
      const value = stored(statement.value, statement.buffer);
      return { ...statement, buffer: buffer(statement.buffer), index, value };
    }
    case 'copy': {
      const [fromIndex, toIndex, count] = [expr(statement.fromIndex), expr(statement.toIndex), expr(statement.count)];
      return { ...statement, from: buffer(statement.from), fromIndex, to: buffer(statement.to), toIndex, count };
    }
    case 'fill': {
      const [index, count] = [expr(statement.index), expr(statement.count)];
      const value = stored(statement.value, statement.buffer);
      return { ...statement, buffer: buffer(statement.buffer), index, count, value };
    }
    case 'prefetch':
      return { ...statement, buffer: buffer(statement.buffer), index: expr(statement.index) };
    case 'barrier':
    case 'marker':
      return statement;
    default:
      return statement satisfies never;
  }
}

function same<T>(value: T): T {
  return value;
}

function mapCarried(carried: readonly Carried[], { expr, variable = same }: StatementMap): readonly Carried[] {
  return carried.map((each) => ({ variable: variable(each.variable), initial: expr(each.initial) }));
}

function mapFor(statement: Of<'for'>, map: StatementMap): Statement {
  const [from, to] = [map.expr(statement.from), map.expr(statement.to)];
  const carried = mapCarried(statement.carried, map);
  const { statements, last } = map.body(statement.body, statement.next, definedBy(statement));
  return { ...statement, from, to, carried, body: statements, next: last };
}

/** Variables of the part before the condition are visible in the body. */
function mapWhile(statement: Of<'while'>, map: StatementMap): Statement {
  const carried = mapCarried(statement.carried, map);
  const defined = definedBy(statement);
  const before = map.body(statement.before, [statement.condition], defined);
  const visible = [...defined, ...statement.before.flatMap(definedBy)];
  const { statements, last } = map.body(statement.body, statement.next, visible);
  return {
    ...statement,
    carried,
    before: before.statements,
    condition: at(before.last, 0),
    body: statements,
    next: last,
  };
}

function mapIf(statement: Of<'if'>, { expr, body, variable = same }: StatementMap): Statement {
  const { results } = statement;
  const condition = expr(statement.condition);
  const thenValues = results.map((each) => each.then);
  const then = body(statement.then, thenValues, []);
  const otherwiseValues = results.map((each) => each.otherwise);
  const otherwise = body(statement.otherwise, otherwiseValues, []);
  return {
    ...statement,
    condition,
    then: then.statements,
    otherwise: otherwise.statements,
    results: results.map((each, position) => ({
      variable: variable(each.variable),
      then: at(then.last, position),
      otherwise: at(otherwise.last, position),
    })),
  };
}

function at(values: readonly Expr[], position: number): Expr {
  const value = values[position];
  if (value === undefined) throw new InvariantError('a body that is mapped lost a value at its end');
  return value;
}
