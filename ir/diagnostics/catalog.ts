/**
 * What a page under docs/errors says. Every code has one entry in one catalog; pages and tests are made from them.
 */
import type { DiagnosticCode } from './codes.ts';

export interface CatalogEntry {
  /** A few words, the heading of the page. */
  readonly title: string;
  /** When it is reported, why that is an error, and what to do; Markdown. */
  readonly explanation: string;
  /** Text that provokes it, where a text can: a whole module unless the page says otherwise. */
  readonly example?: string;
  /** The example put right. */
  readonly corrected?: string;
}

export type Catalog = Readonly<Record<DiagnosticCode, CatalogEntry>>;
