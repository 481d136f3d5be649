/** Which cases a foreign suite has, read from its unpacked folder. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

export const suiteNames = ['stablehlo-interpret', 'stablehlo-testdata'] as const;
export type SuiteName = (typeof suiteNames)[number];

/**
 * `check`: evaluated, and something in it says what must hold. `disabled`: its authors do not run it. `parse`: it says nothing
 * about values (`dynamic/`); reading, verifying and printing are all there is to test.
 */
export type CaseMode = 'check' | 'disabled' | 'parse';

export interface ConformanceCase {
  /** Path in the suite, with `#k` for the k-th part of a split file. */
  readonly name: string;
  /** The op it is about: scores are averaged over families. */
  readonly family: string;
  readonly mode: CaseMode;
  /** The text of the case; lines before it are blanked, so that places are those of the file. */
  readonly text: string;
  /** Lines of the file's head that say how its authors ran it. */
  readonly runLines: readonly string[];
}

/** All cases under `directory`, by name. Throws an Error when the folder holds none. */
export function findCases(suite: SuiteName, directory: string): readonly ConformanceCase[] {
  const files = listFiles(directory).sort();
  const cases = files.flatMap((file) => readFile(suite, relative(directory, file).replaceAll('\\', '/'), file));
  if (cases.length === 0) throw new Error(`${directory} holds no .mlir files: unpack the suite there`);
  return cases;
}

function listFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((entry) => {
    const path = join(directory, entry);
    if (statSync(path).isDirectory()) return listFiles(path);
    return entry.endsWith('.mlir') ? [path] : [];
  });
}

function readFile(suite: SuiteName, name: string, path: string): ConformanceCase[] {
  const text = readFileSync(path, 'utf8');
  const runLines = text.split('\n', 20).filter((line) => line.startsWith('// RUN'));
  const family = familyOf(suite, name);
  const isSplit = runLines.some((line) => line.includes('split-input-file'));
  const parts = isSplit ? splitParts(text) : [text];
  return parts.flatMap((part, index) => {
    if (!hasCode(part)) return [];
    const mode = modeOf(suite, name, part, runLines);
    return [{ name: parts.length > 1 ? `${name}#${index + 1}` : name, family, mode, text: part, runLines }];
  });
}

/** The parts between `// -----` lines, each with blank lines before it for those of the parts before. */
export function splitParts(text: string): string[] {
  const parts: string[] = [];
  let lines: string[] = [];
  let skipped = 0;
  for (const line of text.split('\n')) {
    if (/^\s*\/\/ -----/.test(line)) {
      parts.push('\n'.repeat(skipped) + lines.join('\n'));
      skipped += lines.length + 1;
      lines = [];
    } else lines.push(line);
  }
  parts.push('\n'.repeat(skipped) + lines.join('\n'));
  return parts;
}

function hasCode(part: string): boolean {
  return part.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('//'));
}

function modeOf(suite: SuiteName, name: string, text: string, runLines: readonly string[]): CaseMode {
  if (suite === 'stablehlo-interpret') return 'check';
  if (name.includes('dynamic/')) return 'parse';
  if (runLines[0]?.startsWith('// RUN-DISABLED') === true) return 'disabled';
  return text.includes('check.') ? 'check' : 'disabled';
}

/**
 * JAX's primitive, which the files of the test data are named after, or the op a file of the interpreter's tests is about. Longer
 * names first where one begins another.
 */
const primitives = [
  'conv_general_dilated', 'convert_element_type', 'bitcast_convert_type', 'broadcast_in_dim', 'custom_linear_solve', 'device_put',
  'dot_general', 'dynamic_slice', 'dynamic_update_slice', 'integer_pow', 'is_finite', 'population_count', 'random_categorical',
  'random_gamma', 'random_randint', 'random_split', 'random_uniform', 'reduce_and', 'reduce_max', 'reduce_min', 'reduce_or',
  'reduce_precision', 'reduce_prod', 'reduce_sum', 'reduce_window_add', 'reduce_window_max', 'reduce_window_min',
  'reduce_window_mul', 'reduce_xor', 'regularized_incomplete_beta', 'rng_bit_generator', 'rng_uniform', 'scatter_add', 'scatter_max', 'scatter_min',
  'scatter_mul', 'select_and_gather_add', 'select_and_scatter_add', 'select_n', 'shift_left', 'shift_right_arithmetic',
  'shift_right_logical', 'stop_gradient', 'top_k', 'triangular_solve', 'add_any', 'erf_inv', 'bessel_i0e', 'bessel_i1e', 'next_after',
  'schur', 'householder_product', 'approx_top_k', 'while_loop', 'clamp_empty',
] as const; // prettier-ignore

function familyOf(suite: SuiteName, name: string): string {
  const stem = basename(name, '.mlir');
  if (suite === 'stablehlo-interpret')
    return name.startsWith('math/') ? stem.replace(/_(complex|float|limits).*/, '') : stem;
  const prefix = name.includes('quantized/') ? 'quantized ' : name.includes('dynamic/') ? 'dynamic ' : '';
  const plain = stem.replace(/^vmap_/, '');
  const known = primitives.find((primitive) => plain.startsWith(primitive));
  return prefix + (known ?? plain.split('_')[0] ?? plain);
}
