/**
 * A component written in JavaScript that answers requests, and sends some: built by componentize-js once, kept in `.cache` under a
 * name that changes with its source, because building takes half a minute.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const cache = new URL('../../.cache/', import.meta.url);

const source = `
addEventListener('fetch', (event) => event.respondWith(answer(event.request)));
async function answer(request) {
  const url = new URL(request.url);
  const asked = url.searchParams;
  switch (url.pathname) {
    case '/hello':
      return new Response('hello ' + asked.get('name'), { headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] });
    case '/echo':
      return new Response(await request.arrayBuffer(), { status: 201, headers: { 'x-method': request.method } });
    case '/stream': {
      const { readable, writable } = new TransformStream();
      request.body.pipeTo(writable);
      return new Response(readable);
    }
    case '/fetch':
      try {
        const response = await fetch(asked.get('url'), asked.has('body') ? { method: 'POST', body: asked.get('body') } : {});
        return new Response(response.status + ' ' + (await response.text()));
      } catch (error) {
        return new Response(String(error), { status: 502 });
      }
    default:
      return new Response('', { status: 404 });
  }
}
`;

/** WIT of WASI as jco brings it, in one text: the library looks for files by relative path only. */
function world(): string {
  const folder = new URL('../lib/wit/builtin/0.2.12/', import.meta.resolve('@bytecodealliance/jco'));
  const packages = readdirSync(folder).map((name) => {
    const text = readFileSync(new URL(`${name}/package.wit`, folder), 'utf8');
    return `${text.replace(/package ([^;]+);/, 'package $1 {')}\n}\n`;
  });
  const main = 'package tests:guest;\nworld guest { include wasi:http/proxy@0.2.12; }\n';
  // The version that the library's engine is made for.
  return [main, ...packages].join('\n').replaceAll('0.2.12', '0.2.10');
}

/** The component's bytes. */
export async function httpGuest(): Promise<Uint8Array<ArrayBuffer>> {
  const key = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const file = new URL(`http-guest-${key}.wasm`, cache);
  if (!existsSync(file)) {
    const { componentize } = await import('@bytecodealliance/componentize-js');
    const { component } = await componentize(source, { witWorld: world(), worldName: 'guest' } as never);
    mkdirSync(cache, { recursive: true });
    // Written aside and renamed, so that two test processes never see half a file.
    const aside = new URL(`http-guest-${key}.${process.pid}.tmp`, cache);
    writeFileSync(aside, component);
    renameSync(aside, file);
  }
  return new Uint8Array(readFileSync(file));
}
