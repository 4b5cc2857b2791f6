/**
 * The server of the pages that `bench/browser.ts` times: HTTP/2, as what a page waits for with the six connections of HTTP/1.1 is
 * mostly their number. In: folders, pages. Out: its address, what a browser needs to trust it, and how long answers take.
 *
 * Every answer is compressed and may be kept for an hour; which it is, a browser decides whose cache is emptied or not.
 */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Site {
  /** By the beginning of the path, with slashes at both ends: a folder. */
  readonly folders: Readonly<Record<string, string>>;
  /** By path: HTML. */
  readonly pages: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  /** What Chromium is told, to take the certificate as if an authority had signed it: it caches nothing otherwise. */
  readonly trust: string;
  /** Milliseconds between a request and its answer. */
  delay: number;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** For `localhost`, signed by itself. Takes the program `openssl`. */
function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-bench-'));
  try {
    const [keyout, out] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const kind = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', ...kind, ...names, '-keyout', keyout, '-out', out], { stdio: 'ignore' });
    return { key: readFileSync(keyout), cert: readFileSync(out) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function keyHash(cert: Buffer): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

/** Listens on a free port. */
export async function serve({ folders, pages }: Site): Promise<Server> {
  const certificate = makeCertificate();
  /** Compressed once. */
  const bodies = new Map<string, Buffer | null>();
  function read(path: string): Buffer | null {
    const page = pages[path];
    if (page !== undefined) return gzipSync(page);
    for (const [prefix, folder] of Object.entries(folders)) {
      if (!path.startsWith(prefix)) continue;
      const inside = normalize(decodeURIComponent(path.slice(prefix.length)));
      if (inside.startsWith('..')) return null;
      try {
        return gzipSync(readFileSync(join(folder, inside)), { level: 9 });
      } catch {
        return null;
      }
    }
    return null;
  }
  function answer(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const { pathname } = new URL(request.url, 'https://localhost');
    if (!bodies.has(pathname)) bodies.set(pathname, read(pathname));
    const body = bodies.get(pathname);
    setTimeout(() => {
      if (body) {
        const type = pathname in pages ? 'text/html; charset=utf-8' : types[extname(pathname)];
        const cache = pathname in pages ? 'no-store' : 'max-age=3600, immutable';
        response.writeHead(200, {
          'content-type': type ?? 'application/octet-stream',
          'content-encoding': 'gzip',
          'cache-control': cache,
        });
        response.end(body);
      } else {
        // What browsers ask for on their own, or a mistake, which the page's error names.
        response.writeHead(404);
        response.end();
      }
    }, server.delay);
  }
  const listener = createSecureServer(certificate, answer);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const sessions = new Set<{ destroy(): void }>();
  listener.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  const server: Server = {
    url: `https://localhost:${port}`,
    trust: `--ignore-certificate-errors-spki-list=${keyHash(certificate.cert)}`,
    delay: 0,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
  return server;
}
