/** E3xxx and R3xxx: what passes say. Each entry becomes a page under docs/errors. */
import type { CatalogEntry } from '../../ir/diagnostics/catalog.ts';

export const passesCatalog = {
  E3001: {
    title: 'sizes contradict each other',
    explanation:
      'The pass `refine-shapes` worked out a size that the types leave open, and another part of the program says it is different. The module is valid as it stands, since an unknown size is compatible with any, but it cannot run. Either the declared size is wrong, or the value that the size is computed from.',
  },
  R3000: {
    title: 'remark of a pass',
    explanation:
      'Not an error. With `tessera opt --remarks` a pass says at an op what it gained, or why it left the op as it is: a constant too large to fold, a loop whose trip count is not known. The message starts with the name of the pass.',
  },
} as const satisfies Readonly<Record<`${'E' | 'R'}3${number}`, CatalogEntry>>;
