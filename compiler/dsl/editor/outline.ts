/** What a file declares, for an editor's outline. */
import type { Span } from '../../../ir/source.ts';
import type { Item, Member, SourceUnit } from '../syntax/ast.ts';
import { textOf } from './text-positions.ts';

export interface OutlineEntry {
  readonly name: string;
  readonly kind: Exclude<(Item | Member)['kind'], 'error'>;
  readonly detail: string | undefined;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly OutlineEntry[];
}

export function outlineOf({ items }: SourceUnit): readonly OutlineEntry[] {
  return items.flatMap(entryOf);
}

function entryOf(item: Item | Member): readonly OutlineEntry[] {
  if (item.kind === 'error') return [];
  const { kind, name, span } = item;
  const children = kind === 'model' ? item.members.flatMap(entryOf) : [];
  const shown = name.text === '' ? '""' : name.text;
  return [{ name: shown, kind, detail: detailOf(item), span, nameSpan: name.span, children }];
}

function detailOf(item: Item | Member): string | undefined {
  if (item.kind === 'sub-model') return textOf(item.value.span);
  if (item.kind !== 'param' && item.kind !== 'state') return undefined;
  return item.type && textOf(item.type.span);
}
