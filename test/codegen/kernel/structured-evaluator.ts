/** Evaluates a structured kernel by nested loops over its stages, one point at a time: what every schedule must agree with. */
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { constant, constantValue, convert } from '../../../codegen/kernel/loop-expressions.ts';
import * as ir from '../../../codegen/kernel/loop-expressions.ts';
import { evaluateSize, productOfSizes, type Size } from '../../../codegen/kernel/size.ts';
import type {
  Access,
  AxisId,
  BufferId,
  Guard,
  IndexExpr,
  Stage,
  StructuredKernel,
  ValueExpr,
} from '../../../codegen/kernel/structured-kernel.ts';
import { scalar } from '../../../codegen/kernel/value-type.ts';
import { numberUnary } from '../../../codegen/kernel/scalar-semantics.ts';

type Scalar = number | bigint;
type Memory = ReadonlyMap<BufferId, ElementsArray>;

interface Place {
  readonly kernel: StructuredKernel;
  readonly memory: Memory;
  readonly symbols: ReadonlyMap<string, number>;
  readonly axes: ReadonlyMap<AxisId, number>;
  readonly accumulators: readonly Scalar[];
  readonly elements: readonly Scalar[];
}

/** Runs all stages; scratch is allocated when `memory` has none. */
export function evaluateStructured(
  kernel: StructuredKernel,
  given: Memory,
  symbols: ReadonlyMap<string, number>,
): void {
  const memory = new Map(given);
  for (const { id, dtype, shape } of kernel.buffers)
    if (!memory.has(id))
      memory.set(id, allocateElements(dtype === 'index' ? 'i64' : dtype, sizeIn(productOfSizes(shape), symbols)));
  const start: Place = { kernel, memory, symbols, axes: new Map(), accumulators: [], elements: [] };
  for (const stage of kernel.stages) evaluateStage(start, stage);
}

function sizeIn(size: Size, symbols: ReadonlyMap<string, number>): number {
  const value = evaluateSize(size, symbols);
  if (value === undefined) throw new Error('test: a symbol has no value');
  return value;
}

function overAxes(place: Place, axes: readonly AxisId[], body: (place: Place) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) return body(place);
  const [from, to] = boundsOf(place, axis);
  for (let i = from; i < to; i += 1) overAxes({ ...place, axes: new Map(place.axes).set(axis, i) }, rest, body);
}

/** Of an axis that is taken in parts, the part that the place is in. */
function boundsOf({ kernel, symbols, axes }: Place, axis: AxisId): readonly [number, number] {
  const extent = sizeIn(kernel.axes.find(({ id }) => id === axis)?.extent ?? 0, symbols);
  const chunk = kernel.stages.flatMap(({ chunks = [] }) => chunks).find((each) => each.axis === axis);
  const part = chunk?.part === undefined ? undefined : axes.get(chunk.part);
  if (chunk === undefined || part === undefined) return [0, extent];
  const size = sizeIn(chunk.size, symbols);
  return [Math.min(part * size, extent), Math.min((part + 1) * size, extent)];
}

function evaluateStage(start: Place, stage: Stage): void {
  const { combiner } = stage;
  const isReduced = (axis: AxisId): boolean =>
    combiner !== undefined && start.kernel.axes.some(({ id, kind }) => id === axis && kind === 'reduction');
  const isSequential = (axis: AxisId): boolean =>
    combiner !== undefined && start.kernel.axes.some(({ id, kind }) => id === axis && kind === 'sequential');
  const outer = stage.axes.filter((axis) => !isReduced(axis));
  // Along a sequential axis the accumulators run on.
  const running = new Map<string, readonly Scalar[]>();
  overAxes(start, [...outer.filter((axis) => !isSequential(axis)), ...outer.filter(isSequential)], (place) => {
    const line = [...place.axes].filter(([axis]) => !isSequential(axis)).join(';');
    let results: readonly Scalar[];
    if (combiner === undefined) {
      results = stage.values.map((value) => evaluateValue(place, value));
    } else {
      let accumulators: readonly Scalar[] = running.get(line) ?? combiner.identity;
      overAxes(place, stage.axes.filter(isReduced), (inner) => {
        const elements = stage.values.map((value) => evaluateValue(inner, value));
        accumulators = combiner.results.map((result) => evaluateValue({ ...inner, accumulators, elements }, result));
      });
      results = accumulators;
      if (stage.axes.some(isSequential)) running.set(line, accumulators);
    }
    const at = { ...place, accumulators: results };
    if (stage.finish !== undefined) results = stage.finish.map((value) => evaluateValue(at, value));
    stage.writes.forEach((access, i) => {
      if (access.guards.every((guard) => holds(at, guard))) store(at, access, results[i] ?? 0);
    });
  });
}

function arrayOf(place: Place, buffer: BufferId): ElementsArray {
  const array = place.memory.get(buffer);
  if (array === undefined) throw new Error(`test: no buffer ${buffer}`);
  return array;
}

function addressOf(place: Place, access: Access): number {
  const shape = place.kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  let address = 0;
  access.indices.forEach((index, dimension) => {
    const extent = sizeIn(shape[dimension] ?? 0, place.symbols);
    const at = evaluateIndex(place, index);
    if (at < 0 || at >= extent) throw new Error(`test: index ${at} of ${extent}`);
    address = address * extent + at;
  });
  return address;
}

function store(place: Place, access: Access, value: Scalar): void {
  const array = arrayOf(place, access.buffer);
  array[addressOf(place, access)] = value as never;
}

function floorDivide(a: number, b: number): number {
  return Math.floor(a / b);
}

function evaluateIndex(place: Place, index: IndexExpr): number {
  switch (index.kind) {
    case 'axis':
      return place.axes.get(index.axis) ?? Number.NaN;
    case 'constant':
      return index.value;
    case 'size':
      return sizeIn(index.size, place.symbols);
    case 'add':
      return index.terms.reduce((sum, term) => sum + evaluateIndex(place, term), 0);
    case 'multiply':
      return evaluateIndex(place, index.operand) * sizeIn(index.factor, place.symbols);
    case 'floor-divide':
      return floorDivide(evaluateIndex(place, index.operand), sizeIn(index.divisor, place.symbols));
    case 'modulo': {
      const divisor = sizeIn(index.divisor, place.symbols);
      const operand = evaluateIndex(place, index.operand);
      return operand - divisor * floorDivide(operand, divisor);
    }
    case 'loaded':
      return Math.max(0, Math.min(sizeIn(index.limit, place.symbols), Number(evaluateValue(place, index.value))));
    default:
      return index satisfies never;
  }
}

function holds(place: Place, { index, extent }: Guard): boolean {
  const at = evaluateIndex(place, index);
  return at >= 0 && at < sizeIn(extent, place.symbols);
}

function evaluateValue(place: Place, value: ValueExpr): Scalar {
  const typed = (operand: ValueExpr): ReturnType<typeof constant> =>
    constant(scalar(operand.dtype), evaluateValue(place, operand));
  const folded = (expr: ReturnType<typeof constant>): Scalar => {
    const result = constantValue(expr);
    if (result === undefined) throw new Error(`test: ${value.kind} did not fold`);
    return result;
  };
  switch (value.kind) {
    case 'constant':
      return folded(constant(scalar(value.dtype), value.value));
    case 'load': {
      const { access, otherwise } = value;
      if (!access.guards.every((guard) => holds(place, guard)))
        return otherwise === undefined ? Number.NaN : evaluateValue(place, otherwise);
      return arrayOf(place, access.buffer)[addressOf(place, access)] ?? Number.NaN;
    }
    case 'unary': {
      const expr = typed(value.operand);
      const result = constantValue(ir.unary(value.op, expr));
      return result ?? numberUnary(value.op, value.operand.dtype)?.(Number(constantValue(expr))) ?? Number.NaN;
    }
    case 'binary':
      return folded(ir.binary(value.op, typed(value.lhs), typed(value.rhs)));
    case 'compare':
      return folded(ir.compare(value.op, typed(value.lhs), typed(value.rhs)));
    case 'select':
      return evaluateValue(place, Number(evaluateValue(place, value.predicate)) === 0 ? value.onFalse : value.onTrue);
    case 'convert':
      return folded(convert(value.dtype, typed(value.operand)));
    case 'bitcast':
      throw new Error('test: bitcast is not evaluated here');
    case 'index':
      return folded(convert(value.dtype, ir.index(evaluateIndex(place, value.index))));
    case 'guarded':
      return value.guards.every((guard) => holds(place, guard)) ? 1 : 0;
    case 'accumulator':
      return place.accumulators[value.index] ?? Number.NaN;
    case 'element':
      return place.elements[value.index] ?? Number.NaN;
    default:
      return value satisfies never;
  }
}
