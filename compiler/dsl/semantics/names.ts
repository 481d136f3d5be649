/** Names to what they stand for, and what to say of those that stand for nothing. */
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { Span } from '../../../ir/source.ts';
import { slotValue } from './binder-slot.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import { modelTree } from './model-tree.ts';
import type { Binding, Scope } from './scope.ts';
import type { Value } from './values.ts';

/** `otherwise` is the hint when no name in scope is like this one. */
export function lookupName(el: Elaboration, name: string, span: Span, scope: Scope, otherwise?: string): Binding {
  const binding = scope.lookup(name);
  if (binding !== undefined) return binding;
  return unknownName(el, name, span, scope, otherwise);
}

export function readName(el: Elaboration, name: string, span: Span, scope: Scope): Value {
  const binding = lookupName(el, name, span, scope);
  const value = readBinding(el, binding, name, span);
  el.recorder?.value(span, value, binding.span);
  return value;
}

export function readBinding(el: Elaboration, binding: Binding, name: string, span: Span): Value {
  switch (binding.kind) {
    case 'value':
      return binding.value;
    case 'cell':
      return el.read(binding.cell);
    case 'shape': {
      if (el.frame.kind === 'shapes') return binding.value;
      const notes = binding.span === undefined ? [] : [{ message: 'declared here', span: binding.span }];
      return el.fail(
        'E6605',
        span,
        `\`${name}\` is known by its type only: the model was made before any function runs`,
        {
          notes,
          hint: 'use its type (`state velocity: P = zeros`), and take the value as an argument of the function',
        },
      );
    }
    case 'lazy':
      return binding.force();
    case 'tree':
      return modelTree(el, binding.instance, binding.role);
    case 'slot': {
      const value = slotValue(binding.slot);
      if (value !== undefined) return value;
      if (el.isGeneric) throw new UnknownOperand();
      return el.fail('E6212', span, `\`${name}\` is not known here yet: no argument before this one says what it is`);
    }
  }
}

function unknownName(el: Elaboration, name: string, span: Span, scope: Scope, otherwise?: string): never {
  const names = scope.names();
  const close = nearest(name, names) ?? names.find((known) => known.toLowerCase() === name.toLowerCase());
  return el.fail('E6101', span, `there is no \`${name}\` here`, {
    hint: familiarName(name) ?? (close === undefined ? otherwise : `did you mean \`${close}\`?`),
  });
}

/** What other languages call things. */
const familiar: Readonly<Record<string, string>> = {
  None: '`()` is the empty tuple; a parameter may have a default',
  True: 'the language writes `true`',
  False: 'the language writes `false`',
  null: '`()` is the empty tuple; a parameter may have a default',
  self: 'the fields of a model are in scope in its functions: write `weight`, not `self.weight`',
  this: 'the fields of a model are in scope in its functions: write `weight`, not `this.weight`',
  float32: 'the language writes `f32`',
  float16: 'the language writes `f16`',
  float64: 'the language writes `f64`',
  int32: 'the language writes `i32`',
  int64: 'the language writes `i64`',
  print: 'a program computes values; give them as results, or look at them with `tessera run`',
  return: 'the last expression of a block is its value',
  len: '`x.shape[0]` is the size of the first axis, `xs.length` the length of a list',
};

function familiarName(name: string): string | undefined {
  return Object.hasOwn(familiar, name) ? familiar[name] : undefined;
}
