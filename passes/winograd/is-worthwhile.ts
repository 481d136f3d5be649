/**
 * Whether fewer multiplications are worth what the transforms cost. Counted in multiply-adds, of one image: a batch of any size, bound early
 * or late, must give the same bits.
 */
import { tileInputs, windowPlaces } from './transforms.ts';

export interface ConvolutionSize {
  /** Dimensions along which the window has three places. */
  readonly rank: number;
  /** Results of an image, features apart. */
  readonly results: number;
  /** Tiles of an image. */
  readonly tiles: number;
  readonly inputFeatures: number;
  readonly outputFeatures: number;
  readonly isConstant: boolean;
}

/**
 * Taking an element to or from the transforms: it is loaded, added twice a dimension and stored, where a multiply-add of a register tile has
 * its operands at hand.
 */
const transformCost = 5;
/** Reading an element of the weights, for each tile of rows and from a cache that is far. */
const weightCost = 10;
/** Less is not worth larger weights and products that lie in memory. */
const leastGain = 1.15;

/** How many times as fast the convolution is by transforms, at most. */
export function estimatedGain(size: ConvolutionSize): number {
  const { rank, results, tiles, inputFeatures, outputFeatures, isConstant } = size;
  const pairs = inputFeatures * outputFeatures;
  const planes = tileInputs ** rank;
  const direct = windowPlaces ** rank * pairs * (results + weightCost);
  const products = planes * pairs * (tiles + weightCost);
  const transforms = transformCost * planes * tiles * (inputFeatures + outputFeatures);
  const weights = isConstant ? 0 : transformCost * planes * pairs;
  return direct / (products + transforms + weights);
}

/** Products of an image lie in memory, four times the results: more would be felt by whoever embeds the model (224x224x64 takes 51 MB). */
const mostBytes = 1 << 26;

/** Why not, if not. */
export function reasonAgainst(size: ConvolutionSize): string | undefined {
  const bytes = 4 * tileInputs ** size.rank * size.tiles * size.outputFeatures;
  if (bytes > mostBytes) return `fewer multiplications would take ${bytes} bytes an image for their products`;
  const gain = estimatedGain(size);
  return gain >= leastGain ? undefined : `fewer multiplications would give ${gain.toFixed(2)} of the speed`;
}
