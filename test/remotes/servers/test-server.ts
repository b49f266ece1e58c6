/** A small HTTP server that keeps state as a real one does, remembers what it was asked, and fails on demand. */
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { bodyOf, type Recorded } from './recorded.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; absent, nothing is sent. */
  readonly body?: unknown;
}

/** What a server answers; undefined for a path that it does not know. */
export type Handler = (request: Recorded) => Answer | undefined | Promise<Answer | undefined>;

/** Has a real server answer. What it is asked is recorded on the way, and faults can be put between. */
export function forwardTo(server: string): Handler {
  return async ({ method, target = '/', headers, content }) => {
    const passed = ['accept', 'authorization', 'content-type', 'cookie', 'user-agent'];
    const answer = await fetch(`${server}${target}`, {
      method,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => passed.includes(name))),
      ...(content !== undefined && content.length > 0 && { body: new Uint8Array(content) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
  };
}

/** Something that goes wrong with one request. */
export type Fault =
  | ({ readonly kind: 'answer' } & Answer)
  /** The connection is lost after so many bytes of the request, before it is done. */
  | { readonly kind: 'lose-request'; readonly after: number }
  /** The request is done, and the connection lost before its answer. */
  | { readonly kind: 'lose-answer' };

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly requests: Recorded[];
  /** What happens to the next requests, one each; of a method only where one is named. */
  fail(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Refuses requests without this header. */
  readonly wants?: { readonly header: string; readonly value: () => string };
}

export async function startServer(handler: Handler, options: TestServerOptions = {}): Promise<TestServer> {
  const requests: Recorded[] = [];
  const faults: Fault[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = faults.shift();
    if (fault?.kind === 'lose-request') return loseAfter(request, fault.after);
    const recorded = await record(request);
    requests.push(recorded);
    if (fault?.kind === 'answer') return send(response, fault);
    const { wants } = options;
    if (wants !== undefined && recorded.headers[wants.header] !== wants.value())
      return send(response, {
        status: 401,
        body: { error: { code: 401, message: 'Unauthenticated request' } },
      });
    const answer = (await handler(recorded)) ?? {
      status: 404,
      body: { error: { code: 404, message: 'Not Found' } },
    };
    if (fault?.kind === 'lose-answer') request.socket.destroy();
    else send(response, answer);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => send(response, { status: 500, body: String(error) }));
  };
  const server: Server = options.tls ? createHttps(options.tls, listener) : createHttp(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    fail: (...more) => void faults.push(...more),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body === undefined ? '' : isText ? body : JSON.stringify(body));
}

async function loseAfter(request: IncomingMessage, bytes: number): Promise<void> {
  let seen = 0;
  for await (const chunk of request) {
    seen += (chunk as Buffer).length;
    if (seen >= bytes) break;
  }
  request.socket.destroy();
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const url = new URL(request.url ?? '/', 'http://host');
  const content = Buffer.concat(chunks);
  return {
    method: request.method ?? '',
    host: headers['host'] ?? '',
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers,
    body: await bodyOf(headers['content-type'] ?? '', content),
    target: request.url ?? '/',
    content,
  };
}
