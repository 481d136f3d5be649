import { anyAttribute, text } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';

export const mesh = defineOp({
  name: 'sdy.mesh',
  code: 'E2801',
  summary:
    'A named mesh of devices, which sharding attributes refer to. Carried and printed; Tessera runs on one device.',
  spec: 'shardy: sdy_dialect.md#sdymesh_sdymeshop',
  operands: [],
  results: [],
  attributes: { sym_name: text(), mesh: anyAttribute() },
  traits: ['symbol'],
  effects: 'effect',
  assembly: 'custom<CustomCallTarget>($sym_name) `=` custom<OpaqueBody>($mesh) attr-dict',
  evaluate: () => [],
});
