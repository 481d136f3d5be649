/** E61xx: names, members and modules. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

export const namesCatalog = {
  E6101: {
    title: 'unknown name',
    explanation:
      'The name is not a local, a parameter, a member of the model, an item of the file or of the prelude. ' +
      'A dimension is only known where a binder introduces it: `fn f[n](x: f32[n])`. The message offers the nearest name there is.',
    example: 'fn f[n](x: f32[n]) = sofmax(x)\n',
    corrected: 'fn f[n](x: f32[n]) = softmax(x)\n',
  },
  E6102: {
    title: 'unknown member',
    explanation:
      'What stands before the dot has no member of this name. Records have their fields, tuples `0`, `1`, ...; models their fields and functions, modules their items, tensors `shape`, `rank` and `dtype`.',
    example: 'fn f[n](x: f32[n]) = x.shap\n',
    corrected: 'fn f[n](x: f32[n]) = x.shape\n',
  },
  E6103: {
    title: 'defined twice',
    explanation: 'Two items of a file, two members of a model, or two parameters of a function have one name.',
    example: 'fn f(x: f32) = x\nfn f(x: f32) = -x\n',
    corrected: 'fn f(x: f32) = x\nfn g(x: f32) = -x\n',
  },
  E6104: {
    title: 'unknown module',
    explanation:
      'The standard library has no module of this name. Files of your own are used by path: `use "./layers.tess"`.',
    example: 'use nm\n',
    corrected: 'use nn\n',
  },
  E6105: {
    title: 'a used file cannot be read',
    explanation: 'The path of a `use` is relative to the file that says it.',
    example: 'use "./nowhere.tess"\n',
  },
  E6106: {
    title: 'files that use each other',
    explanation:
      'The file is being read because another needs it that it uses itself. Move what both need into a third file.',
  },
  E6107: {
    title: 'the module has no such item',
    explanation: 'The names in parentheses after `use` are items of the module.',
    example: 'use nn (Dnse)\n',
    corrected: 'use nn (Dense)\n',
  },
  E6108: {
    title: 'a constant that needs itself',
    explanation: 'The value of a `let` of a file or model asks for itself, by itself or through others.',
    example: 'let a = b + 1\nlet b = a + 1\nfn f(x: f32) = x + a\n',
    corrected: 'let a = b + 1\nlet b = 1\nfn f(x: f32) = x + a\n',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
