import { describe, expect, it } from 'vitest';
import { problems, run, values } from '../run-text.ts';

/** Runs `@f`, of one tensor to one of type `result`, as the grid `programs`; each process gets its own number, 1, 2, ... */
function onGrid(op: string, grid: readonly number[], type: string, result: string): string {
  const [replicas = 1, partitions = 1] = grid;
  const count = replicas * partitions;
  const row = `[${Array.from({ length: partitions }, () => '@f').join(', ')}]`;
  const constants = Array.from(
    { length: count },
    (_, index) => `  %p${index} = stablehlo.constant dense<${index + 1}> : ${type}`,
  );
  const names = constants.map((_, index) => `%p${index}`).join(', ');
  const results = constants.map(() => result).join(', ');
  return `func.func @main() -> (${results}) {
${constants.join('\n')}
  %r:${count} = "interpreter.run_parallel"(${names}) {
    programs = [${Array.from({ length: replicas }, () => row).join(', ')}]
  } : (${constants.map(() => type).join(', ')}) -> (${results})
  return ${constants.map((_, index) => `%r#${index}`).join(', ')} : ${results}
}
func.func private @f(%x: ${type}) -> ${result} {
  %r = ${op} : (${type}) -> ${result}
  return %r : ${result}
}`;
}

const add = `({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %s = stablehlo.add %a, %b : tensor<i32>
      stablehlo.return %s : tensor<i32>
  })`;
const handle = (channel: number) => `channel_handle = #stablehlo.channel_handle<handle = ${channel}, type = 1>`;

describe('all_reduce', () => {
  const text = (attributes: string, grid: readonly number[]) =>
    onGrid(`"stablehlo.all_reduce"(%x) ${add} {${attributes}}`, grid, 'tensor<i32>', 'tensor<i32>');

  it('reduces across the replicas of each partition', () => {
    const groups = 'replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>';
    expect(values(text(groups, [2, 2])).flat()).toEqual([4, 6, 4, 6]);
  });

  it('reduces across replicas and partitions with a channel', () => {
    const groups = `replica_groups = dense<[[0], [1]]> : tensor<2x1xi64>, ${handle(1)}`;
    expect(values(text(groups, [2, 2])).flat()).toEqual([3, 3, 7, 7]);
  });

  it('reduces groups of flattened ids', () => {
    const groups = `replica_groups = dense<[[0, 3], [1, 2]]> : tensor<2x2xi64>, ${handle(1)}, use_global_device_ids`;
    expect(values(text(groups, [2, 2])).flat()).toEqual([5, 5, 5, 5]);
  });

  it('reduces groups of different sizes', () => {
    const groups = 'replica_groups = dense<[[0, 2], [1, -1]]> : tensor<2x2xi64>';
    expect(values(text(groups, [3, 1])).flat()).toEqual([4, 2, 4]);
  });

  it('reduces along axes of a mesh', () => {
    const mesh =
      '#stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "x", size = 2>, #stablehlo.mesh_axis<name = "y", size = 2>]>';
    const groups = `replica_groups = #stablehlo.replica_group_mesh_axes<mesh = ${mesh}, axes = [#stablehlo.axis_ref<name = "x">]>`;
    expect(values(text(groups, [4, 1])).flat()).toEqual([4, 6, 4, 6]);
  });

  it('wants ids that occur once, and a channel for global ids', () => {
    const verify = (attributes: string) => problems(text(attributes, [1, 1]));
    expect(verify('replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>')).toEqual([
      'E2502 all_reduce C1: is_unique(replica_groups): 0 occurs twice',
    ]);
    expect(verify('replica_groups = dense<[[0, 2]]> : tensor<1x2xi64>')).toEqual([
      expect.stringContaining('E2502 all_reduce C3'),
    ]);
    expect(verify('replica_groups = dense<[[0]]> : tensor<1x1xi64>, use_global_device_ids')).toEqual([
      expect.stringContaining('E2502 all_reduce C4'),
    ]);
  });

  it('wants a computation over its elements', () => {
    const wrong = text('replica_groups = dense<0> : tensor<1x1xi64>', [1, 1]).replaceAll(
      '%x: tensor<i32>',
      '%x: tensor<f32>',
    );
    const verdict = problems(
      wrong.replace(': (tensor<i32>) -> tensor<i32>\n  return', ': (tensor<f32>) -> tensor<i32>\n  return'),
    );
    expect(verdict).toContainEqual(expect.stringContaining('E2502 all_reduce C5'));
  });

  it('names the process and the group that do not exist', () => {
    const groups = 'replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>';
    expect(() => run(text(groups, [1, 1]))).toThrow('there is no process (1, 0)');
    expect(() => run(text('replica_groups = dense<0> : tensor<1x1xi64>', [2, 1]))).toThrow('is in no replica group');
  });
});

describe('all_gather, all_to_all and reduce_scatter', () => {
  const groups = 'replica_groups = dense<[[1, 0]]> : tensor<1x2xi64>';

  it('concatenate in the order of the group', () => {
    const op = `"stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, ${groups}}`;
    expect(values(onGrid(op, [2, 1], 'tensor<1xi32>', 'tensor<2xi32>'))).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it('give each process its part', () => {
    const op = `"stablehlo.all_to_all"(%x) {split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = 2 : i64, ${groups}}`;
    expect(values(onGrid(op, [2, 1], 'tensor<2x1xi32>', 'tensor<1x2xi32>'))).toEqual([
      [2, 1],
      [2, 1],
    ]);
    const reduce = `"stablehlo.reduce_scatter"(%x) ${add} {scatter_dimension = 0 : i64, ${groups}}`;
    expect(values(onGrid(reduce, [2, 1], 'tensor<4xi32>', 'tensor<2xi32>'))).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  it('have results of the size that the groups make', () => {
    const gather = `"stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, ${groups}}`;
    expect(problems(onGrid(gather, [2, 1], 'tensor<1xi32>', 'tensor<3xi32>'))).toEqual([
      expect.stringContaining('(all_gather C6)'),
    ]);
    expect(problems(onGrid(gather.replace('= 0', '= 1'), [2, 1], 'tensor<1xi32>', 'tensor<2xi32>'))).toEqual([
      expect.stringContaining('E2501 all_gather C1'),
    ]);
    const scatter = `"stablehlo.reduce_scatter"(%x) ${add} {scatter_dimension = 0 : i64, ${groups}}`;
    expect(problems(onGrid(scatter, [2, 1], 'tensor<3xi32>', 'tensor<1xi32>'))).toEqual([
      expect.stringContaining('E2509 reduce_scatter C1'),
    ]);
    const exchange = `"stablehlo.all_to_all"(%x) {split_dimension = 0 : i64, concat_dimension = 0 : i64, split_count = 3 : i64, ${groups}}`;
    expect(problems(onGrid(exchange, [2, 1], 'tensor<3xi32>', 'tensor<3xi32>'))).toEqual([
      expect.stringContaining('E2503 all_to_all C8: dim(replica_groups, 1) = split_count: 2 and 3'),
    ]);
  });
});

describe('collective_broadcast and collective_permute', () => {
  it('send the root of a group to the others, and zeros to those without a group', () => {
    const op = '"stablehlo.collective_broadcast"(%x) {replica_groups = dense<[[2, 1]]> : tensor<1x2xi64>}';
    expect(values(onGrid(op, [3, 1], 'tensor<i32>', 'tensor<i32>')).flat()).toEqual([0, 3, 3]);
  });

  it('send along pairs, in a circle too', () => {
    const op = (pairs: string, count: number) =>
      `"stablehlo.collective_permute"(%x) {source_target_pairs = dense<${pairs}> : tensor<${count}x2xi64>}`;
    const permute = (pairs: string, count: number) =>
      values(onGrid(op(pairs, count), [3, 1], 'tensor<i32>', 'tensor<i32>')).flat();
    expect(permute('[[0, 1], [1, 2], [2, 0]]', 3)).toEqual([3, 1, 2]);
    expect(permute('[[0, 1], [2, 2]]', 2)).toEqual([0, 1, 3]);
  });

  it('want a source and a target at most once', () => {
    const op = '"stablehlo.collective_permute"(%x) {source_target_pairs = dense<[[0, 1], [2, 1]]> : tensor<2x2xi64>}';
    expect(problems(onGrid(op, [3, 1], 'tensor<i32>', 'tensor<i32>'))).toEqual([
      expect.stringContaining('E2505 collective_permute C3'),
    ]);
  });
});

describe('partition_id and replica_id', () => {
  it('tell a process its place', () => {
    const ids = (op: string) => `func.func @main() -> (tensor<ui32>, tensor<ui32>) {
  %r:2 = "interpreter.run_parallel"() {programs = [[@f, @f]]} : () -> (tensor<ui32>, tensor<ui32>)
  return %r#0, %r#1 : tensor<ui32>, tensor<ui32>
}
func.func private @f() -> tensor<ui32> {
  %r = stablehlo.${op} : tensor<ui32>
  return %r : tensor<ui32>
}`;
    expect(values(ids('partition_id'))).toEqual([[0], [1]]);
    expect(values(ids('replica_id'))).toEqual([[0], [0]]);
  });
});

describe('processes that wait for each other in vain', () => {
  it('are a deadlock', () => {
    const text = `func.func @main() {
  %token = stablehlo.after_all : !stablehlo.token
  %r:2 = "interpreter.run_parallel"(%token, %token) {programs = [[@f], [@f]]} : (!stablehlo.token, !stablehlo.token) -> (tensor<i32>, tensor<i32>)
  return
}
func.func private @f(%token: !stablehlo.token) -> tensor<i32> {
  %r:2 = "stablehlo.recv"(%token) {channel_handle = #stablehlo.channel_handle<handle = 3, type = 1>} : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  return %r#0 : tensor<i32>
}`;
    expect(() => run(text)).toThrow('a recv on channel 3 waits for its send');
  });
});
