/** E6070 to E6082: declarations. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

export const declarationsCatalog = {
  E6070: {
    title: 'function without a body',
    explanation: 'After its signature a function has `= value` or a block.',
    example: 'fn f(x: f32) -> f32\n',
    corrected: 'fn f(x: f32) -> f32 = x\n',
  },
  E6071: {
    title: 'missing `->`',
    explanation: 'The type of the result stands after `->`.',
    example: 'fn f(x: f32): f32 = x\n',
    corrected: 'fn f(x: f32) -> f32 = x\n',
  },
  E6072: {
    title: 'parameter without a name of its own',
    explanation:
      'A parameter of a function or model with a name has one name too, by which callers can give it. Only `fn((a, b)) = ...` takes its arguments apart.',
    example: 'fn f((a, b): (f32, f32)) -> f32 = a + b\n',
    corrected: 'fn f(p: (f32, f32)) -> f32 {\n  let (a, b) = p\n  a + b\n}\n',
  },
  E6073: {
    title: 'words before a declaration',
    explanation: '`export` and `mut` come in this order, each at most once.',
    example: 'mut export fn f(x: f32) -> f32 = x\n',
    corrected: 'export mut fn f(x: f32) -> f32 = x\n',
  },
  E6074: {
    title: 'not exported',
    explanation:
      '`export` marks what an artifact offers to its callers: a model, its functions, a training step. Other files see all declarations of a file anyway.',
    example: 'export let rate = 0.5\n',
    corrected: 'let rate = 0.5\n',
  },
  E6075: {
    title: 'unknown kind of binder',
    explanation:
      'A declaration is generic in dimensions (`n`, several: `...s`), trees of tensors (`P: tree`), dtypes (`T: dtype`) or types (`T: type`). Numbers and the like are parameters.',
    example: 'fn f[n: int](x: f32[n]) = x\n',
    corrected: 'fn f[n](x: f32[n]) = x\n',
  },
  E6076: {
    title: 'malformed annotation',
    explanation:
      '`@name("...")` before a `param`, a `state` or a sub-model says how it is called in files of weights. There is no other. At the start of a line `@x` is read as an annotation; the matrix product is written `@ x` there.',
    example: 'model Net {\n  @rename("w")\n  param weight: f32 = ones\n}\n',
    corrected: 'model Net {\n  @name("w")\n  param weight: f32 = ones\n}\n',
  },
  E6077: {
    title: 'parameter of a model without a type',
    explanation: 'A `param` says its type, since its initial value has no shape of its own.',
    example: 'model Net {\n  param weight = ones\n}\n',
    corrected: 'model Net {\n  param weight: f32[4] = ones\n}\n',
  },
  E6078: {
    title: 'test without a name',
    explanation: 'A test has a name in double quotes.',
    example: 'test {\n  assert(1 + 1 == 2)\n}\n',
    corrected: 'test "adds" {\n  assert(1 + 1 == 2)\n}\n',
  },
  E6079: {
    title: 'malformed `use`',
    explanation:
      '`use nn` takes a module of the library, `use nn.losses as l` under another name, `use nn (Dense, relu)` some of its names, `use "./file.tess"` a file.',
    example: 'use nn (Dense as D)\n',
    corrected: 'use nn (Dense)\n',
  },
  E6080: {
    title: '`mut` where nothing is exported',
    explanation: '`mut` stands before `fn`: a function that writes state. A local that changes is `var`.',
    example: 'fn f(x: f32) -> f32 {\n  let mut y = x\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  var y = x\n  y\n}\n',
  },
  E6081: {
    title: 'missing name',
    explanation: 'A declaration, a pattern or a member has a name. Names start with a letter or `_`.',
    example: 'fn (x: f32) -> f32 = x\n',
    corrected: 'fn f(x: f32) -> f32 = x\n',
  },
  E6082: {
    title: 'function without parameters',
    explanation:
      'Parameters are in parentheses, also where there are none: `fn f()`. What a function is generic in comes before them in brackets.',
    example: 'fn f<n>(x: f32[n]) = x\n',
    corrected: 'fn f[n](x: f32[n]) = x\n',
  },
} as const satisfies Record<`E60${number}`, CatalogEntry>;
