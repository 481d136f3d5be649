/**
 * Batch normalisation in terms of simpler ops (spec.md#batch_norm_inference, #batch_norm_training, #batch_norm_grad).
 *
 *     %y = "stablehlo.batch_norm_inference"(%x, %scale, %offset, %mean, %variance)
 *       ->  (x - mean) / sqrt(variance + epsilon) * scale + offset, each of the four broadcast along the feature dimension
 *
 * `batch_norm_training` computes mean and variance over all other dimensions first, and gives them too; `batch_norm_grad` is
 * the derivative by operand, scale and offset.
 */
import { attributesOf } from '../ir/op-site.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { batchNormGrad } from '../ir/ops/stablehlo/batch-norm-grad.ts';
import { batchNormInference } from '../ir/ops/stablehlo/batch-norm-inference.ts';
import { batchNormTraining } from '../ir/ops/stablehlo/batch-norm-training.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { tensorType } from '../ir/types.ts';
import { OpKit, tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';

interface NormAttributes {
  readonly epsilon: number;
  readonly feature_index: number;
}

type Expansion = (norm: Normalisation, op: Operation) => readonly Value[];

const expansions: ReadonlyMap<string, Expansion> = new Map([
  [batchNormInference.name, expandInference],
  [batchNormTraining.name, expandTraining],
  [batchNormGrad.name, expandGrad],
]);

export const expandBatchNorm = definePass({
  name: 'expand-batch-norm',
  summary: 'replace batch normalisation and its gradient by arithmetic and reductions',
  run(module, context) {
    const rewriter = new Rewriter();
    const ops: Operation[] = [];
    module.walk((op) => {
      if (expansions.has(op.name)) ops.push(op);
    });
    for (const op of ops) {
      context.at(op);
      const expand = expansions.get(op.name);
      if (expand !== undefined) rewriter.replace(op, expand(new Normalisation(rewriter, op), op));
    }
    return rewriter.changes > 0;
  },
});

function expandInference(norm: Normalisation, op: Operation): readonly Value[] {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => norm.spread(op.operand(index)));
  if (scale === undefined || offset === undefined || mean === undefined || variance === undefined) return [];
  return [norm.apply(mean, variance, scale, offset)];
}

function expandTraining(norm: Normalisation, op: Operation): readonly Value[] {
  const mean = norm.mean(norm.x);
  const centered = norm.kit.subtract(norm.x, norm.spread(mean));
  const variance = norm.mean(norm.kit.multiply(centered, centered));
  const output = norm.apply(
    norm.spread(mean),
    norm.spread(variance),
    norm.spread(op.operand(1)),
    norm.spread(op.operand(2)),
  );
  return [output, mean, variance];
}

/**
 * With c = x - mean, s = sqrt(variance + epsilon), N elements a feature:
 * grad_x = scale / s / N * (N * g - sum(g) - c * sum(g * c) / s^2), grad_scale = sum(g * c / s), grad_offset = sum(g).
 */
function expandGrad(norm: Normalisation, op: Operation): readonly Value[] {
  const { kit } = norm;
  const [scale, mean, variance] = [1, 2, 3].map((index) => norm.spread(op.operand(index)));
  const gradOutput = op.operand(4);
  if (scale === undefined || mean === undefined || variance === undefined) return [];
  const shifted = norm.shifted(variance);
  const deviation = kit.sqrt(shifted);
  const centered = kit.subtract(norm.x, mean);
  const count = norm.spread(norm.count());
  const gradOffset = norm.sum(gradOutput);
  const weighted = norm.sum(kit.multiply(gradOutput, centered));
  const inner = kit.subtract(
    kit.subtract(kit.multiply(count, gradOutput), norm.spread(gradOffset)),
    kit.divide(kit.multiply(centered, norm.spread(weighted)), shifted),
  );
  const gradOperand = kit.multiply(kit.divide(kit.divide(scale, deviation), count), inner);
  const gradScale = norm.sum(kit.multiply(gradOutput, kit.divide(centered, deviation)));
  return [gradOperand, gradScale, gradOffset];
}

/** What the three have in common: an operand, its feature dimension, epsilon. */
class Normalisation {
  readonly kit: OpKit;
  readonly x: Value;
  readonly #feature: number;
  readonly #epsilon: number;
  readonly #others: readonly number[];

  constructor(rewriter: Rewriter, op: Operation) {
    const attrs = attributesOf(op) as unknown as NormAttributes;
    this.kit = new OpKit(rewriter, op);
    this.x = op.operand(0);
    this.#feature = attrs.feature_index;
    this.#epsilon = attrs.epsilon;
    this.#others = tensorOf(this.x)
      .shape.map((_, axis) => axis)
      .filter((axis) => axis !== attrs.feature_index);
  }

  /** One number a feature, along the feature dimension of the operand's shape. */
  spread(perFeature: Value): Value {
    return this.kit.broadcastLike(perFeature, [this.#feature], this.x);
  }

  /** The sum over all but the feature dimension. */
  sum(value: Value): Value {
    return this.kit.sum(value, this.#others);
  }

  mean(value: Value): Value {
    return this.kit.divide(this.sum(value), this.count());
  }

  /** Elements a feature, as a tensor of one number a feature. */
  count(): Value {
    const { shape, element } = tensorOf(this.x);
    const sizes = [...this.#others, this.#feature].map((axis) => shape[axis]);
    if (!sizes.every((size) => typeof size === 'number')) return this.sum(this.kit.constantLike(1, this.x));
    const features = sizes.pop() ?? 1;
    const total = sizes.reduce((product, size) => product * size, 1);
    return this.kit.constant(total, tensorType([features], element));
  }

  shifted(variance: Value): Value {
    return this.kit.add(variance, this.kit.constantLike(this.#epsilon, this.x));
  }

  apply(mean: Value, variance: Value, scale: Value, offset: Value): Value {
    const { kit } = this;
    const normalised = kit.divide(kit.subtract(this.x, mean), kit.sqrt(this.shifted(variance)));
    return kit.add(kit.multiply(normalised, scale), offset);
  }
}
