/**
 * `pnpm inspector`: builds the inspector and serves it on loopback. In: a port as the argument, or none for a free one.
 * Out: the address on standard output. It serves the files that the build has written, by name, and nothing else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInspector, defaultOutput } from './build.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
};

/** In a page that shares nothing with others, a worker may sleep without using the processor. */
const isolation: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Serves a built inspector on 127.0.0.1; port 0 is any free one. `headers` are sent with every file. */
export async function serveInspector(
  folder: string,
  port = 0,
  headers: Readonly<Record<string, string>> = isolation,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const files = new Map<string, string>(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [`/${path.slice(folder.length + 1).replaceAll(sep, '/')}`, path] as const;
      }),
  );
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = files.get(pathname === '/' ? '/index.html' : pathname);
    if (path === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
      return;
    }
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', ...headers }).end(readFileSync(path));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildInspector();
  const { url } = await serveInspector(defaultOutput, Number(process.argv[2] ?? 0));
  console.log(`the inspector is at ${url}`);
}
