/**
 * Outgoing requests in the I/O worker. In: a request's message and its body. Out: the response, as soon as its headers are there,
 * or an `error-code` of `wasi:http/types`.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ErrorCode, RequestMessage } from './messages.ts';
import { coded, type OutgoingBody } from './worker-bodies.ts';

const httpAgent = new HttpAgent({ keepAlive: true });
const httpsAgent = new HttpsAgent({ keepAlive: true });

/** By Node's codes. */
const codes: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'destination-unavailable',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-terminated',
  EHOSTUNREACH: 'destination-unavailable',
  ENETUNREACH: 'destination-IP-unroutable',
  EPIPE: 'connection-terminated',
  EPROTO: 'TLS-protocol-error',
  ETIMEDOUT: 'connection-timeout',
  CERT_HAS_EXPIRED: 'TLS-certificate-error',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS-certificate-error',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS-certificate-error',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS-certificate-error',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS-certificate-error',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS-certificate-error',
  ERR_STREAM_PREMATURE_CLOSE: 'connection-terminated',
};

/** What went wrong, as the guest is told. */
export function errorCodeOf(error: unknown): ErrorCode {
  // Of several addresses each had its own error.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return { tag: 'internal-error', val: String(first) };
  const code: unknown = (first as { code?: unknown }).code;
  if (typeof code === 'object' && code !== null) return code as ErrorCode;
  const text = String(code ?? '');
  if (Object.hasOwn(codes, text)) return { tag: codes[text] as string };
  if (text === 'ENOTFOUND' || text === 'EAI_AGAIN' || text === 'EAI_FAIL') {
    return { tag: 'DNS-error', val: { rcode: text, infoCode: undefined } };
  }
  if (text === 'HPE_HEADER_OVERFLOW') return { tag: 'HTTP-response-header-section-size', val: undefined };
  if (text.startsWith('HPE_')) return { tag: 'HTTP-protocol-error' };
  if (text.startsWith('ERR_SSL_')) return { tag: 'TLS-protocol-error' };
  return { tag: 'internal-error', val: first.message };
}

/** Rejects with an `ErrorCode`. */
export async function send(
  message: RequestMessage,
  body: OutgoingBody | null,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  try {
    return await attempt(message, body, signal);
  } catch (error) {
    throw errorCodeOf(error);
  }
}

async function attempt(
  message: RequestMessage,
  body: OutgoingBody | null,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = open(message, signal);
  try {
    return await answer(request, message, body);
  } catch (error) {
    // The server closed a connection that was kept, at the moment when it was used again.
    const stale = request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
    if (stale && body === null && !signal.aborted) return attempt(message, body, signal);
    throw error;
  }
}

function open(message: RequestMessage, signal: AbortSignal): ClientRequest {
  const { secure, host, port, path, method, authority, headers } = message;
  const request = (secure ? httpsRequest : httpRequest)({
    agent: secure ? httpsAgent : httpAgent,
    host,
    ...(port === undefined ? {} : { port }),
    path,
    method,
    setHost: false,
    signal,
  });
  request.on('error', () => {});
  request.setHeader('host', authority);
  for (const [name, value] of headers) request.appendHeader(name, Buffer.from(value).toString('latin1'));
  return request;
}

function answer(request: ClientRequest, message: RequestMessage, body: OutgoingBody | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const end = (tag: string): void => void request.destroy(coded({ tag }, tag));
    let timer = setTimeout(end, message.connectTimeout, 'connection-timeout');
    const connected = (): void => {
      clearTimeout(timer);
      timer = setTimeout(end, message.firstByteTimeout, 'connection-read-timeout');
    };
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once(message.secure ? 'secureConnect' : 'connect', connected);
      else connected();
    });
    request.once('response', (response) => {
      clearTimeout(timer);
      watch(response, message.betweenBytesTimeout);
      resolve(response);
    });
    request.once('error', reject);
    request.once('close', () => {
      clearTimeout(timer);
      reject(coded({ tag: 'connection-terminated' }, 'the connection was closed'));
    });
    if (body === null) request.end();
    else body.attach(request);
  });
}

/** Ends a response whose server falls silent; not one that waits for its reader. */
function watch(response: IncomingMessage, milliseconds: number): void {
  const { socket } = response;
  const silent = (): void => {
    if (response.readableLength > 0) socket.setTimeout(milliseconds);
    else response.destroy(coded({ tag: 'connection-read-timeout' }, 'nothing came for too long'));
  };
  socket.setTimeout(milliseconds);
  socket.on('timeout', silent);
  response.once('close', () => {
    socket.setTimeout(0);
    socket.off('timeout', silent);
  });
}
