/** The module that holds the texts of runtime/js: the compiler ships them, also from within a browser, where it has no files. */

/** Constant -> text of a file. Comments stay behind: what ships is small. */
export function loaderModule(texts: ReadonlyMap<string, string>): string {
  return [
    '/** What ships beside a compiled model. Made from runtime/js by `npm run docs`: change those files, not this one. */',
    ...[...texts].flatMap(([name, text]) => {
      const escaped = withoutComments(text).replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`);
      return ['', `export const ${name} = \`${escaped}\`;`];
    }),
    '',
  ].join('\n');
}

/** The loader is ours: it has no string with a comment in it. What remains keeps its lines short and readable. */
function withoutComments(text: string): string {
  const code = text.replaceAll(/\/\*\*.*?\*\/ ?/gs, '').replaceAll(/^ *\/\/.*\n/gm, '');
  return code.replaceAll(/^\s*\n/gm, '');
}
