/**
 * The syntax tree of `.tess`: what the parser gives and everything after it reads. Every node has its span (byte offsets into the
 * file). Types are written with expressions (`f32[n, t]`, `[Kv[n, t]; depth]`, `(k: f32[n], v: f32[n])`), so there is one family of
 * expressions and evaluation tells a type from a value. What could not be parsed is an `error` node; the parser has reported it, and
 * nothing that reads the tree reports it again.
 */
import type { SourceFile, Span } from '../../../ir/source.ts';

interface Node {
  readonly span: Span;
}

/** A name with its place. */
export interface Identifier extends Node {
  readonly text: string;
}

/** One parsed file. */
export interface SourceUnit extends Node {
  readonly source: SourceFile;
  /** The `//!` lines at the head of the file. */
  readonly doc: string | undefined;
  readonly uses: readonly Use[];
  readonly items: readonly Item[];
  /** Line comments by the offset where they start; the formatter keeps them. */
  readonly comments: readonly Comment[];
  /** Expressions written in parentheses of their own, which have no node; the formatter keeps those that group operands. */
  readonly parenthesised: ReadonlySet<Expr>;
}

export interface Comment extends Node {
  /** With its `//`, `///` or `//!`. */
  readonly text: string;
}

/** `use nn`, `use nn.losses as losses`, `use "./file.tess"`, `use "./file.tess" as f`, `use nn (Dense, relu)`. */
export interface Use extends Node {
  readonly target:
    | { readonly kind: 'library'; readonly path: readonly Identifier[] }
    | { readonly kind: 'file'; readonly path: string; readonly span: Span };
  readonly alias: Identifier | undefined;
  /** The names taken into scope; undefined takes the module under its own (or the alias's) name. */
  readonly names: readonly Identifier[] | undefined;
}

// ---------------------------------------------------------------------------------------------------------- declarations

export type Item = Fn | Model | TypeAlias | LetItem | Test | ExportBinding | ErrorNode;

interface Declaration extends Node {
  readonly name: Identifier;
  /** The `///` lines before it, without the slashes. */
  readonly doc: string | undefined;
  readonly exported: boolean;
}

/** `[n, t]`, `[P: tree]`, `[T: dtype]`, `[...s]`: what a declaration is generic in. A binder without a kind is a dimension. */
export interface Binder extends Node {
  readonly name: Identifier;
  readonly kind: 'dim' | 'dims' | 'tree' | 'dtype' | 'type';
}

/** `x: f32[n, d]`, `static train: bool`, `inout kv: Kv`, `rate: float = 0.1`, and in closures a pattern without a type. */
export interface Parameter extends Node {
  readonly mode: 'value' | 'static' | 'inout';
  readonly pattern: Pattern;
  readonly type: Expr | undefined;
  readonly defaultValue: Expr | undefined;
}

/** `mut fn f[n](x: f32[n]) -> f32[n] = e` or `{ ... }`. */
export interface Fn extends Declaration {
  readonly kind: 'fn';
  readonly mut: boolean;
  readonly binders: readonly Binder[];
  readonly parameters: readonly Parameter[];
  readonly result: Expr | undefined;
  /** A body written `= e` is that expression; one in braces is a `block`. */
  readonly body: Expr;
  /** Up to the body: what an error about the signature points at. */
  readonly head: Span;
}

/** `model Name[P: tree](like: P, rate: float) { members }`. */
export interface Model extends Declaration {
  readonly kind: 'model';
  readonly binders: readonly Binder[];
  readonly parameters: readonly Parameter[];
  readonly members: readonly Member[];
  readonly head: Span;
}

export type Member = Param | State | SubModel | Fn | LetItem | ExportBinding | ErrorNode;

/** `param scale: f32[c] = ones`: trained. `@name("...")` renames it for files. */
export interface Param extends Declaration {
  readonly kind: 'param';
  readonly type: Expr;
  readonly initial: Expr | undefined;
  readonly fileName: string | undefined;
}

/** `state mean: f32[c] = zeros`: kept between calls, not trained. A bare `state key` is an RNG key. */
export interface State extends Declaration {
  readonly kind: 'state';
  readonly type: Expr | undefined;
  readonly initial: Expr | undefined;
  readonly fileName: string | undefined;
}

/** `conv: nn.Conv2d(1, 32)`, `blocks: [Block(d) for i in 0..depth]`. */
export interface SubModel extends Declaration {
  readonly kind: 'sub-model';
  readonly value: Expr;
  readonly fileName: string | undefined;
}

/** `type Kv[n, t, h, e] = (k: f32[n, t, h, e], v: f32[n, t, h, e])`. */
export interface TypeAlias extends Declaration {
  readonly kind: 'type';
  readonly binders: readonly Binder[];
  readonly value: Expr;
}

/** A compile-time constant of a file or a model. */
export interface LetItem extends Declaration {
  readonly kind: 'let-item';
  readonly type: Expr | undefined;
  readonly value: Expr;
}

/** `test "adds" { ... }`. `name.text` is the text in quotes. */
export interface Test extends Declaration {
  readonly kind: 'test';
  readonly body: Block;
}

/** `export train step = minimize(loss, nn.adam(rate: 0.001))`; without `train`, `export predict = logits`. */
export interface ExportBinding extends Declaration {
  readonly kind: 'export-binding';
  readonly train: boolean;
  readonly value: Expr;
}

// ------------------------------------------------------------------------------------------------------------ statements

export type Statement = Let | Var | Assign | For | While | ExprStatement | ErrorNode;

/** `let (a, b): T = e`. */
export interface Let extends Node {
  readonly kind: 'let';
  readonly pattern: Pattern;
  readonly type: Expr | undefined;
  readonly value: Expr;
}

/** `var (m, v) = e`: may be written with `:=`. */
export interface Var extends Node {
  readonly kind: 'var';
  readonly pattern: Pattern;
  readonly type: Expr | undefined;
  readonly value: Expr;
}

/** `kv.k[:, pos] := e`, `(m, v) := e`: the target is a place (name, member, index) or a tuple of places. */
export interface Assign extends Node {
  readonly kind: 'assign';
  readonly target: Expr;
  readonly value: Expr;
}

/** `for i in 0..depth { ... }`: unrolled. */
export interface For extends Node {
  readonly kind: 'for';
  readonly pattern: Pattern;
  readonly sequence: Expr;
  readonly body: Block;
}

/** `while c { ... }`: at run time unless `c` is a compile-time value. */
export interface While extends Node {
  readonly kind: 'while';
  readonly condition: Expr;
  readonly body: Block;
}

/** An expression on its own; the last one of a block is the block's value. */
export interface ExprStatement extends Node {
  readonly kind: 'expr';
  readonly value: Expr;
}

export type Pattern =
  | (Node & { readonly kind: 'bind'; readonly name: Identifier })
  | (Node & { readonly kind: 'wildcard' })
  | (Node & { readonly kind: 'tuple-pattern'; readonly elements: readonly Pattern[] })
  | ErrorNode;

// ----------------------------------------------------------------------------------------------------------- expressions

export type Expr =
  | IntLiteral
  | FloatLiteral
  | StringLiteral
  | BoolLiteral
  | NameExpr
  | MemberAccess
  | Call
  | Index
  | Unary
  | Binary
  | Range
  | Tuple
  | List
  | Repeat
  | Comprehension
  | If
  | Lambda
  | FnType
  | PlaceRef
  | Block
  | ErrorNode;

export interface IntLiteral extends Node {
  readonly kind: 'int';
  readonly value: bigint;
}

export interface FloatLiteral extends Node {
  readonly kind: 'float';
  /** As written, so that a conversion to a dtype rounds once. */
  readonly text: string;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

export interface BoolLiteral extends Node {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NameExpr extends Node {
  readonly kind: 'name';
  readonly text: string;
}

/** `operand.name`; tuples have members `0`, `1`, .... */
export interface MemberAccess extends Node {
  readonly kind: 'member';
  readonly operand: Expr;
  readonly name: Identifier;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly arguments: readonly Argument[];
}

export interface Argument extends Node {
  readonly name: Identifier | undefined;
  readonly value: Expr;
}

/** `x[:, pos, 0..p, ...]`, and in types `f32[n, ...s]`. */
export interface Index extends Node {
  readonly kind: 'index';
  readonly operand: Expr;
  readonly items: readonly IndexItem[];
}

export type IndexItem =
  | (Node & { readonly kind: 'at'; readonly value: Expr })
  /** `:`, `lo..hi`, `..hi`, `lo..`, each with an optional `by step`. */
  | (Node & {
      readonly kind: 'slice';
      readonly lower: Expr | undefined;
      readonly upper: Expr | undefined;
      readonly step: Expr | undefined;
    })
  /** `...` stands for the axes not named; in a type `...s` for a list of dimensions. */
  | (Node & { readonly kind: 'rest'; readonly name: Identifier | undefined })
  /** `new` puts an axis of size 1. */
  | (Node & { readonly kind: 'new-axis' });

export type UnaryOperator = '-' | 'not';

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expr;
}

/** `|>` is kept as written: `x |> f(a)` is `f(x, a)`. */
export type BinaryOperator =
  | '|>'
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '@'
  | '**';

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly lhs: Expr;
  readonly rhs: Expr;
}

/** `lo..hi`, `lo..hi by step`: compile-time integers, the upper end excluded. */
export interface Range extends Node {
  readonly kind: 'range';
  readonly lower: Expr;
  readonly upper: Expr;
  readonly step: Expr | undefined;
}

/** `(a, b)`, `(x: a, y: b)`, `(a,)`, `()`; a record when its fields have names. `(a)` is `a` itself and has no node. */
export interface Tuple extends Node {
  readonly kind: 'tuple';
  readonly fields: readonly Field[];
}

export interface Field extends Node {
  readonly name: Identifier | undefined;
  readonly value: Expr;
}

export interface List extends Node {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
}

/** `[e; count]`: a list, or the type of lists. */
export interface Repeat extends Node {
  readonly kind: 'repeat';
  readonly value: Expr;
  readonly count: Expr;
}

/** `[e for p in s if c]`. */
export interface Comprehension extends Node {
  readonly kind: 'comprehension';
  readonly value: Expr;
  readonly pattern: Pattern;
  readonly sequence: Expr;
  readonly condition: Expr | undefined;
}

/** `if c { a } else if d { b } else { e }`. */
export interface If extends Node {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: Block;
  readonly otherwise: Block | If | undefined;
}

/** `fn(a, (b, c)) = e` or `fn(a) { ... }`. */
export interface Lambda extends Node {
  readonly kind: 'lambda';
  readonly parameters: readonly Parameter[];
  readonly result: Expr | undefined;
  readonly body: Expr;
}

/** `fn(f32[n], bool) -> f32[n]`, a type. */
export interface FnType extends Node {
  readonly kind: 'fn-type';
  readonly parameters: readonly Expr[];
  readonly result: Expr;
}

/** `&kv[i]`: a place passed to an `inout` parameter. */
export interface PlaceRef extends Node {
  readonly kind: 'place';
  readonly place: Expr;
}

export interface Block extends Node {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
}

/** What could not be read; already reported. */
export interface ErrorNode extends Node {
  readonly kind: 'error';
}
