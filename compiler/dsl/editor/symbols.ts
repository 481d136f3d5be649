/** What an editor knows of the names of a file: what is declared, where it can be seen, where it is meant. */
import type { Span } from '../../../ir/source.ts';
import type { ProgramUnit } from '../load-program.ts';
import type { Call, Expr, Item, Member } from '../syntax/ast.ts';

export type SymbolKind =
  | 'function'
  | 'model'
  | 'type'
  | 'constant'
  | 'param'
  | 'state'
  | 'sub-model'
  | 'parameter'
  | 'binder'
  | 'local'
  | 'module';

export interface EditorSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Where it is declared: its name there. */
  readonly span: Span;
  readonly unit: ProgramUnit;
  /** From this byte on it can be seen in its scope. */
  readonly visibleFrom: number;
  readonly declaration: Exclude<Item | Member, { readonly kind: 'error' }> | undefined;
  /** Of a module: what it holds; undefined where it could not be read. */
  readonly module: ProgramUnit | undefined;
}

/** A piece of a file in which names can be seen. */
export interface EditorScope {
  readonly span: Span;
  readonly parent: EditorScope | undefined;
  /** In the order in which they are declared: a later one hides an earlier one of the same name. */
  readonly symbols: EditorSymbol[];
}

/** A name where it is written. */
export type Reference =
  | { readonly kind: 'definition'; readonly span: Span; readonly name: string; readonly symbol: EditorSymbol }
  /** `symbol` is undefined for what the compiler brings along, and for what does not exist. */
  | { readonly kind: 'name'; readonly span: Span; readonly name: string; readonly symbol: EditorSymbol | undefined }
  /** `operand.name`: only an operand that is a module is known without running the program. */
  | {
      readonly kind: 'member';
      readonly span: Span;
      readonly name: string;
      readonly symbol: EditorSymbol | undefined;
      readonly operand: Expr;
    }
  /** `name: value` in a call. */
  | {
      readonly kind: 'argument';
      readonly span: Span;
      readonly name: string;
      readonly symbol: EditorSymbol | undefined;
      readonly call: Call;
    };

/** The names of one file. */
export interface FileNames {
  readonly references: readonly Reference[];
  readonly scopes: readonly EditorScope[];
  readonly calls: readonly Call[];
}
