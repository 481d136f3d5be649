/** E31xx: what code generation says. Each entry becomes a page under docs/errors. */
import type { CatalogEntry } from '../../ir/diagnostics/catalog.ts';

export const codegenCatalog = {
  E3101: {
    title: 'no bound on a size',
    explanation:
      'A tensor has a dimension whose size is not known when the module is compiled and that has no upper bound, so no memory can be planned for it. Give it a size, or a bound: `tensor<?x4xf32, #stablehlo.bounds<64, ?>>`.',
  },
  E3102: {
    title: 'constant that cannot be stored',
    explanation:
      'A constant has a type that compiled code cannot hold: quantised elements, a size left open, or a resource the module does not bring.',
  },
  E3103: {
    title: 'no kernel for an op',
    explanation:
      'The op is valid, and `tessera run --target reference` computes it, but no kernel has been written for it on this target yet. The message names the op and the place.',
  },
  E3104: {
    title: 'argument that cannot be donated',
    explanation:
      'A function says that an argument gives its memory to a result (`tf.aliasing_output = 0 : i32`) or to any result of its type (`jax.buffer_donor = true`), and that does not fit: there is no such result, its type is another, or two arguments want the same one.',
  },
  E3105: {
    title: 'dimension order at a border',
    explanation:
      'Inside a function the type of a tensor may say in which order its dimensions lie in memory (`#tessera.tensor<order = [0, 2, 3, 1]>`). Arguments and results of a compiled function, and what loops and branches carry, are row-major. `tessera.relayout` moves a tensor from one order to another.',
  },
  E3106: {
    title: 'more elements than indices can count',
    explanation:
      'A loop of a kernel counts past 2^31 - 1, or a buffer has more elements, and the target computes indices in 32 bits. Tensors that are only computed (an iota that is summed) count as well.',
  },
  E3120: {
    title: 'no multiply-add that rounds once',
    explanation:
      'A kernel asks for a multiply-add with one rounding. WebAssembly has none: relaxed SIMD rounds once or twice as the engine likes.',
  },
  E3121: {
    title: 'more memory than WebAssembly has',
    explanation:
      'Constants, temporary memory, inputs and outputs of the function together need more than the 4 GiB that 32-bit WebAssembly can address. Use a smaller batch, or smaller elements.',
  },
} as const satisfies Readonly<Record<`E31${number}`, CatalogEntry>>;
