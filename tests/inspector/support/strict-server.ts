/**
 * A server of the inspector's files under a strict policy. In: a folder. Out: its address, and what browsers report of
 * violations, in pages and in workers. Whatever is not one of the files is not there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

/** No script but ours, no style but ours, nothing evaluated; wasm may be compiled. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  'img-src data:',
  'report-uri /report',
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
};

/**
 * A page, and a worker, that do what the policy forbids: they show that it is in force and that reports come. The page's
 * title says what was refused.
 */
const forbidden = `let refused = false; try { new Function('') } catch { refused = true }`;
const probes: Readonly<Record<string, readonly [string, string]>> = {
  '/probe.html': [
    'text/html',
    '<!doctype html><title>probe</title><script type="module" src="probe-page.js"></script>',
  ],
  '/probe-page.js': [
    'text/javascript',
    `${forbidden}
     const worker = new Worker('probe-worker.js', { type: 'module' });
     worker.onmessage = ({ data }) => { document.title = 'page ' + refused + ', worker ' + data; };`,
  ],
  '/probe-worker.js': ['text/javascript', `${forbidden} postMessage(refused);`],
};

export interface StrictServer {
  readonly url: string;
  /** What was violated, and by whom: `script-src worker.js`. */
  readonly violations: string[];
  close(): Promise<void>;
}

export async function serveStrictly(folder: string, isolated: boolean): Promise<StrictServer> {
  const files = new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `/${name.replaceAll('\\', '/')}`),
  );
  const violations: string[] = [];
  const headers: Record<string, string> = { 'content-security-policy': policy, 'cache-control': 'no-store' };
  if (isolated) {
    headers['cross-origin-opener-policy'] = 'same-origin';
    headers['cross-origin-embedder-policy'] = 'require-corp';
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/report') {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const { 'csp-report': report } = JSON.parse(body) as { 'csp-report': Readonly<Record<string, string>> };
        violations.push(`${report['violated-directive']} ${report['document-uri']} ${report['blocked-uri']}`);
        response.writeHead(204).end();
      });
      return;
    }
    const path = pathname === '/' ? '/index.html' : pathname;
    const probe = probes[path];
    if (probe !== undefined) response.writeHead(200, { ...headers, 'content-type': probe[0] }).end(probe[1]);
    else if (!files.has(path)) response.writeHead(404).end();
    else {
      const type = types[extname(path)] ?? 'application/octet-stream';
      response.writeHead(200, { ...headers, 'content-type': type }).end(readFileSync(folder + path));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    violations,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
