/** `dynamic_*` ops whose shapes are known become static ones. */
import { makeStatic, opsWithStaticForm } from '../static-forms.ts';
import { movesData, type RewriteRule } from '../rewrite-rule.ts';

export const staticFormRule: RewriteRule = Object.freeze({
  name: 'static-form',
  equation: 'dynamic_reshape(x, constant) = reshape(x), and so for the other ops with shape operands',
  floatingPoint: movesData,
  ops: opsWithStaticForm(),
  apply: makeStatic,
});
