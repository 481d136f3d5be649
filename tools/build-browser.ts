// npm run build:browser. Run at the repository's root; writes dist/browser; exit code 1 where the bundle is larger than its bounds.
import { bounds, bundleForBrowser } from './browser-bundle.ts';

const { minified, compressed } = await bundleForBrowser('dist/browser');
const size = (bytes: number, bound: number): string => `${Math.round(bytes / 1024)} KB (of ${bound / 1024})`;
console.log(
  `dist/browser/tessera.js: ${size(minified, bounds.minified)} minified, ${size(compressed, bounds.compressed)} compressed, without binaryen.js`,
);
if (minified > bounds.minified || compressed > bounds.compressed) process.exitCode = 1;
