/** Turns operations into an HTTP application: tokens, limits, parsing, answers, refusals, the log of requests. */
import { isDeepStrictEqual } from 'node:util';
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { InternalError, messageOf } from '../../errors/index.ts';
import { Refusal, refusalBody, refusalOf } from '../failure.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Access, Principal } from './access.ts';
import type { Metrics } from './metrics.ts';
import { describe } from './openapi.ts';
import type { Operation } from './operation.ts';
import { withProtoNames } from './proto-json.ts';
import type { Pressure } from './pressure.ts';
import type { RateLimit } from './rate-limit.ts';
import { readJson } from './read-body.ts';
import { refuseUnstorable } from './storable.ts';
import { strangerOf } from './strangers.ts';

export interface AppParts {
  readonly operations: readonly Operation[];
  readonly options: ResolvedOptions;
  readonly access: Access;
  readonly limit: RateLimit;
  readonly metrics: Metrics;
  readonly pressure: Pressure;
  readonly version: string;
  /** Writes down who did what. */
  readonly audit: (who: string, what: string, namespace: string, resource: string) => Promise<void>;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
}

/** Addresses of callers, as the server of Node.js hands them over. */
interface Bindings {
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string } };
}

export function createApp(parts: AppParts): OpenAPIHono<{ Bindings: Bindings }> {
  const { operations, options } = parts;
  const verbs = new Set(operations.flatMap(({ path }) => /:([A-Za-z]+)$/.exec(path)?.[1] ?? []));
  const app = new OpenAPIHono<{ Bindings: Bindings }>({ getPath: (request) => pathOf(request, verbs) });
  if (options.tokens !== undefined)
    app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const operation of operations) {
    describe(app.openAPIRegistry, operation);
    app.on(operation.method.toUpperCase(), routeOf(operation.path), async (context) => {
      const started = performance.now();
      const address = context.env.incoming?.socket.remoteAddress ?? '';
      const { answer, who } = await parts.pressure.during(
        answerTo(parts, operation, context.req.raw, address, {
          params: context.req.param(),
          query: context.req.query(),
        }),
      );
      const seconds = (performance.now() - started) / 1000;
      parts.metrics.answered(operation.id, answer.status, seconds);
      parts.log({
        kind: 'request',
        operation: operation.id,
        path: new URL(context.req.url).pathname,
        status: answer.status,
        milliseconds: Math.round(seconds * 10_000) / 10,
        ...(who !== undefined && { who: who.name }),
      });
      return answer;
    });
  }
  const document = JSON.stringify(
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Ferrule',
        version: parts.version,
        description: "KFP's API v2beta1, served by Ferrule.",
      },
      ...(options.tokens !== undefined && { security: [{ token: [] }] }),
    }),
  );
  app.get('/openapi.json', (context) => context.body(document, 200, { 'content-type': 'application/json' }));
  app.onError((error) => refuse(parts, undefined, error));
  app.notFound((context) => {
    const refused = new Refusal(
      'not-found',
      `there is no ${context.req.method} ${new URL(context.req.url).pathname} here`,
    );
    return Response.json(refusalBody(refused), { status: refused.http });
  });
  return app;
}

interface Raw {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

async function answerTo(
  parts: AppParts,
  operation: Operation,
  request: Request,
  address: string,
  raw: Raw,
): Promise<{ readonly answer: Response; readonly who: Principal | undefined }> {
  let who: Principal | undefined;
  try {
    const stranger = strangerOf(request, parts.options);
    if (stranger !== undefined) throw new Refusal('forbidden', stranger);
    if (operation.needsToken !== false) {
      who = parts.access.identify(request.headers.get('authorization') ?? undefined);
      parts.limit.take(parts.access.multiUser ? who.name : address);
    }
    return { answer: await carryOut(parts, operation, request, raw, who ?? nobody), who };
  } catch (thrown) {
    // Tokens are not to be guessed at the speed of the machine.
    if (thrown instanceof Refusal && thrown.kind === 'unauthenticated') penalise(parts.limit, address);
    return { answer: refuse(parts, operation, thrown), who };
  }
}

/** Whoever asks for what needs no token. */
const nobody: Principal = { name: 'nobody', namespaces: [], apart: true };

function penalise(limit: RateLimit, address: string): void {
  try {
    for (let count = 0; count < 10; count++) limit.take(`refused ${address}`);
  } catch {
    // It has none left, which is what was wanted.
  }
}

async function carryOut(
  { options, audit, pressure }: AppParts,
  operation: Operation,
  request: Request,
  raw: Raw,
  who: Principal,
): Promise<Response> {
  const body = operation.body === undefined ? undefined : await readJson(request, options.bodyLimit);
  // Many that come at once are looked at one a turn, so that others have theirs.
  if (body !== undefined) await pressure.turn();
  const about = { namespace: '', resource: '' };
  const given = await operation.handle({
    params: parse(operation.params, raw.params, 'path'),
    query: parse(operation.query, raw.query, 'query'),
    body:
      operation.body === undefined
        ? undefined
        : parse(operation.body, withProtoNames(operation.body, body), 'body'),
    who,
    request,
    concerns: (namespace, resource) => void Object.assign(about, { namespace, resource }),
  });
  if (operation.audited ?? operation.method !== 'get')
    await audit(who.name, operation.id, about.namespace, about.resource);
  if (given instanceof Response) return given;
  const text = JSON.stringify(given);
  if (options.checkAnswers && typeof operation.answer !== 'string')
    checkAnswer(operation.answer, text, operation.id);
  return new Response(text, { headers: { 'content-type': 'application/json' } });
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  refuseUnstorable(value, `${where} of the request`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new Refusal('invalid', `the ${where} of the request does not read: ${words.join('; ')}`);
}

/** Holds an answer against its schema: what a schema does not know it would leave out. */
function checkAnswer(schema: z.ZodType, text: string, id: string): void {
  const value: unknown = JSON.parse(text);
  const parsed = schema.safeParse(value);
  if (parsed.success && isDeepStrictEqual(JSON.parse(JSON.stringify(parsed.data)), value)) return;
  const why = parsed.success ? 'it has fields that the schema has not' : z.prettifyError(parsed.error);
  throw new InternalError('FER4000', { problem: `the answer of ${id} is not as its schema says: ${why}` });
}

function refuse({ log }: AppParts, operation: Operation | undefined, thrown: unknown): Response {
  const known = refusalOf(thrown);
  if (known === undefined)
    log({
      kind: 'fault',
      ...(operation !== undefined && { operation: operation.id }),
      message: messageOf(thrown),
      stack: thrown instanceof Error ? thrown.stack : undefined,
    });
  const refused = known ?? new Refusal('internal', 'the server met a fault: its log says more');
  const upload = operation?.upload === true && {
    error_message: refused.message,
    error_details: refused.message,
  };
  return Response.json(
    { ...refusalBody(refused), ...upload },
    {
      status: refused.http,
      headers: {
        ...(refused.kind === 'unauthenticated' && { 'www-authenticate': 'Bearer' }),
        ...((refused.kind === 'too-many' || refused.kind === 'unavailable') && { 'retry-after': '1' }),
      },
    },
  );
}

/** A router knows no `{id}:verb`: the verb becomes a step of its own. A name may have a colon too. */
function pathOf(request: Request, verbs: ReadonlySet<string>): string {
  return new URL(request.url).pathname.replace(
    /^(.+\/[^/]+):([A-Za-z]+)$/,
    (whole, before: string, verb: string) => (verbs.has(verb) ? `${before}/~${verb}` : whole),
  );
}

function routeOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/^(.+\/:\w+):([A-Za-z]+)$/, '$1/~$2');
}
