/** E60xx: what can be wrong with the text of a `.tess` program. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';
import type { DiagnosticCode } from '../../../ir/diagnostics/codes.ts';

export const syntaxCatalog = {} as const satisfies Record<`E60${number}`, CatalogEntry>;

export type SyntaxCode = DiagnosticCode;
