/**
 * Requests to the API server. Of the official client only signing in is used: its streams drop the server's message,
 * and an interrupted log ends the whole process.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { FerruleError, messageOf } from '../../../errors/index.ts';
import { ApiError, explainApiError, readApiError } from './api-error.ts';
import { backoff, pause } from './backoff.ts';
import type { Access } from './cluster-access.ts';

interface ApiRequest {
  /** For messages: verb and resource, such as `create jobs`. */
  readonly what: string;
  /** PATCH merges the fields of the body; null removes one. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Such as `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Connection {
  readonly server: string;
  readonly namespace: string;
  /** How many requests were sent, streams included. */
  readonly sent: () => number;
  /**
   * Sends a request and reads its answer; what passes is tried again, for two minutes at most.
   * @throws ApiError for an answer that is an error, also where none came
   */
  call(request: ApiRequest, signal?: AbortSignal): Promise<unknown>;
  /**
   * Reads an answer line by line, for as long as the server sends. Resolves when the server ended it, or the signal
   * was aborted.
   * @param onOpen called when the answer begins
   * @throws ApiError for an answer that is an error, and where the connection broke
   */
  lines(
    request: ApiRequest,
    onLine: (line: string) => void,
    signal: AbortSignal,
    onOpen?: () => void,
  ): Promise<void>;
  /** Makes the error that people read of anything that was thrown here. */
  explain(thrown: unknown): FerruleError;
  close(): void;
}

/** Milliseconds in which an answer must begin. */
const answerLimit = 30_000;
/** Milliseconds that passing trouble is put up with: an API server restarts in less. */
const patience = 120_000;
/** The same for a server that has never answered: its address is most likely wrong. */
const firstPatience = 6_000;
/** Most requests at a time, without streams. */
const atOnce = 12;

/** Opens a connection; sends nothing yet. */
export function openConnection(access: Access, userAgent = 'ferrule'): Connection {
  let sent = 0;
  let answered = false;
  const turns = turnstile(atOnce);

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> => {
    sent += 1;
    const response = await open(access, request, userAgent, signal);
    answered = true;
    if (response.statusCode !== undefined && response.statusCode < 300) return response;
    const body = await textOf(response).catch(() => '');
    throw readApiError(request.what, response.statusCode ?? 0, body, response.headers['retry-after']);
  };

  const once = (request: ApiRequest, signal: AbortSignal): Promise<unknown> =>
    turns(async () => {
      const response = await send(request, signal);
      try {
        const text = await textOf(response);
        return text === '' ? undefined : (JSON.parse(text) as unknown);
      } catch (thrown) {
        throw new ApiError(request.what, messageOf(thrown));
      }
    });

  return {
    server: access.server,
    namespace: access.namespace,
    sent: () => sent,
    async call(request, signal = new AbortController().signal) {
      const wait = backoff(200, 2500);
      const began = performance.now();
      for (;;) {
        try {
          return await once(request, signal);
        } catch (thrown) {
          const passed = performance.now() - began;
          const limit = answered ? patience : firstPatience;
          if (!(thrown instanceof ApiError) || !thrown.passing || passed > limit || signal.aborted)
            throw thrown;
          await pause(Math.max(wait.next(), thrown.retryAfter ?? 0), signal);
        }
      }
    },
    async lines(request, onLine, signal, onOpen) {
      const response = await send(request, signal);
      onOpen?.();
      response.socket.setKeepAlive(true, 30_000);
      await eachLine(response, onLine, signal).catch((thrown: unknown) => {
        if (!signal.aborted) throw new ApiError(request.what, messageOf(thrown));
      });
    },
    explain: (thrown) =>
      thrown instanceof FerruleError ? thrown : explainApiError(thrown, access.server, access.namespace),
    close: () => access.close(),
  };
}

async function open(
  access: Access,
  { what, method = 'GET', path, query = {}, body }: ApiRequest,
  userAgent: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options = await access.authorise();
  const url = new URL(access.server + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(text !== undefined && {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      'content-length': Buffer.byteLength(text),
    }),
    ...(options.headers as Readonly<Record<string, string>> | undefined),
  };
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const sending = start(url, { ...options, method, headers, signal });
    const timer = setTimeout(
      () => sending.destroy(new Error(`no answer within ${answerLimit / 1000} seconds`)),
      answerLimit,
    );
    sending.on('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // Also once the answer has begun: the answer's own reader is told then, and this does nothing.
    sending.on('error', (error) => {
      clearTimeout(timer);
      reject(new ApiError(what, messageOf(error)));
    });
    sending.end(text);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => response.destroy(new Error('the answer broke off')), answerLimit);
  try {
    for await (const chunk of response) chunks.push(Buffer.from(chunk));
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Calls back for each line; a last one without a break too. Rejects where the connection broke. Only a line feed ends
 * a line: Node's readline would also cut at the carriage returns of progress bars.
 */
function eachLine(
  response: IncomingMessage,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      try {
        for (const line of lines) if (!signal.aborted) onLine(line);
      } catch (thrown) {
        response.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    });
    response.on('error', reject);
    response.on('close', () => {
      if (!response.complete && !signal.aborted) {
        reject(new Error('the connection broke off'));
        return;
      }
      if (rest !== '' && !signal.aborted) onLine(rest);
      resolve();
    });
  });
}

/** Lets so many through at a time. */
function turnstile(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
      waiting.shift()?.();
    }
  };
}
