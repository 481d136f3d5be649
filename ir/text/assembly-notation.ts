/** The notation of text/assembly.ts read to a tree of names, before it is checked against a definition. */
import { InvariantError } from '../diagnostics/diagnostic.ts';

export type NotationNode =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string; readonly anchor: boolean }
  | {
      readonly kind: 'directive';
      readonly name: string;
      /** Of `custom<Name>(...)`. */
      readonly custom: string | undefined;
      readonly args: readonly NotationNode[];
      readonly anchor: boolean;
    }
  | { readonly kind: 'group'; readonly present: readonly NotationNode[]; readonly absent: readonly NotationNode[] };

const tokens = /\s*(?:(`[^`]*`)|(\$\w+)|([A-Za-z][\w-]*)|([()<>,?:^]))/y;

/** Throws InvariantError, with the place, when the notation is broken. */
export function readNotation(assembly: string): readonly NotationNode[] {
  const reader = new NotationReader(assembly);
  const nodes = reader.nodes();
  reader.expectEnd();
  return nodes;
}

class NotationReader {
  readonly #assembly: string;
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(assembly: string) {
    this.#assembly = assembly;
    const end = assembly.trimEnd().length;
    tokens.lastIndex = 0;
    while (tokens.lastIndex < end) {
      const from = tokens.lastIndex;
      const match = tokens.exec(assembly);
      if (match === null) throw new InvariantError(`assembly notation: cannot read '${assembly.slice(from)}'`);
      this.#tokens.push(match[0].trim() === '``' ? '``' : (match[1] ?? match[0].trim()));
    }
  }

  nodes(): NotationNode[] {
    const nodes: NotationNode[] = [];
    while (this.#at < this.#tokens.length && this.#peek() !== ')' && this.#peek() !== ',') nodes.push(this.#node());
    return nodes;
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) this.#fail(`unexpected '${this.#peek()}'`);
  }

  #node(): NotationNode {
    const token = this.#next();
    if (token.startsWith('`')) return { kind: 'literal', text: token.slice(1, -1) };
    if (token.startsWith('$')) return { kind: 'name', name: token.slice(1), anchor: this.#consume('^') };
    if (token === '(') return this.#group();
    if (!/^[A-Za-z]/.test(token)) this.#fail(`unexpected '${token}'`);
    return this.#directive(token);
  }

  #directive(name: string): NotationNode {
    let custom: string | undefined;
    if (name === 'custom') {
      this.#expect('<');
      custom = this.#next();
      this.#expect('>');
    }
    const hasArgs = custom !== undefined || takesArgs.has(name);
    const args = hasArgs ? this.#args() : [];
    return { kind: 'directive', name, custom, args, anchor: this.#consume('^') };
  }

  #args(): NotationNode[] {
    const args: NotationNode[] = [];
    this.#expect('(');
    while (!this.#consume(')')) {
      args.push(this.#node());
      if (this.#peek() !== ')') this.#expect(',');
    }
    return args;
  }

  /** After `(`: `a b)?` or, with an else part, `a b):(c)?`. */
  #group(): NotationNode {
    const present = this.nodes();
    this.#expect(')');
    let absent: readonly NotationNode[] = [];
    if (this.#consume(':')) {
      this.#expect('(');
      absent = this.nodes();
      this.#expect(')');
    }
    this.#expect('?');
    return { kind: 'group', present, absent };
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    return token ?? this.#fail('it ends too early');
  }

  #consume(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#consume(token)) this.#fail(`expected '${token}' before '${this.#peek()}'`);
  }

  #fail(why: string): never {
    throw new InvariantError(`assembly notation: ${why} in: ${this.#assembly}`);
  }
}

const takesArgs: ReadonlySet<string> = new Set(['type', 'ref', 'functional-type']);
