/** Sort, top-k, cumulative sum, gather and scatter-add of 1 M elements. */
import { jaxJs } from '../peers/jax-js.ts';
import { onnxruntime } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { tfjs } from '../peers/tfjs.ts';
import type { Contestants, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { type Elements, seeded, seededIntegers, sizeOf, type Value } from '../values.ts';

const million = 1 << 20;

/** Bytes are those of inputs and outputs. */
function movingRow(name: string, bytes: number, contestants: () => Contestants): Row {
  return { name, unit: 'GB/s', flops: 0, dataBytes: bytes, weightBytes: 0, contestants };
}

function reversedRows(dims: readonly number[]): (outputs: readonly Elements[]) => readonly Elements[] {
  const row = dims.at(-1) ?? 1;
  return ([values]) => {
    const result = (values as Float32Array).slice();
    for (let at = 0; at < result.length; at += row) result.subarray(at, at + row).reverse();
    return [result];
  };
}

/** Along the last axis. Where there is no sort, top-k of all elements is one. */
function sortContestants(dims: readonly number[]): Contestants {
  const x = seeded(dims, 1);
  const type = tensorType(dims);
  const size = dims.at(-1) ?? 1;
  const body = [
    `%y = "stablehlo.sort"(%x) <{dimension = ${dims.length - 1} : i64, is_stable = true}> ({`,
    `^bb0(%a: tensor<f32>, %b: tensor<f32>):`,
    `  %less = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>`,
    `  stablehlo.return %less : tensor<i1>`,
    `}) : (${type}) -> ${type}`,
  ];
  return {
    tessera: tessera(mainFunction({ inputs: { x }, body, results: { y: type } }), [x]),
    'onnxruntime-web': onnxruntime({
      nodes: [
        { op: 'TopK', inputs: ['x', 'k'], outputs: ['y', 'at'], attributes: { axis: -1, largest: 0, sorted: 1 } },
      ],
      weights: { k: { dims: [1], data: BigInt64Array.of(BigInt(size)) } },
      inputs: { x },
      outputs: { y: { dims } },
    }),
    'tfjs-wasm': tfjs([x], (tf, values) => tf.topk(values, size, true).values, reversedRows(dims)),
    'jax-js': jaxJs([x], ({ numpy }, values) => numpy.sort(values, -1)),
  };
}

function topKContestants(dims: readonly number[], k: number): Contestants {
  const x = seeded(dims, 1);
  const resultDims = [...dims.slice(0, -1), k];
  const results = { values: tensorType(resultDims), at: tensorType(resultDims, 'i32') };
  const body = [`%values, %at = chlo.top_k(%x, k = ${k}) : ${tensorType(dims)} -> (${results.values}, ${results.at})`];
  return {
    tessera: tessera(mainFunction({ inputs: { x }, body, results }), [x]),
    'onnxruntime-web': onnxruntime({
      nodes: [{ op: 'TopK', inputs: ['x', 'k'], outputs: ['values', 'at'], attributes: { axis: -1 } }],
      weights: { k: { dims: [1], data: BigInt64Array.of(BigInt(k)) } },
      inputs: { x },
      outputs: { values: { dims: resultDims }, at: { dims: resultDims, type: 'i64' } },
    }),
    'tfjs-wasm': tfjs([x], (tf, values) => {
      const top = tf.topk(values, k, true);
      return [top.values, top.indices];
    }),
    'jax-js': jaxJs([x], ({ lax }, values) => lax.topK(values, k)),
  };
}

/** Windows that begin before the first element: how PyTorch/XLA exports it. */
function cumsumText(x: Value): string {
  const type = tensorType(x.dims);
  const [size = 1] = x.dims.slice(-1);
  const rank = x.dims.length;
  const others = x.dims.slice(1);
  const padding = [...others.map(() => '[0, 0]'), `[${size - 1}, 0]`].join(', ');
  const body = [
    `%zero = stablehlo.constant dense<0.0> : tensor<f32>`,
    `%y = "stablehlo.reduce_window"(%x, %zero) ({`,
    `^bb0(%a: tensor<f32>, %b: tensor<f32>):`,
    `  %sum = stablehlo.add %a, %b : tensor<f32>`,
    `  stablehlo.return %sum : tensor<f32>`,
    `}) {window_dimensions = array<i64: ${[...others.map(() => 1), size].join(', ')}>, padding = dense<[${padding}]> : tensor<${rank}x2xi64>} : (${type}, tensor<f32>) -> ${type}`,
  ];
  return mainFunction({ inputs: { x }, body, results: { y: type } });
}

function cumsumContestants(dims: readonly number[]): Contestants {
  const x = seeded(dims, 1);
  const axis = dims.length - 1;
  return {
    tessera: tessera(cumsumText(x), [x]),
    'onnxruntime-web': onnxruntime({
      nodes: [{ op: 'CumSum', inputs: ['x', 'axis'], outputs: ['y'] }],
      weights: { axis: { dims: [], data: Int32Array.of(axis) } },
      inputs: { x },
      outputs: { y: { dims } },
    }),
    'tfjs-wasm': tfjs([x], (tf, values) => tf.cumsum(values, axis)),
    'jax-js': jaxJs([x], ({ numpy }, values) => numpy.cumsum(values, axis)),
  };
}

/** Rows of a table. */
function gatherContestants(tableDims: readonly number[], count: number): Contestants {
  const [rows = 1, ...row] = tableDims;
  const table = seeded(tableDims, 1);
  const at = seededIntegers([count], 2, [0, rows]);
  const dims = [count, ...row];
  const offsets = row.map((_, axis) => axis + 1).join(', ');
  const numbers = `#stablehlo.gather<offset_dims = [${offsets}], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>`;
  const types = `(${tensorType(tableDims)}, ${tensorType([count], 'i32')}) -> ${tensorType(dims)}`;
  const body = [
    `%y = "stablehlo.gather"(%table, %at) <{dimension_numbers = ${numbers}, slice_sizes = array<i64: ${[1, ...row].join(', ')}>}> : ${types}`,
  ];
  const inputs = { table, at };
  return {
    tessera: tessera(mainFunction({ inputs, body, results: { y: tensorType(dims) } }), [table, at]),
    'onnxruntime-web': onnxruntime({
      nodes: [{ op: 'Gather', inputs: ['table', 'at'], outputs: ['y'] }],
      inputs,
      outputs: { y: { dims } },
    }),
    'tfjs-wasm': tfjs([table, at], (tf, values, indices) => tf.gather(values, indices)),
    'jax-js': jaxJs([table, at], ({ numpy }, values, indices) => numpy.take(values, indices, 0)),
  };
}

/** Of elements to zeros: the gradient of a gather. */
function scatterContestants(count: number, size: number): Contestants {
  const updates = seeded([count], 1);
  const at = seededIntegers([count], 2, [0, size]);
  const inputs = { updates, at };
  return {
    tessera: tessera(scatterText(inputs, size), [updates, at]),
    'onnxruntime-web': onnxruntime({
      nodes: [
        { op: 'ConstantOfShape', inputs: ['shape'], outputs: ['zeros'] },
        {
          op: 'ScatterElements',
          inputs: ['zeros', 'at', 'updates'],
          outputs: ['y'],
          attributes: { axis: 0, reduction: 'add' },
        },
      ],
      weights: { shape: { dims: [1], data: BigInt64Array.of(BigInt(size)) } },
      inputs,
      outputs: { y: { dims: [size] } },
    }),
    'tfjs-wasm': tfjs([updates, at], (tf, values, indices) =>
      tf.scatterND(tf.reshape(indices, [count, 1]), values, [size]),
    ),
    'jax-js': jaxJs([updates, at], (jax, values, indices) => {
      const [gathered, pull] = jax.vjp((x) => jax.numpy.take(x, indices, 0), [jax.numpy.zeros([size])]);
      gathered.dispose();
      const [gradient] = pull(values);
      pull.dispose();
      return gradient;
    }),
  };
}

function scatterText(inputs: Readonly<Record<string, Value>>, size: number): string {
  const result = tensorType([size]);
  const [count = 0] = inputs['at']?.dims ?? [];
  const numbers = `#stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>`;
  const body = [
    `%zeros = stablehlo.constant dense<0.0> : ${result}`,
    `%y = "stablehlo.scatter"(%zeros, %at, %updates) <{scatter_dimension_numbers = ${numbers}}> ({`,
    `^bb0(%a: tensor<f32>, %b: tensor<f32>):`,
    `  %sum = stablehlo.add %a, %b : tensor<f32>`,
    `  stablehlo.return %sum : tensor<f32>`,
    `}) : (${result}, ${tensorType([count], 'i32')}, ${tensorType([count])}) -> ${result}`,
  ];
  return mainFunction({ inputs, body, results: { y: result } });
}

const square = [1024, 1024];

export const orderingRows: readonly Row[] = [
  movingRow('sort 1 M elements', 8 * million, () => sortContestants([million])),
  movingRow('sort rows [1024,1024]', 8 * million, () => sortContestants(square)),
  movingRow('top 100 of 1 M elements', 4 * million, () => topKContestants([million], 100)),
  movingRow('top 8 of rows [1024,1024]', 4 * million, () => topKContestants(square, 8)),
  movingRow('cumsum of 1 M elements', 8 * million, () => cumsumContestants([million])),
  movingRow('cumsum of rows [1024,1024]', 8 * million, () => cumsumContestants(square)),
  movingRow('gather 1 M elements', 12 * million, () => gatherContestants([million], million)),
  movingRow('gather 16384 rows of [32768,64]', 4 * (sizeOf([32768, 64]) + 16384 * 65), () =>
    gatherContestants([32768, 64], 16384),
  ),
  movingRow('scatter-add 1 M elements', 12 * million, () => scatterContestants(million, million)),
];
