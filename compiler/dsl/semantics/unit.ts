/** `()`: the value of what has none. */
import type { TupleValue } from './values.ts';

export const unit: TupleValue = Object.freeze({ kind: 'tuple', fields: [] });
