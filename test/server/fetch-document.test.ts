import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchDocument, isInside } from '../../server/http/fetch-document.ts';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, answer) => {
    if (request.url === '/round') answer.writeHead(302, { location: '/round' }).end();
    else if (request.url === '/away') answer.writeHead(302, { location: '/there' }).end();
    else if (request.url === '/large') answer.end('x'.repeat(5000));
    else if (request.url === '/there') answer.end('a pipeline');
    else answer.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('a document behind a URL', () => {
  it('is fetched, also where the URL leads on', async () => {
    expect(await fetchDocument(`${url}/away`, 1000, true)).toBe('a pipeline');
  });

  it('is refused where it is too large, missing, or nowhere', async () => {
    for (const path of ['large', 'none', 'round'])
      await expect(fetchDocument(`${url}/${path}`, 1000, true)).rejects.toThrow('cannot be fetched');
    await expect(fetchDocument('file:///etc/passwd', 1000, true)).rejects.toThrow('no http');
  });

  it('is not fetched from inside of the network for those with tokens', async () => {
    const { port } = new URL(url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:127.0.0.1]'])
      await expect(fetchDocument(`http://${host}:${port}/there`, 1000, false)).rejects.toThrow(/own network/);
    expect(['169.254.169.254', '10.1.2.3', '::1', 'fd00::1'].every(isInside)).toBe(true);
    expect(['8.8.8.8', '2001:4860:4860::8888'].some(isInside)).toBe(false);
  });
});
