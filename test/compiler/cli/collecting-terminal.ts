import type { Terminal } from '../../../compiler/cli/terminal.ts';

/** A terminal that keeps what is written to it, without colour. */
export function collectingTerminal(): Terminal & { readonly written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  const decoder = new TextDecoder();
  return {
    written,
    out: (chunk) => {
      written.out += typeof chunk === 'string' ? chunk : decoder.decode(chunk);
    },
    err: (text) => {
      written.err += text;
    },
    hasColours: false,
    isInteractive: false,
  };
}
