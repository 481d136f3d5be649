/** The networks of the benchmark: ours is the program of the same name beside this file, the peers' is built here, layer by layer. */
import type { Build, Layers } from './layers.ts';

export interface Network {
  /** Of the `.tess` file. */
  readonly name: string;
  readonly title: string;
  /** The input's dimensions, images in the order [n, h, w, c], for one element of the batch. */
  readonly input: readonly number[];
  readonly build: Build;
  /** Whether the first dimension of an element is the size `t`. */
  readonly hasTime?: true;
  /** Whether time is a loop, which jax-js lacks. */
  readonly hasLoop?: true;
}

const mlp: Network = {
  name: 'mlp',
  title: 'MLP 784-512-512-10',
  input: [784],
  build: (layers, x) => {
    const hidden = layers.dense(layers.dense(x, 'dense1', 'relu'), 'dense2', 'relu');
    return layers.dense(hidden, 'dense3');
  },
};

const resnet20: Network = {
  name: 'resnet-20',
  title: 'ResNet-20 CIFAR',
  input: [32, 32, 3],
  build: (layers, x) => {
    let y = layers.conv(x, 'stem', { pad: 1, activation: 'relu' });
    for (const stage of [1, 2, 3]) {
      for (const block of [0, 1, 2]) {
        const stride = stage > 1 && block === 0 ? 2 : 1;
        y = basicBlock(layers, y, `stage${stage}.${block}`, { stride, channels: 8 * 2 ** stage });
      }
    }
    return layers.dense(layers.globalMean(y), 'head');
  },
};

function basicBlock<T>(
  layers: Layers<T>,
  x: T,
  name: string,
  { stride, channels }: { readonly stride: number; readonly channels: number },
): T {
  const hidden = layers.conv(x, `${name}.conv1`, { stride, pad: 1, activation: 'relu' });
  const y = layers.conv(hidden, `${name}.conv2`, { pad: 1 });
  const shortcut = stride === 1 ? x : layers.subsample(x, stride, channels);
  return layers.relu(layers.add(shortcut, y));
}

const mobilenet: Network = {
  name: 'mobilenet-v2',
  title: 'MobileNetV2-like 224x224',
  input: [224, 224, 3],
  build: (layers, x) => {
    const stages = [
      { stage: 2, count: 2, stride: 2 },
      { stage: 3, count: 3, stride: 2 },
      { stage: 4, count: 4, stride: 2 },
      { stage: 5, count: 3, stride: 1 },
      { stage: 6, count: 3, stride: 2 },
      { stage: 7, count: 1, stride: 1 },
    ];
    let y = layers.conv(x, 'stem', { stride: 2, pad: 1, activation: 'relu6' });
    y = separable(layers, y, 'stage1', 1);
    for (const { stage, count, stride } of stages) {
      y = inverted(layers, y, `stage${stage}.first`, stride);
      for (let block = 0; block + 1 < count; block++)
        y = layers.add(y, inverted(layers, y, `stage${stage}.rest.${block}`, 1));
    }
    y = layers.conv(y, 'last', { activation: 'relu6' });
    return layers.dense(layers.globalMean(y), 'head');
  },
};

function separable<T>(layers: Layers<T>, x: T, name: string, stride: number): T {
  const y = layers.depthwise(x, `${name}.spatial`, { stride, pad: 1, activation: 'relu6' });
  return layers.conv(y, `${name}.down`);
}

function inverted<T>(layers: Layers<T>, x: T, name: string, stride: number): T {
  return separable(layers, layers.conv(x, `${name}.up`, { activation: 'relu6' }), `${name}.separable`, stride);
}

const resnet50: Network = {
  name: 'resnet-50',
  title: 'ResNet-50-like 224x224',
  input: [224, 224, 3],
  build: (layers, x) => {
    const stages = [
      { count: 3, stride: 1 },
      { count: 4, stride: 2 },
      { count: 6, stride: 2 },
      { count: 3, stride: 2 },
    ];
    let y = layers.conv(x, 'stem', { stride: 2, pad: 3, activation: 'relu' });
    y = layers.maxPool(y, { size: 3, stride: 2, pad: 1 });
    for (const [index, { count, stride }] of stages.entries()) {
      const stage = `stage${index + 1}`;
      const shortcut = layers.conv(y, `${stage}.shortcut`, { stride });
      y = layers.relu(layers.add(shortcut, bottleneck(layers, y, `${stage}.first`, stride)));
      for (let block = 0; block + 1 < count; block++)
        y = layers.relu(layers.add(y, bottleneck(layers, y, `${stage}.rest.${block}`, 1)));
    }
    return layers.dense(layers.globalMean(y), 'head');
  },
};

function bottleneck<T>(layers: Layers<T>, x: T, name: string, stride: number): T {
  const narrow = layers.conv(x, `${name}.conv1`, { activation: 'relu' });
  const spatial = layers.conv(narrow, `${name}.conv2`, { stride, pad: 1, activation: 'relu' });
  return layers.conv(spatial, `${name}.conv3`);
}

const bert: Network = {
  name: 'bert',
  title: 'BERT-like block 128x768',
  input: [128, 768],
  build: (layers, x) => {
    const project = (part: string): ReturnType<typeof layers.dense> => layers.dense(x, `blocks.0.${part}`);
    const attention = layers.attention(project('q'), project('k'), project('v'), 12);
    const y = layers.layerNorm(layers.add(x, layers.dense(attention, 'blocks.0.proj')), 'blocks.0.ln1');
    const hidden = layers.gelu(layers.dense(y, 'blocks.0.up'));
    return layers.layerNorm(layers.add(y, layers.dense(hidden, 'blocks.0.down')), 'blocks.0.ln2');
  },
  hasTime: true,
};

const attention: Network = {
  name: 'attention',
  title: 'attention 512x768, 12 heads',
  input: [512, 768],
  build: (layers, x) => layers.attention(x, x, x, 12),
  hasTime: true,
};

const lstm: Network = {
  name: 'lstm',
  title: 'LSTM 128 steps 128 units',
  input: [128, 128],
  build: (layers, x) => layers.lstm(x, 'lstm'),
  hasTime: true,
  hasLoop: true,
};

/** Each with the batches it is measured at. */
export const networks: readonly { readonly network: Network; readonly batches: readonly number[] }[] = [
  { network: mlp, batches: [1, 64] },
  { network: resnet20, batches: [1, 16] },
  { network: mobilenet, batches: [1] },
  { network: resnet50, batches: [1] },
  { network: bert, batches: [1] },
  { network: attention, batches: [1] },
  { network: lstm, batches: [1] },
];
