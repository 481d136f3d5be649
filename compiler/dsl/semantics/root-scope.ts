/** What every file sees before its own items: dtypes, kinds of compile-time values, constants, builtins, and the library's `nn`. */
import { builtins } from './builtins/registry.ts';
import { Scope } from './scope.ts';
import { dtypeNames } from './type-text.ts';
import type { LanguageType } from './language-type.ts';
import type { Value } from './values.ts';

const kinds = [
  'int',
  'float',
  'bool',
  'str',
  'dtype',
  'type',
  'tree',
] as const satisfies readonly LanguageType['kind'][];

const constants: Readonly<Record<string, number>> = { inf: Infinity, nan: NaN };

export function rootScope(): Scope {
  const scope = new Scope();
  const define = (name: string, value: Value): void => scope.define(name, { kind: 'value', value, span: undefined });
  for (const [name, dtype] of Object.entries(dtypeNames)) define(name, { kind: 'dtype', dtype });
  for (const kind of kinds) define(kind, { kind: 'type', type: { kind } });
  for (const [name, value] of Object.entries(constants)) define(name, { kind: 'float', value, text: undefined });
  for (const builtin of builtins.values()) define(builtin.name, { kind: 'builtin', builtin });
  return scope;
}
