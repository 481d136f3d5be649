/**
 * E61xx to E68xx: what can be wrong in a program of the language beyond its syntax. E61xx names and modules; E62xx types; E63xx shapes
 * and dimensions; E64xx state and places; E65xx compile time; E66xx models and parameters; E67xx builtins; E68xx exports and tests.
 */
import type { tensorCatalog } from './catalog-tensors.ts';

export const languageCatalog = {
  E6101: {
    title: 'unknown name',
    explanation:
      'The name is not a local, a parameter, a member of the model, an item of the file or of the prelude. ' +
      'The message offers the nearest name there is.',
  },
} as const;

export type LanguageCode = keyof typeof languageCatalog | keyof typeof tensorCatalog;
