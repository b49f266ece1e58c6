import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utimesSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bearerToken, fixedCredentials } from '../../remotes/credentials/credentials.ts';
import { tokenFile } from '../../remotes/credentials/token-file.ts';
import { httpClient, type HttpClient } from '../../remotes/http/http-client.ts';
import type { RemoteRequest } from '../../remotes/http/request.ts';
import { FerruleError, formatError } from '../../errors/index.ts';
import { makeAuthority } from './servers/google-names.ts';
import { startServer, type Fault, type TestServer } from './servers/test-server.ts';

const authority = makeAuthority();
const folder = mkdtempSync(join(tmpdir(), 'ferrule-http-'));
afterAll(() => {
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});

const service = { name: 'The service', permission: 'ask for it', address: 'check the address' };
const secret = 'ya29.very-secret-token';
const asIs = (value: unknown): unknown => value;

describe('requests to remote services', () => {
  let server: TestServer;
  let client: HttpClient;
  beforeEach(async () => {
    server = await startServer(({ body }) => ({ body: { got: body.kind } }));
    client = httpClient({
      service,
      credentials: bearerToken(secret, 'sign in'),
      pauses: [1, 1, 1],
      patience: 400,
      largestAnswer: 10_000,
    });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });
  const read = (more: Partial<RemoteRequest> = {}): RemoteRequest => ({
    method: 'GET',
    url: `${server.url}/thing`,
    repeatable: true,
    doing: 'looking',
    ...more, // prettier-ignore
  });
  const create = (): RemoteRequest =>
    read({ method: 'POST', repeatable: false, body: { kind: 'json', value: { a: 1 } } });
  const answering = (status: number, body?: unknown, headers: Record<string, string> = {}): Fault => ({
    kind: 'answer',
    status,
    body,
    headers,
  });
  const failureOf = async (work: Promise<unknown>): Promise<FerruleError> => {
    const error = await work.then(
      (value) => new Error(`no error, but ${JSON.stringify(value)}`),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof FerruleError)) throw error;
    expect(formatError(error)).not.toContain(secret);
    return error;
  };

  it('are sent again after a lost connection, an overload and a failure, if they change nothing', async () => {
    server.fail({ kind: 'lose-answer' }, answering(503, 'busy'), answering(500));
    expect(await client.json(read(), asIs)).toEqual({ got: 'none' });
    expect(server.requests).toHaveLength(4);
  });

  it('are not sent again where a first one may have done its work', async () => {
    server.fail({ kind: 'lose-answer' });
    const lost = await failureOf(client.json(create(), asIs));
    expect(lost.code).toBe('FER8001');
    expect(lost.fix).toContain('look before you send it again');
    server.fail(answering(503));
    expect((await failureOf(client.json(create(), asIs))).code).toBe('FER8008');
    expect(server.requests).toHaveLength(2);
  });

  it('are sent again where the service turned them away, whatever they do', async () => {
    server.fail(answering(429));
    expect(await client.json(create(), asIs)).toEqual({ got: 'json' });
  });

  it('wait as long as the service asks', async () => {
    server.fail(answering(429, 'slow down', { 'retry-after': '1' }));
    const from = performance.now();
    await client.json(read(), asIs);
    expect(performance.now() - from).toBeGreaterThan(990);
    server.fail(answering(503, '', { 'retry-after': new Date(Date.now() + 2000).toUTCString() }));
    const since = performance.now();
    await client.json(read(), asIs);
    expect(performance.now() - since).toBeGreaterThan(900);
  });

  it('give up at once where the service asks for longer than anybody waits, and say so', async () => {
    server.fail(answering(429, { error: { message: 'Quota exceeded' } }, { 'retry-after': '3600' }));
    const error = await failureOf(client.json(read(), asIs));
    expect(error.code).toBe('FER8008');
    expect(error.problem).toContain('Quota exceeded');
    expect(error.fix).toContain('3600 s');
    expect(server.requests).toHaveLength(1);
  });

  it('give up after some tries', async () => {
    server.fail(
      ...Array.from({ length: 9 }, () =>
        answering(502, '<html><title>Bad gateway</title></html>', { 'content-type': 'text/html' }),
      ),
    );
    const error = await failureOf(client.json(read(), asIs));
    expect(error.code).toBe('FER8008');
    expect(error.problem).toContain('Bad gateway');
    expect(server.requests).toHaveLength(4);
  });

  it.each([
    [400, 'FER8007'],
    [401, 'FER8002'],
    [403, 'FER8003'],
    [404, 'FER8004'],
    [409, 'FER8005'],
    [413, 'FER8006'],
    [302, 'FER8002'],
  ])('name the refusal %i as %s, with what the service says and no secret', async (status, code) => {
    const said = `no: the token Bearer ${secret} is bad`;
    server.fail(
      answering(
        status,
        { error: { code: status, message: said } },
        { location: 'https://login.example/oauth?state=x' },
      ),
    );
    const error = await failureOf(client.json(create(), asIs));
    expect(error.code).toBe(code);
    expect(error.fix).toBeTruthy();
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["KFP's uploads", { error_message: 'the reason', error_details: 'stack' }],
    ['gRPC gateways', { error: 'the reason', code: 3, message: 'the reason', details: [] }],
    ["Google's API", { error: { code: 400, message: 'the reason', status: 'INVALID_ARGUMENT' } }],
    ['plain text', 'the reason'],
  ])('show what a service says in the form of %s', async (_, body) => {
    server.fail(answering(400, body));
    expect((await failureOf(client.json(create(), asIs))).problem).toMatch(/: the reason$/);
  });

  it('doubt the name before the address where a service says that there is no such thing', async () => {
    server.fail(answering(404, { error: 'there is no run nope', code: 5, message: 'there is no run nope' }));
    expect((await failureOf(client.json(create(), asIs))).fix).toContain('name one that is there');
  });

  it('take a web page, and what does not read, for no answer', async () => {
    const page = '<!doctype html><html><head><title>Sign in - SSO</title></head></html>';
    server.fail(answering(200, page, { 'content-type': 'text/html; charset=utf-8' }));
    const error = await failureOf(client.json(read(), asIs));
    expect(error.code).toBe('FER8009');
    expect(error.problem).toContain('a web page ("Sign in - SSO")');
    expect(error.fix).toContain('sign in');
    server.fail(answering(200, page));
    expect((await failureOf(client.text(read()))).code).toBe('FER8009');
    server.fail(answering(200, '{"cut":'));
    expect((await failureOf(client.json(read(), asIs))).code).toBe('FER8009');
    server.fail(answering(404, page, { 'content-type': 'text/html' }));
    expect((await failureOf(client.jsonIfAny(read(), asIs))).code).toBe('FER8009');
  });

  it('do not wait for ever, and do not read without end', async () => {
    server.fail(answering(200, 'x'.repeat(20_000)));
    expect((await failureOf(client.text(read()))).code).toBe('FER8009');
    const silent = await startServer(() => ({ body: {} }));
    silent.fail({ kind: 'lose-request', after: Infinity });
    await failureOf(
      httpClient({ service, credentials: bearerToken(secret, 'sign in'), pauses: [], patience: 300 }).json(
        { ...read(), url: silent.url },
        asIs,
      ),
    );
    await silent.close();
  });

  it('say where nobody listens', async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const error = await failureOf(client.json({ ...create(), url: gone.url }, asIs));
    expect(error.code).toBe('FER8001');
    expect(error.problem).toContain('ECONNREFUSED');
  });

  it('say where TLS is not spoken', async () => {
    const error = await failureOf(
      client.json({ ...read(), url: server.url.replace('http:', 'https:') }, asIs),
    );
    expect([error.code, error.fix]).toEqual(['FER8001', 'write http:// in its address']);
  });

  it('follow a download to where its content lies, without the credentials', async () => {
    const storage = await startServer(() => ({ body: 'the content' }));
    server.fail(answering(302, '', { location: `${storage.url}/signed?x=1` }));
    expect(await client.text(read())).toBe('the content');
    expect(storage.requests[0]?.headers['authorization']).toBeUndefined();
    expect(storage.requests[0]?.query).toEqual({ x: '1' });
    await storage.close();
  });

  it('trust the authority that is named, and no other', async () => {
    const secure = await startServer(() => ({ body: 'safe' }), { tls: authority.tls });
    const options = {
      service,
      credentials: fixedCredentials({ cookie: 'session=1' }, 'sign in'),
      pauses: [],
    };
    const trusting = httpClient({ ...options, ca: authority.ca });
    expect(await trusting.text({ ...read(), url: `${secure.url}/a` })).toBe('safe');
    expect(secure.requests[0]?.headers['cookie']).toBe('session=1');
    const error = await failureOf(httpClient(options).text({ ...read(), url: secure.url }));
    expect([error.code, error.fix?.includes('--ca')]).toEqual(['FER8001', true]);
    const missing = httpClient({ ...options, ca: '/nowhere.pem' });
    expect((await failureOf(missing.text({ ...read(), url: secure.url }))).problem).toContain('/nowhere.pem');
    await trusting.close();
    await secure.close();
  });

  it('read a token file again when it changes, and when its token is refused', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'first\n');
    let valid = 'Bearer first';
    const guarded = await startServer(() => ({ body: 'in' }), {
      wants: { header: 'authorization', value: () => valid },
    });
    const reading = httpClient({ service, credentials: tokenFile(file, 'mount a token'), pauses: [] });
    const ask = (): Promise<string> => reading.text({ ...read(), url: guarded.url });
    expect(await ask()).toBe('in');
    writeFileSync(file, 'second');
    valid = 'Bearer second';
    expect(await ask()).toBe('in');
    // Written within the same tick of the clock, and of the same size.
    utimesSync(file, 1000, 1000);
    await ask();
    writeFileSync(file, 'third!');
    utimesSync(file, 1000, 1000);
    valid = 'Bearer third!';
    expect(await ask()).toBe('in');
    valid = 'Bearer fourth';
    expect((await failureOf(ask())).fix).toBe('mount a token');
    rmSync(file);
    expect((await failureOf(ask())).problem).toContain('token');
    await reading.close();
    await guarded.close();
  });
});
