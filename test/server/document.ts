/** Holds what a server answers against the OpenAPI document that it serves, from outside: by a proxy before it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Agent, request as ask } from 'undici';
import { bodyOf, type Recorded } from '../remotes/servers/recorded.ts';

interface Media {
  readonly schema: object;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>>;
}

/** As much of an OpenAPI document as is looked at. */
export type OpenApi = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, object>>;
}

export interface Held {
  /** Where to ask instead of the server. */
  readonly url: string;
  readonly document: OpenApi;
  /** What was answered in another way than the document says, in words. */
  readonly problems: string[];
  /** Ids of the operations that were asked with success, and those that were refused. */
  readonly answered: Set<string>;
  readonly refused: Set<string>;
  /** All requests, in order. */
  readonly requests: Recorded[];
  close(): Promise<void>;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: DescribedOperation;
  readonly id: string;
}

/** Starts a proxy before a server. */
export async function holdToDocument(server: string): Promise<Held> {
  const document = (await (await fetch(`${server}/openapi.json`)).json()) as OpenApi;
  const holder = { problems: [] as string[], answered: new Set<string>(), refused: new Set<string>() };
  const requests: Recorded[] = [];
  const check = checker(document, holder);
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const content = await all(request);
    const { connection: _connection, ...headers } = request.headers;
    requests.push(await record(request, content));
    const answer = await ask(`${server}${request.url ?? '/'}`, {
      method: request.method as 'GET',
      headers: Object.fromEntries(
        Object.entries(headers).filter(
          ([name]) => !['transfer-encoding', 'expect', 'keep-alive'].includes(name),
        ),
      ),
      body: content.length === 0 ? null : content,
      dispatcher: agent,
    });
    const body = Buffer.from(await answer.body.arrayBuffer());
    const type = String(answer.headers['content-type'] ?? '');
    check(request.method ?? '', request.url ?? '/', answer.statusCode, type, body);
    response.writeHead(answer.statusCode, { 'content-type': type, 'content-length': body.length });
    response.end(body);
  };
  const proxy = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    ...holder,
    document,
    requests,
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
      await agent.destroy();
    },
  };
}

async function all(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function record(request: IncomingMessage, content: Buffer): Promise<Recorded> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value ?? '')]),
  );
  const url = new URL(request.url ?? '/', 'http://host');
  const body = await bodyOf(headers['content-type'] ?? '', content).catch(() => ({
    kind: 'text' as const,
    text: content.toString('utf8'),
  }));
  return {
    method: request.method ?? '',
    host: headers['host'] ?? '',
    path: decoded(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers,
    body,
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** All operations of a document, those with fewer parameters first: where two paths fit, the plainer one is meant. */
export function routesOf({ paths }: OpenApi): readonly Route[] {
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        method: method.toUpperCase(),
        id: operation.operationId,
        operation,
        path,
        pattern: new RegExp(
          `^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}(:\w+)?/g, (_, verb: string | undefined) => (verb === undefined ? '[^/]+' : `[^/]+${verb}`))}$`,
        ),
      })),
    )
    .toSorted((a, b) => weight(a.path) - weight(b.path));
}

function weight(path: string): number {
  return (path.match(/\{/g)?.length ?? 0) * 2 - (/:\w+$/.test(path) ? 1 : 0);
}

/** Says of each answer what is not as the document has it. What a schema does not name is a problem too. */
function checker(
  document: OpenApi,
  { problems, answered, refused }: Pick<Held, 'problems' | 'answered' | 'refused'>,
) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', components: { schemas: closed(document.components.schemas) } });
  const compiled = new Map<object, ValidateFunction>();
  const routes = routesOf(document);
  const validator = (schema: object): ValidateFunction => {
    const known = compiled.get(schema) ?? ajv.compile(closed(schema) as object);
    compiled.set(schema, known);
    return known;
  };
  return (method: string, target: string, status: number, type: string, body: Buffer): void => {
    const { pathname } = new URL(target, 'http://host');
    const say = (problem: string): void =>
      void problems.push(
        `${method} ${pathname} ${status}: ${problem}: ${body.toString('utf8').slice(0, 300)}`,
      );
    const route = routes.find((one) => one.method === method && one.pattern.test(pathname));
    if (route === undefined) {
      // Whoever asks for what is not there is told so in the same form.
      if (pathname === '/openapi.json') return;
      if (status < 400) say('it is in no path of the document');
    } else (status < 400 ? answered : refused).add(route.id);
    const described = route?.operation.responses[`${status}`] ?? route?.operation.responses['default'];
    // What is in no path is refused in the form of all refusals.
    const content = described?.content ?? { 'application/json': { schema: refusal } };
    const media = content[type.split(';')[0] ?? ''] ?? content['application/octet-stream'];
    if (media === undefined) return say(`the document has no ${type}`);
    if (!type.startsWith('application/json')) return;
    const validate = validator(media.schema);
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch {
      return say('it is no JSON');
    }
    if (!validate(value)) say(ajv.errorsText(validate.errors));
  };
}

const refusal = { $ref: '#/components/schemas/Refusal' };

/** Closes objects against what they do not name, and points references to where ajv knows the document. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'document#') : closed(value),
    ]),
  );
  const isObject = fields['type'] === 'object' && fields['properties'] !== undefined;
  return isObject && !('additionalProperties' in fields)
    ? { ...fields, additionalProperties: false }
    : fields;
}
