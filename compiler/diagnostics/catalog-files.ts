/** Codes of what is wrong with files and with what the command line asks of a module. */
import type { CatalogEntry } from '../../ir/diagnostics/catalog.ts';

export const filesCatalog = {
  E5001: {
    title: 'not an .npy file',
    explanation:
      'A file given with `--in` must be one that `numpy.save` writes; it starts with the bytes `\\x93NUMPY`. Archives (`.npz`) and text are not read.',
  },
  E5002: {
    title: 'damaged or unknown .npy header',
    explanation:
      'The header of the file is cut off, of an unknown version, or describes something that is not an array of numbers (records, strings, objects). Save the array again with `numpy.save(path, numpy.asarray(x))`.',
  },
  E5003: {
    title: '.npy file too short',
    explanation: 'The file holds less data than its header promises: it was cut off, or the header is wrong.',
  },
  E5004: {
    title: 'array of another dtype',
    explanation:
      'The elements of the file are not of the type that the function takes. Nothing is converted silently: convert the array before saving it. bf16 is read from raw `V2` elements, as the ml_dtypes package saves them.',
  },
  E5005: {
    title: 'element out of range',
    explanation:
      'i1, i2, i4, ui2 and ui4 elements take a whole byte in the file, and one of those bytes holds more than the type can.',
  },
  E5006: {
    title: 'array of another shape',
    explanation:
      "The shape of the file is not that of the function's argument. A dimension written `?` takes any size up to its bound; one with a name takes the same size everywhere.",
  },
  E5007: {
    title: 'missing input',
    explanation:
      'The function has an argument for which no `--in` was given. In a `.mlir` file arguments are named `arg0`, `arg1`, ... in order.',
  },
  E5008: {
    title: 'unknown input or output',
    explanation:
      'The function has no argument (`--in`) or result (`--out`) of that name. In a `.mlir` file they are `arg0`, ... and `out0`, ...',
  },
  E5009: {
    title: 'no such function',
    explanation:
      'The module does not define the function that `--fn` names, or it has several public functions and none is called `main`.',
  },
  E5010: {
    title: 'not yet supported kind of model',
    explanation:
      'The file is of a kind that this version does not read as a model: `.onnx`, MLIR bytecode, weights. It reads programs of the language, `.tess`, and StableHLO as text, `.mlir`.',
  },
  E5011: {
    title: 'unknown dimension',
    explanation:
      '`--dim` names a dimension that the function does not have, or gives a size above its bound. A `?` of an argument is named after its place: `arg0_1` is dimension 1 of arg0.',
  },
  E5012: {
    title: 'value that cannot be passed',
    explanation:
      'The function takes or gives a value that is not a tensor (a token, a tuple), or a tensor of a type that cannot be read from or written to a file.',
  },
  E5013: {
    title: 'file that cannot be read',
    explanation:
      'The system refuses to give the file: it is not there, it is a folder, it may not be read, or it is larger than 2 GiB.',
  },
  E5014: {
    title: 'file that cannot be written',
    explanation:
      'The system refuses to take the file. Nothing is written then: results go to a temporary name in the same folder first, and take their names only once all of them are complete.',
  },
  E5015: {
    title: 'targets that differ',
    explanation:
      '`tessera diff` ran the function on several targets, and one computes something else than the first: the op is the first, in program order, whose result differs by more than roundings. This is a bug in Tessera; please report it with the model.',
  },
  E5016: {
    title: 'unusable name for files',
    explanation:
      'The files that `tessera compile` writes are named after the model, or as `--name` says: letters, digits, `_`, `-` and `.`, so that the name can stand in a URL and in a program.',
  },
  E5017: {
    title: 'dimension without a bound',
    explanation:
      'A compiled function has its memory planned beforehand, so every size that its arguments leave open needs a bound. `--dim n=64` compiles for one size, `--dim n=..64` for any size up to 64, `--dim n=1,8` for several sizes; `--dim arg1_0=n` says that two dimensions are the same. A bound in the type itself (`n <= 64`) is kept. A `?` of an argument is named after its place: `arg0_1` is dimension 1 of arg0.',
  },
  E5018: {
    title: 'open dimensions that must be the same',
    explanation:
      'Two sizes that are bound at run time, each under a name of its own, meet in an op that wants them equal. Say that they are: `--dim arg1_0=arg0_0`; then the loader refuses a call in which they differ.',
  },
  E5019: {
    title: 'unusable name of a project',
    explanation:
      'What `tessera new` makes is named alike: the folder, the package, the program, and the files compiled from it. So a name starts with a small letter, has small letters, digits and `-`, and is not one that Windows or the language keeps for itself.',
  },
  E5020: {
    title: 'project that exists',
    explanation: '`tessera new` makes a new folder and changes nothing that is there.',
  },
  E5021: {
    title: 'engine without relaxed SIMD',
    explanation:
      '`tessera profile --relaxed` and `tessera tune --relaxed` run the code they measure, and this Node cannot run relaxed SIMD. Node 22 and newer can; without the option they measure what this engine would be given.',
  },
  E5022: {
    title: 'unreadable table of schedules',
    explanation:
      'A table that `tessera tune` has written is JSON of a certain version: the schedules of kernels by their keys. This file is something else, or was changed by hand in a way that leaves a number or a name out.',
  },
  E5023: {
    title: 'schedule that does not fit',
    explanation:
      'The table has a schedule for this kernel that it cannot be run with: an order of axes that it has not, tiles that blocks are not made of, panels too large for the stack, or sums in an order that the operation does not permit. Such tables are not what `tessera tune` writes for this version.',
  },
  E5024: {
    title: 'schedules of other kernels',
    explanation:
      'A remark: the table has schedules for kernels that are not in what is compiled, of another model, size or target, or of a version that made other kernels. They are left alone.',
  },
} as const satisfies Record<`E50${number}`, CatalogEntry>;

export type FilesCode = keyof typeof filesCatalog;
