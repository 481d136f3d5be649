/** E65xx: the compile-time run of a program; E66xx: models; E68xx: exports and tests. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

export const programsCatalog = {
  E6501: {
    title: 'too many steps at compile time',
    explanation:
      'Loops over compile-time values are unrolled, and a program may take half a million steps: expressions that are evaluated, elements of lists. Repeat at run time with `scan`, `map` or `while` over tensors.',
    example: 'fn f(x: f32) {\n  var y = x\n  for i in 0..100000000 { y := y }\n  y\n}\n',
    corrected: 'fn f(x: f32) {\n  var y = x\n  for i in 0..100 { y := y }\n  y\n}\n',
  },
  E6502: {
    title: 'a function that calls itself',
    explanation:
      'Functions are elaborated where they are called, so one that calls itself, or calls another that calls it, would never end.',
    example: 'fn f(x: f32) -> f32 = f(x) + 1\n',
    corrected: 'fn f(x: f32) -> f32 = x + 1\n',
  },
  E6503: {
    title: 'a number must be known at compile time',
    explanation: 'Bounds of compile-time ranges, lengths of lists and indices of lists are numbers at compile time.',
    example: 'fn f(n: i32, x: f32) {\n  var y = x\n  for i in 0..n { y := y + x }\n  y\n}\n',
    corrected: 'fn f(x: f32) {\n  var y = x\n  for i in 0..3 { y := y + x }\n  y\n}\n',
  },
  E6504: {
    title: 'a value that is too large',
    explanation:
      'Tuples, lists and strings are values at compile time, of up to 262144 parts. What is large and made of numbers is a tensor.',
    example: 'fn f(x: f32) {\n  var s = "ab"\n  for i in 0..64 { s := s + s }\n  x\n}\n',
    corrected: 'fn f(x: f32) {\n  var s = "ab"\n  for i in 0..8 { s := s + s }\n  x\n}\n',
  },
  E6505: {
    title: 'calls too deep',
    explanation:
      'Calls, models and named types may stand 200 deep inside each other. A type that names itself gets there too.',
    example: 'type A = (f32, A)\nfn f(x: A) = x\n',
    corrected: 'type A = (f32, f32)\nfn f(x: A) = x\n',
  },
  E6601: {
    title: 'a parameter without an initial value',
    explanation:
      'A `param` or `state` says what it starts from: a number, a tensor, or a function of its type such as `zeros` or `nn.glorot`.',
    example: 'export model M {\n  param w: f32[3]\n  export fn f() -> f32[3] = w\n}\n',
    corrected: 'export model M {\n  param w: f32[3] = zeros\n  export fn f() -> f32[3] = w\n}\n',
  },
  E6602: {
    title: 'a field that is no tensor',
    explanation: 'Parameters and state are tensors, or records, tuples and lists of a known length of tensors.',
    example: 'model M {\n  param rate: float = 0.5\n}\n',
    corrected: 'model M {\n  param rate: f32 = 0.5\n}\n',
  },
  E6603: {
    title: 'a model made in a function',
    explanation:
      "A model has parameters that someone must keep: it is made as a field of another model, or in a test. In a function its parameters would be nobody's.",
    example: 'model A {\n  param w: f32 = zeros\n  fn call(x: f32) = w * x\n}\nfn f(x: f32) = A()(x)\n',
    corrected:
      'model A {\n  param w: f32 = zeros\n  fn call(x: f32) = w * x\n}\nmodel B {\n  a: A()\n  fn call(x: f32) = a(x)\n}\n',
  },
  E6604: {
    title: 'a model that holds itself',
    explanation: 'A model cannot have itself as a field, by itself or through others.',
    example: 'model A {\n  inner: A()\n}\n',
    corrected: 'model A {\n  param w: f32 = zeros\n}\n',
  },
  E6605: {
    title: 'only the type of an argument is known',
    explanation:
      'A tensor given to a model when it is made has no value then; the model knows its type (`velocity: P = zeros`). Values come to its functions.',
    example:
      'model A[P: tree](like: P) {\n  fn call() = like\n}\nexport model M {\n  param w: f32 = zeros\n  a: A(params)\n  export fn f() -> (w: f32) = a()\n}\n',
  },
  E6606: {
    title: 'a model without `call`',
    explanation: 'Calling a model calls its function `call`. This one has none: call one of its functions by name.',
    example: 'model A {\n  param w: f32 = zeros\n}\nmodel B {\n  a: A()\n  fn call(x: f32) = a(x)\n}\n',
    corrected:
      'model A {\n  param w: f32 = zeros\n  fn call(x: f32) = w * x\n}\nmodel B {\n  a: A()\n  fn call(x: f32) = a(x)\n}\n',
  },
  E6607: {
    title: 'a state without a type',
    explanation: 'Only `state key`, an RNG key, may leave out its type, `u32[2]`.',
    example: 'model A {\n  state count\n}\n',
    corrected: 'model A {\n  state count: i32 = zeros\n}\n',
  },
  E6608: {
    title: 'the initial value does not fit',
    explanation:
      'An initial value is a tensor of the declared type, a number, or a function of the type, or of the type and a key: `fn(t: type, key: u32[2])`.',
    example: 'export model M {\n  param w: f32[3] = "zeros"\n  export fn f() -> f32[3] = w\n}\n',
    corrected: 'export model M {\n  param w: f32[3] = zeros\n  export fn f() -> f32[3] = w\n}\n',
  },
  E6609: {
    title: 'two fields have one name',
    explanation: 'A name in `@name("...")` is the name of another parameter or state of the artifact too.',
    example:
      'export model M {\n  @name("w")\n  param a: f32 = zeros\n  param w: f32 = zeros\n  export fn f() -> f32 = a + w\n}\n',
    corrected:
      'export model M {\n  @name("v")\n  param a: f32 = zeros\n  param w: f32 = zeros\n  export fn f() -> f32 = a + w\n}\n',
  },
  E6610: {
    title: 'a field that is no model',
    explanation:
      '`name: value` makes a sub-model, or a list of them. Constants are written `let name = value`, tensors `param` or `state`.',
    example: 'model A {\n  rate: 0.5\n}\n',
    corrected: 'model A {\n  let rate = 0.5\n}\n',
  },
  E6611: {
    title: 'one model several times in a list',
    explanation:
      '`[m; 3]` would hold one model three times, with one set of parameters. A comprehension makes one for each.',
    example: 'model A {\n  param w: f32 = zeros\n}\nmodel B {\n  as: [A(); 3]\n}\n',
    corrected: 'model A {\n  param w: f32 = zeros\n}\nmodel B {\n  as: [A() for i in 0..3]\n}\n',
  },
  E6801: {
    title: 'more than one exported model',
    explanation: 'An artifact has one exported model; its functions share the parameters.',
    example:
      'export model A {\n  export fn f(x: f32) -> f32 = x\n}\nexport model B {\n  export fn f(x: f32) -> f32 = x\n}\n',
    corrected: 'export model A {\n  export fn f(x: f32) -> f32 = x\n}\nmodel B {\n  fn f(x: f32) -> f32 = x\n}\n',
  },
  E6802: {
    title: 'a dimension is left open',
    explanation:
      'What is compiled has sizes. Give each binder of the exported function one: `--dim n=64`, or `--dim predict.n=64`. `--dim n=..64` compiles for any size up to 64, but where a number is needed at compile time: how often a `for` is unrolled, how long a list is, the `k` of `top_k`.',
  },
  E6803: {
    title: 'an exported function takes what is no tensor',
    explanation:
      'The inputs of an artifact are tensors, and records, tuples and lists of them. What is known at compile time is `static`, and given with `--set` or a default.',
    example: 'export fn f(g: fn(f32) -> f32, x: f32) -> f32 = g(x)\n',
    corrected: 'export fn f(x: f32) -> f32 = sin(x)\n',
  },
  E6804: {
    title: 'a compile-time parameter is not given',
    explanation:
      'A parameter of the exported model, or a `static` one of an exported function, has no default: give it with `--set name=value`.',
  },
  E6805: {
    title: 'no such dimension',
    explanation: 'A `--dim` names a binder that the exported functions do not have.',
  },
  E6806: {
    title: 'no such parameter',
    explanation: 'A `--set` names a parameter that the exported model and its functions do not have at compile time.',
  },
  E6807: {
    title: 'an exported function gives what is no tensor',
    explanation: 'The outputs of an artifact are tensors, and records, tuples and lists of them.',
    example: 'export fn f(x: f32) = sin\n',
    corrected: 'export fn f(x: f32) = sin(x)\n',
  },
  E6808: {
    title: 'nothing is exported',
    explanation:
      'A program that is compiled or run exports functions: `export fn`, or an `export model` with such functions in it; `--fn` names one of them.',
  },
  E6809: {
    title: 'an exported parameter without a type',
    explanation: 'The inputs of an artifact have types: `x: f32[n, 3]`.',
    example: 'export fn f(x) = x\n',
    corrected: 'export fn f(x: f32) = x\n',
  },
  E6810: {
    title: 'the value of a setting does not fit',
    explanation: 'A `--set` gives an int, float, bool or string, as the parameter is declared.',
  },
  E6811: {
    title: 'an assertion inside a loop or branch at run time',
    explanation:
      '`assert` and `assert_close` are checked once, after the test ran: they stand where they always run, once.',
    example: 'test "t" {\n  var x = f32(0)\n  while x < 3 {\n    x := x + 1\n    assert(x < 9)\n  }\n}\n',
    corrected: 'test "t" {\n  var x = f32(0)\n  while x < 3 {\n    x := x + 1\n  }\n  assert(x < 9)\n}\n',
  },
  E6812: {
    title: 'an assertion outside of a test',
    explanation:
      '`assert` and `assert_close` stand in `test` blocks and in functions that only tests call. Artifacts check nothing at run time.',
    example: 'export fn f(x: f32) -> f32 {\n  assert(x > 0)\n  x\n}\n',
    corrected: 'export fn f(x: f32) -> f32 = x\n',
  },
  E6814: {
    title: 'an assertion does not hold',
    explanation:
      '`tessera test` ran a test, and an `assert` or `assert_close` in it failed. Of values that should be close the largest difference is shown; the tolerance is relative and absolute, `tolerance * (1 + |b|)`.',
  },
  E6813: {
    title: 'not something to export',
    explanation:
      '`export name = value` names a function; `export train name = minimize(loss, optimiser)` makes a training step.',
    example: 'model M {\n  export f = 3\n}\n',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
