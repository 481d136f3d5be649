import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../../compiler/files/byte-source.ts';
import { encodeSafetensors, openSafetensors, type TensorFile } from '../../../compiler/files/safetensors.ts';
import { openWeights } from '../../../compiler/files/sharded-weights.ts';
import { DiagnosticError } from '../../../ir/diagnostics/diagnostic.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';

/** A file with this header, padded or not, and so many bytes of data. */
function fileOf(header: string, dataBytes: number, promised?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, promised ?? BigInt(text.length), true);
  file.set(text, 8);
  for (let at = 0; at < dataBytes; at++) file[8 + text.length + at] = at;
  return file;
}

function open(file: Uint8Array): TensorFile {
  return openSafetensors(bytesInMemory(file), 'w.safetensors');
}

function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DiagnosticError) return `${error.diagnostic.code} ${error.diagnostic.message}`;
    throw error;
  }
  return 'none';
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));

const f32 = (name: string, begin: number, end: number, shape = `[${(end - begin) / 4}]`): string =>
  `"${name}":{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;

describe('reading safetensors', () => {
  it('gives names, dtypes, shapes and elements, wherever in the file they are', () => {
    const header = `{"__metadata__":{"format":"pt"},"b":{"dtype":"I16","shape":[2],"data_offsets":[0,4]},"a":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]}}`;
    const file = open(fileOf(header, 8));
    expect([...file.metadata]).toEqual([['format', 'pt']]);
    expect([...file.tensors.keys()]).toEqual(['b', 'a']);
    expect(file.tensors.get('b')?.read()).toEqual(new Tensor('i16', [2], new Int16Array([0x0100, 0x0302])));
    expect(file.tensors.get('a')?.read()).toEqual(new Tensor('bf16', [1, 2], new Uint16Array([0x0504, 0x0706])));
  });

  it('takes scalars, empty tensors and an empty file, and blanks after the header', () => {
    const file = open(fileOf(`{${f32('s', 0, 4, '[]')},${f32('none', 4, 4, '[3,0]')}}   `, 4));
    expect(file.tensors.get('s')?.shape).toEqual([]);
    expect(file.tensors.get('none')?.read().values).toEqual(new Float32Array(0));
    expect(open(fileOf('{}', 0)).tensors.size).toBe(0);
  });

  it('keeps names that mean something to JavaScript, and escapes', () => {
    const file = open(fileOf(`{${f32('__proto__', 0, 4)},${f32('a\\u00e4\\"\\\\', 4, 8)}}`, 8));
    expect([...file.tensors.keys()]).toEqual(['__proto__', 'aä"\\']);
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'E5101 w.safetensors: not a safetensors file: it has 0 bytes'],
    ['a file of seven bytes', new Uint8Array(7), 'E5101'],
    ['a header without end', fileOf('{}', 0, 3n), 'E5101 w.safetensors: the file ends inside its header'],
    ['an absurd header', fileOf('{}', 0, 2n ** 63n), 'promise a header of 9223372036854776000 bytes'],
    ['a pickle', fileOf('\u0080\u0002}q', 40), "E5101 w.safetensors: the header does not start with '{'"],
    ['a header that is cut off', fileOf('{"a":{"dtype":"F32","sha', 0), 'is not JSON: at character'],
    ['bytes that are no text', fileOf('{"\0', 4).fill(0xff, 9, 12), 'E5101'],
    ['something after the object', fileOf('{} {}', 0), 'something follows the value'],
    [
      'a name that is given twice',
      fileOf(`{${f32('a', 0, 4)},${f32('a', 4, 8)}}`, 8),
      "E5103 w.safetensors: the header gives 'a' twice",
    ],
    [
      'a field that is given twice',
      fileOf('{"a":{"dtype":"F32","dtype":"F64","shape":[],"data_offsets":[0,4]}}', 4),
      'E5103',
    ],
    [
      'metadata that is no text',
      fileOf('{"__metadata__":{"a":1}}', 0),
      "E5101 w.safetensors: __metadata__: 'a' is not a string",
    ],
    ['nesting', fileOf(`{"a":${'['.repeat(100_000)}`, 0), 'nested too deeply'],
    ['an entry that is a list', fileOf('{"a":[]}', 0), "tensor 'a': its entry is not an object"],
    [
      'an unknown dtype',
      fileOf('{"a":{"dtype":"F4","shape":[],"data_offsets":[0,1]}}', 1),
      "E5104 w.safetensors: tensor 'a': the dtype 'F4'",
    ],
    ['no shape', fileOf('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), "its 'shape' is not a list of sizes"],
    ['a negative size', fileOf(`{${f32('a', 0, 4, '[-1]')}}`, 4), "its 'shape' is not a list of sizes"],
    ['a fraction', fileOf(`{${f32('a', 0, 4, '[0.5]')}}`, 4), "its 'shape' is not a list of sizes"],
    ['sizes beyond all memory', fileOf(`{${f32('a', 0, 4, '[9007199254740991,9007199254740991,4]')}}`, 4), 'E5102'],
    ['three offsets', fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}', 4), 'are not two offsets'],
    [
      'a shape of other bytes',
      fileOf(`{${f32('a', 0, 8, '[3]')}}`, 8),
      "tensor 'a': F32 [3] takes 12 bytes, but it has those from 0 to 8",
    ],
    ['offsets that run backwards', fileOf(`{${f32('a', 8, 4, '[0]')}}`, 8), 'E5102'],
    [
      'tensors that overlap',
      fileOf(`{${f32('a', 0, 8)},${f32('b', 4, 12)}}`, 12),
      "E5102 w.safetensors: tensors 'a' and 'b' overlap at byte 4",
    ],
    ['a gap', fileOf(`{${f32('a', 0, 4)},${f32('b', 8, 12)}}`, 12), "no tensor has the bytes from 4 to 8, before 'b'"],
    [
      'an end that was cut off',
      fileOf(`{${f32('a', 0, 8)}}`, 7),
      "tensor 'a' ends at byte 8 of the data, of which there are 7",
    ],
    ['more data than tensors', fileOf(`{${f32('a', 0, 8)}}`, 9), '1 bytes after the last tensor belong to none'],
    [
      'a boolean that is two',
      fileOf('{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}', 3),
      "E5005 w.safetensors: tensor 'a': element 2 is 2",
    ],
  ])('refuses %s', (_, file, message) => {
    expect(problem(() => open(file).tensors.forEach(({ read }) => read()))).toContain(message);
  });

  it('survives any change of a few bytes: another file or a diagnostic', () => {
    const good = joined(
      encodeSafetensors(
        new Map([
          ['weight', new Tensor('f32', [2, 2], new Float32Array(4))],
          ['b', new Tensor('i64', [1], new BigInt64Array(1))],
        ]),
      ),
    );
    const edit = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.nat(good.length), (edits, length) => {
        const bad = good.slice(0, length);
        for (const [at, byte] of edits) if (at < length) bad[at] = byte;
        problem(() => open(bad).tensors.forEach(({ read }) => read()));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('writing safetensors', () => {
  const tensors = new Map([
    ['b', new Tensor('f32', [2], new Float32Array([1, -0]))],
    ['half', new Tensor('f16', [3], new Uint16Array([1, 2, 3]))],
    ['10', new Tensor('i1', [1], new Uint8Array([1]))],
    ['2', new Tensor('i64', [], new BigInt64Array([-1n]))],
    ['a', new Tensor('complex<f32>', [1], new Float32Array([1, 2]))],
  ]);

  it('reads back what it writes, wide elements first and aligned', () => {
    const bytes = joined(encodeSafetensors(tensors, new Map([['made by', 'a test']])));
    const file = open(bytes);
    expect([...file.metadata]).toEqual([['made by', 'a test']]);
    expect([...file.tensors.keys()]).toEqual(['2', 'a', 'b', 'half', '10']);
    for (const [name, tensor] of tensors) expect(file.tensors.get(name)?.read(), name).toEqual(tensor);
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('writes the same bytes whatever the order of the tensors', () => {
    const reversed = new Map([...tensors].reverse());
    expect(joined(encodeSafetensors(reversed))).toEqual(joined(encodeSafetensors(tensors)));
  });

  it('says what it cannot hold', () => {
    const tensor = new Tensor('complex<f64>', [1], new Float64Array(2));
    expect(problem(() => encodeSafetensors(new Map([['z', tensor]])))).toBe(
      "E5104 tensor 'z': a safetensors file cannot hold complex<f64>",
    );
  });
});

describe('sharded weights', () => {
  const one = fileOf(`{${f32('a', 0, 4)}}`, 4);
  const two = fileOf(`{${f32('b', 0, 8)},${f32('unused', 8, 12)}}`, 12);
  function read(index: string): TensorFile {
    const files = new Map([
      ['m/one.safetensors', one],
      ['m/two.safetensors', two],
      ['m/model.safetensors.index.json', new TextEncoder().encode(index)],
    ]);
    return openWeights('m/model.safetensors.index.json', (path) => {
      const bytes = files.get(path);
      if (bytes === undefined) throw new DiagnosticError({ code: 'E5013', message: `${path}: not there` });
      return bytesInMemory(bytes);
    });
  }

  it('are read from the files that the index names, beside it', () => {
    const { tensors } = read(
      '{"metadata":{"total_size":12},"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}',
    );
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect(tensors.get('b')?.shape).toEqual([2]);
  });

  it.each([
    ['no JSON', 'weights', 'E5105 m/model.safetensors.index.json: not JSON: at character 0'],
    ['no map', '{"metadata":{}}', "the index has no 'weight_map'"],
    [
      'a tensor given twice',
      '{"weight_map":{"a":"one.safetensors","a":"two.safetensors"}}',
      "the name 'a' is given twice",
    ],
    [
      'a tensor that its shard lacks',
      '{"weight_map":{"b":"one.safetensors"}}',
      "'b' should be in m/one.safetensors, which does not have it",
    ],
    ['a shard that is not there', '{"weight_map":{"b":"three.safetensors"}}', 'E5013 m/three.safetensors'],
    ['a path upwards', '{"weight_map":{"b":"../one.safetensors"}}', 'is not the name of a file beside the index'],
    ['a path from the root', '{"weight_map":{"b":"/etc/passwd"}}', 'is not the name of a file beside the index'],
    ['two dots', '{"weight_map":{"b":".."}}', 'is not the name of a file beside the index'],
    ['a number', '{"weight_map":{"b":1}}', 'is not the name of a file beside the index'],
  ])('are refused with %s', (_, index, message) => {
    expect(problem(() => read(index))).toContain(message);
  });

  it('are one file where the path is no index', () => {
    expect([...openWeights('w.safetensors', () => bytesInMemory(one)).tensors.keys()]).toEqual(['a']);
  });
});
