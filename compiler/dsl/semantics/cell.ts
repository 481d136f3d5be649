/** What `:=` writes: `var` locals, `inout` parameters, and the parameters and state of models. A cell holds a whole value; writing a part of it makes a new whole. */
import type { Span } from '../../../ir/source.ts';
import type { LanguageType } from './language-type.ts';
import type { Param, State } from '../syntax/ast.ts';
import type { Instance } from './instance.ts';
import type { Value } from './values.ts';

export type CellRole = 'var' | 'inout' | 'param' | 'state';

export class Cell {
  readonly name: string;
  readonly role: CellRole;
  readonly span: Span;
  /** How many frames of the journal were open when it was made: frames below that never see it change. */
  readonly depth: number;
  /** What it must stay; undefined for a `var` without a type. */
  readonly type: LanguageType | undefined;
  /** Undefined for a parameter or state that the function at hand has not read. */
  value: Value | undefined;

  constructor(init: {
    readonly name: string;
    readonly role: CellRole;
    readonly span: Span;
    readonly depth: number;
    readonly type?: LanguageType | undefined;
    readonly value?: Value | undefined;
  }) {
    this.name = init.name;
    this.role = init.role;
    this.span = init.span;
    this.depth = init.depth;
    this.type = init.type;
    this.value = init.value;
  }
}

/** A parameter or state field of a model. */
export class ModelCell extends Cell {
  readonly instance: Instance;
  readonly declaration: Param | State;
  declare readonly type: LanguageType;
  declare readonly role: 'param' | 'state';

  constructor(instance: Instance, declaration: Param | State, type: LanguageType) {
    super({ name: declaration.name.text, role: declaration.kind, span: declaration.span, depth: 0, type });
    this.instance = instance;
    this.declaration = declaration;
  }

  /** `blocks.0.qkv.weight`: its name in files and in the artifact, unless `@name` says another. */
  get path(): string {
    const own = this.declaration.fileName;
    if (own !== undefined) return own;
    const { path } = this.instance;
    return path === '' ? this.name : `${path}.${this.name}`;
  }
}
