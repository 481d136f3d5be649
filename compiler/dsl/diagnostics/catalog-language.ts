/**
 * E61xx to E68xx: what can be wrong in a program of the language beyond its syntax. E61xx names and modules; E62xx types; E63xx shapes
 * and dimensions; E64xx state and places; E65xx compile time; E66xx models and parameters; E67xx builtins; E68xx exports and tests.
 */
import { namesCatalog } from './catalog-names.ts';
import { placesCatalog } from './catalog-places.ts';
import { programsCatalog } from './catalog-programs.ts';
import { tensorCatalog } from './catalog-tensors.ts';
import { typesCatalog } from './catalog-types.ts';

export const languageCatalog = {
  ...namesCatalog,
  ...typesCatalog,
  ...tensorCatalog,
  ...placesCatalog,
  ...programsCatalog,
} as const;

export type LanguageCode = keyof typeof languageCatalog;
