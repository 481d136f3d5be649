/**
 * What several stages of a kernel compute alike becomes one value, so that loops which they share compute it once: sums of rows that both
 * columns of a tile need, the elements that all of them are sums of. What a stage of the kernel writes is read by each stage for itself.
 */
import { walkValues } from '../kernel/lower-affine.ts';
import { mapValue } from '../kernel/map-value.ts';
import type { Access, BufferId, Guard, IndexExpr, ValueExpr, UnnumberedStage } from '../kernel/structured-kernel.ts';

export function shareValues(stages: readonly UnnumberedStage[]): readonly UnnumberedStage[] {
  if (stages.length < 2) return stages;
  const written = new Set(stages.flatMap(({ writes }) => writes.map(({ buffer }) => buffer)));
  const shared = new SharedValues(written);
  return stages.map((stage) =>
    stage.combiner === undefined && stage.finish === undefined
      ? { ...stage, values: stage.values.map((value) => shared.of(value)) }
      : stage,
  );
}

class SharedValues {
  readonly #written: ReadonlySet<BufferId>;
  readonly #known = new Map<ValueExpr, ValueExpr>();
  readonly #byKey = new Map<string, ValueExpr>();
  readonly #ids = new Map<object, number>();

  constructor(written: ReadonlySet<BufferId>) {
    this.#written = written;
  }

  of(root: ValueExpr): ValueExpr {
    // Operands come first, so that nothing recurses.
    walkValues([root], (value) => void this.#known.set(value, this.#known.get(value) ?? this.#shared(value)));
    return this.#value(root);
  }

  readonly #value = (value: ValueExpr): ValueExpr => this.#known.get(value) ?? value;

  #shared(value: ValueExpr): ValueExpr {
    const same = <T>(part: T): T => part;
    const made = mapValue(value, { value: this.#value, access: same, index: same, guard: same });
    const key = this.#keyOf(made);
    if (key === undefined) return made;
    const known = this.#byKey.get(key) ?? made;
    this.#byKey.set(key, known);
    return known;
  }

  /** Undefined for what stays apart. */
  #keyOf(value: ValueExpr): string | undefined {
    const id = (part: object): number => this.#idOf(part);
    switch (value.kind) {
      case 'constant':
        return `${value.dtype} ${Object.is(value.value, -0) ? '-0' : String(value.value)}`;
      case 'load':
        if (this.#written.has(value.access.buffer)) return undefined;
        return `load ${value.dtype} ${this.#accessKey(value.access)} ${value.otherwise === undefined ? '' : id(value.otherwise)}`;
      case 'unary':
        return `${value.op} ${value.dtype} ${id(value.operand)}`;
      case 'convert':
      case 'bitcast':
        return `${value.kind} ${value.dtype} ${id(value.operand)}`;
      case 'binary':
      case 'compare':
        return `${value.kind} ${value.op} ${value.dtype} ${id(value.lhs)} ${id(value.rhs)}`;
      case 'select':
        return `select ${id(value.predicate)} ${id(value.onTrue)} ${id(value.onFalse)}`;
      case 'index':
        return `index ${value.dtype} ${id(value.index)}`;
      case 'guarded':
        return `guarded ${this.#guardsKey(value.guards)}`;
      case 'accumulator':
      case 'element':
        return undefined;
      default:
        return value satisfies never;
    }
  }

  #accessKey({ buffer, indices, guards }: Access): string {
    return `${buffer} [${indices.map((index) => this.#idOf(index)).join()}] ${this.#guardsKey(guards)}`;
  }

  #guardsKey(guards: readonly Guard[]): string {
    return guards
      .map(({ index, extent }) => `${this.#idOf(index)}<${typeof extent === 'number' ? extent : this.#idOf(extent)}`)
      .join();
  }

  /** Equal indices of a kernel are one object, as values are that have been shared. */
  #idOf(part: ValueExpr | IndexExpr | object): number {
    const id = this.#ids.get(part) ?? this.#ids.size;
    this.#ids.set(part, id);
    return id;
  }
}
