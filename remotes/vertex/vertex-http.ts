import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { InfrastructureError, UserError } from '../../errors/index.ts';
import type { GoogleCredentials } from '../credentials/google.ts';
import { httpClient, type HttpOptions, type Reader } from '../http/http-client.ts';
import type { RemoteAnswer, RemoteRequest } from '../http/request.ts';

export interface VertexOptions extends Omit<HttpOptions, 'service' | 'credentials'> {
  readonly credentials: GoogleCredentials;
  /** `us-central1` and the like. */
  readonly region: string;
  /** @default the project of the credentials */
  readonly project?: string;
  /** Where the API is instead of the region's host: for private endpoints. */
  readonly endpoint?: string;
}

/** Requests to Vertex AI, by paths below a project and region. */
export interface VertexHttp {
  readonly region: string;
  readonly address: string;
  /** `projects/PROJECT/locations/REGION`. */
  parent(): Promise<string>;
  project(): Promise<string>;
  get<T>(path: string, doing: string, read: Reader<T>, query?: RemoteRequest['query']): Promise<T>;
  /** Sends a request that makes something. @returns the whole answer, where the status is a success or one of these */
  create(
    path: string,
    doing: string,
    body: unknown,
    query: RemoteRequest['query'],
    statuses: readonly number[],
    repeatable: boolean,
  ): Promise<RemoteAnswer>;
  order(path: string, doing: string, body?: unknown): Promise<void>;
  patch<T>(
    path: string,
    doing: string,
    read: Reader<T>,
    body: unknown,
    query: RemoteRequest['query'],
  ): Promise<T>;
  /** Removes something, and waits until it is gone. */
  delete(path: string, doing: string): Promise<void>;
  close(): Promise<void>;
}

const operationAnswer = z.object({
  name: z.string().optional(),
  done: z.boolean().optional(),
  error: z.object({ message: z.string().optional() }).optional(),
});

/** Milliseconds between looks at a deletion that goes on. */
const operationPauses = [200, 500, 1000, 2000, 4000, 8000, 8000, 8000];

/** Opens Vertex AI. Nothing is asked yet. @throws UserError FER8010 where region or endpoint is none */
export function vertexHttp(options: VertexOptions): VertexHttp {
  const { credentials, region } = options;
  if (!/^[a-z]+(-[a-z]+)*\d*$/.test(region))
    throw new UserError('FER8010', {
      problem: `"${region}" is no region of Google Cloud`,
      fix: 'write one such as us-central1: --region, or GOOGLE_CLOUD_REGION',
    });
  const endpoint = endpointOf(options);
  const client = httpClient({
    ...options,
    service: {
      name: 'Vertex AI',
      permission:
        'ask for the role "Vertex AI User" in the project, and "Service Account User" on the service account that runs the tasks; and that the Vertex AI API is enabled',
      address: `check project and region (${region}), and the name`,
    },
  });
  const project = async (): Promise<string> => {
    const found = options.project ?? (await credentials.project());
    if (found !== undefined) return found;
    throw new UserError('FER8010', {
      problem: 'nothing says in which project of Google Cloud to run',
      fix: 'name it: --project, or GOOGLE_CLOUD_PROJECT',
    });
  };
  const parent = async (): Promise<string> => `projects/${await project()}/locations/${region}`;
  const url = async (path: string): Promise<string> =>
    `${endpoint}/v1/${path.startsWith('projects/') ? path : `${await parent()}${path}`}`;
  const json = (value: unknown): RemoteRequest['body'] & object => ({ kind: 'json', value });
  const get: VertexHttp['get'] = async (path, doing, read, query) =>
    client.json(
      { method: 'GET', url: await url(path), doing, repeatable: true, ...(query && { query }) },
      read,
    );
  return {
    region,
    address: endpoint,
    parent,
    project,
    get,
    create: async (path, doing, body, query, statuses, repeatable) =>
      client.answer(
        {
          method: 'POST',
          url: await url(path),
          doing,
          repeatable,
          body: json(body),
          ...(query && { query }),
        },
        statuses,
      ),
    order: async (path, doing, body = {}) =>
      void (await client.answer({
        method: 'POST',
        url: await url(path),
        doing,
        repeatable: true,
        body: json(body),
      })),
    patch: async (path, doing, read, body, query) =>
      client.json(
        {
          method: 'PATCH',
          url: await url(path),
          doing,
          repeatable: true,
          body: json(body),
          ...(query && { query }),
        },
        read,
      ),
    async delete(path, doing) {
      const request: RemoteRequest = { method: 'DELETE', url: await url(path), doing, repeatable: true };
      const answer = await client.answer(request, [404]);
      if (answer.status === 404 && answer.sent > 1) return;
      if (answer.status === 404) await client.answer({ ...request, method: 'GET' });
      let operation = operationAnswer.parse(JSON.parse(answer.text));
      for (const pause of operationPauses) {
        if (operation.error !== undefined)
          throw new InfrastructureError('FER8008', {
            problem: `Vertex AI gave up ${doing}: ${operation.error.message ?? 'no reason given'}`,
            retryable: true,
          });
        if (operation.done === true || operation.name === undefined) return;
        await sleep(pause);
        operation = await get(operation.name, doing, (value) => operationAnswer.parse(value));
      }
    },
    close: () => client.close(),
  };
}

function endpointOf({ endpoint, region }: VertexOptions): string {
  if (endpoint === undefined)
    return `https://${region === 'global' ? '' : `${region}-`}aiplatform.googleapis.com`;
  const whole = (/^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`).replace(
    /\/+(v1\/*)?$/,
    '',
  );
  if (URL.canParse(whole)) return whole;
  throw new UserError('FER8010', {
    problem: `"${endpoint}" is no endpoint of Vertex AI`,
    fix: 'write https://HOST, or leave it out',
  });
}
