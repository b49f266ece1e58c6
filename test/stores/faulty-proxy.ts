import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

/** What becomes of one request: it is passed on, answered in another way, or its answer gets lost. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'silence' };

export interface FaultyProxy {
  readonly endpoint: string;
  /** Requests so far, as `METHOD path`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Stands before a server, and spoils requests as it is told. */
export async function faultyProxy(
  to: string,
  faultOf: (request: IncomingMessage, index: number) => Fault,
): Promise<FaultyProxy> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const fault = faultOf(incoming, requests.push(`${incoming.method} ${incoming.url}`) - 1);
    switch (fault.kind) {
      case 'answer':
        incoming.resume().on('end', () => outgoing.writeHead(fault.status).end(fault.body));
        break;
      case 'silence':
        incoming.resume();
        break;
      default:
        passOn(to, incoming, outgoing, fault.kind === 'lose-answer');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function passOn(to: string, incoming: IncomingMessage, outgoing: ServerResponse, lose: boolean): void {
  const { hostname, port } = new URL(to);
  const { method, headers } = incoming;
  // The signature of a request covers its host: it stays as it is.
  const onward = request({ hostname, port, path: incoming.url, method, headers }, (answer) => {
    if (lose) answer.resume().on('end', () => outgoing.destroy());
    else {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    }
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
