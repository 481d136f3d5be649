/** Every builtin of the prelude by name; a new one is an entry of a family's table. */
import type { Builtin } from '../builtin.ts';
import { assertionBuiltins } from './assertions.ts';
import { constructorBuiltins } from './constructors.ts';
import { elementwiseBuiltins } from './elementwise.ts';
import { gradientBuiltins } from './gradients.ts';
import { linearAlgebraBuiltins } from './linear-algebra.ts';
import { loopBuiltins } from './loops.ts';
import { randomBuiltins } from './random.ts';
import { reductionBuiltins } from './reductions.ts';
import { shapeBuiltins } from './shapes.ts';
import { sortingBuiltins } from './sorting.ts';
import { treeBuiltins } from './trees.ts';
import { windowBuiltins } from './windows.ts';

/** The families, in the order in which the reference lists them. */
export const builtinFamilies: readonly { readonly title: string; readonly builtins: readonly Builtin[] }[] = [
  { title: 'Constructors', builtins: constructorBuiltins },
  { title: 'Elementwise', builtins: elementwiseBuiltins },
  { title: 'Reductions', builtins: reductionBuiltins },
  { title: 'Shapes', builtins: shapeBuiltins },
  { title: 'Windows', builtins: windowBuiltins },
  { title: 'Order', builtins: sortingBuiltins },
  { title: 'Linear algebra', builtins: linearAlgebraBuiltins },
  { title: 'Random numbers', builtins: randomBuiltins },
  { title: 'Loops', builtins: loopBuiltins },
  { title: 'Trees', builtins: treeBuiltins },
  { title: 'Gradients', builtins: gradientBuiltins },
  { title: 'Tests', builtins: assertionBuiltins },
];

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  builtinFamilies.flatMap((family) => family.builtins).map((entry) => [entry.name, entry]),
);
