/** E1xxx: what can be wrong with a text. Each entry becomes a page under docs/errors, and its example a test. */
import { dataCatalog } from './catalog-reader-data.ts';
import { syntaxCatalog } from './catalog-reader-syntax.ts';

export const readerCatalog = { ...syntaxCatalog, ...dataCatalog } as const;

export type ReaderCode = keyof typeof readerCatalog;
