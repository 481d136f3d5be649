/** The standard library that comes with the compiler. */
import { libraryTexts } from './library-texts.ts';
import type { LibraryFiles } from './load-program.ts';

export const standardLibrary: LibraryFiles = {
  read: (path) => (Object.hasOwn(libraryTexts, path) ? libraryTexts[path] : undefined),
};
