// Runs an expansion fast enough for all 2^32 inputs: its scalar statements are written as JavaScript, `Math.fround` around each f32
// operation, and the engine compiles that. The loop interpreter is the judge of what the nodes mean; a test compares the two.
import { expandBinary, expandUnary } from '../../../../codegen/kernel/math/expand-math.ts';
import { LoopBuilder } from '../../../../codegen/kernel/loop-builder.ts';
import { fmaFunction } from '../../../../codegen/kernel/loop-interpreter-operations.ts';
import { read } from '../../../../codegen/kernel/loop-expressions.ts';
import type { Expr, Statement } from '../../../../codegen/kernel/loop-ir.ts';
import type { BinaryOp, UnaryOp } from '../../../../codegen/kernel/scalar-ops.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { scalar } from '../../../../codegen/kernel/value-type.ts';

export type FloatDType = 'f32' | 'f64';
export type FloatArray = Float32Array | Float64Array;

export interface RunnerOptions {
  readonly dtype: FloatDType;
  /** Whether a may-fuse multiply-add rounds once. */
  readonly isFused: boolean;
  /** Baseline or relaxed WebAssembly unless given: what an expansion does may depend on whether there are multiply-adds. */
  readonly target?: TargetInfo;
}

function targetOf({ target, isFused }: RunnerOptions): TargetInfo {
  return target ?? (isFused ? relaxedWasmTarget : wasmTarget);
}

/** y[i] = op(x[i]) for i < count. */
export function unaryRunner(
  op: UnaryOp,
  options: RunnerOptions,
): (x: FloatArray, y: FloatArray, count: number) => void {
  const builder = new LoopBuilder();
  const x = read(builder.variable('x', scalar(options.dtype)));
  const site = { builder, target: targetOf(options) };
  const { statements, result } = builder.nested(() => expandUnary(site, op, x));
  const text = `const ${name(x)} = X[i];\n${statements.map(statementText).join('\n')}\nY[i] = ${exprText(result)};`;
  return compile(`return (X, Y, n) => { for (let i = 0; i < n; i++) {\n${text}\n} };`, options) as never;
}

/** z[i] = op(x[i], y[i]) for i < count. */
export function binaryRunner(
  op: BinaryOp,
  options: RunnerOptions,
): (x: FloatArray, y: FloatArray, z: FloatArray, count: number) => void {
  const builder = new LoopBuilder();
  const x = read(builder.variable('x', scalar(options.dtype)));
  const y = read(builder.variable('y', scalar(options.dtype)));
  const site = { builder, target: targetOf(options) };
  const { statements, result } = builder.nested(() => expandBinary(site, op, x, y));
  const body = `${statements.map(statementText).join('\n')}\nZ[i] = ${exprText(result)};`;
  const text = `const ${name(x)} = X[i], ${name(y)} = Y[i];\n${body}`;
  return compile(`return (X, Y, Z, n) => { for (let i = 0; i < n; i++) {\n${text}\n} };`, options) as never;
}

function compile(text: string, { dtype, isFused }: RunnerOptions): unknown {
  const buffer = new ArrayBuffer(8);
  const parameters = {
    F: new Float32Array(buffer),
    I: new Int32Array(buffer),
    D: new Float64Array(buffer),
    L: new BigInt64Array(buffer),
    fround: Math.fround,
    // An f32 product is exact in f64; the sum is rounded twice, which shows in one case of 2^29.
    fma: dtype === 'f64' && isFused ? fmaFunction('f64', true) : isFused ? fusedF32 : unfused[dtype],
    exactFma: fmaFunction(dtype, true),
    toInt: (x: number) => (x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : Math.trunc(x) | 0),
    even: roundEven,
  };
  // oxlint-disable-next-line typescript/no-implied-eval
  return (new Function(...Object.keys(parameters), `"use strict"; ${text}`) as (...values: unknown[]) => unknown)(
    ...Object.values(parameters),
  );
}

function fusedF32(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}

const unfused = {
  f32: (a: number, b: number, c: number) => Math.fround(Math.fround(a * b) + c),
  f64: (a: number, b: number, c: number) => a * b + c,
};

function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest < 0.5 || !Number.isFinite(x)) return down;
  return rest > 0.5 || down % 2 !== 0 ? down + 1 : down;
}

function name(expr: Expr): string {
  if (expr.kind !== 'variable') throw new Error(`${expr.kind} has no name`);
  return `v${expr.variable.id}`;
}

function statementText(statement: Statement): string {
  if (statement.kind === 'let') return `const v${statement.variable.id} = ${exprText(statement.value)};`;
  if (statement.kind !== 'if') throw new Error(`an expansion has a ${statement.kind}`);
  const { results } = statement;
  const branch = (body: readonly Statement[], values: readonly Expr[]): string =>
    [
      ...body.map(statementText),
      ...results.map(({ variable }, index) => `v${variable.id} = ${exprText(values[index] as Expr)};`),
    ].join('\n');
  const declared = results.map(({ variable }) => `v${variable.id}`).join(', ');
  const then = branch(statement.then, results.map((each) => each.then)); // prettier-ignore
  const otherwise = branch(statement.otherwise, results.map((each) => each.otherwise)); // prettier-ignore
  return `let ${declared};\nif (${exprText(statement.condition)}) {\n${then}\n} else {\n${otherwise}\n}`;
}

const plainUnary: Readonly<Partial<Record<UnaryOp, string>>> = {
  negate: '-', abs: 'Math.abs', floor: 'Math.floor', ceil: 'Math.ceil', truncate: 'Math.trunc', sqrt: 'Math.sqrt', 'round-even': 'even',
}; // prettier-ignore

const plainBinary: Readonly<Partial<Record<BinaryOp, string>>> = {
  add: '+', subtract: '-', multiply: '*', divide: '/', and: '&', or: '|', xor: '^', 'shift-left': '<<', 'shift-right-arithmetic': '>>',
}; // prettier-ignore

const compares = { eq: '===', ne: '!==', lt: '<', le: '<=', gt: '>', ge: '>=' };

function rounded(text: string, dtype: string): string {
  if (dtype === 'f32') return `fround(${text})`;
  if (dtype === 'i32') return `((${text}) | 0)`;
  return dtype === 'i64' ? `BigInt.asIntN(64, ${text})` : `(${text})`;
}

function constantText(value: number | bigint): string {
  if (typeof value === 'bigint') return `(${value}n)`;
  return Object.is(value, -0) ? '(-0)' : `(${value})`;
}

function exprText(expr: Expr): string {
  const { dtype } = expr.type;
  switch (expr.kind) {
    case 'constant':
      return dtype === 'i1' ? String(expr.value !== 0) : constantText(expr.value);
    case 'variable':
      return name(expr);
    case 'unary': {
      if (dtype === 'i1' && expr.op === 'not') return `(!${exprText(expr.operand)})`;
      const text = `${plainUnary[expr.op] ?? fail(expr.op)}(${exprText(expr.operand)})`;
      return expr.op === 'sqrt' || dtype === 'i32' || dtype === 'i64' ? rounded(text, dtype) : `(${text})`;
    }
    case 'binary':
      return binaryText(expr);
    case 'compare':
      return `(${exprText(expr.lhs)} ${compares[expr.op]} ${exprText(expr.rhs)})`;
    case 'select':
      return `(${exprText(expr.predicate)} ? ${exprText(expr.onTrue)} : ${exprText(expr.onFalse)})`;
    case 'convert':
      return convertText(expr.operand, dtype);
    case 'bitcast':
      return bitcastText(exprText(expr.operand), expr.operand.type.dtype, dtype);
    case 'fma':
      return `${expr.rounding === 'exact' ? 'exactFma' : 'fma'}(${exprText(expr.a)}, ${exprText(expr.b)}, ${exprText(expr.c)})`;
    case 'extract':
    case 'insert':
    case 'lane-reduce':
    case 'load':
    case 'shuffle':
    case 'size':
    case 'splat':
    case 'tail-mask':
      return fail(expr.kind);
    default:
      return expr satisfies never;
  }
}

function binaryText({ op, lhs, rhs, type }: Extract<Expr, { kind: 'binary' }>): string {
  const [a, b] = [exprText(lhs), exprText(rhs)];
  if (type.dtype === 'i1') return `(${a} ${{ and: '&&', or: '||', xor: '!==' }[op as 'and'] ?? fail(op)} ${b})`;
  if (type.dtype === 'i32' && op === 'multiply') return `Math.imul(${a}, ${b})`;
  if (op === 'shift-right-logical' && type.dtype === 'i32') return `((${a} >>> ${b}) | 0)`;
  if (op === 'shift-right-logical' && type.dtype === 'i64')
    return `(BigInt.asIntN(64, BigInt.asUintN(64, ${a}) >> ${b}))`;
  if (op === 'minimum' || op === 'maximum') return `Math.${op.slice(0, 3)}(${a}, ${b})`;
  return rounded(`${a} ${plainBinary[op] ?? fail(op)} ${b}`, type.dtype);
}

function convertText(operand: Expr, to: string): string {
  const from = operand.type.dtype;
  const text = exprText(operand);
  if (from === 'i32' && to === 'f32') return `fround(${text})`;
  if (from === 'f32' && to === 'i32') return `toInt(${text})`;
  if (from === 'f64' && to === 'f32') return `fround(${text})`;
  if ((from === 'f32' || from === 'i32') && to === 'f64') return text;
  if (from === 'i32' && to === 'i64') return `BigInt(${text})`;
  return fail(`convert of ${from} to ${to}`);
}

function bitcastText(text: string, from: string, to: string): string {
  const views: Readonly<Record<string, string>> = { f32: 'F[0]', i32: 'I[0]', f64: 'D[0]', i64: 'L[0]' };
  return `(${views[from] ?? fail(from)} = ${text}, ${views[to] ?? fail(to)})`;
}

function fail(what: string): never {
  throw new Error(`the runner knows no ${what}`);
}
