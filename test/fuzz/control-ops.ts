/** Control flow, calls, and ops that are no computation. */
import type { Value } from '../../ir/operation.ts';
import { tensorType, type Type } from '../../ir/types.ts';
import { exact, type FuzzOp, generated, moves, unsupported } from './fuzz-op.ts';
import type { ProgramWriter } from './program-writer.ts';

const deepest = 2;

/** A few ops around the arguments, then values of these types. */
function body(writer: ProgramWriter, types: readonly Type[]): readonly Value[] {
  if (writer.depth < deepest) writer.someOps(4);
  return types.map((type) => writer.of(type));
}

function resultTypes(writer: ProgramWriter): readonly Type[] {
  return Array.from({ length: writer.choices.between(1, 3) }, () => writer.any({}).type);
}

/** A flag that is not known at compile time, mostly. */
function flag(writer: ProgramWriter): Value {
  return writer.of(tensorType([], 'i1'));
}

function ifOp(writer: ProgramWriter, name: string): void {
  const types = resultTypes(writer);
  const predicate = flag(writer);
  const regions = [0, 1].map(() => writer.region([], () => body(writer, types)));
  writer.emit(name, [predicate], {}, { regions });
}

function caseOp(writer: ProgramWriter, name: string): void {
  const types = resultTypes(writer);
  const index = writer.of(tensorType([], 'i32'), 'index');
  const regions = Array.from({ length: writer.choices.between(1, 4) }, () =>
    writer.region([], () => body(writer, types)),
  );
  writer.emit(name, [index], {}, { regions });
}

/** Counts up to at most three, with values carried along, swapped or left alone. */
function whileOp(writer: ProgramWriter, name: string): void {
  const carried = Array.from({ length: writer.choices.between(1, 3) }, () => writer.any({}));
  const scalar = tensorType([], 'i32');
  const operands = [writer.constantSplat(scalar, 0), ...carried];
  const types = operands.map(({ type }) => type);
  const limit = writer.choices.chance(3)
    ? writer.fresh(scalar, 'positive')
    : writer.constantSplat(scalar, writer.choices.nat(4));
  const condition = writer.region(types, ([count]) =>
    count === undefined ? [] : writer.emit('stablehlo.compare', [count, limit], { comparison_direction: 'LT' }),
  );
  const step = writer.region(types, ([count, ...rest]) => {
    if (count === undefined) return [];
    const next = writer.emit('stablehlo.add', [count, writer.constantSplat(scalar, 1)]);
    const kept = rest.map((value) => (writer.choices.chance(4) ? value : undefined));
    const made = body(
      writer,
      rest.map(({ type }) => type),
    );
    return [...next, ...made.map((value, at) => kept[at] ?? value)];
  });
  writer.emit(name, operands, {}, { regions: [condition, step] });
}

function someValues(writer: ProgramWriter): readonly Value[] {
  return Array.from({ length: writer.choices.between(1, 3) }, () => writer.any({ isStatic: true }));
}

function callee(
  writer: ProgramWriter,
  operands: readonly Value[],
): { readonly name: string; readonly results: readonly Type[] } {
  let results: readonly Type[] = [];
  const name = writer.function(
    operands.map(({ type }) => type),
    (args) => {
      if (writer.depth < deepest) writer.someOps(4);
      const made = args.map((arg) => writer.of(arg.type));
      results = made.map(({ type }) => type);
      return made;
    },
  );
  return { name, results };
}

function call(writer: ProgramWriter, name: string): void {
  const operands = someValues(writer);
  const { name: target, results } = callee(writer, operands);
  writer.emit(name, operands, { callee: target }, { resultTypes: results });
}

function composite(writer: ProgramWriter, name: string): void {
  const operands = someValues(writer);
  const { name: target, results } = callee(writer, operands);
  writer.emit(name, operands, { name: 'fuzz.composite', decomposition: target }, { resultTypes: results });
}

function barrier(writer: ProgramWriter, name: string): void {
  const operands = someValues(writer);
  writer.emit(name, operands, {}, { resultTypes: operands.map(({ type }) => type) });
}

function tuple(writer: ProgramWriter, name: string): void {
  const values = someValues(writer);
  const [made] = writer.emit(name, values);
  const index = writer.choices.nat(values.length);
  if (made !== undefined) writer.emit('stablehlo.get_tuple_element', [made], { index });
}

const isScaffold = 'it holds the functions, or ends a block, of every program';
const isCheck = 'it checks values for a test suite: targets compile what it looks at';
const isHost = 'it talks to a host, which compiled code has not';

export const controlFuzz = {
  'builtin.module': unsupported(isScaffold),
  'check.expect_almost_eq': unsupported(isCheck),
  'check.expect_almost_eq_const': unsupported(isCheck),
  'check.expect_close': unsupported(isCheck),
  'check.expect_eq': unsupported(isCheck),
  'check.expect_eq_const': unsupported(isCheck),
  'check.expect_serialized_eq': unsupported(isCheck),
  'func.call': generated(exact, call),
  'func.func': unsupported(isScaffold),
  'func.return': unsupported(isScaffold),
  'interpreter.print': unsupported(isHost),
  'interpreter.probe': unsupported(isHost),
  'interpreter.run_parallel': unsupported(isHost),
  'stablehlo.after_all': unsupported(isHost),
  'stablehlo.async_done': unsupported('asynchronous ops wrap collectives'),
  'stablehlo.async_start': unsupported('asynchronous ops wrap collectives'),
  'stablehlo.case': generated(exact, caseOp, 4),
  'stablehlo.composite': generated(exact, composite, 1),
  'stablehlo.create_token': unsupported(isHost),
  'stablehlo.custom_call': unsupported('what it calls is not in the module'),
  'stablehlo.get_tuple_element': unsupported('made with its tuple'),
  'stablehlo.if': generated(exact, ifOp, 4),
  'stablehlo.infeed': unsupported(isHost),
  'stablehlo.optimization_barrier': generated(moves, barrier, 1),
  'stablehlo.outfeed': unsupported(isHost),
  'stablehlo.recv': unsupported(isHost),
  'stablehlo.return': unsupported(isScaffold),
  'stablehlo.send': unsupported(isHost),
  'stablehlo.tuple': generated(moves, tuple, 1),
  'stablehlo.while': generated(exact, whileOp, 4),
} as const satisfies Readonly<Record<string, FuzzOp>>;
