/** Walking and rebuilding loop IR: the one place that knows where expressions and statements have children. */
import type { Carried, Expr, FlatBuffer, LoopKernel, Statement, Variable } from './loop-ir.ts';
import { type Size, symbolsOfSize } from './size.ts';

/** The operands of an expression, in order. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'size':
      return [];
    case 'unary':
    case 'convert':
    case 'bitcast':
    case 'splat':
    case 'extract':
    case 'lane-reduce':
      return [expr.operand];
    case 'binary':
    case 'compare':
    case 'shuffle':
      return [expr.lhs, expr.rhs];
    case 'select':
      return [expr.predicate, expr.onTrue, expr.onFalse];
    case 'fma':
      return [expr.a, expr.b, expr.c];
    case 'insert':
      return [expr.operand, expr.value];
    case 'load':
      return expr.mask === undefined ? [expr.index] : [expr.index, expr.mask];
    case 'tail-mask':
      return [expr.count];
    default:
      return expr satisfies never;
  }
}

/** The expression with each operand replaced; itself when none changes. */
export function mapOperands(expr: Expr, map: (operand: Expr) => Expr): Expr {
  const before = operandsOf(expr);
  const after = before.map(map);
  if (after.every((operand, index) => operand === before[index])) return expr;
  const [first = expr, second = expr, third = expr] = after;
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'size':
      return expr;
    case 'unary':
    case 'convert':
    case 'bitcast':
    case 'splat':
    case 'extract':
    case 'lane-reduce':
      return { ...expr, operand: first };
    case 'binary':
    case 'compare':
    case 'shuffle':
      return { ...expr, lhs: first, rhs: second };
    case 'select':
      return { ...expr, predicate: first, onTrue: second, onFalse: third };
    case 'fma':
      return { ...expr, a: first, b: second, c: third };
    case 'insert':
      return { ...expr, operand: first, value: second };
    case 'load':
      return { ...expr, index: first, mask: expr.mask === undefined ? undefined : second };
    case 'tail-mask':
      return { ...expr, count: first };
    default:
      return expr satisfies never;
  }
}

/** The expression and everything below it, operands first. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  for (const operand of operandsOf(expr)) walkExpr(operand, visit);
  visit(expr);
}

/** The bodies of a statement, in order. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'for':
    case 'alloc':
      return [statement.body];
    case 'while':
      return [statement.before, statement.body];
    case 'if':
      return [statement.then, statement.otherwise];
    case 'let':
    case 'store':
    case 'atomic':
    case 'barrier':
    case 'copy':
    case 'fill':
    case 'prefetch':
    case 'marker':
      return [];
    default:
      return statement satisfies never;
  }
}

/** Expressions that belong to the statement itself, not to those in its bodies. */
export function expressionsOf(statement: Statement): readonly Expr[] {
  switch (statement.kind) {
    case 'for':
      return [statement.from, statement.to, ...statement.carried.map(initialOf), ...statement.next];
    case 'while':
      return [...statement.carried.map(initialOf), statement.condition, ...statement.next];
    case 'if':
      return [statement.condition, ...statement.results.flatMap((each) => [each.then, each.otherwise])];
    case 'let':
      return [statement.value];
    case 'store':
      return statement.mask === undefined
        ? [statement.index, statement.value]
        : [statement.index, statement.value, statement.mask];
    case 'atomic':
      return [statement.index, statement.value];
    case 'copy':
      return [statement.fromIndex, statement.toIndex, statement.count];
    case 'fill':
      return [statement.index, statement.count, statement.value];
    case 'prefetch':
      return [statement.index];
    case 'alloc':
    case 'barrier':
    case 'marker':
      return [];
    default:
      return statement satisfies never;
  }
}

function initialOf({ initial }: Carried): Expr {
  return initial;
}

/** Variables that the statement itself defines. */
export function definedBy(statement: Statement): readonly Variable[] {
  switch (statement.kind) {
    case 'for':
      return [statement.variable, ...statement.carried.map(({ variable }) => variable)];
    case 'while':
      return statement.carried.map(({ variable }) => variable);
    case 'if':
      return statement.results.map(({ variable }) => variable);
    case 'let':
      return [statement.variable];
    case 'alloc':
    case 'atomic':
    case 'barrier':
    case 'copy':
    case 'fill':
    case 'prefetch':
    case 'marker':
    case 'store':
      return [];
    default:
      return statement satisfies never;
  }
}

/** All statements, each before those in its bodies. */
export function walkStatements(statements: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of statements) {
    visit(statement);
    for (const body of bodiesOf(statement)) walkStatements(body, visit);
  }
}

/** The first ids that no variable and no buffer of the kernel has. */
export function freshIds(kernel: LoopKernel): { readonly variables: number; readonly buffers: number } {
  let variables = Math.max(kernel.tileBegin.id, kernel.tileEnd.id) + 1;
  let buffers = kernel.buffers.reduce((most, { id }) => Math.max(most, id + 1), 0);
  walkStatements(kernel.body, (statement) => {
    for (const { id } of definedBy(statement)) variables = Math.max(variables, id + 1);
    if (statement.kind === 'alloc') buffers = Math.max(buffers, statement.buffer.id + 1);
  });
  return { variables, buffers };
}

/** Names of the symbols that sizes in it depend on, in order of appearance. */
export function symbolsOf(buffers: readonly FlatBuffer[], body: readonly Statement[]): readonly string[] {
  const names = new Set<string>();
  const add = (size: Size): void => symbolsOfSize(size).forEach(({ name }) => names.add(name));
  const addOf = (expr: Expr): void => {
    if (expr.kind === 'size') add(expr.size);
  };
  for (const { size } of buffers) add(size);
  walkStatements(body, (statement) => {
    if (statement.kind === 'alloc') add(statement.buffer.size);
    for (const expr of expressionsOf(statement)) walkExpr(expr, addOf);
  });
  return [...names];
}
