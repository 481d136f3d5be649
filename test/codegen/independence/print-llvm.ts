/**
 * As much of an LLVM IR printer as two kernels need: proof that loop IR says all that native code does. Variables that change are stack
 * slots, which LLVM makes registers of. A construct it does not know throws. The back end will be codegen/llvm.
 */
import type { Expr, FlatBuffer, LoopKernel, Statement, Variable } from '../../../codegen/kernel/loop-ir.ts';
import {
  isFloatKernelDType,
  isUnsignedKernelDType,
  type KernelDType,
  type ValueType,
} from '../../../codegen/kernel/value-type.ts';

function unsupported(what: string): never {
  throw new Error(`print-llvm: ${what}`);
}

const scalarTypes: Readonly<Record<KernelDType, string>> = {
  i1: 'i1', i8: 'i8', i16: 'i16', i32: 'i32', i64: 'i64', ui8: 'i8', ui16: 'i16', ui32: 'i32', ui64: 'i64', f16: 'half', bf16: 'bfloat', f32: 'float',
  f64: 'double', index: 'i64',
}; // prettier-ignore

const suffixes: Readonly<Record<string, string>> = { float: 'f32', double: 'f64', i32: 'i32', i64: 'i64' };

function typeName({ dtype, lanes }: ValueType): string {
  return lanes === 1 ? scalarTypes[dtype] : `<${lanes} x ${scalarTypes[dtype]}>`;
}

/** `v8f32`, `i64`: how intrinsics name a type. */
function suffixOf({ dtype, lanes }: ValueType): string {
  const suffix = suffixes[scalarTypes[dtype]] ?? unsupported(dtype);
  return lanes === 1 ? suffix : `v${lanes}${suffix}`;
}

const floatOps: Readonly<Record<string, string>> = {
  add: 'fadd', subtract: 'fsub', multiply: 'fmul', divide: 'fdiv', remainder: 'frem',
}; // prettier-ignore
const integerOps: Readonly<Record<string, string>> = {
  add: 'add', subtract: 'sub', multiply: 'mul', divide: 'sdiv', remainder: 'srem', and: 'and', or: 'or', xor: 'xor', 'shift-left': 'shl',
  'shift-right-arithmetic': 'ashr', 'shift-right-logical': 'lshr',
}; // prettier-ignore
const floatUnary: Readonly<Record<string, string>> = {
  abs: 'fabs', floor: 'floor', ceil: 'ceil', sqrt: 'sqrt', truncate: 'trunc', 'round-even': 'roundeven',
}; // prettier-ignore
const floatCompare = { eq: 'oeq', ne: 'une', lt: 'olt', le: 'ole', gt: 'ogt', ge: 'oge' } as const;

function constantText({ dtype, lanes }: ValueType, value: number | bigint): string {
  const element = scalarTypes[dtype];
  const text = isFloatKernelDType(dtype) ? doubleBits(Number(value)) : String(value);
  return lanes === 1 ? text : `<${Array.from({ length: lanes }, () => `${element} ${text}`).join(', ')}>`;
}

function doubleBits(value: number): string {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  return `0x${bits.toString(16).padStart(16, '0').toUpperCase()}`;
}

class Printer {
  readonly #kernel: LoopKernel;
  readonly #slots: string[] = [];
  readonly #lines: string[] = [];
  readonly #declarations = new Set<string>();
  /** Variables that live in a slot; the others are values. */
  readonly #changing = new Set<number>();
  readonly #values = new Map<number, string>();
  #next = 0;

  constructor(kernel: LoopKernel) {
    this.#kernel = kernel;
  }

  print(): string {
    const { buffers, tileBegin, tileEnd, body, name } = this.#kernel;
    this.#values.set(tileBegin.id, '%tile_begin');
    this.#values.set(tileEnd.id, '%tile_end');
    this.#body(body);
    const pointers = buffers.map((buffer) => `ptr noalias ${nameOf(buffer)}`);
    return [
      `define void @${name}(${[...pointers, 'i64 %tile_begin', 'i64 %tile_end'].join(', ')}) {`,
      'entry:',
      ...this.#slots,
      '  br label %start',
      'start:',
      ...this.#lines,
      '  ret void',
      '}',
      ...this.#declarations,
      '',
    ].join('\n');
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#next++}`;
  }

  /** An instruction that gives a value. */
  #give(text: string): string {
    const name = this.#fresh('%t');
    this.#lines.push(`  ${name} = ${text}`);
    return name;
  }

  #do(text: string): void {
    this.#lines.push(`  ${text}`);
  }

  #label(name: string): void {
    this.#lines.push(`${name}:`);
  }

  #call(name: string, result: ValueType, ...operands: readonly (readonly [ValueType, string])[]): string {
    const types = operands.map(([type]) => typeName(type)).join(', ');
    this.#declarations.add(`declare ${typeName(result)} @${name}(${types})`);
    const list = operands.map(([type, value]) => `${typeName(type)} ${value}`).join(', ');
    return this.#give(`call ${typeName(result)} @${name}(${list})`);
  }

  #body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#values.set(statement.variable.id, this.#expr(statement.value));
        return;
      case 'store':
        return this.#store(statement);
      case 'alloc':
        if (typeof statement.buffer.size !== 'number') return unsupported('a symbol');
        this.#slots.push(
          `  ${nameOf(statement.buffer)} = alloca [${statement.buffer.size} x ${scalarTypes[statement.buffer.dtype]}], align 64`,
        );
        return this.#body(statement.body);
      case 'for':
        return this.#for(statement);
      case 'if':
        return this.#if(statement);
      case 'prefetch':
      case 'marker':
        return undefined;
      case 'while':
      case 'barrier':
      case 'atomic':
      case 'copy':
      case 'fill':
        return unsupported(statement.kind);
      default:
        return statement satisfies never;
    }
  }

  #store({ buffer, index, value, mask }: Extract<Statement, { kind: 'store' }>): void {
    if (mask !== undefined || index.type.lanes !== 1) unsupported('a masked store');
    const operand = this.#expr(value);
    this.#do(
      `store ${typeName(value.type)} ${operand}, ptr ${this.#address(buffer, index)}, align ${alignmentOf(buffer.dtype)}`,
    );
  }

  #address(buffer: FlatBuffer, index: Expr): string {
    return this.#give(
      `getelementptr inbounds ${scalarTypes[buffer.dtype]}, ptr ${nameOf(buffer)}, i64 ${this.#expr(index)}`,
    );
  }

  #slot(variable: Variable): string {
    if (!this.#changing.has(variable.id)) {
      this.#changing.add(variable.id);
      this.#slots.push(`  %s${variable.id} = alloca ${typeName(variable.type)}`);
    }
    return `%s${variable.id}`;
  }

  #assign(variable: Variable, value: string): void {
    this.#do(`store ${typeName(variable.type)} ${value}, ptr ${this.#slot(variable)}`);
  }

  #for(loop: Extract<Statement, { kind: 'for' }>): void {
    if (loop.mode === 'workgroup' || loop.mode === 'invocation') unsupported('a workgroup');
    const [head, body, done] = [this.#fresh('head'), this.#fresh('body'), this.#fresh('done')];
    const to = this.#expr(loop.to);
    this.#assign(loop.variable, this.#expr(loop.from));
    for (const { variable, initial } of loop.carried) this.#assign(variable, this.#expr(initial));
    this.#do(`br label %${head}`);
    this.#label(head);
    const index = this.#give(`load i64, ptr ${this.#slot(loop.variable)}`);
    this.#do(`br i1 ${this.#give(`icmp slt i64 ${index}, ${to}`)}, label %${body}, label %${done}`);
    this.#label(body);
    this.#body(loop.body);
    const next = loop.next.map((value) => this.#expr(value));
    loop.carried.forEach(({ variable }, position) => this.#assign(variable, next[position] ?? ''));
    this.#assign(loop.variable, this.#give(`add i64 ${index}, ${loop.step}`));
    this.#do(`br label %${head}`);
    this.#label(done);
  }

  #if({ condition, then, otherwise, results }: Extract<Statement, { kind: 'if' }>): void {
    const [yes, no, done] = [this.#fresh('then'), this.#fresh('else'), this.#fresh('endif')];
    this.#do(`br i1 ${this.#expr(condition)}, label %${yes}, label %${no}`);
    for (const [label, body, side] of [
      [yes, then, 'then'],
      [no, otherwise, 'otherwise'],
    ] as const) {
      // prettier-ignore
      this.#label(label);
      this.#body(body);
      for (const result of results) this.#assign(result.variable, this.#expr(result[side]));
      this.#do(`br label %${done}`);
    }
    this.#label(done);
  }

  #expr(expr: Expr): string {
    const sub = (each: Expr): string => this.#expr(each);
    const type = typeName(expr.type);
    switch (expr.kind) {
      case 'constant':
        return constantText(expr.type, expr.value);
      case 'variable':
        if (!this.#changing.has(expr.variable.id))
          return this.#values.get(expr.variable.id) ?? unsupported(expr.variable.name);
        return this.#give(`load ${type}, ptr ${this.#slot(expr.variable)}`);
      case 'size':
        return typeof expr.size === 'number' ? String(expr.size) : unsupported('a symbol');
      case 'unary':
        return this.#unary(expr);
      case 'binary':
        return this.#binary(expr.op, expr.type, sub(expr.lhs), sub(expr.rhs));
      case 'compare':
        return this.#compare(expr);
      case 'select': {
        const { predicate, onTrue, onFalse } = expr;
        return this.#give(
          `select ${typeName(predicate.type)} ${sub(predicate)}, ${type} ${sub(onTrue)}, ${type} ${sub(onFalse)}`,
        );
      }
      case 'convert':
        return this.#convert(expr);
      case 'bitcast':
        return this.#give(`bitcast ${typeName(expr.operand.type)} ${sub(expr.operand)} to ${type}`);
      case 'fma': {
        const name = `llvm.${expr.rounding === 'exact' ? 'fma' : 'fmuladd'}.${suffixOf(expr.type)}`;
        return this.#call(
          name,
          expr.type,
          [expr.type, sub(expr.a)],
          [expr.type, sub(expr.b)],
          [expr.type, sub(expr.c)],
        );
      }
      case 'splat':
        return this.#splat(expr.type, sub(expr.operand));
      case 'extract':
        return this.#give(`extractelement ${typeName(expr.operand.type)} ${sub(expr.operand)}, i32 ${expr.lane}`);
      case 'insert':
        return this.#give(
          `insertelement ${type} ${sub(expr.operand)}, ${scalarTypes[expr.type.dtype]} ${sub(expr.value)}, i32 ${expr.lane}`,
        );
      case 'shuffle':
        return this.#shuffle(expr.lhs.type, sub(expr.lhs), sub(expr.rhs), expr.lanes);
      case 'lane-reduce':
        return this.#laneReduce(expr.op, expr.operand.type, sub(expr.operand));
      case 'load':
        return this.#load(expr);
      case 'tail-mask':
        return unsupported(expr.kind);
      default:
        return expr satisfies never;
    }
  }

  #load({ buffer, index, mode, type }: Extract<Expr, { kind: 'load' }>): string {
    if (mode === 'masked' || mode === 'gather') unsupported(`load ${mode}`);
    const loaded = mode === 'splat' ? { ...type, lanes: 1 } : type;
    const value = this.#give(
      `load ${typeName(loaded)}, ptr ${this.#address(buffer, index)}, align ${alignmentOf(buffer.dtype)}`,
    );
    return mode === 'splat' ? this.#splat(type, value) : value;
  }

  #splat(type: ValueType, value: string): string {
    const one = this.#give(`insertelement ${typeName(type)} poison, ${scalarTypes[type.dtype]} ${value}, i32 0`);
    return this.#shuffle(type, one, 'poison', Array.from({ length: type.lanes }, () => 0)); // prettier-ignore
  }

  #shuffle(type: ValueType, lhs: string, rhs: string, lanes: readonly number[]): string {
    const mask = lanes.map((lane) => `i32 ${lane}`).join(', ');
    return this.#give(
      `shufflevector ${typeName(type)} ${lhs}, ${typeName(type)} ${rhs}, <${lanes.length} x i32> <${mask}>`,
    );
  }

  /** Halves first, as loop IR says. */
  #laneReduce(op: string, type: ValueType, value: string): string {
    if (type.lanes === 1) return value;
    const half = { ...type, lanes: type.lanes / 2 };
    const part = (first: number): string => {
      if (half.lanes === 1) return this.#give(`extractelement ${typeName(type)} ${value}, i32 ${first}`);
      return this.#shuffle(type, value, 'poison', Array.from({ length: half.lanes }, (_, lane) => first + lane)); // prettier-ignore
    };
    return this.#laneReduce(op, half, this.#binary(op, half, part(0), part(half.lanes)));
  }

  #unary({ op, operand, type }: Extract<Expr, { kind: 'unary' }>): string {
    const value = this.#expr(operand);
    if (op === 'negate' && isFloatKernelDType(type.dtype)) return this.#give(`fneg ${typeName(type)} ${value}`);
    if (op === 'negate') return this.#binary('subtract', type, constantText(type, 0), value);
    if (op === 'not') return this.#binary('xor', type, value, constantText(type, type.dtype === 'i1' ? 1 : -1));
    const name = isFloatKernelDType(type.dtype) ? floatUnary[op] : undefined;
    return this.#call(`llvm.${name ?? unsupported(op)}.${suffixOf(type)}`, type, [type, value]);
  }

  #binary(op: string, type: ValueType, lhs: string, rhs: string): string {
    const isFloat = isFloatKernelDType(type.dtype);
    if (op === 'minimum' || op === 'maximum') {
      const integer = `${isUnsignedKernelDType(type.dtype) ? 'u' : 's'}${op.slice(0, 3)}`;
      return this.#call(`llvm.${isFloat ? op : integer}.${suffixOf(type)}`, type, [type, lhs], [type, rhs]);
    }
    const name = (isFloat ? floatOps : integerOps)[op] ?? unsupported(op);
    const isUnsigned = isUnsignedKernelDType(type.dtype) && (op === 'divide' || op === 'remainder');
    return this.#give(`${isUnsigned ? name.replace('s', 'u') : name} ${typeName(type)} ${lhs}, ${rhs}`);
  }

  #compare({ op, lhs, rhs }: Extract<Expr, { kind: 'compare' }>): string {
    const { dtype } = lhs.type;
    const sign = op === 'eq' || op === 'ne' ? '' : isUnsignedKernelDType(dtype) ? 'u' : 's';
    const name = isFloatKernelDType(dtype) ? `fcmp ${floatCompare[op]}` : `icmp ${sign}${op}`;
    return this.#give(`${name} ${typeName(lhs.type)} ${this.#expr(lhs)}, ${this.#expr(rhs)}`);
  }

  #convert({ operand, type }: Extract<Expr, { kind: 'convert' }>): string {
    const value = this.#expr(operand);
    const [from, to] = [operand.type.dtype, type.dtype];
    const pair = `${typeName(operand.type)} ${value} to ${typeName(type)}`;
    if (isFloatKernelDType(from) && !isFloatKernelDType(to))
      return this.#call(`llvm.fptosi.sat.${suffixOf(type)}.${suffixOf(operand.type)}`, type, [operand.type, value]);
    if (isFloatKernelDType(to)) return this.#give(`${isUnsignedKernelDType(from) ? 'uitofp' : 'sitofp'} ${pair}`);
    const [narrow, wide] = [bitsOf(from), bitsOf(to)];
    if (narrow === wide) return value;
    if (narrow > wide) return this.#give(`trunc ${pair}`);
    return this.#give(`${isUnsignedKernelDType(from) ? 'zext' : 'sext'} ${pair}`);
  }
}

function bitsOf(dtype: KernelDType): number {
  return Number(scalarTypes[dtype].replace('i', ''));
}

function alignmentOf(dtype: KernelDType): number {
  const bits: Readonly<Record<string, number>> = { float: 32, double: 64, half: 16, bfloat: 16 };
  return Math.max(1, (bits[scalarTypes[dtype]] ?? bitsOf(dtype)) / 8);
}

function nameOf({ id, name }: FlatBuffer): string {
  return `%${name.replaceAll(/\W/g, '_')}.${id}`;
}

/** One function: a pointer a buffer, then the first tile and the one after the last. */
export function printLlvm(kernel: LoopKernel): string {
  return new Printer(kernel).print();
}
