/** The module that holds the text of runtime/js/load.js: the compiler ships that text, also from within a browser, where it has no files. */

/** `loader` is the text of load.js. Its comments stay behind: what ships is small. */
export function loaderModule(loader: string): string {
  const escaped = withoutComments(loader).replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`);
  return [
    '/** The loader of a compiled model. Made from runtime/js/load.js by `npm run docs`: change that file, not this one. */',
    `export const loaderText = \`${escaped}\`;`,
    '',
  ].join('\n');
}

/** The loader is ours: it has no string with a comment in it. What remains keeps its lines short and readable. */
function withoutComments(text: string): string {
  const code = text.replaceAll(/\/\*\*.*?\*\/ ?/gs, '').replaceAll(/^ *\/\/.*\n/gm, '');
  return code.replaceAll(/^\s*\n/gm, '');
}
