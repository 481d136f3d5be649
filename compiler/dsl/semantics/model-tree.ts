/** `params` and `state` of a model: a record of its own cells and of the records of the models in it, without empty ones. */
import type { Elaboration } from './elaboration.ts';
import type { ModelCell } from './cell.ts';
import type { Instance } from './instance.ts';
import type { TupleValue, Value } from './values.ts';

type Role = 'param' | 'state';

export function modelTree(el: Elaboration, instance: Instance, role: Role): TupleValue {
  return recordOf(instance, role, (cell) => el.read(cell));
}

/** The record with what `leaf` gives for each cell. */
export function recordOf(instance: Instance, role: Role, leaf: (cell: ModelCell) => Value): TupleValue {
  const fields: { name: string; value: Value }[] = [];
  for (const field of instance.fields) {
    if (field.kind === 'cell') {
      if (field.cell.role === role) fields.push({ name: field.name, value: leaf(field.cell) });
      continue;
    }
    const value = treeOfValue(instance, field.name, field.value, role, leaf);
    if (value !== undefined) fields.push({ name: field.name, value });
  }
  return { kind: 'tuple', fields };
}

/** Undefined for models without such cells, and for those that belong to another field. */
function treeOfValue(
  owner: Instance,
  path: string,
  value: Value,
  role: Role,
  leaf: (cell: ModelCell) => Value,
): Value | undefined {
  switch (value.kind) {
    case 'instance': {
      if (!value.instance.isOwnedBy(owner, path)) return undefined;
      const record = recordOf(value.instance, role, leaf);
      return record.fields.length === 0 ? undefined : record;
    }
    case 'list': {
      const elements = value.elements.map((element, index) =>
        treeOfValue(owner, `${path}.${index}`, element, role, leaf),
      );
      if (elements.every((element) => element === undefined)) return undefined;
      return { ...value, elements: elements.map((element) => element ?? { kind: 'tuple', fields: [] }) };
    }
    case 'tuple': {
      const fields = value.fields.map(({ name, value: element }, index) => ({
        name,
        value: treeOfValue(owner, `${path}.${name ?? index}`, element, role, leaf),
      }));
      if (fields.every((field) => field.value === undefined)) return undefined;
      return {
        kind: 'tuple',
        fields: fields.map((field) => ({ name: field.name, value: field.value ?? { kind: 'tuple', fields: [] } })),
      };
    }
    case 'alias':
    case 'bool':
    case 'builtin':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'int':
    case 'model':
    case 'module':
    case 'str':
    case 'tensor':
    case 'type':
    case 'unknown':
      return undefined;
  }
}

/** All cells of the model and of the models in it, in order. */
export function cellsOf(instance: Instance): readonly ModelCell[] {
  const cells: ModelCell[] = [];
  const visit = (value: Value, owner: Instance, path: string): void => {
    if (value.kind === 'instance') {
      if (value.instance.isOwnedBy(owner, path)) collect(value.instance);
    } else if (value.kind === 'list') {
      value.elements.forEach((element, index) => visit(element, owner, `${path}.${index}`));
    } else if (value.kind === 'tuple') {
      value.fields.forEach(({ name, value: element }, index) => visit(element, owner, `${path}.${name ?? index}`));
    }
  };
  const collect = (model: Instance): void => {
    for (const field of model.fields) {
      if (field.kind === 'cell') cells.push(field.cell);
      else visit(field.value, model, field.name);
    }
  };
  collect(instance);
  return cells;
}
