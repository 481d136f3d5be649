/** E6030 to E6067: statements and expressions. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

export const statementsCatalog = {
  E6030: {
    title: '`=` to change a value',
    explanation:
      '`let x = ...` gives a new name; `:=` changes a `var`, a state or an `inout` parameter. `=` alone does neither.',
    example: 'fn f(x: f32) -> f32 {\n  var y = x\n  y = y + 1\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  var y = x\n  y := y + 1\n  y\n}\n',
  },
  E6031: {
    title: '`+=` and its like',
    explanation: 'Changes are written out: `x := x + 1`.',
    example: 'fn f(x: f32) -> f32 {\n  var y = x\n  y += 1\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  var y = x\n  y := y + 1\n  y\n}\n',
  },
  E6032: {
    title: 'new name without `=`',
    explanation: 'A new name gets its value with `=`; `:=` changes what is there, `==` compares.',
    example: 'let rate := 0.5\n',
    corrected: 'let rate = 0.5\n',
  },
  E6033: {
    title: 'not a place',
    explanation:
      'On the left of `:=` stands what can be written: a name, a member or an index of one, or a tuple of these. A block on its own is no statement either: its statements can stand without the braces.',
    example: 'fn f(x: f32) -> f32 {\n  x + 1 := 2\n  x\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let y = x + 1\n  y\n}\n',
  },
  E6034: {
    title: 'something after a complete statement',
    explanation:
      'A statement ends with its line, unless the line ends or the next one starts with an infix operator, or a bracket is open. What follows on the same line does not belong to it.',
    example: 'fn f(x: f32) -> f32 {\n  let y = x 2\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let y = x * 2\n  y\n}\n',
  },
  E6035: {
    title: '`:` before a block',
    explanation: 'Blocks are in braces; indentation means nothing.',
    example: 'fn f(x: f32, static b: bool) -> f32 {\n  if b:\n    x + 1\n}\n',
    corrected: 'fn f(x: f32, static b: bool) -> f32 {\n  if b { x + 1 } else { x }\n}\n',
  },
  E6036: {
    title: 'missing `{`',
    explanation: 'A block is in braces, also where it is one expression.',
    example: 'fn f(x: f32, static b: bool) -> f32 = if b x + 1 else x\n',
    corrected: 'fn f(x: f32, static b: bool) -> f32 = if b { x + 1 } else { x }\n',
  },
  E6037: {
    title: '`else` without `if`',
    explanation: 'An `else` follows the closing brace of its `if`.',
    example: 'fn f(x: f32) -> f32 {\n  else { x }\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  x\n}\n',
  },
  E6038: {
    title: 'declaration without a value',
    explanation: 'A name gets its value where it is declared, after `=`.',
    example: 'fn f(x: f32) -> f32 {\n  let y\n  x\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let y = x\n  y\n}\n',
  },
  E6039: {
    title: 'function inside of a function',
    explanation:
      'Functions are declared in a file or in a model. Within a function, `let g = fn(x) = x + 1` names one.',
    example: 'fn f(x: f32) -> f32 {\n  fn g(x: f32) -> f32 = x + 1\n  g(x)\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let g = fn(x) = x + 1\n  g(x)\n}\n',
  },
  E6040: {
    title: 'declaration in the wrong place',
    explanation:
      'Parameters, state and sub-models are members of a model; models, types, tests and `use` stand in the file itself; `var` stands in functions.',
    example: 'fn f(x: f32) -> f32 {\n  param w: f32 = ones\n  w * x\n}\n',
    corrected: 'model Scale {\n  param w: f32 = ones\n  fn call(x: f32) -> f32 = w * x\n}\n',
  },
  E6041: {
    title: 'statement in a file',
    explanation:
      'A file holds declarations: `use`, `fn`, `model`, `type`, `let`, `test`. Statements are in functions and tests.',
    example: 'rate = 0.5\n',
    corrected: 'let rate = 0.5\n',
  },
  E6042: {
    title: 'statement in a model',
    explanation: 'A model holds members: `param`, `state`, sub-models, constants, functions.',
    example: 'model Net {\n  hidden = 32\n}\n',
    corrected: 'model Net {\n  let hidden = 32\n}\n',
  },
  E6043: {
    title: 'missing declaration',
    explanation:
      '`export`, `mut` or an annotation stands before nothing, or before something that it cannot stand before.',
    example: 'export\nfn f(x: f32) -> f32 = x\n',
    corrected: 'export fn f(x: f32) -> f32 = x\n',
  },
  E6050: {
    title: 'missing value',
    explanation: 'A name, a number, a string, a call or something in brackets is missing.',
    example: 'fn f(x: f32) -> (y: f32) = (y: )\n',
    corrected: 'fn f(x: f32) -> (y: f32) = (y: x)\n',
  },
  E6051: {
    title: 'operator without an operand',
    explanation: 'An infix operator has a value on both sides. The end of a line after one is no end of the statement.',
    example: 'fn f(x: f32) -> f32 = 2 * / x\n',
    corrected: 'fn f(x: f32) -> f32 = 2 / x\n',
  },
  E6052: {
    title: 'chained comparison',
    explanation: '`a < b < c` would compare a condition with `c`. Each comparison is written out.',
    example: 'fn f(static n: int) -> bool = 0 <= n < 10\n',
    corrected: 'fn f(static n: int) -> bool = 0 <= n and n < 10\n',
  },
  E6053: {
    title: '`not` after a tighter operator',
    explanation:
      '`not` binds looser than comparisons, so that `not a == b` is what it says. After a comparison or an arithmetic operator it needs parentheses.',
    example: 'fn f(static a: bool, static b: bool) -> bool = a == not b\n',
    corrected: 'fn f(static a: bool, static b: bool) -> bool = a == (not b)\n',
  },
  E6054: {
    title: 'malformed range',
    explanation: 'A range is `lo..hi`, the upper end excluded, with an optional step `by n`.',
    example: 'let evens = [i for i in 0..2..10]\n',
    corrected: 'let evens = [i for i in 0..10 by 2]\n',
  },
  E6055: {
    title: '`&` outside of arguments',
    explanation:
      '`&place` passes a place to an `inout` parameter, which may write it. There are no references otherwise.',
    example: 'fn f(x: f32) -> f32 {\n  let y = &x\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let y = x\n  y\n}\n',
  },
  E6056: {
    title: 'slice with `:`',
    explanation:
      'A slice is written like a range: `x[1..3]`, `x[1..]`, `x[..3]`, `x[0..10 by 2]`. A `:` alone is the whole axis.',
    example: 'fn f[n](x: f32[n, 4]) = x[:, 1:3]\n',
    corrected: 'fn f[n](x: f32[n, 4]) = x[:, 1..3]\n',
  },
  E6057: {
    title: 'argument without a name after a named one',
    explanation:
      'Arguments without a name come first, in the order of the parameters, then the named ones. A function `fn(...) ...` may be the last all the same.',
    example: 'fn f[n](x: f32[n, 4]) = concat(axis: 1, x, x)\n',
    corrected: 'fn f[n](x: f32[n, 4]) = concat(x, x, axis: 1)\n',
  },
  E6058: {
    title: 'tuple or record',
    explanation:
      'Either all fields in a pair of parentheses have names, which makes a record, or none, which makes a tuple.',
    example: 'fn f(x: f32, y: f32) = (x, y: y)\n',
    corrected: 'fn f(x: f32, y: f32) = (x: x, y: y)\n',
  },
  E6059: {
    title: 'missing comma',
    explanation: 'Two values in brackets stand side by side.',
    example: 'fn f(x: f32, y: f32) = max(x y)\n',
    corrected: 'fn f(x: f32, y: f32) = max(x, y)\n',
  },
  E6060: {
    title: 'something that does not fit',
    explanation: 'Nothing that may stand here starts like this.',
    example: 'fn f(x: f32) -> f32 {\n  , x\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  x\n}\n',
  },
  E6061: {
    title: 'word of the language as a name',
    explanation:
      'Some words have a meaning everywhere and cannot be names; `model`, `param`, `state`, `type`, `test`, `train`, `use` and `as` can.',
    example: 'fn f(new: f32) -> f32 = new\n',
    corrected: 'fn f(fresh: f32) -> f32 = fresh\n',
  },
  E6063: {
    title: 'empty brackets',
    explanation:
      'What a declaration is generic in, and the indices of a tensor, are at least one. A scalar is `f32`; only a `bool` at run time is written `bool[]`, since `bool` alone is known at compile time.',
    example: 'fn f(x: f32[]) -> f32 = x\n',
    corrected: 'fn f(x: f32) -> f32 = x\n',
  },
  E6064: {
    title: '`=` for a named argument or field',
    explanation: 'A name and its value are joined by `:` in calls and records.',
    example: 'fn f[n](x: f32[n, 4]) = sum(x, axis = 1)\n',
    corrected: 'fn f[n](x: f32[n, 4]) = sum(x, axis: 1)\n',
  },
  E6065: {
    title: 'malformed `for`',
    explanation: 'Loops and comprehensions are written `for i in sequence`, without parentheses.',
    example: 'fn f(x: f32) -> f32 {\n  var y = x\n  for (i in 0..3) { y := y + 1 }\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  var y = x\n  for i in 0..3 { y := y + 1 }\n  y\n}\n',
  },
  E6066: {
    title: 'missing condition',
    explanation: '`if` and `while` need a condition before their block, `for` a sequence.',
    example: 'fn f(x: f32) -> f32 = if { x } else { -x }\n',
    corrected: 'fn f(x: f32) -> f32 = if x > 0 { x } else { -x }\n',
  },
  E6067: {
    title: '`=` in a condition',
    explanation: '`==` compares. `=` gives a new name its value.',
    example: 'fn f(x: f32, static n: int) -> f32 = if n = 1 { x } else { -x }\n',
    corrected: 'fn f(x: f32, static n: int) -> f32 = if n == 1 { x } else { -x }\n',
  },
} as const satisfies Record<`E60${number}`, CatalogEntry>;
