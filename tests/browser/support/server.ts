/**
 * The server of the browser tests: files and test components over HTTP on loopback. In: folders, routes, and the headers
 * of the pages. Out: its address. Nothing else can be reached through it.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** What a route answers with. */
export interface Answer {
  readonly type?: string;
  readonly status?: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends the body in so many pieces, with a pause between them. Default 1. */
  readonly pieces?: number;
}

export interface Site {
  /** By the beginning of the path, with slashes at both ends: a folder. */
  readonly folders: Readonly<Record<string, string>>;
  /** By path. */
  readonly routes: Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>>;
}

export interface Request {
  readonly query: URLSearchParams;
  readonly body: string;
}

/** No page may load or evaluate what the policy does not name; `wasm-unsafe-eval` allows wasm to be compiled. */
export const STRICT_CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.css': 'text/css; charset=utf-8',
};

/** Listens on a free port. */
export async function serve(site: Site): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(site, request).then(
      (value) => send(response, value),
      (error: unknown) => send(response, { status: 500, type: 'text/plain', body: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(site: Site, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const strict: Record<string, string> = url.searchParams.has('csp') ? { 'content-security-policy': STRICT_CSP } : {};
  const route = site.routes[url.pathname];
  if (route !== undefined) {
    const made = await route({ query: url.searchParams, body: await bodyOf(request) });
    return { ...made, headers: { ...strict, ...made.headers } };
  }
  for (const [prefix, folder] of Object.entries(site.folders)) {
    if (!url.pathname.startsWith(prefix)) continue;
    const path = normalize(decodeURIComponent(url.pathname.slice(prefix.length)));
    if (path.startsWith('..')) break;
    try {
      const body = await readFile(join(folder, path));
      return { type: types[extname(path)] ?? 'application/octet-stream', body, headers: strict };
    } catch {
      // Not found, as for every other reason not to read it.
    }
  }
  // Browsers ask for it on their own, and say so in the console when it is not there.
  if (url.pathname === '/favicon.ico') return { type: 'image/png', body: '' };
  return { status: 404, type: 'text/plain', body: `${url.pathname} is not here` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk as string;
  return body;
}

async function send(response: ServerResponse, value: Answer): Promise<void> {
  response.writeHead(value.status ?? 200, {
    'content-type': value.type ?? 'application/octet-stream',
    'cache-control': 'no-store',
    ...value.headers,
  });
  const body = typeof value.body === 'string' ? Buffer.from(value.body) : value.body;
  const size = Math.max(Math.ceil(body.length / (value.pieces ?? 1)), 1);
  for (let at = 0; at < body.length; at += size) {
    response.write(body.subarray(at, at + size));
    if (value.pieces !== undefined) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  response.end();
}
