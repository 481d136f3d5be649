/**
 * `replica_groups`: rows of ids, `dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>`, where -1 fills short rows, or axes of a mesh,
 * `#stablehlo.replica_group_mesh_axes<mesh = ..., axes = [...]>`, which stand for such rows (spec.md, "Replica groups").
 */
import { type AttributeCodec, i64Matrix } from '../../attribute-schema.ts';
import type { Attribute } from '../../attributes.ts';
import type { ConstraintCheck } from '../../op-definition.ts';

export interface ReplicaGroups {
  /** Ids without the filling; undefined when they are axes of a mesh that another op defines. */
  readonly rows: readonly (readonly number[])[] | undefined;
  readonly attribute: Attribute;
}

const matrix = i64Matrix();

export function replicaGroups(): AttributeCodec<ReplicaGroups> {
  return Object.freeze({
    describe: 'a two-dimensional tensor of 64-bit integers or axes of a mesh',
    decode: decodeGroups,
    encode: (groups: ReplicaGroups) => groups.attribute,
  });
}

/** Groups by their ids, all rows of one length. */
export function denseGroups(rows: readonly (readonly number[])[]): ReplicaGroups {
  return { rows, attribute: matrix.encode(rows) };
}

function decodeGroups(attribute: Attribute): ReplicaGroups | undefined {
  const rows = matrix.decode(attribute);
  if (rows !== undefined) return { rows: rows.map((row) => row.filter((id) => id !== -1)), attribute };
  const isMeshAxes = attribute.kind === 'opaque' && attribute.text.startsWith('#stablehlo.replica_group_mesh_axes<');
  return isMeshAxes ? { rows: meshRows(attribute.text), attribute } : undefined;
}

interface MeshAxis {
  readonly name: string;
  readonly size: number;
}

/** Part of an axis: of its size, `before` x `size` x the rest, the middle factor. */
interface AxisPart {
  readonly name: string;
  readonly before: number;
  readonly size: number | undefined;
}

/** The rows that axes of an inline mesh stand for; undefined when the mesh is only named, or the axes do not fit it. */
function meshRows(text: string): readonly (readonly number[])[] | undefined {
  const mesh = /mesh = #stablehlo\.mesh<\s*axes\s*=\s*\[(.*?)\]/s.exec(text);
  const rest = mesh === null ? '' : text.slice(mesh.index + mesh[0].length);
  const axes = [...(mesh?.[1] ?? '').matchAll(/name = "([^"]*)", size = (\d+)/g)].map(
    ([, name = '', size = '']): MeshAxis => ({ name, size: Number(size) }),
  );
  const parts = [...rest.matchAll(/name = "([^"]*)"(?:, sub_axis_info = \((\d+)\)(\d+))?/g)].map(
    ([, name = '', before, size]): AxisPart => ({
      name,
      before: before === undefined ? 1 : Number(before),
      size: size === undefined ? undefined : Number(size),
    }),
  );
  return mesh === null ? undefined : groupsAlong(axes, parts);
}

/** A factor of the device number: it counts in steps of `stride`. */
interface Factor {
  readonly size: number;
  readonly stride: number;
}

/** Devices are numbered row-major over the axes; a group varies the chosen parts, the groups vary the rest. */
function groupsAlong(axes: readonly MeshAxis[], parts: readonly AxisPart[]): number[][] | undefined {
  const chosen = new Map<AxisPart, Factor>();
  const left: Factor[] = [];
  let stride = axes.reduce((product, axis) => product * axis.size, 1);
  if (stride > 1 << 20) return undefined;
  for (const axis of axes) {
    const own = parts.filter((part) => part.name === axis.name).sort((a, b) => a.before - b.before);
    let at = 1;
    for (const part of own) {
      const size = part.size ?? axis.size;
      if (part.before < at || part.before % at !== 0 || axis.size % (part.before * size) !== 0) return undefined;
      stride /= part.before / at;
      left.push({ size: part.before / at, stride });
      stride /= size;
      chosen.set(part, { size, stride });
      at = part.before * size;
    }
    stride /= axis.size / at;
    left.push({ size: axis.size / at, stride });
  }
  if (chosen.size !== parts.length) return undefined;
  const members = combine(parts.flatMap((part) => chosen.get(part) ?? []));
  return combine(left).map((base) => members.map((offset) => base + offset));
}

/** All sums of one multiple of each stride, the last factor fastest. */
function combine(factors: readonly Factor[]): number[] {
  let offsets = [0];
  for (const { size, stride } of factors)
    offsets = offsets.flatMap((offset) => Array.from({ length: size }, (_, index) => offset + index * stride));
  return offsets;
}

/** Ids of the constraints that collectives share; they differ from op to op. */
export interface GroupConstraintIds {
  readonly unique: string;
  readonly range: string;
}

/**
 * `is_unique(replica_groups)` and `0 <= replica_groups < size(replica_groups)`. Where the groups need not cover all processes, only
 * the lower bound can be checked before the grid is known.
 */
export function checkReplicaGroups(
  groups: ReplicaGroups,
  check: ConstraintCheck,
  ids: GroupConstraintIds,
  coversAll: boolean,
): void {
  const { rows } = groups;
  if (rows === undefined) return;
  const all = rows.flat();
  const seen = new Set<number>();
  const repeated = all.find((id) => seen.size === seen.add(id).size);
  check.require(repeated === undefined, ids.unique, () => `${repeated} occurs twice`);
  const limit = coversAll ? all.length : Number.POSITIVE_INFINITY;
  const outside = all.find((id) => id < 0 || id >= limit);
  check.require(outside === undefined, ids.range, () => `${outside} is not among ${all.length} ids`);
}

/** The number of ids in each row, when it is one number for all. */
export function groupWidth(groups: ReplicaGroups): number | undefined {
  const [first, ...rest] = groups.rows ?? [];
  if (first === undefined) return undefined;
  return rest.every((row) => row.length === first.length) ? first.length : undefined;
}
