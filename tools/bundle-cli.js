// The last step of `npm run build`: the command line's modules become one program, in place of dist/compiler/cli/main.js. Node takes half a
// second to find and read nine hundred modules and those of chevrotain, longer than compiling a small model does. What is imported when it is
// needed, the language server, stays a chunk of its own, as deep below dist/compiler as its module: it looks for the library from its place.
import { chmodSync, readFileSync } from 'node:fs';
import { rolldown } from 'rolldown';

/** Packages of many files, which are bundled as well; each with the text of its licence. */
const bundled = {
  chevrotain: 'LICENSE.txt',
  '@chevrotain/cst-dts-gen': 'LICENSE.txt',
  '@chevrotain/gast': 'LICENSE.txt',
  '@chevrotain/regexp-to-ast': 'LICENSE.txt',
  '@chevrotain/utils': 'LICENSE.txt',
  'lodash-es': 'LICENSE',
};

const bundle = await rolldown({
  input: 'compiler/cli/main.ts',
  platform: 'node',
  external: (id) => /^[^./]/.test(id) && !isBundled(id),
  plugins: [
    {
      name: 'licences',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'bundle/licences.txt', source: licences() });
      },
    },
  ],
});
await bundle.write({ dir: 'dist/compiler/cli', entryFileNames: 'main.js', chunkFileNames: 'bundle/[name].js' });
chmodSync('dist/compiler/cli/main.js', 0o755);

/** @param {string} id */
function isBundled(id) {
  return Object.keys(bundled).some((name) => id === name || id.startsWith(`${name}/`));
}

function licences() {
  const texts = Object.entries(bundled).map(
    ([name, file]) => `${name}\n\n${readFileSync(`node_modules/${name}/${file}`, 'utf8')}`,
  );
  return texts.join('\n\n');
}
