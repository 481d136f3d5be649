/** What could not be read declares names, too: they are not missing, only unknown. */
import type { Span } from '../../../ir/source.ts';
import type { Scope } from './scope.ts';
import { unknownValue } from './values.ts';

const declarations = /\b(?:fn|model|type|let|var|param|state|for|,|\()\s*([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*:/g;

/** Defines what looks like a declaration in the text of an error node. */
export function forgiveNames({ source, start, end }: Span, scope: Scope): void {
  const text = new TextDecoder().decode(source.bytes.subarray(start, end));
  for (const [, declared, labelled] of text.matchAll(declarations)) {
    const name = declared ?? labelled;
    if (name !== undefined && scope.own(name) === undefined) {
      scope.define(name, { kind: 'value', value: unknownValue, span: undefined });
    }
  }
}
