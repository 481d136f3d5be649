/** E4xxx: what can go wrong while a program is evaluated. Each entry becomes a page under docs/errors. */
export const evaluatorCatalog = {
  E4001: {
    title: 'no such function',
    explanation:
      'The evaluation names a function that the module does not define, or only declares without a body. ' +
      'Functions are looked up by their symbol name in the outermost module.',
  },
  E4002: {
    title: 'the inputs do not fit the function',
    explanation:
      'The number of inputs, or the element type or shape of one of them, is not what the function declares. ' +
      'A dimension written `?` takes any size up to its bound.',
  },
  E4003: {
    title: 'too many steps',
    explanation:
      'The evaluation ran more operations than its limit allows, usually because a `while` never ends. ' +
      'The limit is an option of the evaluation.',
  },
  E4004: {
    title: 'out of memory',
    explanation:
      'The tensors alive at one time need more bytes than the evaluation may use, or one tensor is larger than the engine can hold. ' +
      'The limit is an option of the evaluation.',
  },
  E4005: {
    title: 'calls nested too deeply',
    explanation: 'Functions call each other, or themselves, beyond the depth the evaluator allows.',
  },
  E4006: {
    title: 'cannot be evaluated yet',
    explanation:
      'The program is valid, but the reference evaluator does not compute this operation or element type yet ' +
      '(regions over quantized elements, custom calls it does not know).',
  },
  E4007: {
    title: 'deadlock',
    explanation:
      'Every simulated process waits for another one: a collective that not all processes of its group reach, ' +
      'or a send without its recv.',
  },
  E4008: {
    title: 'a process waits where it cannot',
    explanation:
      'A collective or a send stands in a region that is applied element by element (a reducer, a comparator), ' +
      'or in a computation that is folded at compile time.',
  },
  E4009: {
    title: 'the infeed is empty',
    explanation: 'An infeed was executed more often than there are entries in the queue of its process grid.',
  },
  E4010: {
    title: 'a check failed',
    explanation:
      'A `check.*` operation compared two values and they differ by more than it allows. ' +
      'The message names the first element that differs, both values, and their distance.',
  },
  E4011: {
    title: 'the processes of a collective disagree',
    explanation:
      'The processes that meet at a collective bring different numbers of operands or different shapes, ' +
      'or a process takes part in none of the groups.',
  },
  E4012: {
    title: 'a size known only at run time is wrong',
    explanation:
      'A shape that the program computes, or the shape of a value with a dynamic type, does not fit what the operation requires.',
  },
  E4013: {
    title: 'a process does not exist',
    explanation: 'A group, a source or a target names a replica or partition that the process grid does not have.',
  },
  E4014: {
    title: 'a constant has no value',
    explanation:
      'A `dense_resource` constant names a resource that the module does not hold, or one of another size than its type says; ' +
      'or the type of a constant leaves its size open.',
  },
  E4015: {
    title: 'an amount given at run time is out of range',
    explanation:
      'Start indices, limits, strides, slice sizes or padding that the program computes ask for elements that are not there. ' +
      'Operations that move indices into bounds (`dynamic_slice`, `gather`) do so for start indices, never for sizes.',
  },
} as const;
