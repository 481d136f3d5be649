/** Files, items and members as layouts. */
import type { Binder, Fn, Item, LetItem, Member, Model, SourceUnit, Use } from '../syntax/ast.ts';
import { quoteString } from '../syntax/strings.ts';
import { CommentCursor } from './comment-cursor.ts';
import { concat, group, hardLine, type Layout, text } from './layout.ts';
import { StatementLayout } from './statement-layout.ts';

/** The whole file; without a line break at its end. */
export function layoutOf(unit: SourceUnit): Layout {
  return new DeclarationLayout(new CommentCursor(unit.source, unit.comments), unit.parenthesised).file(unit);
}

class DeclarationLayout extends StatementLayout {
  file({ uses, items, span }: SourceUnit): Layout {
    const parts = [
      ...uses.map((use) => ({ span: use.span, make: () => this.#use(use) })),
      ...items.map((item) => ({ span: item.span, make: () => this.#item(item) })),
    ].toSorted((a, b) => a.span.start - b.span.start);
    return concat(...this.lines(parts, span.end + 1));
  }

  #use({ target, alias, names, span }: Use): Layout {
    const path = target.kind === 'file' ? this.source(target.span) : target.path.map(({ text }) => text).join('.');
    const head = `use ${path}${alias === undefined ? '' : ` as ${alias.text}`}`;
    if (names === undefined) return text(head);
    const elements = names.map((name) => ({ span: name.span, make: () => text(name.text) }));
    return concat(head, ' ', this.list('(', elements, ')', span.end));
  }

  #item(item: Item): Layout {
    switch (item.kind) {
      case 'fn':
        return this.#fn(item);
      case 'model':
        return this.#model(item);
      case 'type':
        return concat('type ', item.name.text, binders(item.binders), ' =', this.value(item.value));
      case 'let-item':
        return this.#letItem(item);
      case 'test':
        return concat('test ', this.source(item.name.span), ' ', group(this.block(item.body)));
      case 'export-binding':
        return concat(`export ${item.train ? 'train ' : ''}${item.name.text} =`, this.value(item.value));
      case 'error':
        return text(this.source(item.span));
      default:
        return item satisfies never;
    }
  }

  #member(member: Member): Layout {
    switch (member.kind) {
      case 'param':
        return concat(
          annotation(member),
          'param ',
          member.name.text,
          this.typed(member.type),
          this.#initial(member.initial),
        );
      case 'state':
        return concat(
          annotation(member),
          'state ',
          member.name.text,
          this.typed(member.type),
          this.#initial(member.initial),
        );
      case 'sub-model':
        return concat(annotation(member), member.name.text, ':', this.value(member.value));
      case 'fn':
      case 'let-item':
      case 'export-binding':
      case 'error':
        return this.#item(member);
      default:
        return member satisfies never;
    }
  }

  #initial(initial: LetItem['value'] | undefined): Layout {
    return initial === undefined ? text('') : concat(' =', this.value(initial));
  }

  #letItem({ name, type, value }: LetItem): Layout {
    return concat('let ', name.text, this.typed(type), ' =', this.value(value));
  }

  #fn({ exported, mut, name, binders: generic, parameters, result, body }: Fn): Layout {
    const words = `${exported ? 'export ' : ''}${mut ? 'mut ' : ''}fn ${name.text}`;
    const signature = concat(
      words,
      binders(generic),
      this.parameters(parameters, name.span.end),
      result === undefined ? '' : ' -> ',
    );
    const typed = result === undefined ? signature : concat(signature, this.expression(result));
    return body.kind === 'block' ? concat(typed, ' ', group(this.block(body))) : concat(typed, ' =', this.value(body));
  }

  #model({ exported, name, binders: generic, parameters, members, head, span }: Model): Layout {
    const words = `${exported ? 'export ' : ''}model ${name.text}`;
    const list = parameters.length === 0 ? text('') : this.parameters(parameters, name.span.end);
    const parts = members.map((member) => ({ span: member.span, make: () => this.#member(member) }));
    const body = { ...span, start: head.end };
    if (parts.length === 0 && !this.comments.has(body.start, body.end))
      return concat(words, binders(generic), list, ' {}');
    return concat(words, binders(generic), list, ' ', this.braced(parts, body));
  }
}

function annotation({ fileName }: { readonly fileName: string | undefined }): Layout {
  return fileName === undefined ? text('') : concat(`@name(${quoteString(fileName)})`, hardLine);
}

function binders(list: readonly Binder[]): string {
  if (list.length === 0) return '';
  const parts = list.map(({ name, kind }) => {
    if (kind === 'dims') return `...${name.text}`;
    return kind === 'dim' ? name.text : `${name.text}: ${kind}`;
  });
  return `[${parts.join(', ')}]`;
}
