import { isatty } from 'node:tty';

/** Where a command writes. Tests pass one that collects; the program itself uses {@link processTerminal}. */
export interface Terminal {
  /** Results: what a script would read. Bytes are written as they are, so that a large module needs no string. */
  readonly out: (chunk: string | Uint8Array) => void;
  /** Diagnostics, remarks, progress. */
  readonly err: (text: string) => void;
  /** Whether errors may be coloured. */
  readonly hasColours: boolean;
  /** Whether a person is watching: progress is shown only then. */
  readonly isInteractive: boolean;
}

/** The process's own streams. A reader that leaves early (`| head`) ends the process quietly. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const isInteractive = isatty(process.stderr.fd);
  return {
    out: (chunk) => void process.stdout.write(chunk),
    err: (text) => void process.stderr.write(text),
    hasColours: isInteractive && !process.env['NO_COLOR'],
    isInteractive,
  };
}

/** What is being done, on one line of a terminal, where '' clears it; nothing elsewhere. */
export function progressOn({ isInteractive, err }: Terminal): (stage: string) => void {
  return (stage) => {
    if (isInteractive) err(`\r\u001b[K${stage}`);
  };
}
