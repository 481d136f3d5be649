/** Which symbols the attributes of ops refer to. */
import type { Attribute } from './attributes.ts';
import type { Operation } from './operation.ts';

/** Root names of all symbol references inside `root`: calls, composites, and any other attribute that holds one. */
export function referencedSymbols(root: Operation): ReadonlySet<string> {
  const names = new Set<string>();
  root.walk((op) => {
    for (const attribute of op.attributes.values()) collect(attribute, names);
  });
  return names;
}

/** Root names of the symbol references in the attributes of one op, its regions left out. */
export function referencedByAttributes(op: Operation): ReadonlySet<string> {
  const names = new Set<string>();
  for (const attribute of op.attributes.values()) collect(attribute, names);
  return names;
}

function collect(attribute: Attribute, names: Set<string>): void {
  if (attribute.kind === 'symbol-ref') for (const name of [attribute.root, ...attribute.nested]) names.add(name);
  else if (attribute.kind === 'array') for (const element of attribute.elements) collect(element, names);
  else if (attribute.kind === 'dictionary') for (const element of attribute.entries.values()) collect(element, names);
  else if (attribute.kind === 'struct') for (const element of attribute.fields.values()) collect(element, names);
  else if (attribute.kind === 'opaque') collectFromText(attribute.text, names);
}

/** Another dialect's attribute: any `@name` in it counts. */
function collectFromText(text: string, names: Set<string>): void {
  for (const match of text.matchAll(/@([\w$.-]+)/g)) if (match[1] !== undefined) names.add(match[1]);
}
