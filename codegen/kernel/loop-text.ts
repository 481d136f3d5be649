/**
 * Loop IR as text that reads like code: for snapshots, `--emit kernel` and error messages. Nothing parses it.
 *
 *     kernel scale(x: read f32[64] arena, y: write f32[64] user) tiles 8 {
 *       for parallel t = tile_begin to tile_end {
 *         y[t * 8 : 8] = x[t * 8 : 8] * 2f32x8
 *       }
 *     }
 */
import type { BinaryOp, CompareOp } from './scalar-ops.ts';
import type { Carried, Expr, FlatBuffer, LoopKernel, Statement, Variable } from './loop-ir.ts';
import { bodiesOf, definedBy } from './loop-walk.ts';
import { sizeText } from './size.ts';
import { type ValueType, valueTypeText } from './value-type.ts';

const binarySymbols: Readonly<Partial<Record<BinaryOp, readonly [symbol: string, precedence: number]>>> = {
  multiply: ['*', 6],
  divide: ['/', 6],
  remainder: ['%', 6],
  add: ['+', 5],
  subtract: ['-', 5],
  'shift-left': ['<<', 4],
  'shift-right-arithmetic': ['>>', 4],
  'shift-right-logical': ['>>>', 4],
  and: ['&', 2],
  xor: ['^', 2],
  or: ['|', 2],
};

const compareSymbols: Readonly<Record<CompareOp, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

const comparePrecedence = 3;
const selectPrecedence = 1;

/** Names of variables and buffers, made unique by a number after a dot. */
class Names {
  readonly #taken = new Map<string, number>();
  readonly #names = new Map<Variable | FlatBuffer, string>();

  of(named: Variable | FlatBuffer): string {
    const known = this.#names.get(named);
    if (known !== undefined) return known;
    const count = (this.#taken.get(named.name) ?? 0) + 1;
    this.#taken.set(named.name, count);
    const name = count === 1 ? named.name : `${named.name}.${count}`;
    this.#names.set(named, name);
    return name;
  }

  /** In the order of definition, so that a statement printed alone has the names it has in its kernel. */
  static ofKernel(kernel: LoopKernel): Names {
    const names = new Names();
    for (const buffer of kernel.buffers) names.of(buffer);
    names.of(kernel.tileBegin);
    names.of(kernel.tileEnd);
    const visit = (statement: Statement): void => {
      if (statement.kind === 'alloc') names.of(statement.buffer);
      const after = statement.kind === 'if';
      if (!after) definedBy(statement).forEach((variable) => names.of(variable));
      for (const body of bodiesOf(statement)) body.forEach(visit);
      if (after) definedBy(statement).forEach((variable) => names.of(variable));
    };
    kernel.body.forEach(visit);
    return names;
  }
}

function numberText(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function constantText(type: ValueType, value: number | bigint): string {
  if (type.dtype === 'i1') return `${value === 0 ? 'false' : 'true'}${type.lanes === 1 ? '' : `x${type.lanes}`}`;
  if (type.dtype === 'index' && type.lanes === 1) return numberText(value);
  return `${numberText(value)}${valueTypeText(type)}`;
}

class TextWriter {
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  /** In parentheses where it binds less than `precedence`. */
  expr(expr: Expr, precedence = 0): string {
    switch (expr.kind) {
      case 'constant':
        return constantText(expr.type, expr.value);
      case 'variable':
        return this.#names.of(expr.variable);
      case 'size':
        return `{${sizeText(expr.size)}}`;
      case 'unary':
        return expr.op === 'negate' ? `-${this.expr(expr.operand, 7)}` : this.#call(expr.op, [expr.operand]);
      case 'binary':
        return this.#binary(expr, precedence);
      case 'compare':
        return this.#infix(compareSymbols[expr.op], comparePrecedence, expr.lhs, expr.rhs, precedence);
      case 'select':
        return parenthesised(
          `${this.expr(expr.predicate, 2)} ? ${this.expr(expr.onTrue, 2)} : ${this.expr(expr.onFalse, 1)}`,
          selectPrecedence < precedence,
        );
      case 'convert':
        return this.#call(valueTypeText(expr.type), [expr.operand]);
      case 'bitcast':
        return this.#call(`bits_${valueTypeText(expr.type)}`, [expr.operand]);
      case 'fma':
        return this.#call(expr.rounding === 'exact' ? 'fma_exact' : 'fma', [expr.a, expr.b, expr.c]);
      case 'splat':
        return this.#call(`splat${expr.type.lanes}`, [expr.operand]);
      case 'extract':
        return `${this.expr(expr.operand, 8)}{${expr.lane}}`;
      case 'insert':
        return `insert(${this.expr(expr.operand)}, ${expr.lane}, ${this.expr(expr.value)})`;
      case 'shuffle':
        return `shuffle(${this.expr(expr.lhs)}, ${this.expr(expr.rhs)}, [${expr.lanes.join(' ')}])`;
      case 'lane-reduce':
        return this.#call(`reduce_${expr.op}`, [expr.operand]);
      case 'load':
        return this.#load(expr);
      case 'tail-mask':
        return this.#call(`first${expr.type.lanes}`, [expr.count]);
      default:
        return expr satisfies never;
    }
  }

  #call(name: string, operands: readonly Expr[]): string {
    return `${name}(${operands.map((operand) => this.expr(operand)).join(', ')})`;
  }

  #binary({ op, lhs, rhs }: Extract<Expr, { kind: 'binary' }>, precedence: number): string {
    const symbol = binarySymbols[op];
    return symbol === undefined ? this.#call(op, [lhs, rhs]) : this.#infix(symbol[0], symbol[1], lhs, rhs, precedence);
  }

  #infix(symbol: string, own: number, lhs: Expr, rhs: Expr, precedence: number): string {
    return parenthesised(`${this.expr(lhs, own)} ${symbol} ${this.expr(rhs, own + 1)}`, own < precedence);
  }

  #load({ buffer, mode, index, mask, type }: Extract<Expr, { kind: 'load' }>): string {
    const at = this.expr(index);
    const where = mask === undefined ? '' : ` if ${this.expr(mask)}`;
    const name = this.#names.of(buffer);
    if (mode === 'gather') return `${name}[each ${at}${where}]`;
    if (mode === 'splat') return `${name}[${at} : splat ${type.lanes}]`;
    return `${name}[${at}${type.lanes === 1 ? '' : ` : ${type.lanes}`}${where}]`;
  }

  #target(buffer: FlatBuffer, index: Expr, lanes: number, mask: Expr | undefined): string {
    const where = mask === undefined ? '' : ` if ${this.expr(mask)}`;
    const at = this.expr(index);
    if (index.type.lanes !== 1) return `${this.#names.of(buffer)}[each ${at}${where}]`;
    return `${this.#names.of(buffer)}[${at}${lanes === 1 ? '' : ` : ${lanes}`}${where}]`;
  }

  statement(statement: Statement, indent: string): string {
    const line = (text: string): string => `${indent}${text}\n`;
    switch (statement.kind) {
      case 'for':
      case 'while':
        return this.#loop(statement, indent);
      case 'if':
        return this.#if(statement, indent);
      case 'let': {
        const { variable, value } = statement;
        return line(`${this.#names.of(variable)}: ${valueTypeText(variable.type)} = ${this.expr(value)}`);
      }
      case 'store': {
        const { buffer, index, value, mask } = statement;
        return line(`${this.#target(buffer, index, value.type.lanes, mask)} = ${this.expr(value)}`);
      }
      case 'atomic': {
        const { op, buffer, index, value } = statement;
        return line(`atomic ${op} ${this.#target(buffer, index, 1, undefined)}, ${this.expr(value)}`);
      }
      case 'alloc':
        return `${line(`alloc ${this.buffer(statement.buffer)} {`)}${this.body(statement.body, indent)}${line('}')}`;
      case 'barrier':
        return line('barrier');
      case 'copy': {
        const from = `${this.#names.of(statement.from)}[${this.expr(statement.fromIndex)} : ${this.expr(statement.count)}]`;
        return line(`copy ${from} to ${this.#names.of(statement.to)}[${this.expr(statement.toIndex)}]`);
      }
      case 'fill': {
        const { buffer, index, count, value } = statement;
        return line(
          `fill ${this.#names.of(buffer)}[${this.expr(index)} : ${this.expr(count)}] with ${this.expr(value)}`,
        );
      }
      case 'prefetch':
        return line(`prefetch ${this.#names.of(statement.buffer)}[${this.expr(statement.index)}]`);
      // Where ops begin matters to profiles; in the text it would be a line of noise for each op.
      case 'marker':
        return '';
      default:
        return statement satisfies never;
    }
  }

  body(statements: readonly Statement[], indent: string): string {
    return statements.map((statement) => this.statement(statement, `${indent}  `)).join('');
  }

  #carried(carried: readonly Carried[]): string {
    if (carried.length === 0) return '';
    const texts = carried.map(({ variable, initial }) => `${this.#names.of(variable)} = ${this.expr(initial)}`);
    return ` carry ${texts.join(', ')}`;
  }

  #next(carried: readonly Carried[], next: readonly Expr[], indent: string): string {
    if (next.length === 0) return '';
    const names = carried.map(({ variable }) => this.#names.of(variable));
    return `${indent}  next ${next.map((value, index) => `${names[index] ?? '?'} = ${this.expr(value)}`).join(', ')}\n`;
  }

  #loop(loop: Extract<Statement, { kind: 'for' | 'while' }>, indent: string): string {
    const carried = this.#carried(loop.carried);
    const next = this.#next(loop.carried, loop.next, indent);
    if (loop.kind === 'while') {
      const before = this.body(loop.before, indent);
      const head = before === '' ? `while${carried} (${this.expr(loop.condition)}) {` : `while${carried} {`;
      const test = before === '' ? '' : `${before}${indent}} do (${this.expr(loop.condition)}) {\n`;
      return `${indent}${head}\n${test}${this.body(loop.body, indent)}${next}${indent}}\n`;
    }
    const { mode, variable, from, to, step } = loop;
    const kind = mode === 'serial' ? 'for' : `for ${mode}`;
    const stride = step === 1 ? '' : ` step ${step}`;
    const range = `${this.#names.of(variable)} = ${this.expr(from)} to ${this.expr(to)}${stride}`;
    return `${indent}${kind} ${range}${carried} {\n${this.body(loop.body, indent)}${next}${indent}}\n`;
  }

  #if({ condition, then, otherwise, results }: Extract<Statement, { kind: 'if' }>, indent: string): string {
    const chosen = (branch: 'then' | 'otherwise'): string => {
      if (results.length === 0) return '';
      const texts = results.map((each) => `${this.#names.of(each.variable)} = ${this.expr(each[branch])}`);
      return `${indent}  give ${texts.join(', ')}\n`;
    };
    const yes = `${this.body(then, indent)}${chosen('then')}`;
    const no = `${this.body(otherwise, indent)}${chosen('otherwise')}`;
    const rest = no === '' ? '}' : `} else {\n${no}${indent}}`;
    return `${indent}if (${this.expr(condition)}) {\n${yes}${indent}${rest}\n`;
  }

  buffer(buffer: FlatBuffer): string {
    const { dtype, size, space, access } = buffer;
    const mode = space === 'arena' || space === 'user' ? `${access} ` : '';
    return `${this.#names.of(buffer)}: ${mode}${dtype}[${sizeText(size)}] ${space}`;
  }
}

function parenthesised(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}

export function exprText(expr: Expr): string {
  return new TextWriter(new Names()).expr(expr);
}

/** A statement with all that is in it; named as in `kernel` when that is given. */
export function statementText(statement: Statement, kernel?: LoopKernel): string {
  const names = kernel === undefined ? new Names() : Names.ofKernel(kernel);
  return new TextWriter(names).statement(statement, '').trimEnd();
}

export function loopKernelText(kernel: LoopKernel): string {
  const writer = new TextWriter(Names.ofKernel(kernel));
  const buffers = kernel.buffers.map((buffer) => writer.buffer(buffer)).join(', ');
  const symbols = kernel.symbols.length === 0 ? '' : ` symbols ${kernel.symbols.join(' ')}`;
  const group = kernel.workgroup === undefined ? '' : ` workgroup ${kernel.workgroup.join('x')}`;
  const head = `kernel ${kernel.name}(${buffers})${symbols} tiles ${sizeText(kernel.tiles)}${group} {`;
  return `${head}\n${writer.body(kernel.body, '')}}\n`;
}
