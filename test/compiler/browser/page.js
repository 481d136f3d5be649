// @ts-check
// Run in the browser by browser.slow.test.ts: compiles models from memory, runs them, compares with the evaluator, and says what came of it.
// @ts-ignore: served beside this file.
import { check, compile, run } from './tessera.js';

/** @param {string} name */
const text = async (name) => (await fetch(name)).text();

/** Results of the artifact that a command wrote, through its own loader. @param {Record<string, Float32Array>} inputs */
async function loadArtifact(inputs) {
  // @ts-ignore: served beside this file.
  const { load } = await import('./mlp.js');
  const model = await load();
  return [...Object.values(await model.predict(inputs))[0]];
}

/** @param {string} main @param {Record<string, string>} files @param {Record<string, Float32Array>} inputs */
async function compileAndRun(main, files, inputs) {
  const source = { main, files };
  const started = performance.now();
  const compiled = compile(source, { relaxed: true });
  if (!compiled.ok) throw new Error(compiled.text);
  const milliseconds = performance.now() - started;
  const model = await compiled.instantiate();
  const evaluated = run(source, inputs);
  if (!evaluated.ok) throw new Error(evaluated.text);
  return {
    milliseconds,
    names: compiled.artifacts.map((/** @type {{ name: string }} */ { name }) => name),
    compiled: Object.entries(model.predictSync(inputs)).map(([name, data]) => [name, [...data]]),
    evaluated: Object.entries(evaluated.outputs).map(([name, { data }]) => [name, [...data]]),
  };
}

async function main() {
  const mlp = await text('mlp.mlir');
  const x = new Float32Array([0, 0, 0, 1, 1, 0, 1, 1]);
  const tess = await text('model.tess');
  // @ts-ignore: the block of docs/embedding.md.
  const { plane } = await import('./embedding.js');
  return {
    embedding: [...(await plane(new Float32Array([1, 0, 0, 1])))],
    mlir: await compileAndRun('mlp.mlir', { 'mlp.mlir': mlp }, { arg0: x }),
    tess: await compileAndRun('model.tess', { 'model.tess': tess }, { x: new Float32Array([1, 2, 3, 4, 5, 6]) }),
    artifact: await loadArtifact({ arg0: x }),
    mistakes: check({ main: 'wrong.mlir', files: { 'wrong.mlir': 'func.func @main() { stablehlo.absent }' } }),
  };
}

/** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalThis))['outcome'] = main().catch(
  (/** @type {Error} */ error) => ({ error: `${error.message}\n${error.stack}` }),
);
