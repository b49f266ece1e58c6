/** Requests that are wrong in every way there is: each is refused in KFP's form, none harms the server, and no secret is told. */
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { assert, asyncProperty, integer, uint8Array } from 'fast-check';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Project } from '../cli/project.ts';
import { postgresFolder } from '../counterparts.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { makeServedProject, serve, type Answer, type Serving } from './serving.ts';

const api = '/apis/v2beta1';
const mebi = 2 ** 20;

describe.each(['SQLite', 'PostgreSQL'] as const)('a server on %s', (name) => {
  const absent = name === 'PostgreSQL' && postgresFolder === undefined;
  let project: Project;
  let postgres: Postgres | undefined;
  let serving: Serving;
  let token: string;
  let spec: Record<string, unknown>;
  let text: string;
  beforeAll(async () => {
    if (absent) return;
    if (name === 'PostgreSQL') postgres = await startPostgres();
    project = await makeServedProject();
    const made = await project.ferrule('token', 'ann', '--namespaces', 'red');
    token = /token: (\S+)/.exec(made.stderr)?.[1] ?? '';
    project.write('tokens', made.stdout);
    text = readFileSync(join(project.folder, 'data.yaml'), 'utf8');
    spec = parse(text) as Record<string, unknown>;
    const database = postgres === undefined ? [] : ['--database', postgres.database('faults')];
    serving = await serve(project, [
      '--tokens',
      'tokens',
      '--body-limit',
      '2',
      '--rate',
      '5000',
      ...database,
    ]);
  });
  afterAll(async () => {
    if (absent) return;
    const log = await serving.stop();
    await postgres?.stop();
    project.remove();
    // Every one of these was the fault of whoever asked.
    const faults = log.split('\n').filter((line) => line.includes('"kind":"fault"'));
    if (faults.length > 0) throw new Error(faults.join('\n'));
    if (log.includes(token)) throw new Error('the log tells the token');
  });

  const send = async (
    method: string,
    path: string,
    body?: string | Uint8Array | FormData,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${serving.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(!isForm && body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' || isForm ? body : new Uint8Array(body) }),
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const refused = (answer: Answer, status: number, code: number): void => {
    const { code: told, message, details } = answer.body;
    expect({ status: answer.status, code: told }).toEqual({ status, code });
    expect([message, details]).toEqual([expect.any(String), expect.any(Array)]);
    expect(answer.body.error).toBe(answer.body.message);
    const whole = JSON.stringify(answer.body);
    // Neither a stack, nor where the server is, nor what was sent as a secret.
    expect(whole).not.toMatch(/\\n +at |\(node:/);
    for (const secret of [token, 'node_modules', project.folder, 'SELECT', 'select *'])
      expect(whole).not.toContain(secret);
  };
  const upload = (bytes: Uint8Array | string, file = 'p.yaml'): Promise<Answer> => {
    const form = new FormData();
    form.set('uploadfile', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), file);
    return send('POST', `${api}/pipelines/upload?name=never`, form);
  };
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it.skipIf(absent)('refuses bodies that are no message', async () => {
    for (const body of [
      '{',
      '[]',
      'null',
      '"x"',
      '7',
      '{"a":1}x',
      '{"display_name":7}',
      '{"display_name":{}}',
      '{"display_name":["x"]}',
      '{"display_name":""}',
      '{"display_name":"  "}',
      `{"display_name":"${'x'.repeat(256)}"}`,
      '{"display_name":"a\\u0000b"}',
      '{"display_name":"x","tags":{"a":1}}',
      '{"display_name":"x","tags":{"a\\u0000":"b"}}',
    ])
      refused(await send('POST', `${api}/pipelines`, body), 400, 3);
    refused(await send('POST', `${api}/pipelines`, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])), 400, 3);
    refused(await send('POST', `${api}/pipelines`, '['.repeat(500_000)), 400, 3);
    refused(await send('POST', `${api}/pipelines`, '{}', { 'content-type': 'text/plain' }), 400, 3);
    refused(
      await send('POST', `${api}/pipelines`, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      400,
      3,
    );
    const run = (more: string): Promise<Answer> =>
      send('POST', `${api}/runs`, `{"display_name":"x",${more}}`);
    refused(await run(`"pipeline_spec":${nested(20_000)}`), 400, 3);
    const config = (parameters: string): string =>
      `"pipeline_spec":${JSON.stringify(spec)},"runtime_config":{"parameters":${parameters}}`;
    for (const parameters of [
      `{"text":${nested(20_000)}}`,
      '{"text":"a\\u0000b"}',
      '{"constructor":1}',
      '{"text":{}}',
      '[]',
      '7',
    ])
      refused(await run(config(parameters)), 400, 3);
    refused(await run('"pipeline_spec":{}'), 400, 3);
    refused(await run('"pipeline_spec":7'), 400, 3);
    refused(await run('"pipeline_spec":{"pipeline_spec":{"pipeline_spec":{}}}'), 400, 3);
    refused(
      await run(`"pipeline_spec":${JSON.stringify(spec)},"pipeline_version_reference":{"pipeline_id":"x"}`),
      400,
      3,
    );
    const again = (more: object): Promise<Answer> =>
      send(
        'POST',
        `${api}/recurringruns`,
        JSON.stringify({ display_name: 'x', pipeline_spec: spec, ...more }),
      );
    const every = (more: object): object => ({
      trigger: { periodic_schedule: { interval_second: 60, ...more } },
    });
    for (const wrong of [
      {},
      { trigger: {} },
      { trigger: 7 },
      every({ interval_second: '99999999999999999999' }),
      every({ interval_second: 1.5 }),
      every({ start_time: 'soon' }),
      every({ start_time: '2026-13-01T00:00:00Z' }),
      every({ start_time: '2026-02-01T00:00:00Z', end_time: '2026-01-01T00:00:00Z' }),
      { ...every({}), max_concurrency: '99999999999999999999' },
      { ...every({}), max_concurrency: 0 },
      { ...every({}), mode: 'SOMETIMES' },
      { trigger: { cron_schedule: { cron: '* * * * * * * * *' } } },
      { trigger: { cron_schedule: { cron: `${'*,'.repeat(50_000)}* * * * *` } } },
    ])
      refused(await again(wrong), 400, 3);
    for (const list of ['runs', 'pipelines', 'recurringruns'])
      expect((await send('GET', `${api}/${list}`)).body.total_size).toBe(0);
  });

  it.skipIf(absent)('takes names as people write them, and fields that it does not know', async () => {
    for (const display of [
      "it's",
      '"q"',
      '../../etc/passwd',
      'a/b?c#d',
      '%2e%2e',
      'ünï 実験 🙂',
      '‮txt',
      'a\nb',
      "'; drop table runs; --",
      '${x}',
      '{{$}}',
      'runs:archive',
    ]) {
      const made = await send(
        'POST',
        `${api}/pipelines`,
        JSON.stringify({ displayName: display, surprise: { a: [1] }, description: null }),
      );
      expect(made).toMatchObject({ status: 200, body: { display_name: display } });
      const found = await send('GET', `${api}/pipelines/names/${encodeURIComponent(display)}`);
      expect(found.body.pipeline_id, display).toBe(made.body.pipeline_id);
      const predicates = [{ operation: 'EQUALS', key: 'display_name', string_value: display }];
      const listed = await send(
        'GET',
        `${api}/pipelines?filter=${encodeURIComponent(JSON.stringify({ predicates }))}`,
      );
      expect(listed.body.pipelines?.map((one: Answer['body']) => one.pipeline_id)).toEqual([
        made.body.pipeline_id,
      ]);
    }
  });

  it.skipIf(absent)('refuses paths and queries that lead nowhere', async () => {
    for (const id of [
      '%00',
      'a%00b',
      '%',
      '%E0%A4%A',
      '..%2F..%2Fruns',
      'x'.repeat(8000),
      "'%20or%201=1",
      '%F0%9F%99%82',
      '__proto__',
    ])
      for (const path of [
        `runs/${id}`,
        `pipelines/${id}`,
        `pipelines/${id}/versions/${id}`,
        `experiments/${id}`,
        `recurringruns/${id}`,
        `artifacts/${id}`,
        `runs/${id}/nodes/${id}/log`,
        `pipelines/names/${id}`,
      ]) {
        if (path.length > 15_000) continue;
        const answer = await send('GET', `${api}/${path}`);
        expect([400, 404], path).toContain(answer.status);
        refused(answer, answer.status, answer.status === 404 ? 5 : 3);
      }
    for (const [method, path] of [
      ['PUT', 'runs'],
      ['PATCH', 'runs/x'],
      ['DELETE', 'runs'],
      ['POST', 'runs/x'],
      ['POST', 'runs/x:explode'],
      ['GET', ''],
      ['GET', '/runs'],
      ['OPTIONS', 'runs'],
    ] as const)
      refused(await send(method, `${api}/${path}`), 404, 5);
    for (const query of [
      'page_size=abc',
      'page_size=-1',
      'page_size=1.5',
      'page_size=99999999999999999999',
      'sort_by=x',
      'sort_by=created_at%20up',
      'sort_by=created_at;drop',
      'sort_by=a%00',
      'filter=%00',
      'filter=%7B%22predicates%22%3A7%7D',
      'page_token=%00',
      'page_token=x',
      'namespace=../red',
      'namespace=%00',
    ])
      for (const list of ['runs', 'pipelines', 'experiments', 'recurringruns', 'artifacts', 'audit']) {
        const answer = await send('GET', `${api}/${list}?${query}`);
        const status = query === 'namespace=../red' ? 403 : 400;
        expect(answer.status, `${list}?${query}`).toBe(status);
        refused(answer, status, status === 403 ? 7 : 3);
      }
    expect((await send('GET', `${api}/runs?page_size=1&page_size=2&surprise=1`)).status).toBe(200);
  });

  it.skipIf(absent)('sorts each list by each of its fields', async () => {
    for (const list of ['runs', 'pipelines', 'experiments', 'recurringruns', 'artifacts', 'audit']) {
      const { body } = await send('GET', `${api}/${list}?sort_by=none`);
      const fields = (/there are (.*)$/.exec(body.message)?.[1] ?? '').split(', ');
      expect(fields.length, list).toBeGreaterThan(3);
      for (const field of fields)
        for (const direction of ['', ' asc', ' desc'])
          expect(
            (await send('GET', `${api}/${list}?sort_by=${encodeURIComponent(field + direction)}`)).status,
            `${list} ${field}`,
          ).toBe(200);
    }
  });

  it.skipIf(absent)('refuses uploads that are none', async () => {
    const form = (parts: Readonly<Record<string, string>>): FormData => {
      const made = new FormData();
      for (const [field, value] of Object.entries(parts)) made.set(field, value);
      return made;
    };
    const path = `${api}/pipelines/upload`;
    refused(await send('POST', path, form({})), 400, 3);
    refused(await send('POST', path, form({ uploadfile: 'a text' })), 400, 3);
    refused(await send('POST', path, form({ else: 'x' })), 400, 3);
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'multipart/mixed; boundary=x',
      'application/json',
    ])
      refused(await send('POST', path, '--y\r\nnonsense', { 'content-type': type }), 400, 3);
    refused(
      await send('POST', `${path}?tags=7`, '--x--', { 'content-type': 'multipart/form-data; boundary=x' }),
      400,
      3,
    );
    const laughs = `a0: &a0 [x]\n${Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}*a${index}]`).join('\n')}\npipelineInfo: *a30\n`;
    for (const document of [
      '',
      ' ',
      '---\n---\n---\n',
      'x',
      '[]',
      '7',
      '{',
      'a: b: c',
      '\u0000',
      '%YAML 9\n',
      '!!js/function "x"',
      '<html><body>sign in</body></html>',
      laughs,
      '['.repeat(100_000),
      '{a: '.repeat(20_000),
      `${'- '.repeat(50_000)}x`,
      'a: &a [*a]\n',
      text.replace('schemaVersion', '<<: *x\nschemaVersion'),
      text.replace(/\nschemaVersion: .*/, '\nschemaVersion: [2]'),
    ]) {
      const answer = await upload(document);
      expect(answer.status, document.slice(-60)).toBe(400);
      refused(answer, 400, 3);
    }
    expect((await upload(new Uint8Array([0xff, 0xfe, 0x00, 0x80]))).status).toBe(400);
  });

  it.skipIf(absent)(
    'refuses packages that are no packages, or unpack to more than a body may have',
    async () => {
      const bomb = Buffer.alloc(64 * mebi);
      refused(await upload(gzipSync(bomb), 'p.tar.gz'), 413, 3);
      refused(await upload(zipOf({ 'pipeline.yaml': bomb }), 'p.zip'), 413, 3);
      // What is not a document is not unpacked; a document among it is found.
      const many = zipOf({ 'x.bin': bomb, '../../pipeline.yaml': Buffer.from(text) });
      expect((await upload(many, 'p.zip')).status).toBe(200);
      refused(await upload(await tarOf({ 'a.yaml': text, 'b.yaml': text }), 'p.tar.gz'), 400, 3);
      refused(await upload(await tarOf({}), 'p.tar.gz'), 400, 3);
      refused(await upload(zipOf({}), 'p.zip'), 400, 3);
      refused(await upload(gzipSync('no archive'), 'p.tar.gz'), 400, 3);
      const whole = [
        gzipSync(text),
        zipOf({ 'pipeline.yaml': Buffer.from(text) }),
        await tarOf({ 'pipeline.yaml': text }),
      ];
      for (const bytes of whole)
        await assert(
          asyncProperty(
            integer({ min: 0, max: bytes.length - 1 }),
            uint8Array({ minLength: 1, maxLength: 8 }),
            async (at, noise) => {
              const broken = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + noise.length)]);
              expect([200, 400, 409, 413]).toContain((await upload(broken, 'p.zip')).status);
              expect([200, 400, 409, 413]).toContain((await upload(bytes.subarray(0, at), 'p.zip')).status);
            },
          ),
          { numRuns: 40 },
        );
    },
  );

  it.skipIf(absent)('refuses bodies that are too large, whether they say so or not', async () => {
    const large = 'x'.repeat(3 * mebi);
    refused(await send('POST', `${api}/pipelines`, `{"display_name":"${large}"}`), 413, 3);
    refused(await upload(large), 413, 3);
    const chunked = await raw(
      serving.url,
      [
        `POST ${api}/pipelines HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
        ...Array.from({ length: 48 }, () => `10000\r\n${'x'.repeat(65_536)}\r\n`),
      ],
      5000,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.skipIf(absent)('goes on when connections are lost half-way, or are slow', async () => {
    const head = (length: number): string =>
      `POST ${api}/pipelines/upload?name=lost HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${length}\r\n\r\n--b\r\n`;
    for (let count = 0; count < 5; count++)
      expect(await raw(serving.url, [head(100_000), 'half of it'], 50)).toBe('');
    // A slow one keeps nobody else waiting.
    const slow = raw(serving.url, [head(1000)], 1500);
    const started = Date.now();
    expect((await send('GET', `${api}/healthz`)).status).toBe(200);
    expect(Date.now() - started).toBeLessThan(1000);
    await slow;
    expect((await send('GET', `${api}/pipelines/names/lost`)).status).toBe(404);
    for (const nonsense of [
      'nonsense\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET ${api}/runs HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
    ])
      expect(await raw(serving.url, [nonsense], 1000)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    await wait(100);
    expect((await send('GET', `${api}/healthz`)).status).toBe(200);
  });

  it.skipIf(absent)('tells nobody a token that is wrong, nor where it could be right', async () => {
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      'Basic x',
      'Bearer a b',
      `Bearer ${token}x`,
      `bearer\t${token}`,
      `Bearer ${'x'.repeat(10_000)}`,
    ]) {
      const answer = await send('GET', `${api}/runs`, undefined, { authorization: header });
      refused(answer, 401, 16);
      expect(JSON.stringify(answer.body)).not.toContain('xxx');
    }
    refused(await send('GET', `${api}/runs?namespace=blue`), 403, 7);
  });
});

/** Sends bytes as they are; gives what came back until the end, or until the time is over. */
async function raw(url: string, parts: readonly string[], milliseconds: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let got = '';
  socket.setEncoding('utf8').on('data', (data: string) => (got += data));
  const over = new Promise<void>((done) => socket.on('close', () => done()).on('error', () => done()));
  for (const part of parts) socket.write(part);
  await Promise.race([over, wait(milliseconds)]);
  socket.destroy();
  return got;
}

/** Makes a zip archive, deflated. */
function zipOf(files: Readonly<Record<string, Buffer>>): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(8, 8);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    local.push(header, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...directory, end]);
}

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(Buffer.from(part as Uint8Array));
  return gzipSync(Buffer.concat(parts));
}
