/**
 * The structured attributes of StableHLO and chlo and the values of their enumerations, as the reader needs them. Fields that may be
 * left out have a default; a field that is written with its default is dropped, so that both spellings are one attribute.
 * Source: StablehloAttrs.td, StablehloEnums.td, ChloAttrs.td of openxla/stablehlo.
 */

/**
 * - `indices`: `[0, 1]`, held as `array<i64: 0, 1>`; empty when left out.
 * - `index`: a whole number, i64. `number`: f64. `flag`: true or false. `type`: a type. `attribute`: any attribute.
 */
export type FieldKind = 'indices' | 'index' | 'number' | 'flag' | 'type' | 'attribute';

export interface FieldDefinition {
  readonly name: string;
  readonly kind: FieldKind;
  /** False when the field may be left out: empty or zero then. */
  readonly required: boolean;
}

export type StructDefinition = readonly FieldDefinition[];

function fields(kind: FieldKind, required: boolean, ...names: readonly string[]): FieldDefinition[] {
  return names.map((name) => ({ name, kind, required }));
}

const ragged = [
  'lhs_batching_dimensions',
  'rhs_batching_dimensions',
  'lhs_contracting_dimensions',
  'rhs_contracting_dimensions',
];

const structs: ReadonlyMap<string, StructDefinition> = new Map([
  [
    'stablehlo.gather',
    [
      ...fields('indices', false, 'offset_dims', 'collapsed_slice_dims', 'operand_batching_dims'),
      ...fields('indices', false, 'start_indices_batching_dims', 'start_index_map'),
      ...fields('index', false, 'index_vector_dim'),
    ],
  ],
  [
    'stablehlo.scatter',
    [
      ...fields('indices', false, 'update_window_dims', 'inserted_window_dims', 'input_batching_dims'),
      ...fields('indices', false, 'scatter_indices_batching_dims', 'scatter_dims_to_operand_dims'),
      ...fields('index', false, 'index_vector_dim'),
    ],
  ],
  ['stablehlo.dot', fields('indices', false, ...ragged)],
  ['chlo.ragged_dot', fields('indices', false, ...ragged, 'lhs_ragged_dimensions', 'rhs_group_dimensions')],
  [
    'stablehlo.dot_algorithm',
    [
      ...fields('type', true, 'lhs_precision_type', 'rhs_precision_type', 'accumulation_type'),
      ...fields('index', true, 'lhs_component_count', 'rhs_component_count', 'num_primitive_operations'),
      ...fields('flag', true, 'allow_imprecise_accumulation'),
    ],
  ],
  ['stablehlo.channel_handle', fields('index', true, 'handle', 'type')],
  [
    'stablehlo.output_operand_alias',
    [
      ...fields('indices', true, 'output_tuple_indices'),
      ...fields('index', true, 'operand_index'),
      ...fields('indices', true, 'operand_tuple_indices'),
    ],
  ],
  [
    'stablehlo.result_accuracy',
    [
      ...fields('number', false, 'atol', 'rtol'),
      ...fields('index', false, 'ulps'),
      ...fields('attribute', true, 'mode'),
    ],
  ],
]);

/** `name` with its dialect: `stablehlo.gather`. `stablehlo.conv` is written in its own way: see convolution-dimensions.ts. */
export function structDefinition(name: string): StructDefinition | undefined {
  return structs.get(name);
}

const precisions = ['DEFAULT', 'HIGH', 'HIGHEST'];
const directions = ['EQ', 'NE', 'GE', 'GT', 'LE', 'LT'];
const comparisonTypes = ['NOTYPE', 'FLOAT', 'TOTALORDER', 'SIGNED', 'UNSIGNED'];

const enums: ReadonlyMap<string, readonly string[]> = new Map([
  ['stablehlo.comparison_direction', directions],
  ['stablehlo.comparison_type', comparisonTypes],
  ['stablehlo.precision', precisions],
  ['stablehlo.fft_type', ['FFT', 'IFFT', 'RFFT', 'IRFFT']],
  ['stablehlo.rng_algorithm', ['DEFAULT', 'THREE_FRY', 'PHILOX']],
  ['stablehlo.rng_distribution', ['UNIFORM', 'NORMAL']],
  ['stablehlo.transpose', ['TRANSPOSE_INVALID', 'NO_TRANSPOSE', 'TRANSPOSE', 'ADJOINT']],
  ['stablehlo.result_accuracy_mode', ['DEFAULT', 'HIGHEST', 'TOLERANCE']],
  ['chlo.comparison_direction', directions],
  ['chlo.comparison_type', comparisonTypes],
  ['chlo.precision', precisions],
]);

/** The values of an enumeration, by its name with the dialect; undefined for one that is not known. */
export function enumValues(name: string): readonly string[] | undefined {
  return enums.get(name);
}
