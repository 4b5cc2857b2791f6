/**
 * `wasi:http/types` and `outgoing-handler` for the guests of this process. Out: one object an interface, and what a server makes
 * for an `incoming-handler`; null where the shim has no I/O worker, and its own HTTP serves.
 */
import type { InterfaceObject } from '../shim.ts';
import { errorCodeOfStream, FutureTrailers, IncomingBody, OutgoingBody } from './bodies.ts';
import { Fields } from './fields.ts';
import { type HttpIo, httpIo } from './io.ts';
import { IncomingRequest, OutgoingRequest, RequestOptions } from './requests.ts';
import { FutureIncomingResponse, IncomingResponse, OutgoingResponse, ResponseOutparam } from './responses.ts';

export interface Http {
  readonly io: HttpIo;
  readonly types: InterfaceObject;
  readonly outgoingHandler: InterfaceObject;
  readonly IncomingRequest: typeof IncomingRequest;
  readonly OutgoingResponse: typeof OutgoingResponse;
  readonly ResponseOutparam: typeof ResponseOutparam;
}

let made: Promise<Http | null> | undefined;

/** Made once: guests that are linked with each other hand over each other's bodies. */
export function http(): Promise<Http | null> {
  return (made ??= httpIo().then((io) => (io === null ? null : interfaces(io))));
}

function interfaces(io: HttpIo): Http {
  class GuestRequest extends OutgoingRequest {
    constructor(headers: Fields) {
      super(io, headers);
    }
  }
  class GuestResponse extends OutgoingResponse {
    constructor(headers: Fields) {
      super(io, headers);
    }
  }
  return {
    io,
    IncomingRequest,
    OutgoingResponse,
    ResponseOutparam,
    types: {
      Fields,
      FutureIncomingResponse,
      FutureTrailers,
      IncomingBody,
      IncomingRequest,
      IncomingResponse,
      OutgoingBody,
      OutgoingRequest: GuestRequest,
      OutgoingResponse: GuestResponse,
      RequestOptions,
      ResponseOutparam,
      httpErrorCode: errorCodeOfStream,
    },
    outgoingHandler: {
      handle: (request: OutgoingRequest, options: RequestOptions | undefined) =>
        new FutureIncomingResponse(io, OutgoingRequest.message(request, options)),
    },
  };
}
