/** What `tessera new` writes: a small program with a test, and what a project around it has. */
import { reservedWords } from '../dsl/syntax/tokens.ts';
import { filesError } from './function-signature.ts';

export interface ProjectFile {
  /** In the project's folder. */
  readonly path: string;
  readonly text: string;
}

const longestName = 64;

/** Names of devices, with which Windows starts no file. */
const deviceNames = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * The name becomes a folder's, a package's, a program's and that of the files compiled from it. Throws a DiagnosticError (E5019) for one
 * that cannot be all of these.
 */
export function checkProjectName(name: string): void {
  const problem = nameProblem(name);
  if (problem === undefined) return;
  const suggested = suggestion(name);
  throw filesError('E5019', `a project cannot be named '${name}': ${problem}`, {
    hint: suggested === undefined ? 'for example: digits, my-model' : `for example: ${suggested}`,
  });
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'the name is empty';
  if (name.length > longestName) return `it has more than ${longestName} characters`;
  if (!/^[a-z]/.test(name)) return 'it does not start with a small letter';
  if (!/^[a-z0-9-]+$/.test(name)) return 'names have small letters, digits and `-`';
  if (name.endsWith('-')) return 'it ends with `-`';
  if (deviceNames.test(name)) return 'Windows has a device of that name';
  if (name === 'tessera' || reservedWords.has(name)) return 'the name is taken';
  return undefined;
}

function suggestion(name: string): string | undefined {
  const plain = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, longestName);
  return nameProblem(plain) === undefined ? plain : undefined;
}

/** `version`: of the compiler that the project is to be built with. */
export function projectFiles(name: string, version: string): readonly ProjectFile[] {
  return [
    { path: 'package.json', text: packageText(name, version) },
    { path: `${name}.tess`, text: programText(name) },
    { path: 'README.md', text: readmeText(name) },
    { path: '.gitignore', text: 'node_modules/\ndist/\n' },
  ];
}

function packageText(name: string, version: string): string {
  const scripts = {
    check: `tessera check ${name}.tess`,
    test: 'tessera test',
    build: `tessera compile ${name}.tess --dim n=..64 -o dist`,
  };
  const description = { name, version: '0.1.0', private: true, type: 'module', scripts };
  return `${JSON.stringify({ ...description, dependencies: { tessera: `^${version}` } }, undefined, 2)}\n`;
}

function programText(name: string): string {
  const model = name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  return `//! ${model}: which of three kinds something is of, by four measurements.

export model ${model} {
  hidden: nn.Dense(4, 16)
  head: nn.Dense(16, 3)

  fn logits[n](x: f32[n, 4]) -> f32[n, 3] = x |> hidden |> relu |> head

  /// How likely each kind is: \`f32[n, 4] -> f32[n, 3]\`.
  export fn predict[n](x: f32[n, 4]) -> (probs: f32[n, 3]) = (probs: softmax(logits(x), axis: 1))
}

test "the probabilities of each row add up to 1" {
  let model = ${model}()
  let x = tensor([[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]])
  assert_close(sum(model.predict(x).probs, axes: 1), ones(f32[2]), tolerance: 1e-6)
}
`;
}

function readmeText(name: string): string {
  return `# ${name}

A model in the language of Tessera.

\`\`\`sh
npm install
npx tessera test              # runs the \`test\` blocks
npx tessera fmt               # lays the program out
npx tessera check ${name}.tess    # says what is wrong, if anything
npx tessera params ${name}.tess   # lists the parameters
\`\`\`

\`x.npy\` holds measurements, an f32 array of n rows and 4 columns:

\`\`\`sh
npx tessera run ${name}.tess --x x.npy
npm run build    # dist/${name}.wasm with its loader and types, for up to 64 rows
\`\`\`

Without \`--params FILE.safetensors\` the parameters are drawn by seed and name.
`;
}
