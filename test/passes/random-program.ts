/** Random programs in text, from a list of choices: a shorter list, or smaller numbers, give a simpler program. */

interface Named {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

const shapes: readonly (readonly number[])[] = [[2, 3], [3, 2], [6], [2, 1, 3], [3], [], [1, 3], [2, 2]];
const dtypes = ['f32', 'i32', 'i1', 'bf16', 'ui8'] as const;

const constants: Readonly<Record<string, readonly string[]>> = {
  f32: ['0.0', '-0.0', '1.0', '-1.0', '2.0', '0.5', '0x7F800000', '0x7FC00000', '3.0'],
  bf16: ['0.0', '-0.0', '1.0', '-1.0', '4.0', '0x7F80', '1.5'],
  i32: ['0', '1', '-1', '2', '2147483647', '-2147483648', '7'],
  ui8: ['0', '1', '255', '2', '13'],
  i1: ['true', 'false'],
};

const unaryOps: Readonly<Record<string, readonly string[]>> = {
  f32: ['negate', 'abs', 'sign', 'floor', 'ceil', 'sqrt', 'round_nearest_even'],
  bf16: ['negate', 'abs', 'sign', 'floor', 'ceil'],
  i32: ['negate', 'abs', 'sign', 'not', 'popcnt'],
  ui8: ['not', 'popcnt'],
  i1: ['not'],
};

const binaryOps: Readonly<Record<string, readonly string[]>> = {
  f32: ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'power', 'remainder'],
  bf16: ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'],
  i32: [
    'add',
    'subtract',
    'multiply',
    'divide',
    'remainder',
    'maximum',
    'minimum',
    'and',
    'or',
    'xor',
    'shift_left',
    'shift_right_arithmetic',
    'power',
  ],
  ui8: ['add', 'subtract', 'multiply', 'maximum', 'minimum', 'and', 'or', 'xor', 'shift_right_logical'],
  i1: ['and', 'or', 'xor', 'add', 'multiply', 'maximum'],
};

function typeOf({ shape, dtype }: Pick<Named, 'shape' | 'dtype'>): string {
  return `tensor<${[...shape, dtype].join('x')}>`;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** A function `@f` of a few tensors that returns its last values. */
export function randomProgram(choices: readonly number[]): string {
  return new ProgramWriter(choices).write();
}

class ProgramWriter {
  readonly #choices: readonly number[];
  readonly #lines: string[] = [];
  #values: Named[] = [];
  #at = 0;
  #count = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  write(): string {
    const parameters = Array.from({ length: 3 }, (_, index) => ({
      name: `%a${index}`,
      shape: this.#pick(shapes),
      dtype: this.#pick(dtypes),
    }));
    this.#values = [...parameters];
    while (this.#at < this.#choices.length) this.#step();
    const results = this.#values.slice(-3);
    const types = results.map(typeOf).join(', ');
    return `func.func @f(${parameters.map((value) => `${value.name}: ${typeOf(value)}`).join(', ')}) -> (${types}) {
      ${this.#lines.join('\n      ')}
      return ${results.map(({ name }) => name).join(', ')} : ${types}
    }`;
  }

  #next(limit: number): number {
    const choice = this.#choices[this.#at++] ?? 0;
    return choice % limit;
  }

  #pick<T>(list: readonly T[]): T {
    const index = this.#next(list.length);
    const found = list[index];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** Recent values come more often. */
  #value(): Named {
    const back = Math.min(this.#next(6), this.#values.length - 1);
    const found = this.#values[this.#values.length - 1 - back];
    if (found === undefined) throw new Error('there are no values');
    return found;
  }

  #define(text: string, shape: readonly number[], dtype: string): Named {
    const value = { name: `%v${this.#count++}`, shape, dtype };
    this.#lines.push(`${value.name} = stablehlo.${text}`);
    this.#values.push(value);
    return value;
  }

  #constant(shape: readonly number[], dtype: string): Named {
    const value = this.#pick(constants[dtype] ?? []);
    return this.#define(`constant dense<${value}> : ${typeOf({ shape, dtype })}`, shape, dtype);
  }

  /** A value of this type: one there is, or a new constant. */
  #other(like: Named): Named {
    const same = this.#values.filter((value) => typeOf(value) === typeOf(like));
    return this.#next(3) === 0 ? this.#constant(like.shape, like.dtype) : this.#pick(same);
  }

  #step(): void {
    const steps = [
      () => this.#unary(),
      () => this.#binary(),
      () => this.#binary(),
      () => this.#transpose(),
      () => this.#reshape(),
      () => this.#broadcast(),
      () => this.#slice(),
      () => this.#join(),
      () => this.#pad(),
      () => this.#reverse(),
      () => this.#select(),
      () => this.#convert(),
      () => this.#clamp(),
      () => this.#iota(),
      () => this.#reduce(),
      () => this.#dynamicSlice(),
      () => this.#branch(),
      () => this.#loop(),
    ];
    this.#pick(steps)();
  }

  #unary(): void {
    const x = this.#value();
    this.#define(`${this.#pick(unaryOps[x.dtype] ?? [])} ${x.name} : ${typeOf(x)}`, x.shape, x.dtype);
  }

  #binary(): void {
    const x = this.#value();
    const y = this.#other(x);
    const [lhs, rhs] = this.#next(2) === 0 ? [x, y] : [y, x];
    const op = this.#pick(binaryOps[x.dtype] ?? []);
    this.#define(`${op} ${lhs.name}, ${rhs.name} : ${typeOf(x)}`, x.shape, x.dtype);
  }

  #transpose(): void {
    const x = this.#value();
    const axes = x.shape.map((_, axis) => axis);
    const turn = this.#next(Math.max(1, axes.length));
    const permutation = this.#next(2) === 0 ? axes.toReversed() : [...axes.slice(turn), ...axes.slice(0, turn)];
    const shape = permutation.map((axis) => x.shape[axis] ?? 0);
    this.#move(`transpose ${x.name}, dims = [${permutation.join(', ')}]`, x, shape);
  }

  #move(text: string, x: Named, shape: readonly number[]): void {
    this.#define(`${text} : (${typeOf(x)}) -> ${typeOf({ shape, dtype: x.dtype })}`, shape, x.dtype);
  }

  #reshape(): void {
    const x = this.#value();
    const fitting = shapes.filter((shape) => sizeOf(shape) === sizeOf(x.shape));
    this.#move(`reshape ${x.name}`, x, fitting.length === 0 ? [sizeOf(x.shape)] : this.#pick(fitting));
  }

  #broadcast(): void {
    const x = this.#value();
    const front = this.#next(2) === 0;
    if (x.shape.length > 2) return;
    const shape = front ? [2, ...x.shape] : [...x.shape, 2];
    const dims = x.shape.map((_, axis) => (front ? axis + 1 : axis));
    this.#move(`broadcast_in_dim ${x.name}, dims = [${dims.join(', ')}]`, x, shape);
  }

  #slice(): void {
    const x = this.#value();
    const ranges = x.shape.map((size) => {
      const start = size === 0 ? 0 : this.#next(size);
      const least = this.#next(16) === 15 ? 0 : 1;
      const limit = size === 0 ? 0 : start + least + this.#next(size - start);
      return { start, limit: Math.min(limit, size), stride: 1 + this.#next(2) };
    });
    const shape = ranges.map(({ start, limit, stride }) => Math.ceil((limit - start) / stride));
    const text = ranges.map(({ start, limit, stride }) => `${start}:${limit}:${stride}`).join(', ');
    this.#move(`slice ${x.name} [${text}]`, x, shape);
  }

  #join(): void {
    const x = this.#value();
    const y = this.#other(x);
    if (x.shape.length === 0 || sizeOf(x.shape) > 48) return;
    const axis = this.#next(x.shape.length);
    const shape = x.shape.map((size, at) => (at === axis ? 2 * size : size));
    this.#define(
      `concatenate ${x.name}, ${y.name}, dim = ${axis} : (${typeOf(x)}, ${typeOf(y)}) -> ${typeOf({ shape, dtype: x.dtype })}`,
      shape,
      x.dtype,
    );
  }

  #pad(): void {
    const x = this.#value();
    if (x.shape.length === 0 || sizeOf(x.shape) > 48) return;
    const value = this.#constant([], x.dtype);
    const low = x.shape.map((size) => (size > 1 ? this.#next(3) - 1 : this.#next(2)));
    const high = x.shape.map(() => this.#next(2));
    const interior = x.shape.map(() => (this.#next(4) === 0 ? 1 : 0));
    const shape = x.shape.map(
      (size, at) => size + (low[at] ?? 0) + (high[at] ?? 0) + Math.max(0, size - 1) * (interior[at] ?? 0),
    );
    this.#define(
      `pad ${x.name}, ${value.name}, low = [${low.join(', ')}], high = [${high.join(', ')}], interior = [${interior.join(', ')}] : (${typeOf(x)}, ${typeOf(value)}) -> ${typeOf({ shape, dtype: x.dtype })}`,
      shape,
      x.dtype,
    );
  }

  #reverse(): void {
    const x = this.#value();
    const dims = x.shape.map((_, axis) => axis).filter(() => this.#next(2) === 0);
    this.#define(`reverse ${x.name}, dims = [${dims.join(', ')}] : ${typeOf(x)}`, x.shape, x.dtype);
  }

  #compare(): Named {
    const x = this.#value();
    const y = this.#other(x);
    const direction = this.#pick(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE']);
    const result = typeOf({ shape: x.shape, dtype: 'i1' });
    return this.#define(
      `compare ${direction}, ${x.name}, ${y.name} : (${typeOf(x)}, ${typeOf(y)}) -> ${result}`,
      x.shape,
      'i1',
    );
  }

  #select(): void {
    const p = this.#compare();
    const x = this.#constant(p.shape, this.#pick(dtypes));
    const y = this.#other(x);
    this.#define(`select ${p.name}, ${y.name}, ${x.name} : ${typeOf(p)}, ${typeOf(x)}`, x.shape, x.dtype);
  }

  #convert(): void {
    const x = this.#value();
    const dtype = this.#pick(dtypes);
    this.#define(`convert ${x.name} : (${typeOf(x)}) -> ${typeOf({ shape: x.shape, dtype })}`, x.shape, dtype);
  }

  #clamp(): void {
    const x = this.#value();
    const low = this.#constant([], x.dtype);
    const high = this.#other(x);
    this.#define(
      `clamp ${low.name}, ${x.name}, ${high.name} : (${typeOf(low)}, ${typeOf(x)}, ${typeOf(x)}) -> ${typeOf(x)}`,
      x.shape,
      x.dtype,
    );
  }

  #iota(): void {
    const shape = this.#pick(shapes.filter((candidate) => candidate.length > 0));
    const dtype = this.#pick(['f32', 'i32', 'ui8']);
    this.#define(`iota dim = ${this.#next(shape.length)} : ${typeOf({ shape, dtype })}`, shape, dtype);
  }

  #reduce(): void {
    const x = this.#value();
    const init = this.#constant([], x.dtype);
    const dims = x.shape.map((_, axis) => axis).filter(() => this.#next(2) === 0);
    const shape = x.shape.filter((_, axis) => !dims.includes(axis));
    const op = this.#pick(['maximum', 'minimum', 'add']);
    this.#define(
      `reduce(${x.name} init: ${init.name}) applies stablehlo.${op} across dimensions = [${dims.join(', ')}] : (${typeOf(x)}, ${typeOf(init)}) -> ${typeOf({ shape, dtype: x.dtype })}`,
      shape,
      x.dtype,
    );
  }

  #dynamicSlice(): void {
    const x = this.#value();
    if (x.shape.length === 0) return;
    const starts = x.shape.map(() => this.#constant([], 'i32').name).join(', ');
    const indexTypes = x.shape.map(() => 'tensor<i32>').join(', ');
    const shape = x.shape.map((size) => (size === 0 ? 0 : 1 + this.#next(size)));
    const result = typeOf({ shape, dtype: x.dtype });
    this.#define(
      `dynamic_slice ${x.name}, ${starts}, sizes = [${shape.join(', ')}] : (${typeOf(x)}, ${indexTypes}) -> ${result}`,
      shape,
      x.dtype,
    );
  }

  #branch(): void {
    const p = this.#constant([], 'i1');
    const x = this.#value();
    const y = this.#other(x);
    const op = this.#pick(unaryOps[x.dtype] ?? []);
    const flag = this.#next(2) === 0 ? p.name : this.#predicate();
    const name = `%v${this.#count++}`;
    this.#lines.push(`${name}:2 = "stablehlo.if"(${flag}) ({
        %t = stablehlo.${op} ${x.name} : ${typeOf(x)}
        stablehlo.return %t, ${y.name} : ${typeOf(x)}, ${typeOf(y)}
      }, {
        stablehlo.return ${x.name}, ${y.name} : ${typeOf(x)}, ${typeOf(y)}
      }) : (tensor<i1>) -> (${typeOf(x)}, ${typeOf(y)})`);
    this.#values.push({ ...x, name: `${name}#0` }, { ...y, name: `${name}#1` });
  }

  /** A predicate that is not known at compile time. */
  #predicate(): string {
    const x = this.#value();
    const flags = this.#define(
      `convert ${x.name} : (${typeOf(x)}) -> ${typeOf({ shape: x.shape, dtype: 'i1' })}`,
      x.shape,
      'i1',
    );
    const init = this.#define('constant dense<false> : tensor<i1>', [], 'i1');
    const dims = x.shape.map((_, axis) => axis).join(', ');
    const any = `reduce(${flags.name} init: ${init.name}) applies stablehlo.or across dimensions = [${dims}]`;
    return this.#define(`${any} : (${typeOf(flags)}, tensor<i1>) -> tensor<i1>`, [], 'i1').name;
  }

  /** A loop that counts to at most three, and carries a value, a copy of it and one that never changes. */
  #loop(): void {
    const zero = this.#define('constant dense<0> : tensor<i32>', [], 'i32');
    const one = this.#define('constant dense<1> : tensor<i32>', [], 'i32');
    const end = this.#define(`constant dense<${this.#next(4)}> : tensor<i32>`, [], 'i32');
    const x = this.#value();
    const y = this.#other(x);
    const op = this.#pick(binaryOps[x.dtype] ?? []);
    const name = `%v${this.#count++}`;
    const carried = `tensor<i32>, ${typeOf(x)}, ${typeOf(x)}, ${typeOf(x)}`;
    this.#lines
      .push(`${name}:4 = stablehlo.while(%i = ${zero.name}, %s = ${x.name}, %t = ${x.name}, %w = ${y.name}) : ${carried}
      cond {
        %c = stablehlo.compare LT, %i, ${end.name} : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %c : tensor<i1>
      } do {
        %j = stablehlo.add ${one.name}, %i : tensor<i32>
        %u = stablehlo.${op} %s, %w : ${typeOf(x)}
        %k = stablehlo.${op} ${y.name}, %w : ${typeOf(x)}
        %q = stablehlo.${op} %t, %k : ${typeOf(x)}
        stablehlo.return %j, %u, %q, %w : ${carried}
      }`);
    for (let index = 0; index < 4; index++) {
      if (index === 0) this.#values.push({ name: `${name}#0`, shape: [], dtype: 'i32' });
      else this.#values.push({ ...x, name: `${name}#${index}` });
    }
  }
}
