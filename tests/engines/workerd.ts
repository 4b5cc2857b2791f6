/** Runs a folder of ES modules and core modules in workerd. In: the program, the folder. Out: an address that answers. */
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface Served {
  readonly url: string;
  stop(): void;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}

/** `main` is the worker's script. Rejects with what workerd says when it does not start. */
export async function serveWorker(program: string, folder: string, main: string): Promise<Served> {
  const port = await freePort();
  const files = readdirSync(folder).filter((file) => file !== main && /\.(js|wasm)$/.test(file));
  const modules = [main, ...files].map((file) => {
    const kind = file.endsWith('.js') ? 'esModule' : 'wasm';
    return `(name = ${JSON.stringify(file)}, ${kind} = embed ${JSON.stringify(file)})`;
  });
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [${modules.join(',\n    ')}]
);
`,
  );
  const child = spawn(program, ['serve', 'config.capnp'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  child.on('exit', () => (ended = true));
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 100; tries++) {
    if (ended) throw new Error(`workerd ended: ${said}`);
    try {
      await fetch(url, { method: 'HEAD' });
      return { url, stop: () => child.kill() };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  child.kill();
  throw new Error(`workerd does not answer: ${said}`);
}
