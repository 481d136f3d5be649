/** The module that holds the standard library's files: the compiler reads them from there, also in a browser, where it has no files. */

/** Path under the library's folder -> text. */
export function libraryModule(files: ReadonlyMap<string, string>): string {
  const entries = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([path, text]) => {
    const escaped = text.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`);
    return `  '${path}': \`${escaped}\`,`;
  });
  return [
    '/** The standard library. Made from compiler/dsl/library by `npm run docs`: change those files, not this one. */',
    '/* oxlint-disable max-lines */',
    'export const libraryTexts: Readonly<Record<string, string>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}
