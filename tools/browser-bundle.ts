/** The compiler for browsers: its embedding interface as one ES module, tessera.js, with binaryen beside it as it is. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { withoutDocuments } from './leave-out-documents.ts';

/** Bytes of tessera.js, and of it as a server sends it: what the README promises. binaryen.js is not counted. */
export const bounds = { minified: 1600 * 1024, compressed: 500 * 1024 } as const;

export interface BrowserBundle {
  readonly minified: number;
  readonly compressed: number;
  /** Modules that it asks for when it is loaded: `./binaryen.js` alone. */
  readonly imports: readonly string[];
}

/** A file beside the bundle, and not a package's name: a page with a strict policy has no import map. */
const besideIt = './binaryen.js';

export async function bundleForBrowser(folder: string): Promise<BrowserBundle> {
  const bundle = await rolldown({
    input: 'compiler/api/index.ts',
    platform: 'browser',
    plugins: [
      {
        name: 'binaryen-beside',
        resolveId: (source) => (source === 'binaryen' ? { id: besideIt, external: true } : undefined),
      },
      {
        name: 'leave-out-documents',
        transform: (text, path) => withoutDocuments(path.replaceAll('\\', '/'), text),
      },
    ],
  });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'tessera.js');
  const { output } = await bundle.write({ file, format: 'esm', minify: true });
  copyFileSync(fileURLToPath(import.meta.resolve('binaryen')), join(folder, besideIt));
  const bytes = readFileSync(file);
  return {
    minified: bytes.length,
    compressed: gzipSync(bytes, { level: 9 }).length,
    imports: output.flatMap((chunk) => (chunk.type === 'chunk' ? [...chunk.imports, ...chunk.dynamicImports] : [])),
  };
}
