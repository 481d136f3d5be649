// Runs the benchmark on the Node of the npm package `node` (24, with relaxed SIMD), or with `--node own` on the machine's own, for which
// the sources are bundled to JavaScript first: Node 20 does not read types.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const args = process.argv.slice(2);
const option = args.indexOf('--node');
const which = option === -1 ? '24' : args[option + 1];
if (option !== -1) args.splice(option, 2);
if (which !== '24' && which !== 'own') {
  console.error(`--node wants 24 or own, not ${which}`);
  process.exit(2);
}

// Within `npm run`, `node` is the package's: npm says which one runs itself.
const ownNode = process.env.npm_node_execpath ?? process.execPath;
const [node, main] = which === '24' ? [at('node_modules/node/bin/node'), at('main.ts')] : [ownNode, await bundled()];
const { status } = spawnSync(node, [main, ...args], { stdio: 'inherit' });
if (which === 'own') rmSync(main);
process.exit(status ?? 1);

/** Beside main.ts, so that what it looks up by its own place is found. */
async function bundled() {
  const require = createRequire(new URL('../package.json', import.meta.url));
  const { rolldown } = await import(pathToFileURL(require.resolve('rolldown')).href);
  const bundle = await rolldown({ input: at('main.ts'), platform: 'node', external: /^[^./]/ });
  const file = at('own-node.generated.js');
  await bundle.write({ file, format: 'esm' });
  return file;
}
