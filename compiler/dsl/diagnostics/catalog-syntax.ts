/** E60xx: what can be wrong with the text of a `.tess` program. Each entry becomes a page under docs/errors, and its example a test. */
import { declarationsCatalog } from './catalog-syntax-declarations.ts';
import { statementsCatalog } from './catalog-syntax-statements.ts';
import { wordsCatalog } from './catalog-syntax-words.ts';

export const syntaxCatalog = { ...wordsCatalog, ...statementsCatalog, ...declarationsCatalog } as const;

export type SyntaxCode = keyof typeof syntaxCatalog;
