/**
 * Random programs that put memory plans to the test: values that live long or briefly, in-place updates, views, loops whose carries change
 * places, branches, results returned twice, donated arguments. All integers, so that every target gives the same bits.
 */

type Shape = readonly number[];

interface Named {
  readonly name: string;
  readonly shape: Shape;
}

export interface RandomProgram {
  readonly text: string;
  /** Of the arguments, the donated ones. */
  readonly donated: ReadonlySet<number>;
}

const square: Shape = [4, 6];
const shapes: readonly Shape[] = [square, [6, 4], [24], [2, 6]];

export function randomProgram(seed: number): RandomProgram {
  return new ProgramWriter(seed).write();
}

/** Numbers from a seed (mulberry32). */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

class ProgramWriter {
  readonly #random: (limit: number) => number;
  readonly #lines: string[] = [];
  #next = 0;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  write(): RandomProgram {
    const shapesOfArguments = Array.from({ length: 2 + this.#random(3) }, () =>
      this.#pick([square, square, ...shapes]),
    );
    const values: Named[] = shapesOfArguments.map((shape, index) => ({ name: `%arg${index}`, shape }));
    const index: Named = { name: `%arg${values.length}`, shape: [] };
    const inputs = [...values, index];
    this.#line(`%zero = stablehlo.constant dense<0> : tensor<i32>`);
    this.#line(`%one = stablehlo.constant dense<1> : tensor<i32>`);
    this.#operations(values, index, 4 + this.#random(14), 0);
    const results = Array.from({ length: 1 + this.#random(4) }, () =>
      this.#pick(this.#random(3) > 0 ? values.slice(-6) : values),
    );
    const donations = this.#donations(inputs, results);
    const parameters = inputs.map(({ name, shape }, at) => `${name}: ${type(shape)}${donations.get(at) ?? ''}`);
    const types = results.map(({ shape }) => type(shape)).join(', ');
    const text = `func.func @main(${parameters.join(', ')}) -> (${types}) {
${this.#lines.join('\n')}
  return ${results.map(({ name }) => name).join(', ')} : ${types}
}`;
    return { text, donated: new Set(donations.keys()) };
  }

  #donations(inputs: readonly Named[], results: readonly Named[]): ReadonlyMap<number, string> {
    const donations = new Map<number, string>();
    const taken = new Set<number>();
    for (const [at, input] of inputs.entries()) {
      const fitting = results.flatMap(({ shape }, result) =>
        type(shape) === type(input.shape) && !taken.has(result) ? [result] : [],
      );
      const kind = this.#random(3);
      if (kind === 0) continue;
      if (kind === 1) donations.set(at, ' {jax.buffer_donor = true}');
      else if (fitting.length > 0) {
        const result = this.#pick(fitting);
        taken.add(result);
        donations.set(at, ` {tf.aliasing_output = ${result} : i32}`);
      }
    }
    return donations;
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#random(list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  #line(text: string): void {
    this.#lines.push(`  ${text}`);
  }

  #define(shape: Shape, text: string): Named {
    const name = `%v${this.#next++}`;
    this.#line(`${name} = ${text}`);
    return { name, shape };
  }

  #operations(values: Named[], index: Named, count: number, depth: number): void {
    for (let made = 0; made < count; made++) values.push(this.#operation(values, index, depth));
  }

  #ofShape(values: readonly Named[], shape: Shape): Named {
    const fitting = values.filter((value) => type(value.shape) === type(shape));
    if (fitting.length > 0) return this.#pick(this.#random(2) > 0 ? fitting.slice(-3) : fitting);
    return this.#define(shape, `stablehlo.constant dense<${this.#random(9)}> : ${type(shape)}`);
  }

  #operation(values: Named[], index: Named, depth: number): Named {
    const x = this.#pick(this.#random(2) > 0 ? values.slice(-4) : values);
    const make = this.#random(depth < 2 ? 13 : 10);
    switch (make) {
      case 0:
        return this.#define(x.shape, `stablehlo.negate ${x.name} : ${type(x.shape)}`);
      case 1:
      case 2:
      case 3: {
        const op = this.#pick(['add', 'subtract', 'maximum', 'xor']);
        return this.#define(
          x.shape,
          `stablehlo.${op} ${x.name}, ${this.#ofShape(values, x.shape).name} : ${type(x.shape)}`,
        );
      }
      case 4:
        return this.#define(x.shape, `stablehlo.reverse ${x.name}, dims = [0] : ${type(x.shape)}`);
      case 5: {
        const shape = this.#pick(shapes.filter((each) => elements(each) === elements(x.shape)));
        return this.#define(shape, `stablehlo.reshape ${x.name} : (${type(x.shape)}) -> ${type(shape)}`);
      }
      case 6: {
        const from = this.#ofShape(values, square);
        const row = this.#random(3);
        return this.#define(
          [2, 6],
          `stablehlo.slice ${from.name} [${row}:${row + 2}, 0:6] : (${type(square)}) -> ${type([2, 6])}`,
        );
      }
      case 7: {
        const [a, b] = [this.#ofShape(values, [2, 6]), this.#ofShape(values, [2, 6])];
        return this.#define(
          square,
          `stablehlo.concatenate ${a.name}, ${b.name}, dim = 0 : (${type([2, 6])}, ${type([2, 6])}) -> ${type(square)}`,
        );
      }
      case 8: {
        const [into, part] = [this.#ofShape(values, square), this.#ofShape(values, [2, 6])];
        const types = `(${type(square)}, ${type([2, 6])}, tensor<i32>, tensor<i32>) -> ${type(square)}`;
        return this.#define(
          square,
          `stablehlo.dynamic_update_slice ${into.name}, ${part.name}, ${index.name}, %zero : ${types}`,
        );
      }
      case 9: {
        const [a, b] = [this.#ofShape(values, square), this.#ofShape(values, [6, 4])];
        const product = this.#define(
          [4, 4],
          `stablehlo.dot_general ${a.name}, ${b.name}, contracting_dims = [1] x [0] : (${type(square)}, ${type([6, 4])}) -> ${type([4, 4])}`,
        );
        return this.#define(
          square,
          `stablehlo.dot_general ${product.name}, ${a.name}, contracting_dims = [1] x [0] : (${type([4, 4])}, ${type(square)}) -> ${type(square)}`,
        );
      }
      case 10:
        return this.#branches(values, index, depth);
      default:
        return this.#loop(values, depth);
    }
  }

  /** Two or three branches of one or two results, some of which are values from outside. */
  #branches(values: readonly Named[], index: Named, depth: number): Named {
    const wanted = Array.from({ length: 1 + this.#random(2) }, () => this.#pick(values).shape);
    const name = `%v${this.#next++}`;
    this.#line(`${name}${wanted.length > 1 ? `:${wanted.length}` : ''} = "stablehlo.case"(${index.name}) ({`);
    const branches = 2 + this.#random(2);
    for (let branch = 0; branch < branches; branch++) {
      if (branch > 0) this.#line('}, {');
      const inner = [...values];
      this.#operations(inner, index, this.#random(4), depth + 1);
      this.#return(wanted.map((shape) => this.#ofShape(inner, shape)));
    }
    this.#line(`}) : (tensor<i32>) -> (${wanted.map(type).join(', ')})`);
    return this.#resultOf(name, wanted, wanted.length);
  }

  /** One of the results of an op that has `count`. */
  #resultOf(name: string, candidates: readonly Shape[], count: number): Named {
    const at = this.#random(candidates.length);
    return { name: count > 1 ? `${name}#${at}` : name, shape: candidates[at] ?? [] };
  }

  /** A few iterations; what is carried is computed, kept, exchanged, or comes from outside. */
  #loop(values: readonly Named[], depth: number): Named {
    const initial = Array.from({ length: 1 + this.#random(3) }, () => this.#pick(values));
    const limit = this.#define([], `stablehlo.constant dense<${this.#random(4)}> : tensor<i32>`);
    const id = this.#next++;
    const carried = initial.map(({ shape }, at) => ({ name: `%c${id}_${at}`, shape }));
    const counter: Named = { name: `%i${id}`, shape: [] };
    const bindings = carried.map(({ name }, at) => `${name} = ${initial[at]?.name ?? ''}`);
    const types = [...carried.map(({ shape }) => type(shape)), 'tensor<i32>'].join(', ');
    this.#line(
      `%v${id}:${carried.length + 1} = stablehlo.while(${[...bindings, `${counter.name} = %zero`].join(', ')}) : ${types}`,
    );
    this.#line('cond {');
    const test = this.#define(
      [],
      `stablehlo.compare LT, ${counter.name}, ${limit.name} : (tensor<i32>, tensor<i32>) -> tensor<i1>`,
    );
    this.#line(`stablehlo.return ${test.name} : tensor<i1>`);
    this.#line('} do {');
    const inner = [...values, ...carried];
    this.#operations(inner, counter, 1 + this.#random(5), depth + 1);
    const next = this.#define([], `stablehlo.add ${counter.name}, %one : tensor<i32>`);
    const recent = this.#random(3) > 0 ? inner.slice(-5) : inner;
    this.#return([...carried.map(({ shape }) => this.#ofShape(recent, shape)), next]);
    this.#line('}');
    return this.#resultOf(
      `%v${id}`,
      carried.map(({ shape }) => shape),
      carried.length + 1,
    );
  }

  #return(results: readonly Named[]): void {
    const types = results.map(({ shape }) => type(shape)).join(', ');
    this.#line(`stablehlo.return ${results.map(({ name }) => name).join(', ')} : ${types}`);
  }
}

function type(shape: Shape): string {
  return `tensor<${shape.map((dim) => `${dim}x`).join('')}i32>`;
}

function elements(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
