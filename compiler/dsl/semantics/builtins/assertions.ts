/** What tests claim. */
import { abs } from '../../../../ir/ops/stablehlo/abs.ts';
import { add } from '../../../../ir/ops/stablehlo/add.ts';
import { multiply } from '../../../../ir/ops/stablehlo/multiply.ts';
import { subtract } from '../../../../ir/ops/stablehlo/subtract.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { type Assertion, elaborationOf } from '../elaboration.ts';
import { unit } from '../unit.ts';
import { alike } from '../operators.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

export const assertionBuiltins: readonly Builtin[] = [
  builtin(
    'assert(condition, message = "")',
    'In a test: fails unless the condition holds, everywhere where it is a mask.',
    (args, site) => {
      const condition = args.tensorOf('condition', ['boolean']);
      return claim(args, site, { holds: all(condition, site), difference: undefined });
    },
  ),
  builtin(
    'assert_close(a, b, tolerance = 1e-5, message = "")',
    'In a test: fails unless `|a - b| <= tolerance * (1 + |b|)` everywhere; `a` and `b` broadcast.',
    (args, site) => {
      const [a, b] = alike(
        'assert_close',
        { value: args.required('a'), span: args.span('a') },
        { value: args.required('b'), span: args.span('b') },
        site,
      );
      const [x, y] = [asDouble(a, site), asDouble(b, site)];
      const { ops } = site;
      const tolerance = ops.constant(args.float('tolerance') ?? 1e-5, 'f64', x.dims);
      const difference = ops.elementwise(abs, [ops.elementwise(subtract, [x, y])]);
      const one = ops.constant(1, 'f64', x.dims);
      const allowed = ops.elementwise(multiply, [tolerance, ops.elementwise(add, [one, ops.elementwise(abs, [y])])]);
      // Equal infinities differ by NaN, which is no difference.
      const isClose = ops.select(
        ops.compare('EQ', x, y),
        ops.constant(1, 'i1', x.dims),
        ops.compare('LE', difference, allowed),
      );
      const axes = x.dims.map((_, axis) => axis);
      return claim(args, site, { holds: all(isClose, site), difference: ops.reduce(difference, axes, 'maximum') });
    },
  ),
];

function asDouble(x: TensorValue, site: CallSite): TensorValue {
  return site.ops.convert(x, 'f64');
}

function all(mask: TensorValue, site: CallSite): TensorValue {
  return site.ops.reduce(
    mask,
    mask.dims.map((_, axis) => axis),
    'and',
  );
}

function claim(args: BoundArguments, site: CallSite, result: Pick<Assertion, 'holds' | 'difference'>): Value {
  const el = elaborationOf(site);
  const { frame } = el;
  if (frame.kind === 'export') {
    return site.fail('E6812', `\`${args.builtin.name}\` stands in tests, and artifacts check nothing when they run`, {
      hint: 'move it to a `test "..." { }` block',
    });
  }
  if (frame.assertions !== undefined && el.journal.depth > 0) {
    return site.fail('E6811', `\`${args.builtin.name}\` stands in a loop or branch that is decided at run time`, {
      hint: 'assert after the loop what it computed',
    });
  }
  const message = args.string('message');
  frame.assertions?.push({ ...result, span: site.span, message: message === '' ? undefined : message });
  return unit;
}
