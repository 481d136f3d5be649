/** Functions that call a function for each position along an axis: loops at run time. */
import { add } from '../../../../ir/ops/stablehlo/add.ts';
import { subtract } from '../../../../ir/ops/stablehlo/subtract.ts';
import type { Span } from '../../../../ir/source.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import {
  compareDimensions,
  constantDimension,
  constantOf,
  type Dimension,
  dimensionText,
  subtractDimensions,
} from '../dimension.ts';
import { type Elaboration, elaborationOf } from '../elaboration.ts';
import { UnknownOperand } from '../language-error.ts';
import { leavesOf } from '../leaves.ts';
import { isLiteral, literalTensor } from '../literals.ts';
import { runTimeLoop } from '../run-time-loop.ts';
import { dimAt } from '../tensor-ops.ts';
import { describeKind } from '../type-text.ts';
import { unit } from '../unit.ts';
import type { TensorValue, TupleValue, Value } from '../values.ts';
import { builtin } from './define.ts';

export const loopBuiltins: readonly Builtin[] = [
  builtin(
    'scan(xs, fn, init: = (), axis: = 0, reverse: = false)',
    'Calls `fn(carry, x)` for each `x` along an axis of `xs`, in order; it gives the next carry and a result. ' +
      'The last carry, and the results put together along the same axis: `(carry, ys)`. `xs` may be a tuple or record of tensors. ' +
      '`f32[n, t, d] -> (carry, f32[n, t, h])` with `axis: 1`. With `reverse: true` from the end to the start.',
    (args, site) => {
      const init = args.value('init') ?? unit;
      const walk = walkOf(args, site, [args.required('xs')]);
      const turn = (carry: Value, x: Value): readonly [Value, Value] => {
        const result = site.call(args.required('fn'), [
          argument(carry, args.span('init')),
          argument(x, args.span('xs')),
        ]);
        return splitResult(result, args.span('fn'), site);
      };
      const { carry, ys } = loop(walk, init, turn, 'loop', site);
      return { kind: 'tuple', fields: [carry, ys].map((value) => ({ name: undefined, value })) };
    },
  ),
  builtin(
    'map(fn, ...xs, axis: = 0)',
    'Calls `fn` for each position along an axis of `xs`, one after another in no particular order, and puts the results together along that axis. ' +
      'What `fn` calls may write nothing. Of compile-time lists it gives a list. `f32[n, d] -> f32[n, h]`.',
    (args, site) => {
      const xs = args.rest.map(({ value }) => value);
      const [first] = xs;
      if (first === undefined)
        site.fail('E6701', '`map` needs something to run over', { hint: '`map(fn(x) = ..., xs)`' });
      if (xs.every((x) => x.kind === 'list')) return mapLists(xs, args, site);
      const walk = walkOf(args, site, xs);
      const turn = (_: Value, x: Value): readonly [Value, Value] => {
        const parts = x.kind === 'tuple' ? x.fields.map(({ value }) => value) : [x];
        return [
          unit,
          site.call(
            args.required('fn'),
            parts.map((part) => argument(part, site.span)),
          ),
        ];
      };
      return loop({ ...walk, xs: tupleOf(xs) }, unit, turn, 'map', site).ys;
    },
  ),
];

function argument(value: Value, span: Span): { readonly name: undefined; readonly value: Value; readonly span: Span } {
  return { name: undefined, value, span };
}

function tupleOf(values: readonly Value[]): TupleValue {
  return { kind: 'tuple', fields: values.map((value) => ({ name: undefined, value })) };
}

function mapLists(xs: readonly Extract<Value, { kind: 'list' }>[], args: BoundArguments, site: CallSite): Value {
  const [first] = xs;
  const length = first?.elements.length ?? 0;
  const other = xs.find(({ elements }) => elements.length !== length);
  if (other !== undefined) site.fail('E6710', `the lists have ${length} and ${other.elements.length} elements`);
  const elements = Array.from({ length }, (_, index) =>
    site.call(
      args.required('fn'),
      xs.map((list) => argument(list.elements[index] ?? { kind: 'unknown' }, site.span)),
    ),
  );
  return { kind: 'list', elements, count: first?.count };
}

interface Walk {
  readonly xs: Value;
  readonly axis: number;
  readonly length: Dimension;
  readonly isReverse: boolean;
}

/** The axis and its length, the same for every tensor. */
function walkOf(args: BoundArguments, site: CallSite, xs: readonly Value[]): Walk {
  const leaves = xs.flatMap((x) => leavesOf(x, '', (other) => notTensor(other, site)));
  const [first] = leaves;
  if (first === undefined) return site.fail('E6705', `\`${args.builtin.name}\` needs a tensor to run along`);
  const axis = args.axis('axis', first.tensor.dims.length) ?? 0;
  if (first.tensor.dims.length === 0) site.fail('E6314', 'a scalar has no axis to run along');
  const length = dimAt(first.tensor, axis);
  for (const { tensor } of leaves) {
    const dim = tensor.dims[axis];
    if (dim !== undefined && compareDimensions(dim, length) !== 'different') continue;
    const got = dim === undefined ? 'no such axis' : dimensionText(dim);
    site.fail('E6316', `the sizes along axis ${axis} are ${dimensionText(length)} and ${got}`, {
      notes: [{ message: describeKind(tensor), span: tensor.origin }],
    });
  }
  const [only] = xs;
  const reverse = args.builtin.name === 'scan' && args.bool('reverse') === true;
  return { xs: xs.length === 1 && only !== undefined ? only : tupleOf(xs), axis, length, isReverse: reverse };
}

function notTensor(value: Value, site: CallSite): TensorValue {
  if (value.kind === 'unknown') throw new UnknownOperand();
  if (isLiteral(value))
    return literalTensor(value, value.kind === 'int' ? 'i32' : value.kind === 'bool' ? 'i1' : 'f32', site.span, site);
  return site.fail('E6705', `a tensor, or a tree of them, is wanted here, not ${describeKind(value)}`);
}

function splitResult(result: Value, span: Span, site: CallSite): readonly [Value, Value] {
  if (result.kind === 'unknown') throw new UnknownOperand();
  const fields = result.kind === 'tuple' ? result.fields : [];
  const [carry, y] = fields;
  if (carry !== undefined && y !== undefined && fields.length === 2) return [carry.value, y.value];
  return site.fail(
    'E6711',
    `the function of \`scan\` gives the next carry and a result, \`(carry, y)\`, not ${describeKind(result)}`,
    {
      span,
      hint: 'give `()` for a result that is not needed: `(carry, ())`',
    },
  );
}

/** One loop: a counter, the carry, and a buffer for each tensor of the results. */
function loop(
  walk: Walk,
  init: Value,
  turn: (carry: Value, x: Value) => readonly [carry: Value, y: Value],
  kind: 'loop' | 'map',
  site: CallSite,
): { readonly carry: Value; readonly ys: Value } {
  const el = elaborationOf(site);
  const { ops } = site;
  const step = (index: TensorValue, carry: Value): readonly [Value, Value] => turn(carry, elementOf(walk, index, site));
  const zero = ops.constant(0, 'i32');
  const buffers = buffersFor(el, walk, () => step(zero, init)[1], kind, site);
  if (constantOf(walk.length) === 0) return { carry: init, ys: buffers };
  const name = kind === 'map' ? '`map`' : '`scan`';
  const results = runTimeLoop(el, {
    span: site.span,
    kind,
    carried: [
      { before: zero, name: 'the counter', declared: undefined },
      { before: init, name: `the carry of ${name}`, declared: undefined },
      { before: buffers, name: `the results of ${name}`, declared: undefined },
    ],
    condition: ([index]) => ops.compare('LT', asTensor(index), ops.size(walk.length)),
    turn: ([counter, carry, collected]) => {
      const index = asTensor(counter);
      const [next, y] = step(index, carry ?? unit);
      const after = store(walk, collected ?? unit, y, index, site);
      return [ops.elementwise(add, [index, ops.constant(1, 'i32')]), next, after];
    },
  });
  return { carry: results[1] ?? unit, ys: results[2] ?? unit };
}

function asTensor(value: Value | undefined): TensorValue {
  if (value?.kind !== 'tensor') throw new UnknownOperand();
  return value;
}

/** Where turn `counter` stands along the axis. */
function positionOf(walk: Walk, counter: TensorValue, site: CallSite): TensorValue {
  if (!walk.isReverse) return counter;
  const last = site.ops.size(subtractDimensions(walk.length, constantDimension(1)));
  return site.ops.elementwise(subtract, [last, counter]);
}

/** Start indices: the position along the axis, 0 elsewhere. */
function startsAt(position: TensorValue, rank: number, axis: number, site: CallSite): readonly TensorValue[] {
  const zero = site.ops.constant(0, 'i32');
  return Array.from({ length: rank }, (_, index) => (index === axis ? position : zero));
}

/** The slice of every tensor at a position, without the axis. */
function elementOf(walk: Walk, counter: TensorValue, site: CallSite): Value {
  const position = positionOf(walk, counter, site);
  return mapLeaves(walk.xs, (x) => {
    const dims = x.dims.with(walk.axis, constantDimension(1));
    const window = site.ops.dynamicSlice(x, startsAt(position, dims.length, walk.axis, site), dims);
    return site.ops.reshape(window, dims.toSpliced(walk.axis, 1));
  });
}

function mapLeaves(value: Value, visit: (leaf: TensorValue) => Value): Value {
  switch (value.kind) {
    case 'tensor':
      return visit(value);
    case 'tuple':
      return {
        kind: 'tuple',
        fields: value.fields.map((field) => ({ name: field.name, value: mapLeaves(field.value, visit) })),
      };
    case 'list':
      return { ...value, elements: value.elements.map((element) => mapLeaves(element, visit)) };
    case 'alias':
    case 'bool':
    case 'builtin':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'instance':
    case 'int':
    case 'model':
    case 'module':
    case 'str':
    case 'type':
    case 'unknown':
      return value;
  }
}

/** Where results go: zeros of their shapes with the axis put in. What a result is, a trial tells. */
function buffersFor(el: Elaboration, walk: Walk, result: () => Value, kind: 'loop' | 'map', site: CallSite): Value {
  const holder: { value: Value | undefined } = { value: undefined };
  const trial = el.trial(site.span, () => {
    el.inFrame(kind, site.span, el.ops.builder.block, () => {
      holder.value = result();
    });
  });
  if (holder.value === undefined || holder.value.kind === 'unknown') return el.giveUp(trial);
  return mapLeaves(withTensors(holder.value, site), (y) => site.ops.constant(0, y.dtype, withAxis(walk, y)));
}

/** Numbers that a function gives as results are tensors here. */
function withTensors(value: Value, site: CallSite): Value {
  if (value.kind === 'unknown') throw new UnknownOperand();
  if (value.kind === 'tuple') {
    return {
      kind: 'tuple',
      fields: value.fields.map((field) => ({ name: field.name, value: withTensors(field.value, site) })),
    };
  }
  if (value.kind === 'list') return { ...value, elements: value.elements.map((element) => withTensors(element, site)) };
  return value.kind === 'tensor' ? value : notTensor(value, site);
}

function resultAxis(walk: Walk, y: TensorValue): number {
  return Math.min(walk.axis, y.dims.length);
}

function withAxis(walk: Walk, y: TensorValue): readonly Dimension[] {
  return y.dims.toSpliced(resultAxis(walk, y), 0, walk.length);
}

/** The buffers with the results of one turn put in. */
function store(walk: Walk, buffers: Value, y: Value, counter: TensorValue, site: CallSite): Value {
  const position = positionOf(walk, counter, site);
  const results = leavesOf(withTensors(y, site), '', (other) => notTensor(other, site));
  let index = 0;
  return mapLeaves(buffers, (buffer) => {
    const result = results[index++]?.tensor;
    if (result === undefined) throw new UnknownOperand();
    const axis = resultAxis(walk, result);
    const update = site.ops.reshape(result, result.dims.toSpliced(axis, 0, constantDimension(1)));
    return site.ops.dynamicUpdateSlice(buffer, update, startsAt(position, update.dims.length, axis, site));
  });
}
