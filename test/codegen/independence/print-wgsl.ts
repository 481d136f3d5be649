/**
 * As much of a WGSL printer as two kernels need: proof that loop IR says all that a shader does. Scalars of 32 bits; one axis of
 * workgroups; a construct it does not know throws. The back end will be codegen/wgsl.
 */
import type { Expr, FlatBuffer, LoopKernel, Statement, Variable } from '../../../codegen/kernel/loop-ir.ts';
import type { KernelDType, ValueType } from '../../../codegen/kernel/value-type.ts';

function unsupported(what: string): never {
  throw new Error(`print-wgsl: ${what}`);
}

function dtypeName(dtype: KernelDType): string {
  switch (dtype) {
    case 'f32':
      return 'f32';
    case 'i32':
    case 'index':
      return 'i32';
    case 'ui32':
      return 'u32';
    case 'i1':
      return 'bool';
    case 'i8':
    case 'i16':
    case 'i64':
    case 'ui8':
    case 'ui16':
    case 'ui64':
    case 'f16':
    case 'bf16':
    case 'f64':
      return unsupported(dtype);
    default:
      return dtype satisfies never;
  }
}

function typeName({ dtype, lanes }: ValueType): string {
  return lanes === 1 ? dtypeName(dtype) : unsupported(`${lanes} lanes`);
}

const binarySigns: Readonly<Record<string, string>> = {
  add: '+', subtract: '-', multiply: '*', divide: '/', remainder: '%', and: '&', or: '|', xor: '^',
}; // prettier-ignore
const compareSigns = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;
const calls: Readonly<Record<string, string>> = {
  minimum: 'min', maximum: 'max', abs: 'abs', floor: 'floor', ceil: 'ceil', sqrt: 'sqrt', truncate: 'trunc', 'round-even': 'round', sign: 'sign',
}; // prettier-ignore

function numberText({ dtype }: ValueType, value: number | bigint): string {
  if (dtype === 'i1') return Number(value) === 0 ? 'false' : 'true';
  if (dtype === 'ui32') return `${value}u`;
  if (dtype !== 'f32') return Number(value) === -(2 ** 31) ? 'i32(-2147483647 - 1)' : `i32(${value})`;
  const bits = new Uint32Array(Float32Array.of(Number(value)).buffer)[0] ?? 0;
  // Infinities are no constants of WGSL; through a variable they are just bits.
  return Number.isFinite(Number(value)) && !Object.is(value, -0) ? `f32(${value})` : `bitcast<f32>(${bits}u + zero)`;
}

class Printer {
  readonly #lines: string[] = [];
  readonly #shared: string[] = [];
  readonly #kernel: LoopKernel;
  #depth = 1;

  constructor(kernel: LoopKernel) {
    this.#kernel = kernel;
  }

  print(): string {
    this.#body(this.#kernel.body);
    const [x = 1, y = 1, z = 1] = this.#kernel.workgroup ?? [];
    const parameters = this.#kernel.buffers.map((buffer, binding) => {
      const mode = buffer.access === 'read' ? 'read' : 'read_write';
      return `@group(0) @binding(${binding}) var<storage, ${mode}> ${nameOf(buffer)}: array<${dtypeName(buffer.dtype)}>;`;
    });
    return [
      ...parameters,
      ...this.#shared,
      `@compute @workgroup_size(${x}, ${y}, ${z})`,
      'fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) invocation: u32) {',
      '  var zero = 0u;',
      ...this.#lines,
      '}',
      '',
    ].join('\n');
  }

  #line(text: string): void {
    this.#lines.push('  '.repeat(this.#depth) + text);
  }

  #block(head: string, body: () => void): void {
    this.#line(`${head} {`);
    this.#depth += 1;
    body();
    this.#depth -= 1;
    this.#line('}');
  }

  #body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        return this.#line(`let ${variableName(statement.variable)} = ${this.#expr(statement.value)};`);
      case 'store':
        if (statement.mask !== undefined) unsupported('masked store');
        return this.#line(
          `${nameOf(statement.buffer)}[${this.#expr(statement.index)}] = ${this.#expr(statement.value)};`,
        );
      case 'alloc':
        return this.#alloc(statement.buffer, statement.body);
      case 'barrier':
        return this.#line('workgroupBarrier();');
      case 'for':
        return this.#for(statement);
      case 'if':
        return this.#if(statement);
      case 'prefetch':
      case 'marker':
        return undefined;
      case 'while':
      case 'atomic':
      case 'copy':
      case 'fill':
        return unsupported(statement.kind);
      default:
        return statement satisfies never;
    }
  }

  #alloc(buffer: FlatBuffer, body: readonly Statement[]): void {
    const array = `${nameOf(buffer)}: array<${dtypeName(buffer.dtype)}, ${this.#size(buffer.size)}>;`;
    if (buffer.space === 'workgroup') this.#shared.push(`var<workgroup> ${array}`);
    else this.#line(`var ${array}`);
    this.#body(body);
  }

  #size(size: FlatBuffer['size']): number {
    return typeof size === 'number' ? size : unsupported('a symbol');
  }

  #declare(variable: Variable, value: string): void {
    this.#line(`var ${variableName(variable)}: ${typeName(variable.type)} = ${value};`);
  }

  #for(loop: Extract<Statement, { kind: 'for' }>): void {
    const name = variableName(loop.variable);
    const body = (): void => {
      this.#body(loop.body);
      this.#assign(loop.carried.map(({ variable }) => variable), loop.next); // prettier-ignore
    };
    for (const { variable, initial } of loop.carried) this.#declare(variable, this.#expr(initial));
    // As many workgroups and invocations are dispatched as the loop has iterations.
    if (loop.mode === 'workgroup') return this.#block('', () => { this.#line(`let ${name} = i32(workgroup.x);`); body(); }); // prettier-ignore
    if (loop.mode === 'invocation') return this.#block('', () => { this.#line(`let ${name} = i32(invocation);`); body(); }); // prettier-ignore
    if (loop.mode === 'parallel') return unsupported('a loop over tiles');
    const head = `for (var ${name} = ${this.#expr(loop.from)}; ${name} < ${this.#expr(loop.to)}; ${name} += ${loop.step})`;
    this.#block(head, body);
  }

  /** All at once: what is assigned may be read by the others. */
  #assign(variables: readonly Variable[], values: readonly Expr[]): void {
    variables.forEach((variable, index) => {
      const value = values[index];
      if (value !== undefined) this.#line(`let next_${variable.id} = ${this.#expr(value)};`);
    });
    for (const variable of variables) this.#line(`${variableName(variable)} = next_${variable.id};`);
  }

  #if(statement: Extract<Statement, { kind: 'if' }>): void {
    const { condition, results } = statement;
    for (const { variable } of results) this.#line(`var ${variableName(variable)}: ${typeName(variable.type)};`);
    const branch = (body: readonly Statement[], values: readonly Expr[]) => (): void => {
      this.#body(body);
      values.forEach((value, index) => {
        const variable = results[index]?.variable;
        if (variable !== undefined) this.#line(`${variableName(variable)} = ${this.#expr(value)};`);
      });
    };
    this.#block(`if (${this.#expr(condition)})`, branch(statement.then, results.map((each) => each.then))); // prettier-ignore
    this.#block('else', branch(statement.otherwise, results.map((each) => each.otherwise))); // prettier-ignore
  }

  #expr(expr: Expr): string {
    const sub = (each: Expr): string => this.#expr(each);
    switch (expr.kind) {
      case 'constant':
        return numberText(expr.type, expr.value);
      case 'variable':
        return variableName(expr.variable);
      case 'size':
        return String(this.#size(expr.size));
      case 'unary':
        return this.#unary(expr.op, sub(expr.operand), expr.operand.type);
      case 'binary':
        return this.#binary(expr.op, sub(expr.lhs), sub(expr.rhs), expr.type);
      case 'compare':
        return `(${sub(expr.lhs)} ${compareSigns[expr.op]} ${sub(expr.rhs)})`;
      case 'select':
        return `select(${sub(expr.onFalse)}, ${sub(expr.onTrue)}, ${sub(expr.predicate)})`;
      case 'convert':
        return `${typeName(expr.type)}(${sub(expr.operand)})`;
      case 'bitcast':
        return `bitcast<${typeName(expr.type)}>(${sub(expr.operand)})`;
      case 'fma':
        return `fma(${sub(expr.a)}, ${sub(expr.b)}, ${sub(expr.c)})`;
      case 'load':
        if (expr.mode !== 'plain' || expr.type.lanes !== 1) return unsupported(`load ${expr.mode}`);
        return `${nameOf(expr.buffer)}[${sub(expr.index)}]`;
      case 'splat':
      case 'extract':
      case 'insert':
      case 'shuffle':
      case 'lane-reduce':
      case 'tail-mask':
        return unsupported(expr.kind);
      default:
        return expr satisfies never;
    }
  }

  #unary(op: string, operand: string, { dtype }: ValueType): string {
    if (op === 'negate') return `(-${operand})`;
    if (op === 'not') return dtype === 'i1' ? `(!${operand})` : `(~${operand})`;
    return `${calls[op] ?? unsupported(op)}(${operand})`;
  }

  #binary(op: string, lhs: string, rhs: string, { dtype }: ValueType): string {
    if (op === 'shift-left') return `(${lhs} << u32(${rhs}))`;
    if (op === 'shift-right-arithmetic') return `(${lhs} >> u32(${rhs}))`;
    if (op === 'shift-right-logical') return `${dtypeName(dtype)}(u32(${lhs}) >> u32(${rhs}))`;
    const sign = binarySigns[op];
    return sign === undefined ? `${calls[op] ?? unsupported(op)}(${lhs}, ${rhs})` : `(${lhs} ${sign} ${rhs})`;
  }
}

function variableName({ id, name }: Variable): string {
  return `${name.replaceAll(/\W/g, '_')}_${id}v`;
}

function nameOf({ id, name }: FlatBuffer): string {
  return `${name.replaceAll(/\W/g, '_')}_${id}b`;
}

/** A compute shader whose entry point is `main`. */
export function printWgsl(kernel: LoopKernel): string {
  return new Printer(kernel).print();
}
