/** One `custom<Name>(...)` of the assembly notation: how it reads and how it prints, side by side. */
import type { AssemblyState } from '../assembly-state.ts';
import type { FormatTarget } from '../format-target.ts';
import type { OpPrinter } from '../op-printer.ts';
import type { OpView } from '../op-view.ts';

export interface Directive {
  readonly name: string;
  /** It tells all there is of the op, the attr-dict included. */
  readonly isWholeOp?: boolean;
  parse(state: AssemblyState, args: readonly FormatTarget[]): void;
  print(printer: OpPrinter, view: OpView, args: readonly FormatTarget[]): void;
  /** False when this op's contents cannot be said so; the op then prints in the generic form. True unless given. */
  fits?(view: OpView, args: readonly FormatTarget[]): boolean;
}
