/** Names of ops as written, and what to say of one that does not exist. */
import { allOpNames, lookupOp } from '../ops/registry.ts';
import { nearest } from './edit-distance.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';

/** `module` -> `builtin.module`; inside a function `call` -> `func.call`. */
export function fullOpName(name: string, isInFunction: boolean): string {
  if (name.includes('.')) return name;
  if (name === 'module') return 'builtin.module';
  return isInFunction ? `func.${name}` : name;
}

export function reportUnknownOp(tokens: TokenStream, name: string, at: ByteRange): void {
  if (name.includes('.')) {
    const guess = nearest(name, allOpNames());
    const hint = guess === undefined ? dialectHint(name) : `did you mean '${guess}'?`;
    tokens.report({ code: 'E1101', message: `there is no operation '${name}'`, hint }, at);
    return;
  }
  const guess = withDialect(name);
  tokens.report(
    {
      code: 'E1102',
      message: `'${name}' is not an operation: its dialect is missing`,
      hint: guess === undefined ? 'write it as in stablehlo.add' : `did you mean '${guess}'?`,
    },
    at,
  );
}

const dialectsByUse = ['stablehlo', 'chlo', 'func'];

/** The op that has this name in some dialect, or nearly so: dialects do not count, or any short name would be near some op. */
function withDialect(name: string): string | undefined {
  const inDialect = (bare: string): string | undefined =>
    dialectsByUse.map((dialect) => `${dialect}.${bare}`).find((full) => lookupOp(full) !== undefined);
  const bareNames = allOpNames().map((full) => full.slice(full.indexOf('.') + 1));
  const close = inDialect(name) === undefined ? nearest(name, bareNames) : name;
  return close === undefined ? undefined : inDialect(close);
}

/** Names the dialects there are, where the op's is not one of them. */
function dialectHint(name: string): string | undefined {
  const dialects = [...new Set(allOpNames().map((known) => known.slice(0, known.indexOf('.'))))];
  const dialect = name.slice(0, name.indexOf('.'));
  return dialects.includes(dialect) ? undefined : `the dialects are ${dialects.toSorted().join(', ')}`;
}
