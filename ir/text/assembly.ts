/**
 * The pretty form of an op, written in the notation of MLIR's declarative assembly format (ODS `assemblyFormat`), so that one string
 * drives both parser and printer and can be copied in spirit from StablehloOps.td. `text/assembly-format.ts` compiles it.
 *
 * Example: ``$operand `,` `dims` `=` $permutation attr-dict `:` functional-type(operands, results)``
 *
 * Every operand, result type, attribute and region must be told by the string; operands whose types are not told have the type of the
 * first operand whose type is, else of the only result. An op without `assembly` prints in the generic form, and so does one whose contents the string cannot say.
 *
 * - `` `dims` ``, `` `(` ``: a literal, keyword or punctuation. `` ` ` `` prints a space, `` `` `` no space.
 * - `$name`: an operand group (one, none or one, or a comma list by its arity), a region, or an attribute by its name in the definition.
 *   An attribute prints by its codec: `i64()` as `3`, `i64List()` as `[0, 1]`, `boolList()` as `[true, false]`, `bool()` as `true`,
 *   `enumeration()` as `LT`, `arrayOf(enumeration())` as `[DEFAULT, HIGHEST]`, `struct()` as `<field = ...>`, `text()` as `"..."`,
 *   `symbol()` as `@f`, `type()` as the type, `unit()` as nothing (as an anchor); all others with their type.
 * - `operands`: all operands as one comma list. `regions`: all regions. `type($name)`, `type(operands)`, `type(results)`: types as
 *   a comma list. `functional-type(operands, results)`, `functional-type($a, type($b))`-like: `(A, B) -> C`.
 * - `attr-dict`: ` {a = 1}`, the attributes the string does not name, if any, less those that equal their default. Exactly one of it and
 *   `attr-dict-with-keyword`, which puts `attributes` before.
 * - `(a b^ c)?`: only when the anchor `b^` (an optional or variadic operand group, its `type(...)`, an optional attribute, a region) is
 *   there; `(...):(...)?` has an else part. A reader goes by the first element, which is a literal, an operand or an attribute.
 * - `custom<Name>(...)`, one file each in `text/custom/`:
 *   `SameOperandsAndResultType(type($lhs), type($rhs), type($result))`, any number of operands: one type, or a function type.
 *   `VariadicSameOperandsAndResultType(ref($inputs), type($inputs), type($result))`.
 *   `ComplexOpType(type($lhs), type($rhs), type($result))`, `SelectOpType(type($pred), type($on_true), type($on_false), type($result))`,
 *   `TupleOpType(type($val), type($result))`, `PairwiseOpType(type($operand), type($result))`.
 *   `VariadicOperandWithAttribute($inputs)`: `%a, %b,`, each with its comma.
 *   `SliceRanges($start_indices, $limit_indices, $strides)`: `[0:2, 1:4:2]`.
 *   `DotDimensionNumbers($dot_dimension_numbers)`: `batching_dims = [0] x [0], contracting_dims = [2] x [1]`.
 *   `PrecisionConfig($precision_config)`, `PrecisionConfigAndAlgorithm($precision_config, $algorithm)`: `, precision = [...]`, comma included.
 *   `ConvolutionDimensions($dimension_numbers)`: `[b, 0, f]x[0, i, o]->[b, 0, f]`.
 *   `WindowAttributes($window_strides, $padding, $lhs_dilation, $rhs_dilation, $window_reversal)`: `stride = [2], pad = [[0, 1]], ...`.
 *   `ExponentMantissa($exponent_bits, $mantissa_bits)`: `e5m10`. `CustomCallTarget($call_target_name)`: `@foo`.
 *   `TypedValue($value, type($x))`: `dense<1> : tensor<2xi32>`, whose type is that of `$x` too (`stablehlo.constant`:
 *   ``attr-dict custom<TypedValue>($value, type($output))``; `check.expect_eq_const`).
 *   `ReduceOp($inputs, $init_values, $dimensions, $body)`, `WhileOp($operand, $cond, $body)`, `ScanOp(...)`: the whole of these ops, attr-dict
 *   included. `FuncOp()`, `ModuleOp()`: the whole of `func.func` and `builtin.module`.
 */
export type Assembly = string;
