/**
 * Every op Tessera knows. A new op is a definition file and its line in one family list; `OpName` and all tables typed by it
 * follow.
 */
import type { OpDefinition } from '../op-definition.ts';
import { chloOps } from './families/chlo.ts';
import { collectiveOps } from './families/collective.ts';
import { contractionOps } from './families/contraction.ts';
import { controlOps } from './families/control.ts';
import { elementwiseOps } from './families/elementwise.ts';
import { shapeOps } from './families/shape.ts';
import { shardyOps } from './families/shardy.ts';
import { tesseraOps } from './families/tessera.ts';

export const definitions = [
  ...elementwiseOps,
  ...shapeOps,
  ...contractionOps,
  ...controlOps,
  ...collectiveOps,
  ...chloOps,
  ...shardyOps,
  ...tesseraOps,
] as const;

export type OpName = (typeof definitions)[number]['name'];

const byName: ReadonlyMap<string, OpDefinition> = new Map(
  definitions.map((definition: OpDefinition) => [definition.name, definition]),
);

/** The definition of a full name such as `stablehlo.add`. */
export function lookupOp(name: string): OpDefinition | undefined {
  return byName.get(name);
}

export function allOpNames(): readonly string[] {
  return [...byName.keys()];
}
