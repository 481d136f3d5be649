import { optional, text } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';

export const moduleOp = defineOp({
  name: 'builtin.module',
  code: 'E2401',
  summary: 'A list of functions and nested modules, found by their symbol names.',
  spec: 'tessera',
  operands: [],
  results: [],
  attributes: { sym_name: optional(text()), sym_visibility: optional(text()) },
  regions: [{ name: 'bodyRegion' }],
  traits: ['isolated', 'symbol', 'symbol-table'],
  effects: 'effect',
  assembly: 'custom<ModuleOp>()',
  evaluate(_site, _inputs, context) {
    throw context.unsupported('a module inside a function');
  },
});
