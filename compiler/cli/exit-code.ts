/** What a command's process ends with. Scripts rely on these numbers. */
export const exitCodes = { done: 0, diagnostics: 1, usage: 2, internal: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command line cannot be obeyed as written (a malformed `--in`, an unknown pass): exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
