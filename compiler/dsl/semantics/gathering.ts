/** Elements at positions that a tensor holds: read with a gather, written with a scatter, along one axis. */
import type { Region } from '../../../ir/operation.ts';
import { gather } from '../../../ir/ops/stablehlo/gather.ts';
import { scatter } from '../../../ir/ops/stablehlo/scatter.ts';
import type { CallSite } from './call-site.ts';
import { constantDimension, type Dimension } from './dimension.ts';
import type { Combiner } from './tensor-ops.ts';
import type { TensorValue } from './values.ts';

/**
 * `x: [a..., n, b...]`, `positions: [i...]` -> `[a..., i..., b...]`: the slices of `axis` at the positions, which clamp.
 */
export function gatherAlong(x: TensorValue, axis: number, positions: TensorValue, site: CallSite): TensorValue {
  const dims = x.dims.toSpliced(axis, 1, ...positions.dims);
  const numbers = {
    offset_dims: windowAxes(x, axis, positions),
    collapsed_slice_dims: [axis],
    operand_batching_dims: [],
    start_indices_batching_dims: [],
    start_index_map: [axis],
    index_vector_dim: positions.dims.length,
  };
  return site.ops.gather(x, positions, numbers, x.dims.with(axis, constantDimension(1)), dims);
}

/**
 * `x` with the slices of `axis` at the positions replaced by `updates: [a..., i..., b...]`, or combined with them. Positions outside are
 * left out; with `undefined` as the combiner the last of equal positions wins.
 */
export function scatterAlong(
  x: TensorValue,
  axis: number,
  positions: TensorValue,
  updates: TensorValue,
  combiner: Combiner | undefined,
  site: CallSite,
): TensorValue {
  const attrs = {
    scatter_dimension_numbers: {
      update_window_dims: windowAxes(x, axis, positions),
      inserted_window_dims: [axis],
      input_batching_dims: [],
      scatter_indices_batching_dims: [],
      scatter_dims_to_operand_dims: [axis],
      index_vector_dim: positions.dims.length,
    },
  };
  return site.ops.make(scatter, [x, positions, updates], attrs, x, [updateRegion(x, combiner, site)]);
}

function updateRegion(x: TensorValue, combiner: Combiner | undefined, site: CallSite): Region {
  if (combiner !== undefined) return site.ops.combinerRegion(x.dtype, combiner);
  const scalar = { dtype: x.dtype, dims: [] };
  return site.ops.region([scalar, scalar], (args) => args.slice(1));
}

/** The axes of the result that are axes of `x`: all but those of the positions. */
function windowAxes(x: TensorValue, axis: number, positions: TensorValue): readonly number[] {
  return x.dims.flatMap((_, at) => (at === axis ? [] : [at < axis ? at : at + positions.dims.length - 1]));
}

/** `x: [a..., n, b...]`, `positions` of the same shape but for `axis` -> the shape of `positions`: element by element along `axis`. */
export function takeAlong(x: TensorValue, axis: number, positions: TensorValue, site: CallSite): TensorValue {
  const rank = x.dims.length;
  const batch = x.dims.map((_, at) => at).filter((at) => at !== axis);
  const one: Dimension = constantDimension(1);
  const indices = site.ops.reshape(positions, [...positions.dims, one]);
  const attrs = {
    dimension_numbers: {
      offset_dims: [],
      collapsed_slice_dims: [axis],
      operand_batching_dims: batch,
      start_indices_batching_dims: batch,
      start_index_map: [axis],
      index_vector_dim: rank,
    },
    slice_sizes: x.dims.map(() => 1),
  };
  return site.ops.make(gather, [x, indices], attrs, { dtype: x.dtype, dims: positions.dims });
}
