/** Codes of what is wrong with weights: their files, and how they fit a model. */
import type { CatalogEntry } from '../../ir/diagnostics/catalog.ts';

export const weightsCatalog = {
  E5101: {
    title: 'not a usable safetensors file',
    explanation:
      'A safetensors file starts with the length of its header in 8 bytes, then the header, a JSON object with an entry for each tensor. This file is cut off, or something else. PyTorch and Flax files (`.bin`, `.pt`, `.msgpack`) have to be converted first: `safetensors.torch.save_file(model.state_dict(), "model.safetensors")`.',
  },
  E5102: {
    title: 'tensors that do not fill the file',
    explanation:
      'By the header two tensors share bytes, a tensor has more or fewer bytes than its shape takes, or ends after the file does, or some bytes belong to no tensor. The file was cut off, or not written by a library for safetensors.',
  },
  E5103: {
    title: 'tensor given twice',
    explanation: 'The header has two entries of one name; which of them is meant cannot be known.',
  },
  E5104: {
    title: 'dtype that cannot be stored or read',
    explanation:
      'safetensors files hold booleans, integers of 8 to 64 bits, some 8-bit floats, f16, bf16, f32, f64 and complex<f32>. The packed 4 and 6 bit floats of newer files are not read.',
  },
  E5105: {
    title: 'damaged index of shards',
    explanation:
      '`model.safetensors.index.json` has a `weight_map` from the name of each tensor to the file that holds it, which stands beside the index and has that tensor. This one has not, or names a file elsewhere.',
  },
  E5111: {
    title: 'missing tensor',
    explanation:
      'The model has a parameter of this name, the file of weights has none. Names are paths of fields: `blocks.0.qkv.weight`. If the file calls it something else, say so at the parameter: `@name("...")`.',
  },
  E5112: {
    title: 'tensor that the model does not have',
    explanation:
      'The file of weights has a tensor that no parameter of the model takes: it is of another model, of another version, or a parameter is called something else.',
  },
  E5113: {
    title: 'tensor of another shape',
    explanation:
      "The file's tensor and the model's parameter of the same name have different shapes: the model was instantiated with other sizes, or the file stores a transposed matrix.",
  },
  E5114: {
    title: 'tensor of another dtype',
    explanation:
      "The file's tensor and the model's parameter of the same name have different element types. Nothing is converted silently: convert the weights before saving them, or declare the parameter as the file has it.",
  },
} as const satisfies Record<`E51${number}`, CatalogEntry>;

export type WeightsCode = keyof typeof weightsCatalog;
