import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, UserError } from '../../errors/index.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { openConnections, type Connections } from './connections.ts';
import { isPage, noAnswer, refusal, unreachable, type ServiceFacts } from './remote-error.ts';
import { mayRepeatAfterError, mayRepeatAfterStatus, patientPauses, pauseBefore } from './repeating.ts';
import { withQuery, type RemoteAnswer, type RemoteRequest } from './request.ts';

/** How a service is spoken to. */
export interface HttpOptions {
  readonly service: Omit<ServiceFacts, 'signIn'>;
  readonly credentials: Credentials;
  /** A file with the certificates to trust besides the system's, in PEM. */
  readonly ca?: string;
  /** Variables that name proxies: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a sign of the service. @default 60000 */
  readonly patience?: number;
  /** Most bytes of an answer. @default 64 MiB */
  readonly largestAnswer?: number;
  /** Milliseconds before each further try. @default 0.5 s to 4 s, four times */
  readonly pauses?: readonly number[];
}

/** Reads what an answer holds; throws where it is something else. */
export type Reader<T> = (value: unknown) => T;

export interface HttpClient {
  /** Sends a request and reads its answer as JSON. @throws coded errors for all but a success */
  json<T>(request: RemoteRequest, read: Reader<T>): Promise<T>;
  /** The same; undefined where the service has no such thing. */
  jsonIfAny<T>(request: RemoteRequest, read: Reader<T>): Promise<T | undefined>;
  /** Sends a request and gives the text of its answer. */
  text(request: RemoteRequest): Promise<string>;
  /** Sends a request and gives its answer, if it is a success or has one of these statuses. */
  answer(request: RemoteRequest, statuses?: readonly number[]): Promise<RemoteAnswer>;
  close(): Promise<void>;
}

const json = 'application/json';

/** Opens a client. Nothing is sent yet. */
export function httpClient(options: HttpOptions): HttpClient {
  const { credentials, pauses = patientPauses } = options;
  const service: ServiceFacts = { ...options.service, signIn: credentials.signIn };
  let connections: Promise<Connections> | undefined;
  const connect = async (): Promise<Connections> =>
    openConnections({
      ca: options.ca === undefined ? undefined : await readCertificates(options.ca),
      env: options.env ?? {},
      patience: options.patience ?? 60_000,
      largestAnswer: options.largestAnswer ?? 64 * 1024 * 1024,
    });

  const answer = async (request: RemoteRequest, statuses: readonly number[] = []): Promise<RemoteAnswer> => {
    connections ??= connect();
    const opened = await connections;
    const url = withQuery(request.url, request.query);
    let renewed = false;
    for (let attempt = 0; ; attempt++) {
      const signed = await credentials.headers();
      let received: RemoteAnswer | undefined;
      let thrown: unknown;
      try {
        received = {
          ...(await opened.send({ ...request, url }, { ...options.headers, ...signed })),
          sent: attempt + 1,
        };
      } catch (error) {
        thrown = error;
      }
      const planned = pauses[attempt];
      if (received === undefined) {
        if (planned === undefined || !mayRepeatAfterError(request, thrown, attempt + 1))
          throw unreachable(request, service, thrown);
        await wait(pauseBefore(planned, undefined, Date.now()) ?? 0);
        continue;
      }
      const { status } = received;
      if ((status >= 200 && status < 300) || statuses.includes(status)) return received;
      if (status === 401 && !renewed && (await credentials.renew())) {
        renewed = true;
        continue;
      }
      const pause =
        planned !== undefined && mayRepeatAfterStatus(request, status)
          ? pauseBefore(planned, received.headers['retry-after'], Date.now())
          : undefined;
      if (pause === undefined) throw refusal(request, service, received, secretsIn(signed));
      await wait(pause);
    }
  };

  const read = <T>(request: RemoteRequest, received: RemoteAnswer, reader: Reader<T>): T => {
    let value: unknown;
    try {
      value = JSON.parse(received.text);
    } catch (error) {
      throw noAnswer(request, service, received, messageOf(error));
    }
    try {
      return reader(value);
    } catch (error) {
      throw noAnswer(request, service, received, messageOf(error).replaceAll(/\s+/g, ' ').slice(0, 300));
    }
  };

  return {
    answer,
    async json(request, reader) {
      return read(request, await answer({ ...request, accept: json }), reader);
    },
    async jsonIfAny(request, reader) {
      const received = await answer({ ...request, accept: json }, [404]);
      // A page is the answer of a proxy, and not of a service that looked and found nothing.
      if (received.status === 404 && isPage(received)) throw noAnswer(request, service, received, '');
      return received.status === 404 ? undefined : read(request, received, reader);
    },
    async text(request) {
      const received = await answer(request);
      if (isPage(received)) throw noAnswer(request, service, received, '');
      return received.text;
    },
    async close() {
      await (await connections)?.close();
    },
  };
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError('FER8001', {
      problem: `the file of certificates "${file}" cannot be read: ${messageOf(error)}`,
      fix: 'name a file in PEM',
      cause: error,
    });
  }
}

function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  return Object.values(headers).flatMap((value) => [
    value,
    ...value.split(/[ ;=]+/).filter((part) => part.length > 8),
  ]);
}
