/** Files, their items, and the members of models. */
import type {
  ErrorNode, ExportBinding, Identifier, Item, LetItem, Member, Model, Param, State, SubModel, Test, TypeAlias, Use,
} from './ast.ts'; // prettier-ignore
import type { TokenType } from 'chevrotain';
import type { Rule } from './grammar-base.ts';
import { adviseOnPlace } from './misplaced.ts';
import { docOf, SignatureGrammar } from './signature-grammar.ts';
import * as tokens from './tokens.ts';
import type { Token } from './tokens.ts';

/** What came before the keyword of a declaration. */
interface Head {
  readonly start: Token;
  readonly exported: boolean;
  readonly mut: boolean;
}

/** The text of `@name("...")`. */
type FileName = string | undefined;

export abstract class DeclarationGrammar extends SignatureGrammar {
  readonly file: Rule<{ uses: readonly Use[]; items: readonly Item[] }> = this.RULE('file', () => {
    const uses: Use[] = [];
    const items: Item[] = [];
    this.untilEnd(() => {
      const failed = this.recovering(() => {
        if (!this.RECORDING_PHASE) this.#checkPlace('file');
        this.OR([
          { ALT: () => uses.push(this.SUBRULE(this.use)) },
          { ALT: () => items.push(this.SUBRULE(this.item)), IGNORE_AMBIGUITIES: true },
        ]);
        return undefined;
      });
      if (failed !== undefined) items.push(failed);
      this.endLine('declaration');
    });
    return { uses, items };
  });

  /** Repeats to the end of the text. */
  protected untilEnd(part: () => void): void {
    if (this.RECORDING_PHASE) {
      this.MANY(part);
      return;
    }
    while (!this.atEnd() && !this.problems.isFull) part();
  }

  readonly use: Rule<Use> = this.RULE('use', (): Use => {
    const start = this.CONSUME(tokens.Use) as Token;
    const target = this.OR([
      {
        ALT: (): Use['target'] => {
          const path = [this.identifier(this.CONSUME(tokens.Name))];
          this.MANY(() => {
            this.CONSUME(tokens.Dot);
            path.push(this.identifier(this.CONSUME2(tokens.Name)));
          });
          return { kind: 'library', path };
        },
      },
      {
        ALT: (): Use['target'] => {
          const token = this.CONSUME(tokens.String) as Token;
          return { kind: 'file', path: token.text ?? '', span: this.spanOf(token) };
        },
      },
    ]);
    const alias = this.OPTION(() => {
      this.CONSUME(tokens.As);
      return this.identifier(this.CONSUME3(tokens.Name));
    });
    const names = this.OPTION2(() => this.SUBRULE(this.useNames));
    return { target, alias, names, span: this.spanFrom(start) };
  });

  readonly useNames: Rule<readonly Identifier[]> = this.RULE('useNames', (): readonly Identifier[] => {
    this.CONSUME(tokens.LeftParen);
    const names = [this.identifier(this.CONSUME(tokens.Name))];
    this.MANY({
      GATE: () => !this.nextIs(tokens.RightParen, 2),
      DEF: () => {
        this.CONSUME(tokens.Comma);
        names.push(this.identifier(this.CONSUME2(tokens.Name)));
      },
    });
    this.OPTION(() => this.CONSUME2(tokens.Comma));
    this.CONSUME(tokens.RightParen);
    return names;
  });

  readonly item: Rule<Item> = this.RULE('item', (): Item => {
    const head = this.#head('file');
    return this.OR([
      { ALT: () => this.SUBRULE(this.fn, { ARGS: [head.start, head.exported, head.mut] }) },
      { ALT: () => this.SUBRULE(this.model, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.typeAlias, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.letItem, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.test, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.exportBinding, { ARGS: [head] }) },
    ]);
  });

  readonly member: Rule<Member> = this.RULE('member', (): Member => {
    const start = this.next();
    const fileName = this.OPTION(() => this.SUBRULE(this.annotation));
    if (!this.RECORDING_PHASE) this.#checkAnnotated(fileName, start);
    const head = this.#head('model', start);
    return this.OR([
      { ALT: () => this.SUBRULE(this.fn, { ARGS: [head.start, head.exported, head.mut] }) },
      { ALT: () => this.SUBRULE(this.param, { ARGS: [head, fileName] }) },
      { ALT: () => this.SUBRULE(this.state, { ARGS: [head, fileName] }) },
      { ALT: () => this.SUBRULE(this.letItem, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.subModel, { ARGS: [head, fileName] }) },
      { ALT: () => this.SUBRULE(this.exportBinding, { ARGS: [head] }) },
    ]);
  });

  #head(place: 'file' | 'model', start: Token = this.next()): Head {
    if (!this.RECORDING_PHASE && place === 'model') this.#checkPlace(place);
    const exported = this.OPTION8(() => this.CONSUME8(tokens.Export)) !== undefined;
    const mut = this.OPTION9(() => this.CONSUME8(tokens.Mut)) !== undefined;
    if (!this.RECORDING_PHASE) this.#checkModifiers(exported, mut);
    return { start, exported, mut };
  }

  #checkPlace(place: 'file' | 'model'): void {
    const token = this.next();
    const advice = adviseOnPlace(place, token, this.next(2));
    if (advice === undefined) return;
    this.problems.report(advice.code, token.startOffset, token.endOffset, advice.message, advice);
    this.stop();
  }

  #checkModifiers(exported: boolean, mut: boolean): void {
    for (;;) {
      const { tokenType, startOffset, endOffset, image } = this.next();
      if (tokenType !== tokens.Export && tokenType !== tokens.Mut) break;
      const hint = 'the words before `fn` are, in this order, `export mut`, each at most once';
      this.problems.report('E6073', startOffset, endOffset, `\`${image}\` does not belong here`, { hint });
      this.SKIP_TOKEN();
    }
    const { tokenType, startOffset, endOffset, image } = this.next();
    const isNamed = this.nextIs(tokens.Name, 2) || this.nextIs(tokens.String, 2);
    if (mut && tokenType !== tokens.Fn) {
      const hint = 'write `export mut fn` for an exported function that writes state';
      this.problems.report('E6080', startOffset, endOffset, '`mut` is only for functions that write state', { hint });
    } else if (exported && unexportable.has(tokenType) && isNamed) {
      const hint =
        'other files see all declarations of this one; `export` is for what an artifact offers: `fn`, `model`, `train`';
      this.problems.report('E6074', startOffset, endOffset, `\`${image}\` is not exported`, { hint });
    }
  }

  // -------------------------------------------------------------------------------------------------------------- models

  readonly model: Rule<Model, [Head?]> = this.RULE('model', (head?: Head): Model => {
    const keyword = this.CONSUME(tokens.Model) as Token;
    const start = head?.start ?? keyword;
    const name = this.identifier(this.CONSUME(tokens.Name));
    const binders = this.OPTION(() => this.SUBRULE(this.binders)) ?? [];
    const parameters = this.OPTION2(() => this.SUBRULE(this.parameters)) ?? [];
    this.ACTION(() => this.checkTyped(parameters));
    const headSpan = this.spanFrom(start);
    const members = this.SUBRULE(this.members);
    const [doc, exported] = [docOf(start, keyword), head?.exported === true];
    return {
      kind: 'model',
      name,
      doc,
      exported,
      binders,
      parameters,
      members,
      head: headSpan,
      span: this.spanFrom(start),
    };
  });

  readonly members: Rule<readonly Member[]> = this.RULE('members', (): readonly Member[] => {
    const members: Member[] = [];
    this.CONSUME(tokens.LeftBrace);
    this.untilClosed(() => {
      members.push(this.recovering(() => this.SUBRULE(this.member)));
      this.endLine('declaration');
    });
    this.CONSUME(tokens.RightBrace);
    return members;
  });

  /** `@name("...")`, and the line break after it. */
  readonly annotation: Rule<FileName> = this.RULE('annotation', (): FileName => {
    this.CONSUME(tokens.Annotation);
    const name = this.CONSUME(tokens.Name) as Token;
    this.ACTION(() => this.#checkAnnotation(name));
    this.CONSUME(tokens.LeftParen);
    const token = this.CONSUME(tokens.String) as Token;
    this.CONSUME(tokens.RightParen);
    this.OPTION(() => this.CONSUME(tokens.Newline));
    return token.text;
  });

  #checkAnnotation({ image, startOffset, endOffset }: Token): void {
    if (image === 'name') return;
    const hint =
      'there is `@name("the.name.in.the.file")`; the matrix product at the start of a line is `@ x`, with a space';
    this.problems.report('E6076', startOffset, endOffset, `there is no annotation \`${image}\``, { hint });
    this.stop();
  }

  /** Only what is found in files of weights has a name there. */
  #checkAnnotated(fileName: FileName, token: Token): void {
    const isNamed = this.nextIs(tokens.Param) || this.nextIs(tokens.State) || this.nextIs(tokens.Colon, 2);
    if (fileName === undefined || isNamed) return;
    const hint = 'it names a `param`, a `state` or a sub-model';
    this.problems.report('E6076', token.startOffset, token.endOffset, '`@name` does not belong to this', { hint });
  }

  readonly param: Rule<Param, [Head?, FileName?]> = this.RULE('param', (head?: Head, fileName?: FileName): Param => {
    const keyword = this.CONSUME(tokens.Param) as Token;
    const start = head?.start ?? keyword;
    const name = this.identifier(this.CONSUME(tokens.Name));
    this.CONSUME(tokens.Colon);
    const type = this.SUBRULE(this.type);
    const initial = this.OPTION(() => {
      this.CONSUME(tokens.Equals);
      return this.SUBRULE(this.expression);
    });
    return { kind: 'param', ...this.#member(head, keyword, fileName), name, type, initial, span: this.spanFrom(start) };
  });

  readonly state: Rule<State, [Head?, FileName?]> = this.RULE('state', (head?: Head, fileName?: FileName): State => {
    const keyword = this.CONSUME(tokens.State) as Token;
    const start = head?.start ?? keyword;
    const name = this.identifier(this.CONSUME(tokens.Name));
    const type = this.OPTION(() => {
      this.CONSUME(tokens.Colon);
      return this.SUBRULE(this.type);
    });
    const initial = this.OPTION2(() => {
      this.CONSUME(tokens.Equals);
      return this.SUBRULE(this.expression);
    });
    return { kind: 'state', ...this.#member(head, keyword, fileName), name, type, initial, span: this.spanFrom(start) };
  });

  readonly subModel: Rule<SubModel, [Head?, FileName?]> = this.RULE(
    'subModel',
    (head?: Head, fileName?: FileName): SubModel => {
      const token = this.CONSUME(tokens.Name) as Token;
      const start = head?.start ?? token;
      this.CONSUME(tokens.Colon);
      const value = this.SUBRULE(this.expression);
      const name = this.identifier(token);
      return { kind: 'sub-model', ...this.#member(head, token, fileName), name, value, span: this.spanFrom(start) };
    },
  );

  #member(
    head: Head | undefined,
    keyword: Token,
    fileName: FileName,
  ): { doc: string | undefined; exported: false; fileName: string | undefined } {
    return { doc: docOf(head?.start ?? keyword, keyword), exported: false, fileName };
  }

  // -------------------------------------------------------------------------------------------------- other declarations

  readonly typeAlias: Rule<TypeAlias, [Head?]> = this.RULE('typeAlias', (head?: Head): TypeAlias => {
    const keyword = this.CONSUME(tokens.Type) as Token;
    const start = head?.start ?? keyword;
    const name = this.identifier(this.CONSUME(tokens.Name));
    const binders = this.OPTION(() => this.SUBRULE(this.binders)) ?? [];
    this.readEquals();
    this.CONSUME(tokens.Equals);
    const value = this.SUBRULE(this.type);
    return {
      kind: 'type',
      name,
      doc: docOf(start, keyword),
      exported: false,
      binders,
      value,
      span: this.spanFrom(start),
    };
  });

  readonly letItem: Rule<LetItem, [Head?]> = this.RULE('letItem', (head?: Head): LetItem => {
    const keyword = this.CONSUME(tokens.Let) as Token;
    const start = head?.start ?? keyword;
    const name = this.identifier(this.CONSUME(tokens.Name));
    const type = this.OPTION(() => {
      this.CONSUME(tokens.Colon);
      return this.SUBRULE(this.type);
    });
    this.readEquals();
    this.CONSUME(tokens.Equals);
    const value = this.SUBRULE(this.expression);
    return {
      kind: 'let-item',
      name,
      doc: docOf(start, keyword),
      exported: false,
      type,
      value,
      span: this.spanFrom(start),
    };
  });

  readonly test: Rule<Test, [Head?]> = this.RULE('test', (head?: Head): Test => {
    const keyword = this.CONSUME(tokens.Test) as Token;
    const start = head?.start ?? keyword;
    const token = this.CONSUME(tokens.String) as Token;
    const name = { text: token.text ?? '', span: this.spanOf(token) };
    const body = this.SUBRULE(this.block);
    return { kind: 'test', name, doc: docOf(start, keyword), exported: false, body, span: this.spanFrom(start) };
  });

  /** `export train step = e`, `export predict = e`. */
  readonly exportBinding: Rule<ExportBinding | ErrorNode, [Head?]> = this.RULE(
    'exportBinding',
    (head?: Head): ExportBinding | ErrorNode => {
      const first = this.next();
      const start = head?.start ?? first;
      const train = this.OPTION({
        GATE: () => !this.nextIs(tokens.Equals, 2),
        DEF: () => this.CONSUME(tokens.Train),
      });
      const name = this.identifier(this.CONSUME(tokens.Name));
      this.readEquals();
      this.CONSUME(tokens.Equals);
      const value = this.SUBRULE(this.expression);
      const doc = docOf(start, first);
      return {
        kind: 'export-binding',
        name,
        doc,
        exported: true,
        train: train !== undefined,
        value,
        span: this.spanFrom(start),
      };
    },
  );
}

const unexportable: ReadonlySet<TokenType> = new Set([
  tokens.Type,
  tokens.Let,
  tokens.Test,
  tokens.Param,
  tokens.State,
  tokens.Use,
]);
