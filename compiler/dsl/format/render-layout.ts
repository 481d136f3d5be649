/** Sets a layout into lines of a width. Without recursion over the layout: depth costs no stack. */
import type { Layout } from './layout.ts';

const indentWidth = 2;

interface Command {
  readonly layout: Layout;
  readonly indent: number;
  readonly isFlat: boolean;
}

export function renderLayout(layout: Layout, width: number): string {
  return new Renderer(layout, width).render();
}

class Renderer {
  readonly #width: number;
  readonly #commands: Command[];
  readonly #output: string[] = [];
  #column = 0;
  #pendingComment = '';

  constructor(layout: Layout, width: number) {
    this.#width = width;
    this.#commands = [{ layout, indent: 0, isFlat: false }];
  }

  render(): string {
    for (let command = this.#commands.pop(); command !== undefined; command = this.#commands.pop()) this.#run(command);
    this.#output.push(this.#pendingComment);
    return this.#output.join('');
  }

  #run(command: Command): void {
    const { layout, indent, isFlat } = command;
    switch (layout.kind) {
      case 'text':
        return this.#put(layout.text);
      case 'concat':
        for (const part of layout.parts.toReversed()) this.#commands.push({ layout: part, indent, isFlat });
        return;
      case 'indent':
        this.#commands.push({ layout: layout.inner, indent: indent + indentWidth, isFlat });
        return;
      case 'line':
        if (isFlat && layout.flat !== undefined) this.#put(layout.flat);
        else this.#breakLine(indent);
        return;
      case 'blank-line':
        this.#flushComment();
        this.#output.push('\n');
        return;
      case 'if-broken':
        if (!isFlat) this.#put(layout.text);
        return;
      case 'line-comment':
        return this.#addComment(layout.text, indent);
      case 'group':
        return this.#runGroup(layout.inner, layout.hard, command);
      case 'choice':
        return this.#runChoice(layout, command);
      case 'value':
        return this.#runValue(layout, command);
      default:
        return layout satisfies never;
    }
  }

  #put(content: string): void {
    this.#output.push(content);
    this.#column += content.length;
  }

  /** A second one at the same place has a line of its own. */
  #addComment(comment: string, indent: number): void {
    const isSecond = this.#pendingComment !== '';
    if (isSecond) this.#breakLine(indent);
    this.#pendingComment = isSecond ? comment : ` ${comment}`;
  }

  #flushComment(): void {
    if (this.#pendingComment === '') return;
    this.#output.push(this.#pendingComment);
    this.#pendingComment = '';
  }

  #breakLine(indent: number): void {
    this.#flushComment();
    this.#output.push(`\n${' '.repeat(indent)}`);
    this.#column = indent;
  }

  #runGroup(inner: Layout, hard: boolean, { indent, isFlat }: Command): void {
    const flat = { layout: inner, indent, isFlat: true };
    const fits = isFlat || (!hard && this.#fits(flat, this.#width - this.#column));
    this.#commands.push(fits ? flat : { layout: inner, indent, isFlat: false });
  }

  #runChoice({ first, second }: Layout & { kind: 'choice' }, { indent, isFlat }: Command): void {
    if (isFlat) return void this.#commands.push({ layout: first, indent, isFlat });
    const isFirst = this.#fits({ layout: first, indent, isFlat: !first.hard }, this.#width - this.#column);
    const isBroken = !isFirst && this.#fits({ layout: first, indent, isFlat: false }, this.#width - this.#column);
    this.#commands.push({ layout: isFirst || isBroken ? first : second, indent, isFlat: isFirst && !first.hard });
  }

  #runValue({ inner, hugs, hard }: Layout & { kind: 'value' }, { indent, isFlat }: Command): void {
    const flat = { layout: inner, indent, isFlat: true };
    if (isFlat || (!hard && this.#fits(flat, this.#width - this.#column - 1))) {
      this.#put(' ');
      this.#commands.push(flat);
      return;
    }
    const nextIndent = indent + indentWidth;
    const fitsBelow = !hard && this.#fits({ ...flat, indent: nextIndent }, this.#width - nextIndent);
    if (hugs && !fitsBelow) {
      this.#put(' ');
      this.#commands.push({ layout: inner, indent, isFlat: false });
      return;
    }
    this.#breakLine(nextIndent);
    this.#commands.push({ layout: inner, indent: nextIndent, isFlat: fitsBelow });
  }

  /** Whether the rest of this line has room for a command and for what follows it up to the next possible break. */
  #fits(command: Command, room: number): boolean {
    const own: Command[] = [command];
    let next = this.#commands.length - 1;
    let left = room;
    while (left >= 0) {
      const current = own.pop() ?? this.#commands[next--];
      if (current === undefined) return true;
      const { layout, indent, isFlat } = current;
      switch (layout.kind) {
        case 'text':
          left -= layout.text.length;
          break;
        case 'if-broken':
          if (!isFlat) left -= layout.text.length;
          break;
        case 'concat':
          for (const part of layout.parts.toReversed()) own.push({ layout: part, indent, isFlat });
          break;
        case 'line':
          if (!isFlat || layout.flat === undefined) return true;
          left -= layout.flat.length;
          break;
        case 'blank-line':
        case 'line-comment':
          return true;
        case 'group':
          own.push({ layout: layout.inner, indent, isFlat: isFlat || !layout.hard });
          break;
        case 'indent':
          own.push({ layout: layout.inner, indent, isFlat });
          break;
        case 'choice':
          own.push({ layout: layout.first, indent, isFlat });
          break;
        case 'value':
          if (!isFlat) return true;
          left -= 1;
          own.push({ layout: layout.inner, indent, isFlat });
          break;
        default:
          layout satisfies never;
      }
    }
    return false;
  }
}
