/** Compile-time parameters given from outside, as text: `--set hidden=256`. */
import type { Span } from '../../../ir/source.ts';
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { Parameter } from '../syntax/ast.ts';
import { parameterName } from './calls.ts';
import { constantDimension } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import type { LanguageType } from './language-type.ts';
import type { Scope } from './scope.ts';
import { typeText } from './type-text.ts';
import type { Value } from './values.ts';

export class Settings {
  readonly #given: ReadonlyMap<string, string>;
  readonly #used = new Set<string>();

  constructor(given: ReadonlyMap<string, string>) {
    this.#given = given;
  }

  /** True when the parameter of `owner` is given. */
  has(owner: string, parameter: Parameter): boolean {
    return this.#given.has(this.#key(owner, parameter));
  }

  /** Reports those that nothing asked for, at what is exported. */
  reportUnused(el: Elaboration, span: Span): void {
    for (const name of this.#given.keys()) {
      if (this.#used.has(name)) continue;
      const message = `nothing exported has a compile-time parameter \`${name}\``;
      el.attempt(() => el.fail('E6806', span, message, { hint: hintAt(name, [...this.#used]) }));
    }
  }

  /** `owner.name` where that is given; it is known from now on. */
  #key(owner: string, parameter: Parameter): string {
    const name = parameterName(parameter) ?? '_';
    const key = this.#given.has(`${owner}.${name}`) ? `${owner}.${name}` : name;
    this.#used.add(key);
    return key;
  }

  /** The value of a parameter of `owner`: given, its default, or reported as missing. */
  valueOf(el: Elaboration, owner: string, parameter: Parameter, type: LanguageType, scope: Scope): Value {
    const name = parameterName(parameter) ?? '_';
    const text = this.#given.get(this.#key(owner, parameter));
    if (text === undefined) {
      if (parameter.defaultValue !== undefined) return el.evaluate(parameter.defaultValue, scope);
      return el.fail('E6804', parameter.span, `\`${name}\` of \`${owner}\` is not given, and has no default`, {
        hint: `give it with \`--set ${name}=${sample(type)}\`${type.kind === 'bool' ? `; what is known at run time only is \`${name}: bool[]\`` : ''}`,
      });
    }
    const value = parseSetting(text, type);
    if (value !== undefined) return value;
    return el.fail(
      'E6810',
      parameter.span,
      `\`${name}\` of \`${owner}\` is \`${typeText(type)}\`, and \`${text}\` is none`,
      {
        hint: `give it as in \`--set ${name}=${sample(type)}\``,
      },
    );
  }
}

/** What the name may have been meant to be, or what there is. */
export function hintAt(name: string, known: readonly string[]): string | undefined {
  const close = nearest(name, known);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  const list = known.map((each) => `\`${each}\``).join(', ');
  return list === '' ? undefined : `there ${known.length === 1 ? 'is' : 'are'} ${list}`;
}

function sample(type: LanguageType): string {
  if (type.kind === 'float') return '0.1';
  if (type.kind === 'bool') return 'true';
  return type.kind === 'str' ? 'text' : '64';
}

function parseSetting(text: string, type: LanguageType): Value | undefined {
  switch (type.kind) {
    case 'int':
      return /^-?\d{1,15}$/.test(text) ? { kind: 'int', value: constantDimension(Number(text)) } : undefined;
    case 'float':
      if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
      return { kind: 'float', value: Number(text), text };
    case 'bool':
      return text === 'true' || text === 'false' ? { kind: 'bool', value: text === 'true' } : undefined;
    case 'str':
      return { kind: 'str', value: text };
    case 'dtype':
    case 'fn':
    case 'list':
    case 'model':
    case 'tensor':
    case 'tree':
    case 'tuple':
    case 'type':
    case 'unknown':
      return undefined;
  }
}
