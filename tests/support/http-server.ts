/**
 * A server of HTTP/1.1 for guests, in a thread of its own: the one that runs guests blocks. Posts `{ port }` of 127.0.0.1, then
 * what it sees.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

const port = parentPort!;
let connections = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://server');
  const number = Number(url.searchParams.get('n') ?? 0);
  port.postMessage({ got: url.pathname });
  request.on('error', () => port.postMessage({ aborted: url.pathname }));
  response.on('close', () => {
    if (!response.writableFinished) port.postMessage({ gone: url.pathname });
  });
  switch (url.pathname) {
    case '/hello':
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end('hello');
      break;
    case '/request':
      response.end(
        JSON.stringify({ method: request.method, url: request.url, headers: request.rawHeaders, connections }),
      );
      break;
    case '/echo':
      response.statusCode = 201;
      request.on('end', () => {
        response.addTrailers(Object.entries(request.trailers) as [string, string][]);
        response.end();
      });
      response.setHeader('x-framing', request.headers['transfer-encoding'] ?? request.headers['content-length'] ?? '');
      response.flushHeaders();
      request.pipe(response, { end: false });
      break;
    case '/big':
      response.end(Buffer.alloc(number, 'x'));
      break;
    case '/late':
      setTimeout(() => response.end('late'), number);
      break;
    case '/pause':
      response.write('a');
      setTimeout(() => response.end('b'), number);
      break;
    case '/reset':
      request.socket.destroy();
      break;
    case '/cut':
      response.writeHead(200, { 'content-length': 100 });
      response.write('part');
      setTimeout(() => response.destroy(), 20);
      break;
    case '/nonsense':
      request.socket.end('HTTP/1.1 200 OK\r\nnonsense\r\n\r\n');
      break;
    default:
      response.statusCode = 404;
      response.end();
  }
});
server.on('connection', () => (connections += 1));
server.listen(0, '127.0.0.1', () => port.postMessage({ port: (server.address() as AddressInfo).port }));
