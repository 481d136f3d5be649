/** E62xx: types, calls and patterns; E633x: shapes that a declaration asks for. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

export const typesCatalog = {
  E6201: {
    title: 'another kind of value is wanted',
    explanation: 'A parameter, a result, a field or a `let` has a declared type, and the value is of another kind.',
    example: 'fn g(x: f32) = x\nfn f() = g("one")\n',
    corrected: 'fn g(x: f32) = x\nfn f() = g(1)\n',
  },
  E6203: {
    title: 'not a type',
    explanation:
      'A type is a dtype with sizes (`f32[n, 3]`), a compile-time kind (`int`, `float`, `bool`, `str`), a tuple, record or list of types, or the name of a `type`.',
    example: 'fn f[n](x: n) = x\n',
    corrected: 'fn f[n](x: f32[n]) = x\n',
  },
  E6204: {
    title: 'not a function',
    explanation: 'Functions, models with a function `call`, and dtypes (conversions) can be called; nothing else.',
    example: 'fn f[n](x: f32[n]) = x(0)\n',
    corrected: 'fn f[n](x: f32[n]) = x[0]\n',
  },
  E6205: {
    title: 'too many arguments',
    explanation: 'The call gives more arguments than the function or model has parameters.',
    example: 'fn g(x: f32) = x\nfn f(x: f32) = g(x, x)\n',
    corrected: 'fn g(x: f32) = x\nfn f(x: f32) = g(x)\n',
  },
  E6206: {
    title: 'an argument is missing',
    explanation: 'A parameter without a default is not given.',
    example: 'fn g(x: f32, y: f32) = x + y\nfn f(x: f32) = g(x)\n',
    corrected: 'fn g(x: f32, y: f32) = x + y\nfn f(x: f32) = g(x, x)\n',
  },
  E6207: {
    title: 'no parameter has this name',
    explanation: 'An argument is given by a name that the function or model has no parameter of.',
    example: 'fn g(rate: float, x: f32) = rate * x\nfn f(x: f32) = g(x: x, rte: 2.0)\n',
    corrected: 'fn g(rate: float, x: f32) = rate * x\nfn f(x: f32) = g(x: x, rate: 2.0)\n',
  },
  E6208: {
    title: 'an argument is given twice',
    explanation: 'A parameter gets an argument by position and another by name, or two by name.',
    example: 'fn g(x: f32, y: f32) = x + y\nfn f(x: f32) = g(x, x: x)\n',
    corrected: 'fn g(x: f32, y: f32) = x + y\nfn f(x: f32) = g(x, y: x)\n',
  },
  E6209: {
    title: 'the pattern does not fit',
    explanation: 'A tuple pattern, or a tuple of places, has as many parts as the value.',
    example: 'fn f(x: f32) {\n  let (a, b) = (x, x, x)\n  a + b\n}\n',
    corrected: 'fn f(x: f32) {\n  let (a, b, _) = (x, x, x)\n  a + b\n}\n',
  },
  E6210: {
    title: 'not a condition',
    explanation:
      'A condition is one `bool`: known at compile time, or a tensor of rank 0. A mask of many chooses with `where(mask, a, b)`.',
    example: 'fn f[n](x: f32[n]) = if x > 0 { x } else { -x }\n',
    corrected: 'fn f[n](x: f32[n]) = where(x > 0, x, -x)\n',
  },
  E6211: {
    title: 'the branches disagree',
    explanation:
      'Which branch of an `if` runs is known at run time only: both give the same type, and so does each variable that one of them writes.',
    example: 'fn f(x: f32, y: f32[2]) = if x > 0 { x } else { y }\n',
    corrected: 'fn f(x: f32, y: f32[2]) = if x > 0 { x } else { sum(y) }\n',
  },
  E6212: {
    title: 'nothing says what a binder is',
    explanation:
      'A binder takes its value from the arguments whose types speak of it. One that only the result speaks of, or that is asked for before its argument, has none.',
    example: 'fn g[n]() -> f32[n] = zeros(f32[n])\nfn f() = g()\n',
    corrected: 'fn g(n: int) -> f32[n] = zeros(f32[n])\nfn f() = g(3)\n',
  },
  E6213: {
    title: 'the arguments of a named type do not fit',
    explanation: 'A `type` with binders takes one value in brackets for each.',
    example: 'type Pair[n] = (a: f32[n], b: f32[n])\nfn f[n](p: Pair[n, n]) = p.a\n',
    corrected: 'type Pair[n] = (a: f32[n], b: f32[n])\nfn f[n](p: Pair[n]) = p.a\n',
  },
  E6214: {
    title: 'a value that is not used',
    explanation:
      'Only the last expression of a block is its value. An expression before it that is neither a call nor an `if` does nothing; often it is the continuation of the line before, which ended at the newline.',
    example: 'fn f(x: f32, y: f32) {\n  x\n  (y)\n}\n',
    corrected: 'fn f(x: f32, y: f32) {\n  x + y\n}\n',
  },
  E6215: {
    title: 'not an index of a list or tuple',
    explanation:
      'Lists and tuples take one compile-time integer, within their length; negative ones count from the end. Ranges are not empty steps.',
    example: 'fn f(x: f32) = [x, x][2]\n',
    corrected: 'fn f(x: f32) = [x, x][1]\n',
  },
  E6216: {
    title: 'not something to loop over',
    explanation:
      '`for` and comprehensions are unrolled, so they run over compile-time ranges, lists and tuples. Along an axis of a tensor use `scan` or `map`.',
    example: 'fn f(xs: f32[3]) {\n  var s = f32(0)\n  for x in xs { s := s + x }\n  s\n}\n',
    corrected: 'fn f(xs: f32[3]) = sum(xs)\n',
  },
  E6218: {
    title: 'the fields or elements do not fit',
    explanation: 'A record has the fields of its type, a tuple as many, a list as many elements as its type says.',
    example: 'fn g(p: (a: f32, b: f32)) = p.a\nfn f(x: f32) = g((a: x, c: x))\n',
    corrected: 'fn g(p: (a: f32, b: f32)) = p.a\nfn f(x: f32) = g((a: x, b: x))\n',
  },
  E6219: {
    title: 'another dtype is declared',
    explanation:
      'Nothing casts by itself but literals: a tensor has the dtype that the parameter, result or variable declares. Convert it: `f32(x)`.',
    example: 'fn g(x: f32) = x\nfn f(x: i32) = g(x)\n',
    corrected: 'fn g(x: f32) = x\nfn f(x: i32) = g(f32(x))\n',
  },
  E6220: {
    title: 'must be known at compile time',
    explanation:
      '`int`, `float`, `bool` and `str` are values at compile time; a tensor, even of rank 0, is only known at run time. Sizes, axes, `static` parameters and the arguments of models are compile-time values.',
    example: 'fn g(n: int) = zeros(f32[n])\nfn f(x: i32) = g(x)\n',
    corrected: 'fn g(n: int) = zeros(f32[n])\nfn f() = g(3)\n',
  },
  E6330: {
    title: 'the shape does not fit the declaration',
    explanation:
      'A size of the value is not the one that the declared type asks for. The message shows both types, the notes where each comes from and what the binders stand for.',
    example: 'fn g[n](a: f32[n], b: f32[n]) = a + b\nfn f(x: f32[3], y: f32[4]) = g(x, y)\n',
    corrected: 'fn g[n](a: f32[n], b: f32[n]) = a + b\nfn f(x: f32[3], y: f32[3]) = g(x, y)\n',
  },
  E6331: {
    title: 'the rank does not fit the declaration',
    explanation:
      'The value has more or fewer axes than the declared type. `x[new]` adds an axis of size 1, `reshape` and `flatten` join axes.',
    example: 'fn g[n](x: f32[n, 3]) = x\nfn f(x: f32[3]) = g(x)\n',
    corrected: 'fn g[n](x: f32[n, 3]) = x\nfn f(x: f32[3]) = g(x[new])\n',
  },
  E6332: {
    title: 'not a size',
    explanation:
      'Between the brackets of a type stands a size for each axis: a compile-time integer, a binder, or arithmetic on them.',
    example: 'fn f(x: f32[2.5]) = x\n',
    corrected: 'fn f(x: f32[2]) = x\n',
  },
  E6712: {
    title: 'no gradient can be taken here',
    explanation:
      'A gradient is taken at floats: at the first argument of the function, or at the values that `wrt:` names.',
    example: 'fn f(i: i32[3]) = grad(fn(i) = sum(f32(i)))(i)\n',
    corrected: 'fn f(x: f32[3]) = grad(fn(x) = sum(x))(x)\n',
  },
  E6713: {
    title: 'a gradient of more than a number',
    explanation:
      'A gradient is taken of a scalar float. Where the function gives several values, the first is differentiated.',
    example: 'fn f(x: f32[3]) = grad(fn(x) = x * x)(x)\n',
    corrected: 'fn f(x: f32[3]) = grad(fn(x) = sum(x * x))(x)\n',
  },
  E6711: {
    title: 'not what the function of `scan` gives',
    explanation:
      'The function that `scan` calls gives two things, the next carry and a result for this position: `(carry, y)`. Either may be `()`.',
    example: 'fn f(xs: f32[4]) = scan(xs, init: f32(0), fn(s, x) = s + x)\n',
    corrected: 'fn f(xs: f32[4]) = scan(xs, init: f32(0), fn(s, x) = (s + x, s))\n',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
