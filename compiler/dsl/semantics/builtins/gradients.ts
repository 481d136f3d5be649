/**
 * Differentiation: functions that give functions. What they compute is an op with the function's body as its region, which a later pass
 * turns into the derivative. A gradient is taken at values: at `wrt`, wherever the body uses them, or at the first argument.
 */
import { Block as IrBlock, type Operation, Region } from '../../../../ir/operation.ts';
import { isFloatDType } from '../../../../ir/dtype.ts';
import { checkpoint } from '../../../../ir/ops/tessera/checkpoint.ts';
import { gradient } from '../../../../ir/ops/tessera/gradient.ts';
import { jvp } from '../../../../ir/ops/tessera/jvp.ts';
import { stopGradient } from '../../../../ir/ops/tessera/stop-gradient.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { ArgumentValue, Builtin, BuiltinParameter } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { isCallable } from '../conform.ts';
import { type Elaboration, elaborationOf } from '../elaboration.ts';
import type { Written } from '../journal.ts';
import { UnknownOperand } from '../language-error.ts';
import { joinPath } from '../leaves.ts';
import { isLiteral, literalTensor } from '../literals.ts';
import { terminate } from '../run-time-loop.ts';
import { irType } from '../tensor-ops.ts';
import { describeKind } from '../type-text.ts';
import type { BuiltinValue, TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

export const gradientBuiltins: readonly Builtin[] = [
  builtin(
    'grad(f, wrt: = the first argument)',
    'The function that gives the gradient of `f`, a scalar, at its first argument, or at `wrt`: values that `f` uses, such as `params` or a part of it. ' +
      'What is not in `wrt` is constant. The gradient is a tree like `wrt`.',
    (args) => differentiated(args, 'grad', (given, at) => gradientOf(args, given, at).gradient),
  ),
  builtin(
    'value_and_grad(f, wrt: = the first argument)',
    'The function that gives what `f` gives and its gradient: `let (l, g) = value_and_grad(loss, wrt: params)(x, y)`. ' +
      'Where `f` gives several values, the first is differentiated.',
    (args) =>
      differentiated(args, 'value_and_grad', (given, at) => {
        const { value, gradient: tree } = gradientOf(args, given, at);
        return pair(value, tree);
      }),
  ),
  builtin(
    'jvp(f, x, dx)',
    'What `f` gives at `x`, and how it changes when `x` moves along `dx`: `(f(x), df)`. Of a function of several arguments `x` and `dx` are tuples.',
    (args, site) => forwardMode(args, site),
  ),
  builtin('stop_gradient(x)', 'The tensor or tree, taken for a constant by gradients.', (args, site) => {
    const tree = treeOf(args.required('x'), site);
    const results = site.ops.makeMany(stopGradient, tree.leaves, {}, tree.leaves);
    return tree.rebuild(results);
  }),
  builtin(
    'checkpoint(f)',
    'The function `f`, whose inner values a gradient computes again rather than keeps (Chen et al., 2016).',
    (args) => differentiated(args, 'checkpoint', (given, at) => checkpointed(args, given, at)),
  ),
];

function pair(a: Value, b: Value): Value {
  return { kind: 'tuple', fields: [a, b].map((value) => ({ name: undefined, value })) };
}

// ---------------------------------------------------------------------------------------------------------- functions

/** A function with the parameters of `f` that does something else. */
function differentiated(
  args: BoundArguments,
  name: string,
  apply: (given: readonly ArgumentValue[], site: CallSite) => Value,
): BuiltinValue {
  const f = args.required('f');
  if (f.kind === 'unknown') throw new UnknownOperand();
  if (!isCallable(f)) args.wrong('f', 'a function', f);
  const parameters = parametersOf(f);
  const made: Builtin = {
    name: `${name}(...)`,
    signature: `${name}(f)(${parameters.map((parameter) => parameter.name).join(', ')})`,
    parameters,
    doc: '',
    apply: (bound, at) => {
      const named = parameters.flatMap((parameter) => {
        const value = parameter.rest ? undefined : bound.value(parameter.name);
        return value === undefined ? [] : [{ name: parameter.name, value, span: bound.span(parameter.name) }];
      });
      return apply([...named, ...bound.rest], at);
    },
  };
  return { kind: 'builtin', builtin: made };
}

function parametersOf(f: Value): readonly BuiltinParameter[] {
  const fn = f.kind === 'instance' ? f.instance.scope.own('call') : undefined;
  const target = fn?.kind === 'value' ? fn.value : f;
  if (target.kind === 'builtin') return target.builtin.parameters;
  if (target.kind !== 'fn') return [{ name: 'xs', defaultText: undefined, rest: true, nameOnly: false }];
  const names = target.declaration.parameters.map(({ pattern }) =>
    pattern.kind === 'bind' ? pattern.name.text : undefined,
  );
  if (names.includes(undefined)) return [{ name: 'xs', defaultText: undefined, rest: true, nameOnly: false }];
  return target.declaration.parameters.map(({ defaultValue }, index) => ({
    name: names[index] ?? '',
    defaultText: defaultValue === undefined ? undefined : 'its default',
    rest: false,
    nameOnly: false,
  }));
}

// --------------------------------------------------------------------------------------------------------------- trees

interface Tree {
  readonly leaves: readonly TensorValue[];
  rebuild(leaves: readonly TensorValue[]): Value;
}

/** Tensors in order, and how to put others in their places. */
function treeOf(value: Value, site: CallSite, what = 'a tensor or a tree of tensors'): Tree {
  const leaves: TensorValue[] = [];
  const visit = (part: Value, path: string): ((results: readonly TensorValue[]) => Value) => {
    if (part.kind === 'unknown') throw new UnknownOperand();
    if (part.kind === 'tuple') {
      const fields = part.fields.map(({ name, value: field }, index) => ({
        name,
        build: visit(field, joinPath(path, name ?? String(index))),
      }));
      return (results) => ({
        kind: 'tuple',
        fields: fields.map(({ name, build }) => ({ name, value: build(results) })),
      });
    }
    if (part.kind === 'list') {
      const builds = part.elements.map((element, index) => visit(element, joinPath(path, String(index))));
      return (results) => ({ ...part, elements: builds.map((build) => build(results)) });
    }
    const tensor = isLiteral(part)
      ? literalTensor(part, part.kind === 'int' ? 'i32' : part.kind === 'bool' ? 'i1' : 'f32', site.span, site)
      : part;
    if (tensor.kind !== 'tensor') return site.fail('E6705', `${what} is wanted here, not ${describeKind(part)}`);
    const index = leaves.push(tensor) - 1;
    return (results) => results[index] ?? tensor;
  };
  const rebuild = visit(value, '');
  return { leaves, rebuild };
}

function refuseIntegers(tree: Tree, span: ArgumentValue['span'], site: CallSite): void {
  const other = tree.leaves.find(({ dtype }) => !isFloatDType(dtype));
  if (other === undefined) return;
  site.fail('E6712', `a gradient is taken at floats, not at ${describeKind(other)}`, {
    span,
    notes: [{ message: 'it comes from here', span: other.origin }],
    hint: '`wrt:` says at which values: `grad(f, wrt: x)`',
  });
}

// -------------------------------------------------------------------------------------------------------- reverse mode

function gradientOf(
  args: BoundArguments,
  given: readonly ArgumentValue[],
  site: CallSite,
): { value: Value; gradient: Value } {
  const el = elaborationOf(site);
  const wrt = args.value('wrt');
  const [first] = given;
  if (wrt === undefined && first === undefined) {
    return site.fail('E6712', 'a function without arguments needs `wrt:`', { hint: '`grad(f, wrt: params)()`' });
  }
  const span = wrt === undefined ? (first?.span ?? site.span) : args.span('wrt');
  const at = treeOf(wrt ?? first?.value ?? { kind: 'unknown' }, site);
  refuseIntegers(at, span, site);
  const block = new IrBlock(at.leaves.map(irType));
  const body = inRegion(el, block, site, () => site.call(args.required('f'), given));
  const loss = body.value.leaves[0];
  if (loss === undefined || loss.dims.length > 0 || !isFloatDType(loss.dtype)) {
    return site.fail(
      'E6713',
      `a gradient is taken of a scalar float, and the function gives ${describeKind(loss ?? body.value.rebuild([]))}`,
      {
        hint: 'make one number of it: `sum(...)` or `mean(...)`',
      },
    );
  }
  for (const [index, leaf] of at.leaves.entries()) replaceInside(leaf, block, index);
  const others = [...body.value.leaves.slice(1), ...body.writtenLeaves];
  const results = site.ops.makeMany(gradient, at.leaves, {}, [loss, ...at.leaves, ...others], [new Region(block)]);
  const [value, ...rest] = results;
  if (value === undefined) throw new UnknownOperand();
  const extra = rest.slice(at.leaves.length);
  body.write(extra.slice(body.value.leaves.length - 1));
  return { value: body.value.rebuild([value, ...extra]), gradient: at.rebuild(rest.slice(0, at.leaves.length)) };
}

/** Uses of the value within the block become uses of the block's argument. */
function replaceInside(leaf: TensorValue, block: IrBlock, index: number): void {
  const argument = block.argument(index);
  for (const use of leaf.ir.uses()) if (isInside(use.owner, block)) use.set(argument);
}

function isInside(op: Operation, block: IrBlock): boolean {
  for (let at = op.block; at !== undefined; at = at.region?.parentOp?.block) if (at === block) return true;
  return false;
}

interface RegionBody {
  readonly value: Tree;
  readonly writtenLeaves: readonly TensorValue[];
  /** Gives the cells that the body writes these values. */
  write(leaves: readonly TensorValue[]): void;
}

/** Elaborates a body into the block, which returns the leaves of its value, then those of what it writes. */
function inRegion(el: Elaboration, block: IrBlock, site: CallSite, body: () => Value): RegionBody {
  const { result: value, written } = el.inFrame('gradient', site.span, block, () => treeOf(body(), site));
  const trees = written.map(({ cell, value: after }: Written) => ({
    cell,
    tree: treeOf(after ?? { kind: 'unknown' }, site),
  }));
  const writtenLeaves = trees.flatMap(({ tree }) => tree.leaves);
  el.ops.inBlock(block, () => terminate(el, [...value.leaves, ...writtenLeaves], site.span));
  return {
    value,
    writtenLeaves,
    write: (leaves) => {
      let start = 0;
      for (const { cell, tree } of trees) {
        el.journal.write(cell, tree.rebuild(leaves.slice(start, start + tree.leaves.length)));
        start += tree.leaves.length;
      }
    },
  };
}

// -------------------------------------------------------------------------------------------------------- forward mode

function forwardMode(args: BoundArguments, site: CallSite): Value {
  const el = elaborationOf(site);
  const [x, dx] = [args.required('x'), args.required('dx')];
  const at = treeOf(x, site);
  const along = treeOf(dx, site);
  refuseIntegers(at, args.span('x'), site);
  const isSame =
    at.leaves.length === along.leaves.length &&
    at.leaves.every((leaf, index) => irType(leaf) === irType(along.leaves[index] ?? leaf));
  if (!isSame) {
    site.fail('E6710', `\`dx\` is like \`x\`: ${describeKind(x)} and ${describeKind(dx)} differ`, {
      span: args.span('dx'),
    });
  }
  const block = new IrBlock(at.leaves.map(irType));
  const inner = at.rebuild(at.leaves.map((leaf, index) => ({ ...leaf, ir: block.argument(index) })));
  const given = inner.kind === 'tuple' ? inner.fields.map((field) => field.value) : [inner];
  const call = (): Value =>
    site.call(
      args.required('f'),
      given.map((value) => ({ name: undefined, value, span: args.span('x') })),
    );
  const body = inRegion(el, block, site, call);
  const outputs = [...body.value.leaves, ...body.writtenLeaves];
  const operands = [...at.leaves, ...along.leaves];
  const results = site.ops.makeMany(jvp, operands, {}, [...outputs, ...outputs], [new Region(block)]);
  body.write(results.slice(body.value.leaves.length, outputs.length));
  return pair(body.value.rebuild(results), body.value.rebuild(results.slice(outputs.length)));
}

function checkpointed(args: BoundArguments, given: readonly ArgumentValue[], site: CallSite): Value {
  const el = elaborationOf(site);
  const block = new IrBlock();
  const body = inRegion(el, block, site, () => site.call(args.required('f'), given));
  const outputs = [...body.value.leaves, ...body.writtenLeaves];
  const results = site.ops.makeMany(checkpoint, [], {}, outputs, [new Region(block)]);
  body.write(results.slice(body.value.leaves.length));
  return body.value.rebuild(results);
}
