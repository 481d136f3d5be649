/**
 * The pretty form of an op, written in the notation of MLIR's declarative assembly format, so that one string drives both parser
 * and printer. Literals stand in backquotes; `$name` is an operand (group) or an attribute by its name in the definition;
 * directives are `attr-dict`, `functional-type(operands, results)`, `type($name)`, `type(results)`, `regions`, optional groups
 * `(...)?`, and `custom<Name>(...)` for what the notation cannot say. See docs/ir.md for the whole list.
 *
 * Example: ``$operand `,` `dims` `=` $permutation attr-dict `:` functional-type(operands, results)``
 */
export type Assembly = string;
