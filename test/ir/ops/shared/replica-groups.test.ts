import { describe, expect, it } from 'vitest';
import type { OpaqueAttr } from '../../../../ir/attributes.ts';
import { processGroups } from '../../../../ir/ops/shared/process-groups.ts';
import { denseGroups, groupWidth, replicaGroups } from '../../../../ir/ops/shared/replica-groups.ts';

const mesh =
  'mesh = #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "x", size = 2>, #stablehlo.mesh_axis<name = "y", size = 4>]>';

function rowsOf(axes: string): readonly (readonly number[])[] | undefined {
  const attribute: OpaqueAttr = {
    kind: 'opaque',
    text: `#stablehlo.replica_group_mesh_axes<${mesh}, axes = [${axes}]>`,
  };
  return replicaGroups().decode(attribute)?.rows;
}

describe('replica groups', () => {
  it('are rows of ids without the -1 that fills short ones', () => {
    const { attribute } = denseGroups([
      [0, 1],
      [2, -1],
    ]);
    const groups = replicaGroups().decode(attribute);
    expect(groups?.rows).toEqual([[0, 1], [2]]);
    expect(groups && groupWidth(groups)).toBeUndefined();
  });

  it('may be axes of a mesh, whose devices are numbered row-major', () => {
    expect(rowsOf('#stablehlo.axis_ref<name = "y">')).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(rowsOf('#stablehlo.axis_ref<name = "x">')).toEqual([
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ]);
  });

  it('vary the axes in the order they are named', () => {
    expect(rowsOf('#stablehlo.axis_ref<name = "y">, #stablehlo.axis_ref<name = "x">')).toEqual([
      [0, 4, 1, 5, 2, 6, 3, 7],
    ]);
  });

  it('may be part of an axis', () => {
    expect(rowsOf('#stablehlo.axis_ref<name = "y", sub_axis_info = (1)2>')).toEqual([
      [0, 2],
      [1, 3],
      [4, 6],
      [5, 7],
    ]);
    expect(rowsOf('#stablehlo.axis_ref<name = "y", sub_axis_info = (2)2>')).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
  });

  it('have no rows when the axes do not fit the mesh', () => {
    expect(rowsOf('#stablehlo.axis_ref<name = "z">')).toBeUndefined();
    expect(rowsOf('#stablehlo.axis_ref<name = "y", sub_axis_info = (1)3>')).toBeUndefined();
  });
});

describe('process groups', () => {
  const grid = { replicaCount: 2, partitionCount: 2 };
  const text = (mode: Parameters<typeof processGroups>[1], rows: readonly (readonly number[])[]): string[] =>
    processGroups(rows, mode, grid).map((group) => group.map((id) => `${id.replica}${id.partition}`).join(' '));

  it('cross replicas for each partition, or partitions for each replica', () => {
    expect(text('cross-replica', [[1, 0]])).toEqual(['10 00', '11 01']);
    expect(text('cross-partition', [[1, 0]])).toEqual(['01 00', '11 10']);
  });

  it('hold all partitions of their replicas, partition by partition', () => {
    expect(text('cross-replica-and-partition', [[0, 1]])).toEqual(['00 10 01 11']);
  });

  it('take flattened ids row-major', () => {
    expect(text('flattened-ids', [[0, 3], [1]])).toEqual(['00 11', '01']);
  });
});
