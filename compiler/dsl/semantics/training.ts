/**
 * `export train step = minimize(loss, nn.adam(rate: 0.001))`: a training step made of a loss and an optimiser. It stands for
 *
 *     step_optimiser: nn.adam(rate: 0.001)(params)
 *
 *     export mut fn step[n](x: f32[n, 3], y: i32[n]) -> (loss: f32) {
 *       let (l, g) = value_and_grad(loss, wrt: params)(x, y)
 *       params := step_optimiser.update(params, g)
 *       (loss: l)
 *     }
 *
 * with the binders and parameters of `loss`; the optimiser's state is kept under the name of the step.
 */
import type { Span } from '../../../ir/source.ts';
import type { Block, Call, ExportBinding, Expr, Fn, Identifier } from '../syntax/ast.ts';
import { parameterName } from './calls.ts';
import { isCallable } from './conform.ts';
import type { Elaboration } from './elaboration.ts';
import type { Instance } from './instance.ts';
import { UnknownOperand } from './language-error.ts';
import { modelTree } from './model-tree.ts';
import { describeKind } from './type-text.ts';
import type { Value } from './values.ts';

export interface TrainingStep {
  readonly fn: Fn;
  readonly optimiser: Value;
  /** The name under which the function finds the optimiser. */
  readonly optimiserName: string;
}

export function trainingStep(el: Elaboration, binding: ExportBinding, instance: Instance): TrainingStep {
  const { name, value } = binding;
  const call = minimizeCall(el, binding, value);
  const [loss, optimiser] = ['loss', 'optimiser'].map((wanted, index) => argumentOf(el, call, wanted, index));
  if (loss === undefined || optimiser === undefined) throw new UnknownOperand();
  const lossValue = el.evaluate(loss, instance.scope);
  if (lossValue.kind === 'unknown') throw new UnknownOperand();
  if (lossValue.kind !== 'fn' || lossValue.declaration.kind !== 'fn') {
    return el.fail(
      'E6813',
      loss.span,
      `\`minimize\` takes a declared function that gives the loss, not ${describeKind(lossValue)}`,
    );
  }
  const maker = el.evaluate(optimiser, instance.scope);
  if (!isCallable(maker)) {
    return el.fail(
      'E6813',
      optimiser.span,
      `\`minimize\` takes an optimiser such as \`nn.adam(rate: 0.001)\`, not ${describeKind(maker)}`,
    );
  }
  const tree = { name: undefined, value: modelTree(el, instance, 'param'), span: optimiser.span };
  const made = el.call(maker, [tree], optimiser.span);
  const optimiserName = `${name.text} optimiser`;
  return { fn: stepFunction(binding, lossValue.declaration, loss, optimiserName), optimiser: made, optimiserName };
}

function minimizeCall(el: Elaboration, binding: ExportBinding, value: Expr): Call {
  if (value.kind === 'call' && value.callee.kind === 'name' && value.callee.text === 'minimize') return value;
  return el.fail('E6813', binding.value.span, 'a training step is `minimize(loss, optimiser)`', {
    hint: 'write `export train step = minimize(loss, nn.adam(rate: 0.001))`',
  });
}

function argumentOf(el: Elaboration, call: Call, name: string, index: number): Expr {
  const named = call.arguments.find((argument) => argument.name?.text === name);
  const positional = call.arguments.filter((argument) => argument.name === undefined)[index];
  const found = named ?? positional;
  if (found !== undefined && call.arguments.length === 2) return found.value;
  return el.fail('E6206', call.span, '`minimize` takes the loss and the optimiser', {
    hint: 'write `minimize(loss, nn.adam(rate: 0.001))`',
  });
}

/** The function that the binding stands for; every part of it stands where the binding does. */
function stepFunction(binding: ExportBinding, loss: Fn, lossExpr: Expr, optimiserName: string): Fn {
  const { span } = binding.value;
  const name = (text: string): Expr => ({ kind: 'name', text, span });
  const ident = (text: string): Identifier => ({ text, span });
  const inputs = loss.parameters.map((parameter) => ({
    name: undefined,
    value: name(parameterName(parameter) ?? '_'),
    span,
  }));
  const derivative = callOf(name('value_and_grad'), [lossExpr, ['wrt', name('params')]], span);
  const update = callOf(
    { kind: 'member', operand: name(optimiserName), name: ident('update'), span },
    [name('params'), name('g')],
    span,
  );
  const pattern = {
    kind: 'tuple-pattern' as const,
    span,
    elements: ['l', 'g'].map((text) => ({ kind: 'bind' as const, name: ident(text), span })),
  };
  const body: Block = {
    kind: 'block',
    span,
    statements: [
      {
        kind: 'let',
        pattern,
        type: undefined,
        value: { kind: 'call', callee: derivative, arguments: inputs, span },
        span,
      },
      { kind: 'assign', target: name('params'), value: update, span },
      { kind: 'expr', value: { kind: 'tuple', fields: [{ name: ident('loss'), value: name('l'), span }], span }, span },
    ],
  };
  return { ...loss, name: binding.name, exported: true, mut: true, result: undefined, body, span, head: binding.span };
}

function callOf(callee: Expr, args: readonly (Expr | readonly [name: string, value: Expr])[], span: Span): Call {
  return {
    kind: 'call',
    callee,
    span,
    arguments: args.map((arg) =>
      'kind' in arg ? { name: undefined, value: arg, span } : { name: { text: arg[0], span }, value: arg[1], span },
    ),
  };
}
