/** Serves folders from loopback, under a policy that allows neither inline scripts nor eval nor anything from elsewhere. */
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

export interface StrictServer {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** What lets a page share memory with its workers. */
export const isolation: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Path -> file: `/tessera.js`. A path that is not named is not served. */
export async function serveStrictly(
  files: ReadonlyMap<string, string | Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Promise<StrictServer> {
  const server: Server = createServer((request, response) => {
    const content = files.get(request.url ?? '');
    const type = types[extname(request.url ?? '')] ?? 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, {
      'content-type': type,
      'content-security-policy': strictPolicy,
      'x-content-type-options': 'nosniff',
      ...headers,
    });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The files of a folder, as served below `/`. */
export function filesIn(folder: string, names: readonly string[]): (readonly [string, Uint8Array])[] {
  return names.map((name) => [`/${name}`, readFileSync(join(folder, name))]);
}
