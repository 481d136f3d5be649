/** Structured kernels as text: what `--emit kernel` shows first, and what tests read. */
import { sizeText } from './size.ts';
import type {
  Access,
  AxisId,
  BufferId,
  Combiner,
  Guard,
  IndexExpr,
  Stage,
  StructuredKernel,
  ValueExpr,
} from './structured-kernel.ts';

/**
 *     kernel softmax
 *       in in0: f32[4, 8]
 *       stage 0 (i0: 4; k2: 8 reduced)
 *         combine maximum from -Infinity: in0[i0, k2]
 *         t1[i0] = acc0
 */
export function structuredKernelText(kernel: StructuredKernel): string {
  return new KernelText(kernel).text();
}

class KernelText {
  readonly #kernel: StructuredKernel;
  readonly #names = new Map<AxisId, string>();
  readonly #buffers = new Map<BufferId, string>();

  constructor(kernel: StructuredKernel) {
    this.#kernel = kernel;
    for (const { id, name } of kernel.axes) this.#names.set(id, name);
    for (const { id, name } of kernel.buffers) this.#buffers.set(id, name);
  }

  text(): string {
    const { name, buffers, stages, links } = this.#kernel;
    const lines = [`kernel ${name}`];
    for (const { name: buffer, role, dtype, shape, isConstant } of buffers)
      lines.push(`  ${role} ${buffer}: ${dtype}[${shape.map(sizeText).join(', ')}]${isConstant ? ' constant' : ''}`);
    if (links !== undefined) lines.push(`  links of stages ${links.map((ids) => ids.join(', ')).join('; ')}`);
    for (const stage of stages) lines.push(...this.#stage(stage).map((line) => `  ${line}`));
    return lines.join('\n');
  }

  #stage({ id, axes, values, combiner, chunks = [], finish, writes }: Stage): string[] {
    const parallel = axes.flatMap((axis) => this.#axis(axis, false));
    const reduced = axes.flatMap((axis) => this.#axis(axis, true));
    const over = [parallel, reduced].filter((list) => list.length > 0).map((list) => list.join(', '));
    const lines = [`stage ${id} (${over.join('; ')})`];
    const elements = values.map((value) => this.#value(value));
    if (combiner !== undefined) lines.push(`  combine ${this.#combiner(combiner)}: ${elements.join(', ')}`);
    for (const { axis, size, count, part } of chunks) {
      const which = part === undefined ? `in ${sizeText(count)} parts` : `part ${this.#names.get(part) ?? '?'}`;
      lines.push(`  ${which} of ${sizeText(size)} points of ${this.#names.get(axis) ?? '?'}`);
    }
    const results =
      combiner === undefined
        ? elements
        : (finish?.map((value) => this.#value(value)) ?? combiner.dtypes.map((_, index) => `acc${index}`));
    for (const [index, access] of writes.entries())
      lines.push(`  ${this.#access(access)} = ${results[index] ?? 'nothing'}`);
    return lines;
  }

  #axis(id: AxisId, isReduction: boolean): string[] {
    const axis = this.#kernel.axes.find((each) => each.id === id);
    if (axis === undefined || (axis.kind === 'reduction') !== isReduction) return [];
    return [`${axis.name}: ${sizeText(axis.extent)}${isReduction ? ' reduced' : ''}`];
  }

  #combiner({ identity, results }: Combiner): string {
    return results
      .map((result, index) => {
        const isPlain =
          result.kind === 'binary' &&
          [result.lhs, result.rhs].every((side) => side.kind === 'accumulator' || side.kind === 'element');
        return `${isPlain ? result.op : this.#value(result)} from ${String(identity[index] ?? '-')}`;
      })
      .join(', ');
  }

  #access({ buffer, indices, guards }: Access): string {
    const place = `${this.#buffers.get(buffer) ?? '?'}[${indices.map((index) => this.#index(index)).join(', ')}]`;
    return guards.length === 0 ? place : `${place} where ${this.#guards(guards)}`;
  }

  #guards(guards: readonly Guard[]): string {
    return guards.map(({ index, extent }) => `0 <= ${this.#index(index)} < ${sizeText(extent)}`).join(' and ');
  }

  #index(index: IndexExpr): string {
    switch (index.kind) {
      case 'axis':
        return this.#names.get(index.axis) ?? '?';
      case 'constant':
        return String(index.value);
      case 'size':
        return sizeText(index.size);
      case 'add':
        return index.terms
          .map((term) => this.#index(term))
          .join(' + ')
          .replaceAll('+ -', '- ');
      case 'multiply':
        return `${sizeText(index.factor)} * ${this.#grouped(index.operand)}`;
      case 'floor-divide':
        return `${this.#grouped(index.operand)} / ${sizeText(index.divisor)}`;
      case 'modulo':
        return `${this.#grouped(index.operand)} % ${sizeText(index.divisor)}`;
      case 'loaded':
        return `clamp(${this.#value(index.value)}, ${sizeText(index.limit)})`;
      default:
        return index satisfies never;
    }
  }

  #grouped(index: IndexExpr): string {
    return index.kind === 'axis' || index.kind === 'loaded' ? this.#index(index) : `(${this.#index(index)})`;
  }

  #value(value: ValueExpr): string {
    switch (value.kind) {
      case 'constant':
        return Object.is(value.value, -0) ? '-0' : String(value.value);
      case 'load': {
        const { access, otherwise } = value;
        return otherwise === undefined
          ? this.#access(access)
          : `(${this.#access(access)} else ${this.#value(otherwise)})`;
      }
      case 'unary':
        return `${value.op}(${this.#value(value.operand)})`;
      case 'binary':
      case 'compare':
        return `${value.op}(${this.#value(value.lhs)}, ${this.#value(value.rhs)})`;
      case 'select':
        return `select(${[value.predicate, value.onTrue, value.onFalse].map((each) => this.#value(each)).join(', ')})`;
      case 'convert':
        return `${value.dtype}(${this.#value(value.operand)})`;
      case 'bitcast':
        return `bits<${value.dtype}>(${this.#value(value.operand)})`;
      case 'index':
        return `${value.dtype}(${this.#index(value.index)})`;
      case 'guarded':
        return `(${this.#guards(value.guards)})`;
      case 'accumulator':
        return `acc${value.index}`;
      case 'element':
        return `x${value.index}`;
      default:
        return value satisfies never;
    }
  }
}
